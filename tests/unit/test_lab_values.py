"""Parameters of laboratories: every kind is checked, completed, and refused with its legal values in both languages."""

import math

import pytest

from coopsim.errors import ScenarioError
from coopsim.i18n import Text, set_lang
from coopsim.lab.info import LabInfo, ParameterInfo
from coopsim.lab.values import checked, lab_info


def parameter(**facts):
    return ParameterInfo(**{"fr": "essai", "en": "trial", "keys": (), **facts})


KINDS = {
    "n": parameter(kind="integer", legal=(1, 20), default=4),
    "share": parameter(kind="number", legal=(0.0, 1.0), default=0.5),
    "limit": parameter(kind="number", legal=(-3.0, 3.0), unit="m³/yr", optional=True),
    "flows": parameter(kind="numbers", legal=(0.0, 10.0), length=(1, 3), default=[1.0, 2.0]),
    "votes": parameter(kind="integers", legal=(0, 100), length=(1, 4), default=[3, 2, 1], unit="votes"),
    "paid": parameter(kind="boolean", default=False),
    "rule": parameter(kind="choice", choices=("deffuant", "hegselmann-krause"), default="deffuant"),
    "costs": parameter(kind="table", legal=(0.0, 1e6), length=(1, 3), default={"A": 1.0}),
}
LAB = LabInfo("trial", *[Text("", "")] * 4, "", 1, KINDS, {}, None)


@pytest.fixture(autouse=True)
def english():
    yield
    set_lang("en")


def problem(**given):
    with pytest.raises(ScenarioError) as refused:
        checked(LAB, given)
    (found,) = refused.value.problems
    return found


def test_defaults_are_completed():
    assert checked(LAB, {}) == {
        "n": 4, "share": 0.5, "limit": None, "flows": [1.0, 2.0], "votes": [3, 2, 1], "paid": False,
        "rule": "deffuant", "costs": {"A": 1.0},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"n": 5.0}, 5),
        ({"share": 1}, 1.0),
        ({"limit": None}, None),
        ({"flows": [0, 10]}, [0.0, 10.0]),
        ({"votes": [100.0]}, [100]),
        ({"paid": True}, True),
        ({"rule": "hegselmann-krause"}, "hegselmann-krause"),
        ({"costs": {"A": 1, "A+B": 2}}, {"A": 1.0, "A+B": 2.0}),
    ],
)
def test_a_legal_value_is_taken_in_the_form_that_the_laboratory_uses(given, taken):
    ((name, _),) = given.items()
    found = checked(LAB, given)[name]
    assert found == taken
    assert type(found) is type(taken)


REFUSED = [
    ({"n": 0}, "n", "hors des bornes", "out of bounds"),
    ({"n": 21}, "n", "hors des bornes", "out of bounds"),
    ({"n": 2.5}, "n", "nombre entier", "whole number"),
    ({"n": True}, "n", "nombre entier", "whole number"),
    ({"n": "4"}, "n", "nombre entier", "whole number"),
    ({"n": None}, "n", "nombre entier", "whole number"),
    ({"n": 10**400}, "n", "hors des bornes", "out of bounds"),
    ({"n": -(10**5000)}, "n", "hors des bornes", "out of bounds"),
    ({"share": math.nan}, "share", "un nombre", "a number"),
    ({"share": math.inf}, "share", "un nombre", "a number"),
    ({"share": 10**400}, "share", "hors des bornes", "out of bounds"),
    ({"share": False}, "share", "un nombre", "a number"),
    ({"share": [0.5]}, "share", "un nombre", "a number"),
    ({"flows": 3.0}, "flows", "une liste", "a list"),
    ({"flows": "12"}, "flows", "une liste", "a list"),
    ({"flows": {"A": 1.0}}, "flows", "une liste", "a list"),
    ({"flows": []}, "flows", "nombre d'éléments", "number of items"),
    ({"flows": [1.0] * 4}, "flows", "nombre d'éléments", "number of items"),
    ({"flows": [1.0, 11.0]}, "flows[2]", "hors des bornes", "out of bounds"),
    ({"flows": [1.0, None]}, "flows[2]", "un nombre", "a number"),
    ({"votes": [3, 2.5]}, "votes[2]", "nombre entier", "whole number"),
    ({"votes": [3, 101]}, "votes[2]", "hors des bornes", "out of bounds"),
    ({"paid": 1}, "paid", "true ou false", "true or false"),
    ({"paid": "true"}, "paid", "true ou false", "true or false"),
    ({"paid": None}, "paid", "true ou false", "true or false"),
    ({"rule": "deffuand"}, "rule", "mot inconnu", "unknown word"),
    ({"rule": ["deffuant"]}, "rule", "mot inconnu", "unknown word"),
    ({"costs": [1.0]}, "costs", "une table", "a table"),
    ({"costs": {}}, "costs", "nombre d'éléments", "number of items"),
    ({"costs": {"A": 1.0, "B": -1.0}}, "costs[B]", "hors des bornes", "out of bounds"),
    ({"costs": {"A": True}}, "costs[A]", "un nombre", "a number"),
    ({"flow": 3.0}, "flow", "paramètre inconnu", "unknown parameter"),
]


@pytest.mark.parametrize(("given", "key", "fr", "en"), REFUSED)
def test_a_refused_value_is_told_with_what_is_allowed(given, key, fr, en):
    found = problem(**given)
    assert found.key == key
    assert fr in found.message.fr
    assert en in found.message.en
    assert found.allowed
    assert len(str(found)) < 400, "however long the value is"


@pytest.mark.parametrize(
    ("name", "fr", "en"),
    [
        ("n", "1 – 20, entier", "1 – 20, whole number"),
        ("share", "0 – 1", "0 – 1"),
        ("limit", "-3 – 3 m³ par an, ou absent (null)", "-3 – 3 m³ a year, or absent (null)"),
        ("flows", "1 à 3 nombres, chacun 0 – 10", "1 to 3 numbers, each 0 – 10"),
        (
            "votes",
            "1 à 4 nombres, chacun 0 – 100 voix, entier",
            "1 to 4 numbers, each 0 – 100 votes, whole number",
        ),
        ("paid", "true ou false", "true or false"),
        ("rule", "deffuant, hegselmann-krause", "deffuant, hegselmann-krause"),
        (
            "costs",
            "une table de 1 à 3 nombres, chacun 0 – 1e+06",
            "a table of 1 to 3 numbers, each 0 – 1e+06",
        ),
    ],
)
def test_what_is_allowed_is_said_in_both_languages(name, fr, en):
    set_lang("fr")
    assert KINDS[name].allowed == fr
    set_lang("en")
    assert KINDS[name].allowed == en


def test_the_nearest_word_and_the_nearest_name_are_shown():
    assert problem(rule="hegselman").nearest == "hegselmann-krause"
    assert problem(flow=3.0).nearest == "flows"
    with pytest.raises(ScenarioError) as refused:
        lab_info("fish-wars")
    assert refused.value.problems[0].nearest == "fish-war"


def test_every_mistake_is_told_at_once():
    with pytest.raises(ScenarioError) as refused:
        checked(LAB, {"n": 0, "rule": "x", "what": 1})
    assert {found.key for found in refused.value.problems} == {"n", "rule", "what"}
