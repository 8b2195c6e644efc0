"""Costs shared as in published tables.

Straffin & Heaney (1981), *Game theory and the Tennessee Valley Authority*, International Journal of Game Theory 10:
three purposes of one system of dams (navigation, flood control, power), thousand dollars. Costs and shares are quoted
from memory of the literature, not from the paper itself; they agree with each other to the last digit.

Young, Okada & Hashimoto (1982), *Cost allocation in water resources development*, Water Resources Research 18: six
groups of municipalities of Skåne, million crowns, to 0.01. Shares, costs alone and separable costs as printed in tables
7 and 8 of the working paper (IIASA WP-79-77, 1979); costs of the groups between are quoted from memory, and every one
of them weighs in the Shapley value. They are rounded too, so that a mean of their differences may miss a published
share by a unit of the last digit.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from coopsim.governance.cost_games import CostTable, coalition_mistakes, cost_table
from coopsim.governance.cost_sharing import COST_SHARING
from coopsim.lab import formulas_sharing
from coopsim.lab.experiments import run_lab

TVA = {"N": 163_520, "F": 140_826, "P": 250_096, "NF": 301_607, "NP": 378_821, "FP": 367_370, "NFP": 412_584}
TVA_SHARES = {
    "shapley": {"N": 117_829, "F": 100_757, "P": 193_999},
    "separable_costs": {"N": 117_476, "F": 99_157, "P": 195_951},
}

SKANE = {
    "A": 21.95, "H": 17.08, "K": 10.91, "L": 15.88, "M": 20.81, "T": 21.98,
    "AH": 34.69, "AK": 32.86, "AL": 37.83, "AM": 42.76, "AT": 43.93, "HK": 22.96, "HL": 25.00, "HM": 37.89,
    "HT": 39.06, "KL": 26.79, "KM": 31.45, "KT": 32.89, "LM": 31.10, "LT": 37.86, "MT": 39.41,
    "AHK": 40.74, "AHL": 43.22, "AHM": 55.50, "AHT": 56.67, "AKL": 48.74, "AKM": 53.40, "AKT": 54.84,
    "ALM": 53.05, "ALT": 59.81, "AMT": 61.36, "HKL": 27.26, "HKM": 42.55, "HKT": 44.94, "HLM": 45.81,
    "HLT": 46.98, "HMT": 56.49, "KLM": 42.01, "KLT": 48.77, "KMT": 50.32, "LMT": 51.46,
    "AHKL": 48.95, "AHKM": 60.25, "AHKT": 62.72, "AHLM": 64.03, "AHLT": 65.20, "AHMT": 74.10, "AKLM": 63.96,
    "AKLT": 70.72, "AKMT": 72.27, "ALMT": 73.41, "HKLM": 48.07, "HKLT": 49.24, "HKMT": 59.35, "HLMT": 64.41,
    "KLMT": 56.61,
    "AHKLM": 69.76, "AHKLT": 70.93, "AHKMT": 77.42, "AHLMT": 83.00, "AKLMT": 73.97, "HKLMT": 66.46,
    "AHKLMT": 83.82,
}  # fmt: skip
SKANE_SHARES = {
    "shapley": {"A": 20.01, "H": 10.71, "K": 6.61, "L": 10.37, "M": 16.94, "T": 19.18},
    "separable_costs": {"A": 19.54, "H": 13.28, "K": 5.62, "L": 10.90, "M": 16.66, "T": 17.82},
}
SKANE_MARGINAL = {"A": 17.36, "H": 9.85, "K": 0.82, "L": 6.40, "M": 12.90, "T": 14.06}

# Costs, shares, and by how much a share may miss: rounding of the share, and of the costs.
TABLES = {"TVA": (TVA, TVA_SHARES, 0.5), "Skåne": (SKANE, SKANE_SHARES, 0.01)}
DIGIT = {"TVA": 1.0, "Skåne": 0.01}
CASES = [(table, rule) for table in TABLES for rule in ("shapley", "separable_costs")]


def game(costs) -> tuple[list[str], CostTable]:
    players = sorted(max(costs, key=len))
    assert not coalition_mistakes([list(group) for group in costs])
    n = len(players)
    return players, CostTable(np.full(n, 1.0 / n), cost_table(list(costs.items()), players))


@pytest.mark.parametrize(("table", "rule"), CASES)
def test_shares_of_the_rule(table, rule):
    costs, shares, unit = TABLES[table]
    players, cost = game(costs)
    found = COST_SHARING.build(rule).payments(cost)
    assert found.sum() == pytest.approx(cost.total, rel=1e-12)
    assert_allclose(found, [shares[rule][p] for p in players], rtol=0, atol=unit * (1 + 1e-9))


@pytest.mark.parametrize(("table", "rule"), CASES)
def test_shares_of_the_closed_form(table, rule):
    costs, shares, unit = TABLES[table]
    found = getattr(formulas_sharing, rule)({frozenset(group): float(c) for group, c in costs.items()})
    assert set(found) == set(shares[rule])
    for player, share in shares[rule].items():
        assert found[player] == pytest.approx(share, abs=unit * (1 + 1e-9))


@pytest.mark.parametrize("table", TABLES)
def test_the_laboratory_pays_them(table):
    costs, shares, unit = TABLES[table]
    result = run_lab("cost-sharing", {"costs": {"+".join(group): float(c) for group, c in costs.items()}})
    assert result.ok
    for name, rule in (("shapley", "shapley"), ("scrb", "separable_costs")):
        for player, share in shares[rule].items():
            assert result.results[name].simulated[player] == pytest.approx(share, abs=unit * (1 + 1e-9))


def test_separable_costs_of_skane():
    players, cost = game(SKANE)
    assert_allclose(cost.separable(), [SKANE_MARGINAL[p] for p in players], rtol=0, atol=0.0101)
    assert_allclose(cost.alone(), [SKANE[p] for p in players])


def test_published_shares_are_those_of_the_whole_cost():
    """Rounded shares sum to the cost up to half a unit each: no figure was mistyped."""
    for table, (costs, rules, _) in TABLES.items():
        whole = costs[max(costs, key=len)]
        for shares in rules.values():
            assert sum(shares.values()) == pytest.approx(whole, abs=0.5 * DIGIT[table] * len(shares) + 1e-9)
