"""Resilience of scenarios to a shock: each scenario is run with and without it, on the same worlds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from coopsim.comparison import run_ensemble
from coopsim.errors import scenario_error
from coopsim.executors import OnDone, executor
from coopsim.indicators import BY_NAME, OUTCOMES, SYSTEM
from coopsim.resilience.measures import Setback, setback
from coopsim.scenario.events import EVENTS

if TYPE_CHECKING:
    from coopsim.scenario import Scenario

_EVENT = re.compile(r"(?P<what>[a-z_]+)=(?P<amount>[0-9.]+)@(?P<when>[0-9-]+)(?:\+(?P<length>[0-9]+))?")
_FORM = "WHAT=AMOUNT@WHEN[+QUARTERS]"


@dataclass(frozen=True, slots=True)
class Resilience:
    """What a shock does to a scenario.

    Attributes
    ----------
    scenario : str
    first : int
        Tick of the first event of the shock.
    setbacks : dict of str to Setback
        By indicator, for the whole system.
    """

    scenario: str
    first: int
    setbacks: dict[str, Setback]


def parsed_event(text: str) -> dict[str, Any]:
    """Return the event that a text such as ``drought=0.6@2032-07-01+1`` tells, as a scenario file writes it.

    Raises
    ------
    ScenarioError
        For a text of another form.
    """
    found = _EVENT.fullmatch(text)
    if found is None:
        raise scenario_error(
            "événement illisible",
            "unreadable event",
            key="--event",
            value=text,
            allowed=f"{_FORM}, {', '.join(EVENTS)}",
        )
    when = found["when"]
    event: dict[str, Any] = {
        "what": found["what"],
        "amount": float(found["amount"]),
        "when": int(when) if when.isdigit() else when,
    }
    return event | ({"duration": int(found["length"])} if found["length"] else {})


def twins(spec: "Scenario", events: Sequence[dict[str, Any]]) -> tuple["Scenario", "Scenario", int]:
    """Return a scenario without a shock, with it, and the tick of its first event.

    Parameters
    ----------
    events : sequence of dict
        Added to what the scenario has; when empty, the scenario's own events are the shock.

    Raises
    ------
    ScenarioError
        When there is no event at all, or one is refused.
    """
    own = spec.document().get("event", [])
    if events:
        shocked = spec.but({"event": [*own, *events], "name": f"{spec.name}-shock"})
        calm, known = spec, [e.tick for e in spec.events]
        ticks = [e.tick for e in shocked.events]
        for tick in known:
            ticks.remove(tick)
    else:
        shocked, calm = spec, spec.but({"event": [], "name": f"{spec.name}-calm"})
        ticks = [e.tick for e in spec.events]
    if not ticks:
        raise scenario_error(
            f"« {spec.name} » n'a pas d'événement : en donner un",
            f"'{spec.name}' has no event: give one",
            key="--event",
            allowed=_FORM,
        )
    return calm, shocked, min(ticks)


def resilience(
    specs: Sequence["Scenario"],
    events: Sequence[dict[str, Any]] = (),
    replicates: int = 20,
    seed: int = 0,
    indicators: Sequence[str] = OUTCOMES,
    workers: int | None = None,
    progress: OnDone | None = None,
) -> list[Resilience]:
    """Return what a shock does to each scenario, against the same worlds without it.

    Parameters
    ----------
    events : sequence of dict
        The shock; when empty, the events of each scenario.
    indicators : sequence of str
        Of those that have a direction.

    Raises
    ------
    ScenarioError
        For a scenario without a shock.
    """
    pairs = [twins(spec, events) for spec in specs]
    lanes = [lane for calm, shocked, _ in pairs for lane in (calm, shocked)]
    seeds = range(seed, seed + replicates)
    found = []
    for (calm, shocked, first), spec in zip(pairs, specs, strict=True):
        ensemble = run_ensemble([calm, shocked], seeds, executor(workers, len(lanes) * replicates), progress)
        values = ensemble.cube[:, :, :, 0]
        setbacks = {
            name: setback(values[1, :, :, i], values[0, :, :, i], BY_NAME[name].direction, first)
            for name, i in ((n, SYSTEM.index(n)) for n in indicators)
            if BY_NAME[name].direction
        }
        found.append(Resilience(spec.name, first, setbacks))
    return found


def middle(values: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Return the median of the worlds that have a value; infinite ones count as the largest; NaN without any."""
    known = np.sort(values[~np.isnan(values)])
    return float(known[(known.size - 1) // 2]) if known.size else float("nan")
