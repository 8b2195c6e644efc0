"""Rules by territory and date, and events, once resolved."""

import json
from dataclasses import dataclass
from typing import ClassVar

import pytest

from coopsim.errors import ScenarioError
from coopsim.i18n import Text
from coopsim.registry import Registry, Traits
from coopsim.scenario import EVENTS, load_scenario
from coopsim.scenario.dates import tick_of
from coopsim.scenario.document import document_model
from coopsim.scenario.governance import Governance
from coopsim.scenario.refusals import field_at, paths_of
from coopsim.scenario.rules import registry as provided


def _scenario(**parts):
    return load_scenario({"name": "x", "case": {"synthetic": {"territories": 3}}, **parts})


def _problems(**parts):
    with pytest.raises(ScenarioError) as caught:
        _scenario(**parts)
    return caught.value.problems


def _rule(code, start, **payoff):
    return {"code": code, "from": start, "governance": {"payoff": payoff}}


def test_dates_fall_in_the_quarter_that_holds_them():
    assert tick_of("2026-01-01", 2026) == 0
    assert tick_of("2026-03-31", 2026) == 0
    assert tick_of("2026-04-01", 2026) == 1
    assert tick_of("2030-12-31", 2026) == 19
    assert tick_of("2025-12-31", 2026) == -1
    assert tick_of(7, 2026) == 7


def test_rules_hold_from_their_date_in_their_territory():
    scenario = _scenario(
        territory=[
            _rule("T02", "2030-01-01", subsidy={"max": 2.0}),
            _rule("T02", 4, subsidy={"max": 3.0}, review_years=5),
            {"name": "T03", "governance": {"boundary": {"exit": "notice"}}},
        ]
    )
    assert scenario.rule_ticks == (0, 4, 16)
    assert [scenario.governance_for("T02", tick).payoff.subsidy.max for tick in (0, 3, 4, 15, 16, 90)] == [
        5.0, 5.0, 3.0, 3.0, 2.0, 2.0,
    ]  # fmt: skip
    assert scenario.governance_for("T02", 50).payoff.review_years == 5, (
        "a later rule changes only what it names"
    )
    assert scenario.governance_for("T03", 0).boundary.exit == "notice"
    assert scenario.governance_for("T01", 50) == scenario.governance


def test_two_sound_rules_may_clash_in_one_territory():
    problems = _problems(
        territory=[_rule("T01", 0, subsidy={"max": 2.0}), _rule("T01", 4, subsidy={"min": 3.0})]
    )
    assert [(p.key, str(p.message)) for p in problems] == [
        ("territory[2].governance.payoff.subsidy", "'min' is above 'max'")
    ]


def test_a_rule_needs_one_territory_and_some_rule():
    assert [p.key for p in _problems(territory=[{"governance": {"boundary": {"exit": "notice"}}}])] == [
        "territory[1]"
    ]
    assert [p.key for p in _problems(territory=[{"code": "T01"}])] == ["territory[1].governance"]
    found = _problems(territory=[{"code": "T01", "payoff": {"subsidy": {"max": 2.0}}}])
    assert {p.key for p in found} == {"territory[1].payoff", "territory[1].governance"}


def test_events_are_resolved_in_order():
    scenario = _scenario(
        event=[
            {"when": "2031-07-14", "what": "storm", "amount": 0.2, "territories": ["T02"]},
            {"when": 3, "what": "drought", "amount": 0.5, "duration": 3, "known": "range"},
        ]
    )
    drought, storm = scenario.events
    assert (drought.tick, drought.territories, drought.duration) == (3, ("T01", "T02", "T03"), 3)
    assert [drought.holds(tick) for tick in (2, 3, 5, 6)] == [False, True, True, False]
    assert (storm.tick, storm.territories, storm.duration, storm.known) == (22, ("T02",), 1, "no")


@pytest.mark.parametrize("what", EVENTS)
def test_every_kind_of_event_has_bounds(what):
    kind = EVENTS[what]
    for amount in (kind.low, kind.high):
        assert _scenario(event=[{"when": 0, "what": what, "amount": amount}]).events[0].amount == amount
    for amount in (kind.low - 0.01, kind.high * 1.01 + 0.01):
        assert [p.key for p in _problems(event=[{"when": 0, "what": what, "amount": amount}])] == [
            "event[1].amount"
        ]
    assert hasattr(_scenario().submodels, kind.submodel)


def test_what_happens_once_has_no_duration():
    event = {"when": 0, "what": "storm", "amount": 0.5, "duration": 4}
    assert [p.key for p in _problems(event=[event])] == ["event[1].duration"]


