"""What is allowed but looks wrong in a scenario: each warning says what to look at."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.scenario.checks import code_of
from coopsim.scenario.dates import tick_of
from coopsim.scenario.events import EVENTS, Event
from coopsim.scenario.governance import Governance
from coopsim.scenario.load import load_scenario
from coopsim.scenario.parameters import Parameter, parameters
from coopsim.scenario.plausibility_case import case_warnings
from coopsim.scenario.scenario import Scenario

_COUNCIL_YEARS = 6  # municipal councils sit six years (code électoral L227)
_LONG_YEARS = 100
_FAR_YEARS = 15


def plausibility(scenario: Scenario) -> list[Problem]:
    """Return warnings about a valid scenario and its case; none of them stops a run.

    Raises
    ------
    ScenarioError
        When the case itself cannot be read.
    """
    return [
        *_horizon(scenario),
        *_swept(scenario),
        *_rules(scenario.governance, scenario, "governance"),
        *_territories(scenario),
        *_events(scenario),
        *case_warnings(scenario),
    ]


def case_plausibility(name_or_path: str | Path) -> list[Problem]:
    """Return warnings about a case alone, with the default parameters."""
    name = name_or_path.absolute().as_posix() if isinstance(name_or_path, Path) else name_or_path
    return case_warnings(load_scenario({"name": "case", "case": {"name": name}}))


def _horizon(scenario: Scenario) -> Iterator[Problem]:
    years = scenario.years
    if scenario.submodels.elections and scenario.submodels.councils and years < _COUNCIL_YEARS:
        message = Text(
            "durée plus courte qu'un mandat : les élections comptent peu",
            "shorter than a term of office: elections hardly matter",
        )
        yield Problem(message, key="horizon.years", value=years)
    if years > _LONG_YEARS:
        message = Text("durée au-delà de toute prévision utile", "longer than any useful outlook")
        yield Problem(message, key="horizon.years", value=years)
    reference = scenario.load_case().reference_year
    if scenario.spec.case.synthetic is None and abs(scenario.start_year - reference) > _FAR_YEARS:
        message = Text("loin de l'année des données ({year})", "far from the year of the data ({year})")
        yield Problem(message.format(year=reference), key="horizon.start_year", value=scenario.start_year)


def _swept(scenario: Scenario) -> Iterator[Problem]:
    """Parameters changed to a value outside their plausible range."""
    for key, parameter in parameters().items():
        value = scenario.section(parameter.section)[parameter.name]
        if value != parameter.value and parameter.range and _outside(value, parameter):
            low, high = parameter.range
            message = Text("hors des valeurs plausibles", "outside the plausible values")
            yield Problem(message, key=key, value=value, allowed=f"{low:g} – {high:g} {parameter.unit}")


def _outside(value: Any, parameter: Parameter) -> bool:
    low, high = parameter.range or (0.0, 0.0)
    return any(not low <= x <= high for x in (value if isinstance(value, tuple) else (value,)))


def _rules(rules: Governance, scenario: Scenario, where: str) -> Iterator[Problem]:
    """Rules that contradict one another or that the model's law does not know."""
    moves, payoff = rules.choice.moves, rules.payoff
    ceiling = scenario.number("economy.finance.tax_ceiling_pct")
    if ceiling and payoff.tax_rate_bounds[1] > ceiling:
        message = Text(
            "au-dessus du plafond légal de la CFE (deux fois la moyenne nationale, CGI 1636 B septies)",
            "above the legal ceiling of the business tax (twice the national mean, CGI 1636 B septies)",
        )
        key = f"{where}.payoff.tax_rate_bounds"
        yield Problem(message, key=key, value=payoff.tax_rate_bounds[1], allowed=f"≤ {ceiling:g}")
    if moves.subsidy.allowed and payoff.subsidy.max == 0:
        message = Text("aide permise, mais plafonnée à zéro", "subsidy allowed but capped at zero")
        yield Problem(message, key=f"{where}.payoff.subsidy.max", value=0.0)
    scopes = rules.boundary.pacts_allowed  # empty: no pacts, said once and for all
    if payoff.revenue_sharing.share > 0 and scopes and "revenue" not in scopes:
        message = Text("partage interdit aux pactes", "pacts may not share revenue")
        key = f"{where}.payoff.revenue_sharing.share"
        yield Problem(message, key=key, value=payoff.revenue_sharing.share)
    if payoff.calls.type != "none" and payoff.calls.envelope_keur_per_yr == 0:
        message = Text("appel à projets sans enveloppe", "call for projects without an envelope")
        yield Problem(message, key=f"{where}.payoff.calls.envelope_keur_per_yr", value=0.0)
    yield from _maker(rules, scenario, where)
    if rules.boundary.exit_penalty_keur > 0 and rules.boundary.exit != "penalty":
        message = Text("sans effet : exit n'est pas « penalty »", "no effect: exit is not 'penalty'")
        key = f"{where}.boundary.exit_penalty_keur"
        yield Problem(message, key=key, value=rules.boundary.exit_penalty_keur)


