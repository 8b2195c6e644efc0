"""No rule writes an outcome: presets hold rules only, and councils expect what their moves do."""

import tomllib

import numpy as np
import pytest

from benchmarks.expected_realised import table
from coopsim.indicators import BY_NAME, OUTCOMES
from coopsim.scenario.shipped import shipped
from coopsim.society.moves import CANDIDATES

PRESETS = sorted(shipped("presets").glob("*.toml"))
SCENARIOS = sorted(p for p in shipped(".").glob("*.toml"))
SEVEN = {"boundary", "position", "choice", "aggregation", "information", "payoff", "scope"}


def keys(table, prefix=()):
    for key, value in table.items():
        yield (*prefix, key)
        if isinstance(value, dict):
            yield from keys(value, (*prefix, key))


@pytest.mark.parametrize("path", PRESETS, ids=lambda p: p.stem)
def test_presets_hold_only_rules(path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(document) == {"schema", "governance"}
    assert set(document["governance"]) <= SEVEN


@pytest.mark.parametrize("path", PRESETS + SCENARIOS, ids=lambda p: p.stem)
def test_no_file_of_rules_names_an_indicator(path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    named = {part for key in keys(document.get("governance", {})) for part in key}
    assert not named & set(BY_NAME)


@pytest.mark.parametrize("path", [p for p in SCENARIOS if p.stem.startswith("figeac-")], ids=lambda p: p.stem)
def test_figeac_scenarios_change_rules_and_nothing_else(path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    assert not set(document) & {"climate", "resources", "economy", "society", "event", "territory"}


def test_both_indices_stay_out_of_verdicts():
    assert "attractiveness_index" not in OUTCOMES
    assert "cooperation_index" not in OUTCOMES


def test_every_move_names_its_payer():
    assert all(c.payer in {"council", "members", "none"} for c in CANDIDATES)
    free = {c.key for c in CANDIDATES if c.payer == "none"}
    assert free == {
        "tax_up",
        "subsidy_down",
        "sell_land",
    }  # they bring money: their cost is in jobs, or in land let go


@pytest.fixture(scope="module")
def effects():
    return table(seeds=24)


@pytest.mark.slow
def test_councils_expect_what_their_moves_do(effects):
    """Within a factor 2, or within two standard errors and 0.05 % of jobs, of the paired realised effect."""
    for key, x in effects.items():
        expected, realised = x[:, 0].mean(), x[:, 1].mean()
        se = x[:, 1].std(ddof=1) / np.sqrt(len(x))
        near = abs(expected - realised) <= max(2 * se, 0.05)
        ratio = realised / expected if abs(expected) > 1e-9 else np.inf
        assert near or 0.5 <= ratio <= 2.0, (key, expected, realised, se)


@pytest.mark.slow
def test_no_free_lunch(effects):
    """No move that costs under 0.1 % of the budget a year brings more than 0.2 % of jobs."""
    for key, x in effects.items():
        cost = -x[:, 3].mean()
        se = x[:, 1].std(ddof=1) / np.sqrt(len(x))
        assert not (cost < 0.1 and x[:, 1].mean() - 2 * se > 0.2), key
