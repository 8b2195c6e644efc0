"""Values and units of keys have names in both languages: no word of a scenario file stands on a French page."""

import re

import pytest

from coopsim.comparison import values
from coopsim.comparison.values import unit_said, value_name, value_said
from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.scenario import EVENTS, load_scenario
from coopsim.scenario.parameters import parameters
from coopsim.scenario.rules import all_rules
from coopsim_viz.explorer.view import Factor
from coopsim_viz.pages.common import told_once
from coopsim_viz.pages.levers import choices, help_of, levers, read, shown

SAME = {"concentration", "contribution", "diffusion", "exclusion", "population", "plan", "public", "quota"}
SYMBOLS = {"k", "kg", "t", "ha", "m", "km", "hm", "MWh", "s", "ln", "log"}


def words():
    """Every amendable key with each word that it may be."""
    for key, record in levers().items():
        for word in str(record.get("allowed", "")).split(", "):
            if word[:1].isalpha() and word not in ("true", "false"):
                yield key, word


def test_every_word_of_every_key_has_a_name_in_french():
    strays = {
        (key, word)
        for key, word in words()
        if word not in SAME and (value_name(key, word).fr == word or "_" in value_name(key, word).fr)
    }
    assert strays == set()
    assert sum(1 for _ in words()) > 150


def test_a_rule_without_a_short_name_is_called_by_its_summary(monkeypatch):
    """So is a rule of an installed package, and one that was added yesterday."""
    monkeypatch.delitem(values.VALUE_NAMES, "majority")
    assert value_name("governance.aggregation.council_rule", "majority").fr.startswith(
        "plus de oui que de non"
    )
    for rules in all_rules()[0].values():
        for name in rules:
            assert value_name("", name).fr != name or name in SAME, name


def test_two_values_of_a_key_never_have_the_same_name():
    for key in levers():
        for lang in ("fr", "en"):
            offered = choices(key, lang)
            assert len(set(offered)) == len(offered), key


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_is_chosen_by_name_is_the_word_of_the_file(lang):
    for key in levers():
        for name in choices(key, lang):
            word = read(key, name, lang)
            assert value_said(key, word, lang) == name
    assert read("boundary.pacts_allowed", "eau, bois", "fr") == ["water", "wood"]
    assert read("boundary.pacts_allowed", '["water"]', "fr") == ["water"]
    assert read("payoff.revenue_sharing.share", "0,4") == 0.4
    assert read("position.council_seats", "12") == 12


def test_units_are_said_in_french():
    case = load_scenario("figeac-cooperation").load_case()
    units = {p.unit for p in parameters().values()} | {e.unit for e in EVENTS.values()}
    units |= {str(record.get("unit", "")) for record in levers().values()} | set(
        case.sources["unit"].fillna("")
    )
    strays = {
        unit: unit_said(unit, "fr")
        for unit in units
        if unit not in values._UNITS and unit not in values._PHRASES
        and set(re.findall(r"[A-Za-z]+", unit)) - set(values._FRENCH) - SYMBOLS
    }  # fmt: skip
    assert strays == {}
    assert unit_said("log-odds per point of tax rate", "fr") == "log des chances par point de taux"
    assert (unit_said("k€/job/yr", "fr"), unit_said("k€/job/yr", "en")) == ("k€/emploi/an", "k€/job/yr")


def test_bounds_and_switches_are_read_in_french():
    assert help_of("payoff.revenue_sharing.share", "fr") == "0 – 0,9"
    assert choices("position.nature_veto", "fr") == ["oui", "non"]
    assert "recruté" in help_of("position.catalyst", "fr")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_two_rules_that_a_room_may_change_read_the_same(lang):
    seen = [shown(key, lang).partition(" [")[0] for key in levers()]
    assert [name for name in seen if seen.count(name) > 1] == []


def test_a_refusal_is_told_once_and_not_for_every_territory():
    problems = [
        Problem(Text("hors des bornes", "out of bounds"), key=f"territory[{n}].governance.x") for n in (1, 2)
    ]
    assert told_once(ScenarioError(problems)).count("governance.x") == 1


def test_a_factor_of_a_batch_says_its_levels(request):
    from coopsim.i18n import Text, lang, set_lang

    before = lang()
    request.addfinalizer(lambda: set_lang(before))
    factor = Factor(
        "governance.position.catalyst", Text("x", "x"), "", ["hired", "none"], numeric=False, log=False
    )
    switch = Factor("governance.position.nature_veto", Text("x", "x"), "", ["True"], numeric=False, log=False)
    set_lang("fr")
    assert [factor.said(level) for level in factor.levels] == ["animateur recruté", "aucun"]
    assert switch.said("True") == "oui"