# What a maker's objective reads in the case: without it the council has nothing to choose.
_READS = {"net_benefit": "effort_benefit", "water_benefit": "water_saturation"}


def _maker(rules: Governance, scenario: Scenario, where: str) -> Iterator[Problem]:
    """Makers whose objective the case says nothing about."""
    maker = rules.choice.decision_maker
    objective = str(maker.get("objective", "")) if isinstance(maker, dict) else ""
    column = _READS.get(objective)
    if column is not None and not (scenario.load_case().territories[column] > 0.0).any():
        message = Text(
            "sans effet : la colonne « {column} » du cas est nulle",
            "no effect: column '{column}' of the case is zero",
        )
        yield Problem(
            message.format(column=column), key=f"{where}.choice.decision_maker.objective", value=objective
        )


def _territories(scenario: Scenario) -> Iterator[Problem]:
    """Dated rules that change nothing, or that look wrong where the common rules do not."""
    common = {problem.key for problem in _rules(scenario.governance, scenario, "governance")}
    for n, rules in enumerate(scenario.spec.territory):
        where = f"territory[{n + 1}].governance"
        code = code_of(rules, scenario.territory_names)
        tick = tick_of(rules.from_, scenario.start_year)
        before = scenario.governance if tick == 0 else scenario.governance_for(code, tick - 1)
        after = scenario.governance_for(code, tick)
        if before == after:
            yield Problem(Text("ces règles ne changent rien", "these rules change nothing"), key=where)
        for problem in _rules(after, scenario, where):
            if problem.key.replace(where, "governance") not in common:
                yield problem


def _events(scenario: Scenario) -> Iterator[Problem]:
    """Events that cannot change anything."""
    for n, spec in enumerate(scenario.spec.event):
        kind = EVENTS[spec.what]
        key = f"event[{n + 1}].what"
        if not getattr(scenario.submodels, kind.submodel):
            message = Text("sans effet : submodels.{name} est éteint", "no effect: submodels.{name} is off")
            yield Problem(message.format(name=kind.submodel), key=key, value=spec.what)
        elif spec.amount == 0:
            yield Problem(Text("ampleur nulle", "amount is zero"), key=f"event[{n + 1}].amount", value=0.0)
    for event in scenario.events:
        if event.tick + event.duration > scenario.ticks:
            message = Text("l'événement « {what} » dépasse la fin", "event '{what}' goes past the end")
            yield Problem(message.format(what=event.what), key="event", value=event.tick)
        untouched = _untouched(event, scenario)
        if untouched:
            message = Text(
                "« {what} » n'atteint rien dans : {where}", "'{what}' reaches nothing in: {where}"
            ).format(what=event.what, where=", ".join(untouched))
            yield Problem(message, key="event", value=event.tick)


def _untouched(event: Event, scenario: Scenario) -> list[str]:
    """Return the territories of an event that have nothing it could change."""
    case = scenario.load_case()
    if event.what == "drought":
        having = set(case.water_nodes["territory"])
    elif event.what == "storm":
        having = set(case.forest.loc[case.forest["volume_m3"] > 0, "territory"])
    elif event.what == "firm_closure":
        having = set(case.territories.loc[case.territories["jobs"] > 0, "code"])
    else:
        return []
    return [code for code in event.territories if code not in having]
