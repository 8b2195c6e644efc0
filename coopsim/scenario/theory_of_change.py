"""The theory of change of a scenario: what must come first for its mission to be reached, by when, by which measure.

A graph of steps: each says what it needs, which indicator proves it, the threshold and the year promised. It changes
nothing in a run: it is a promise that the record is held against (`coopsim.proof`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import model_validator

from coopsim.errors import Problem, scenario_error
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, SYSTEM, TERRITORY
from coopsim.registry import nearest
from coopsim.scenario.places import Path
from coopsim.scenario.refusals import dotted
from coopsim.scenario.strict import Local, Strict, key

MAX_STEPS = 60
_LARGEST = 1e15
_UNIT_BOUNDS = {"share": (0.0, 1.0), "0-1": (0.0, 1.0), "0-4": (0.0, 4.0), "%": (0.0, 100.0)}


class Step(Strict):
    """Une étape de la théorie du changement. A step without an indicator is met once all that it needs is."""

    name: str = key("nom de l'étape", "name of the step", pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)
    title: Local | None = key("ce qui est promis, en une phrase", "what is promised, in a sentence", None)
    needs: tuple[str, ...] = key(
        "étapes préalables, par leur nom", "steps that must be met before, by name", (), strict=False
    )
    indicator: str | None = key(
        "indicateur qui fait preuve (absent : les étapes préalables suffisent)",
        "indicator that is the proof (absent: what it needs is enough)",
        None,
    )
    territory: str | None = key(
        "code du territoire (absent : le système entier)", "code of the territory (absent: the whole system)", None
    )  # fmt: skip
    at_least: float | None = key(
        "seuil : au moins", "threshold: at least", None, unit="unit of the indicator", ge=-_LARGEST, le=_LARGEST
    )  # fmt: skip
    at_most: float | None = key(
        "seuil : au plus", "threshold: at most", None, unit="unit of the indicator", ge=-_LARGEST, le=_LARGEST
    )  # fmt: skip
    by: int = key("année promise (à sa fin)", "year promised (at its end)", unit="yr", ge=1900, le=3000)

    @model_validator(mode="after")
    def _provable(self) -> "Step":
        if self.indicator is None:
            _without_indicator(self)
            return self
        known = SYSTEM if self.territory is None else TERRITORY
        if self.indicator not in known:
            place = (
                Text("du système", "of the system")
                if self.territory is None
                else Text("des territoires", "of territories")
            )
            raise scenario_error(
                f"aucun indicateur {place.fr} ne porte ce nom (voir : coopsim list indicators)",
                f"no indicator {place.en} has this name (see: coopsim list indicators)",
                key="indicator",
                value=self.indicator,
                nearest=nearest(self.indicator, list(known)),
            )
        _check_thresholds(self, self.indicator)
        return self

    @property
    def said(self) -> Text:
        """What is promised; the name of the step where the file gives no title."""
        return self.title.text() if self.title else Text(self.name, self.name)


def _without_indicator(step: Step) -> None:
    for name in ("at_least", "at_most", "territory"):
        if getattr(step, name) is not None:
            raise scenario_error(
                "sans indicateur, une étape n'a ni seuil ni territoire",
                "without an indicator a step has neither threshold nor territory",
                key=name,
                value=getattr(step, name),
            )
    if not step.needs:
        raise scenario_error(
            "une étape a un indicateur, ou des étapes préalables (needs)",
            "a step has an indicator, or steps that it needs (needs)",
            key="needs",
            value=step.name,
        )


def _check_thresholds(step: Step, indicator: str) -> None:
    given = {name: getattr(step, name) for name in ("at_least", "at_most") if getattr(step, name) is not None}
    if not given:
        raise scenario_error(
            "une étape prouvée par un indicateur a un seuil : at_least, at_most ou les deux",
            "a step proved by an indicator has a threshold: at_least, at_most or both",
            key="at_least",
            value=step.name,
        )
    if len(given) > 1 and given["at_least"] > given["at_most"]:
        raise scenario_error(
            "le seuil « au moins » dépasse le seuil « au plus »",
            "the threshold 'at least' is above the threshold 'at most'",
            key="at_least",
            value=list(given.values()),
        )
    unit = BY_NAME[indicator].unit
    low, high = _UNIT_BOUNDS.get(unit, (-_LARGEST, _LARGEST))
    for name, value in given.items():
        if not low <= value <= high:
            raise scenario_error(
                f"seuil hors de ce que « {indicator} » peut valoir (unité : {unit})",
                f"threshold out of what '{indicator}' can be (unit: {unit})",
                key=name,
                value=value,
                allowed=f"{low:g} – {high:g}",
            )


def mistakes(steps: Mapping[int, Step], start_year: int, *, whole: bool) -> list[tuple[Path, Problem]]:
    """Return what is wrong between steps that are sound in themselves, by their place in the file.

    Parameters
    ----------
    start_year : int
        Of the scenario: nothing is promised for the past. A promise beyond the end of a run stays open.
    whole : bool
        No other step was refused: a need that is not there is a mistake of its own.
    """
    names = [step.name for step in steps.values()]
    found: list[tuple[Path, Problem]] = []
    for n, (place, step) in enumerate(steps.items()):
        if step.name in names[:n]:
            found.append(
                _at(place, "name", "deux étapes portent ce nom", "two steps have this name", step.name)
            )
        for need in step.needs:
            if whole and need not in names:
                unknown = _at(
                    place,
                    "needs",
                    "étape inconnue",
                    "unknown step",
                    need,
                    allowed=", ".join(dict.fromkeys(names)),
                )
                found.append((unknown[0], replace(unknown[1], nearest=nearest(need, names))))
        if step.by < start_year:
            fr, en = "promis avant la première année simulée", "promised before the first year simulated"
            found.append(_at(place, "by", fr, en, step.by, allowed=f"≥ {start_year}"))
    return found or _circular(steps) or _too_early(steps)


def _at(place: int, name: str, fr: str, en: str, value: Any, allowed: str = "") -> tuple[Path, Problem]:
    path: Path = ("theory_of_change", place, name)
    return path, Problem(Text(fr, en), key=dotted(path), value=value, allowed=allowed)


def _circular(steps: Mapping[int, Step]) -> list[tuple[Path, Problem]]:
    """Return the circle of needs, if there is one: none of its steps could come first."""
    needs = [(step.name, need) for step in steps.values() for need in step.needs]
    if not needs:
        return []
    import networkx as nx  # slow to import: only where steps need others

    try:
        edges = nx.find_cycle(nx.DiGraph(needs))
    except nx.NetworkXNoCycle:
        return []
    circle = " → ".join([edges[0][0], *(edge[1] for edge in edges)])
    place = next(place for place, step in steps.items() if step.name == edges[0][0])
    fr, en = "ces étapes ont besoin l'une de l'autre en rond", "these steps need one another in a circle"
    return [_at(place, "needs", fr, en, circle)]


def _too_early(steps: Mapping[int, Step]) -> list[tuple[Path, Problem]]:
    promised = {step.name: step.by for step in steps.values()}
    fr, en = "une étape est promise avant ce dont elle a besoin", "a step is promised before what it needs"
    return [
        _at(place, "by", fr, en, step.by, allowed=f"≥ {promised[need]} ({need})")
        for place, step in steps.items()
        for need in step.needs
        if step.by < promised.get(need, step.by)  # one that was refused is told elsewhere
    ]


def in_order(steps: Sequence[Step]) -> list[Step]:
    """Return the steps, each after all that it needs; in the order of the file where either may come first."""
    done: dict[str, Step] = {}
    waiting = list(steps)
    while waiting:
        ready = next(step for step in waiting if all(need in done for need in step.needs))
        done[ready.name] = ready
        waiting.remove(ready)
    return list(done.values())


def steps_of(document: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps of a scenario's document, in the order of the file."""
    return tuple(Step.model_validate(table) for table in document.get("theory_of_change") or ())
