"""Sheets of levers: what is tried, who pays, what is marked, what the page says."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from coopsim.cli import app
from coopsim.comparison.statistics import PairedEffect
from coopsim.i18n import set_lang
from coopsim.levers import Sheet, changed, levers, sheets
from coopsim.levers.accounts import ACCOUNTS, NAMES, books
from coopsim.levers.expected import KEYS, move_effects, table
from coopsim.levers.markdown import page
from coopsim.scenario import load_scenario

TINY = {"schema": 1, "name": "tiny", "horizon": {"years": 2}, "case": {"synthetic": {"territories": 4}}}
MONEY = [k for k, account in enumerate(ACCOUNTS) if account.money]


def spec(**changes):
    return load_scenario(TINY).but({**changes, "name": "tiny"})


class TestCandidates:
    def test_every_rule_of_the_game_is_a_lever_or_is_left_out_with_a_reason(self):
        from coopsim.catalogue import key_names

        found, left = levers(spec())
        told = {lever.key for lever in found} | {key for key, _ in left}
        leaves = {name for name in key_names() if name.startswith("governance.")}
        leaves -= {name.rpartition(".")[0] for name in key_names()}
        inside = tuple(f"{key}." for key in told)  # of lists of tables
        assert {name for name in leaves - told if not name.startswith(inside)} == set()
        assert all(reason.fr != reason.en for _, reason in left)

    def test_the_first_other_value_is_another_one_and_is_nearly_always_legal(self):
        found, _ = levers(spec())
        assert all(lever.others[0] != lever.now for lever in found)
        refused = [
            lever.key for lever in found if all(changed(spec(), lever.key, v) is None for v in lever.others)
        ]
        assert len(refused) <= 3, refused

    def test_a_lever_that_the_scenario_sets_is_compared_with_the_default(self):
        (lever,) = (
            x
            for x in levers(spec(**{"governance.payoff.review_years": 5}))[0]
            if x.key.endswith("payoff.review_years")
        )
        assert (lever.now, lever.others[0]) == (5, 3)


class TestBooks:
    def test_the_money_of_all_sides_sums_to_zero(self):
        found = books(spec(), 0)
        assert abs(found.values[NAMES.index("councils")]) > 1.0
        assert found.values[MONEY].sum() == pytest.approx(0.0, abs=1e-6)
        assert found.councils.sum() == pytest.approx(found.values[NAMES.index("councils")])


class TestSheets:
    def test_who_pays_and_who_gains(self):
        found = sheets(spec(), [0, 1], part="payoff.calls.envelope", workers=1)
        (sheet,) = found.sheets
        assert sheet.dead  # an envelope without a call
        calls = {
            "governance.payoff.calls.type": "commons",
            "governance.payoff.calls.envelope_keur_per_yr": 400.0,
        }
        found = sheets(spec(**calls), [0, 1], part="payoff.calls.envelope", workers=1)
        (sheet,) = found.sheets
        assert (sheet.off, sheet.on) == (0.0, 400.0)
        k = NAMES.index("state")
        assert sheet.effect.mean[k] == pytest.approx(-400.0, rel=0.05)
        assert "state" in sheet.payers
        assert "councils" in sheet.gainers
        assert sheet.councils_gain == 4
        assert sheet.free_lunch == ""
        assert sheet.effect.mean[MONEY].sum() == pytest.approx(0.0, abs=1e-6)

    def test_a_dead_lever_is_not_run_on_all_worlds(self):
        found = sheets(spec(), [0, 1, 2, 3], part="withholding_fine", workers=1)
        assert found.sheets[0].dead
        assert found.runs == 4 + 2

    def test_a_gain_that_nobody_pays_is_marked(self):
        def made(**clear):
            mean = np.array([clear.get(name, 0.0) for name in NAMES])
            effect = PairedEffect(mean, mean - 0.1, mean + 0.1)
            return Sheet(levers(spec())[0][0], False, True, effect, 0, 0, dead=False)

        assert made(jobs=1.0).free_lunch == "on"
        assert made(unemployment=-1.0).free_lunch == "on"
        assert made(jobs=1.0, state=-5.0).free_lunch == ""
        assert made(river=1.0).free_lunch == "off"
        assert made().free_lunch == ""
        loser = made(jobs=1.0)
        assert Sheet(loser.lever, loser.off, loser.on, loser.effect, 0, 1, dead=False).free_lunch == ""


class TestMoves:
    def test_expected_and_realised_of_a_move(self):
        found = move_effects(table(spec(), [0, 1], 0, workers=1, keys=("tax_up",)))
        assert found[0].key == "tax_up"
        assert found[0].worlds == 2
        assert found[0].balance_expected > 0
        assert found[0].balance > 0
        assert "tax_up" in KEYS


@pytest.fixture(scope="module")
def of_land():
    return sheets(spec(), [0, 1], part="scope.land", workers=1)


class TestPage:
    @pytest.mark.parametrize(("language", "word"), [("fr", "Qui paie"), ("en", "Who pays")])
    def test_both_languages(self, of_land, language, word):
        found = of_land
        set_lang(language)
        text = page(found, [], "", "2026-11-21", "coopsim levers tiny")
        assert word in text
        assert "2026-11-21" in text
        for sheet in found.sheets:
            assert sheet.lever.key.removeprefix("governance.") in text
        widths = {row.count("|") for row in text.splitlines() if row.startswith("| ")}
        assert len(widths) <= 2


def command(*words):
    return CliRunner().invoke(app, ["levers", *words], env={"LC_ALL": "C", "COLUMNS": "160"})


class TestCommand:
    @pytest.fixture
    def tiny(self, tmp_path):
        text = 'schema = 1\nname = "tiny"\n[horizon]\nyears = 1\n[case.synthetic]\nterritories = 2\n'
        path = tmp_path / "tiny.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    @pytest.mark.parametrize(
        ("words", "part"),
        [
            (("--lever", "reveniew"), "review"),
            (("--territory", "T0x"), "did you mean"),
            (("--replicates", "0"), "1 – 10000"),
        ],
    )
    def test_bad_input(self, tiny, words, part):
        done = command(tiny, *words)
        assert done.exit_code == 2
        assert part in done.stderr

    def test_table_page_and_json(self, tiny, tmp_path):
        words = (tiny, "--lever", "payoff.review_years", "--replicates", "2", "--workers", "1")
        place = tmp_path / "l.md"
        done = command(*words, "--save", str(place))
        assert done.exit_code == 0, done.output
        assert "payoff.review_years" in done.stdout
        assert "coopsim --lang en levers" in place.read_text(encoding="utf-8")
        told = json.loads(command(*words, "--json").stdout)
        assert told["sheets"][0]["key"] == "governance.payoff.review_years"
        assert set(told["sheets"][0]["accounts"]) == set(NAMES)
