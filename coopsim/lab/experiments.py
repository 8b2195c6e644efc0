"""Which code runs which laboratory, and how one is run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coopsim.errors import Problem, ScenarioError
from coopsim.lab import (
    adoption,
    agreements,
    chances,
    commons,
    contributions,
    opinions,
    owners,
    places,
    sharing,
    stocks,
    taxes,
    voting,
)
from coopsim.lab.engine import Bench, Changes, varied
from coopsim.lab.info import LabInfo
from coopsim.lab.results import Estimate, Expected, LabResult, Value, compared
from coopsim.lab.values import Values, checked, lab_info
from coopsim.scenario import load_scenario


def _nothing(values: Values) -> list[Problem]:  # noqa: ARG001 - the form of a check
    return []


@dataclass(frozen=True, slots=True)
class Experiment:
    """How a laboratory is run: nothing here but keys of its scenario, and readings of the world.

    Attributes
    ----------
    changes : callable
        Parameters to scenario keys.
    measured : callable
        Runs the engine; results by name.
    exact : callable
        Closed forms; results by name.
    refused : callable
        What is wrong between parameters that are legal one by one.
    """

    changes: Callable[[Values], Changes]
    measured: Callable[[Bench, Values], Mapping[str, Value | Estimate]]
    exact: Callable[[Values], Mapping[str, Value | Expected]]
    refused: Callable[[Values], list[Problem]] = _nothing


EXPERIMENTS: dict[str, Experiment] = {
    "anticommons": Experiment(
        owners.owners_changes, owners.owners_measured, owners.owners_exact, owners.groups_refused
    ),
    "bass": Experiment(
        adoption.adoption_changes,
        adoption.adoption_measured,
        adoption.adoption_exact,
        adoption.adoption_refused,
    ),
    "coalition": Experiment(
        agreements.coalition_changes, agreements.coalition_measured, agreements.coalition_exact
    ),
    "cost-sharing": Experiment(
        sharing.sharing_changes, sharing.sharing_measured, sharing.sharing_exact, sharing.sharing_refused
    ),
    "fish-war": Experiment(stocks.fleet_changes, stocks.fleet_measured, stocks.fleet_exact),
    "gibrat": Experiment(
        chances.growth_changes, chances.growth_measured, chances.growth_exact, chances.growth_refused
    ),
    "keeping-a-pact": Experiment(commons.promise_changes, commons.promise_measured, commons.promise_exact),
    "land": Experiment(places.land_changes, places.land_measured, places.land_exact),
    "logistic-harvest": Experiment(
        stocks.effort_changes, stocks.effort_measured, stocks.effort_exact, stocks.effort_refused
    ),
    "opinion": Experiment(opinions.opinion_changes, opinions.opinion_measured, opinions.opinion_exact),
    "public-good": Experiment(
        contributions.giving_changes, contributions.giving_measured, contributions.giving_exact
    ),
    "river": Experiment(
        places.river_changes, places.river_measured, places.river_exact, places.lengths_refused
    ),
    "river-treaty": Experiment(
        agreements.treaty_changes, agreements.treaty_measured, agreements.treaty_exact
    ),
    "siting-shares": Experiment(
        taxes.shares_changes, taxes.shares_measured, taxes.shares_exact, taxes.drop_refused
    ),
    "static-commons": Experiment(
        commons.commons_changes,
        commons.commons_measured,
        commons.commons_exact,
        agreements.cost_refused,
    ),
    "tax-race": Experiment(taxes.race_changes, taxes.race_measured, taxes.race_exact),
    "trust": Experiment(chances.trust_changes, chances.trust_measured, chances.trust_exact),
    "voting-power": Experiment(
        voting.votes_changes, voting.votes_measured, voting.votes_exact, voting.votes_refused
    ),
}


def admitted(info: LabInfo, given: Mapping[str, Any]) -> Values:
    """Return the value of every parameter, defaults included, legal one by one and together.

    Raises
    ------
    ScenarioError
        With every refused parameter and its legal range.
    """
    values = checked(info, given)
    problems = EXPERIMENTS[info.name].refused(values)
    if problems:
        raise ScenarioError(problems)
    return values


def run_lab(name: str, parameters: Mapping[str, Any] | None = None) -> LabResult:
    """Run a laboratory with the ordinary engine and compare it with its exact result.

    Parameters
    ----------
    name : str
        A name of `labs`.
    parameters : mapping of str to object, optional
        Those given; the others take the laboratory's defaults.

    Raises
    ------
    ScenarioError
        For an unknown laboratory or parameter (with the nearest name) and for values out of their legal range.
    """
    info = lab_info(name)
    experiment = EXPERIMENTS[name]
    values = admitted(info, parameters or {})
    spec = varied(load_scenario(name), experiment.changes(values))
    found = experiment.measured(Bench(spec, info.max_rounds), values)
    return LabResult(name, values, compared(info, found, experiment.exact(values)))