@pytest.fixture
def rules():
    """A registry of its own kind: the council rule of these tests, whatever rules the package ships."""
    provided("voting rule")  # every module of rules is imported before its registry is hidden
    kept = dict(Registry.all)
    registry = Registry("voting rule")

    @registry.register("threshold")
    @dataclass(frozen=True)
    class Threshold:
        traits: ClassVar[Traits] = Traits(Text("seuil", "threshold"), "invented for this test")
        share: float = 0.5
        weights: tuple[float, ...] = ()

        def __post_init__(self):
            if not 0 < self.share < 1:
                raise ValueError("share must lie between 0 and 1")

    yield registry
    Registry.all.clear()
    Registry.all.update(kept)


def _council(value):
    return {"governance": {"aggregation": {"council_rule": value}}}


def test_a_rule_is_a_name_or_a_table(rules):
    assert _scenario(**_council("threshold")).governance.aggregation.council_rule == "threshold"
    assert _scenario(**_council({"rule": "threshold"})).governance.aggregation.council_rule == "threshold"
    table = {"rule": "threshold", "share": 0.6, "weights": [1, 2.5]}
    scenario = _scenario(**_council(table))
    assert scenario.governance.aggregation.council_rule == table
    assert rules.build(table).share == 0.6
    variant = scenario.but({"governance.aggregation.council_rule.share": 0.7})
    assert variant.governance.aggregation.council_rule == {**table, "share": 0.7}
    bare = _scenario(**_council("threshold")).but({"governance.aggregation.council_rule.share": 0.7})
    assert bare.governance.aggregation.council_rule == {"rule": "threshold", "share": 0.7}


@pytest.mark.parametrize(
    ("value", "key", "words"),
    [
        ("treshold", "", "no voting rule"),
        ({"rule": "threshold", "shar": 0.6}, ".shar", "unknown parameter"),
        ({"rule": "threshold", "share": "half"}, ".share", "a number is expected"),
        ({"rule": "threshold", "share": True}, ".share", "a number is expected"),
        ({"rule": "threshold", "share": float("nan")}, ".share", "finite number"),
        ({"rule": "threshold", "share": 2.0}, "", "between 0 and 1"),
        ({"share": 0.6}, "", "does not name its rule"),
        (3, "", "a rule is a name or a table"),
    ],
)
def test_a_wrong_rule_is_refused_where_it_stands(rules, value, key, words):
    (problem,) = _problems(**_council(value))
    assert problem.key == "governance.aggregation.council_rule" + key
    assert words in str(problem)


def test_every_rule_of_the_game_is_described():
    """Help in both languages, unit, levers and evidence: what the lists and the site are built from."""
    for path in paths_of(Governance):
        extra = field_at(Governance, path).json_schema_extra
        assert extra["fr"], path
        assert extra["en"], path
        assert extra["unit"], path
        assert extra["grade"] in {"measured", "literature", "assumption"}, path
        assert all(lever[:2] in {"LA", "LC"} and lever[2:].isdigit() for lever in extra["levers"]), path


def test_no_rule_writes_an_outcome():
    """Rules say what may be done: no key of governance is named after an indicator."""
    from coopsim.indicators import BY_NAME

    assert not {path[-1] for path in paths_of(Governance)} & set(BY_NAME)


def test_a_default_document_is_plain_json():
    text = json.dumps(_scenario().document(), allow_nan=False)
    assert document_model().model_validate(json.loads(text)).name == "x"


@pytest.mark.parametrize("when", [0, 7, "2026-01-01", "2027-12-31"])
def test_the_horizon_holds_its_first_and_last_day(when):
    event = {"when": when, "what": "drought", "amount": 0.5}
    assert _scenario(horizon={"years": 2}, event=[event]).events
    assert _scenario(horizon={"years": 2}, territory=[_rule("T01", when, review_years=2)]).rule_ticks


@pytest.mark.parametrize("when", [-1, 8, "2025-12-31", "2028-01-01"])
def test_nothing_happens_outside_the_horizon(when):
    event = {"when": when, "what": "drought", "amount": 0.5}
    found = _problems(horizon={"years": 2}, event=[event], territory=[_rule("T01", when, review_years=2)])
    assert {problem.key for problem in found} == {"event[1].when", "territory[1].from"}
    assert found[0].allowed == "2026-01-01 – 2027-12-31, 0 – 7"


@pytest.mark.parametrize("seats", [0, 1001, True, 3.0, "many", None, []])
def test_seats_are_legal_or_a_number(seats):
    assert (
        _scenario(governance={"position": {"council_seats": 1000}}).governance.position.council_seats == 1000
    )
    found = _problems(governance={"position": {"council_seats": seats}})
    assert [problem.key for problem in found] == ["governance.position.council_seats"]


def test_a_scope_is_written_once():
    (problem,) = _problems(governance={"boundary": {"pacts_allowed": ["water", "wood", "water"]}})
    assert "written twice" in str(problem)


def test_a_case_is_shipped_or_synthetic():
    for case in ({}, {"name": "figeac", "synthetic": {"territories": 2}}):
        with pytest.raises(ScenarioError, match="give either 'name' or 'synthetic'"):
            load_scenario({"name": "x", "case": case})
