"""Theories of change in words: what was promised, and what one run or many worlds show of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coopsim.comparison.words import decimals, interval, number, quantity, scale_of, unit_words
from coopsim.i18n import Text, lang
from coopsim.indicators import BY_NAME
from coopsim.proof import Proof, proof_frame, proofs
from coopsim.scenario.theory_of_change import Step, steps_of

if TYPE_CHECKING:
    from rich.table import Table

    from coopsim.comparison import Comparison
    from coopsim.comparison.ensemble import Ensemble

TITLE = Text("Théorie du changement : promesse et preuve", "Theory of change: promise and proof")
COLUMNS = [
    Text("Étape", "Step"),
    Text("Promesse", "Promise"),
    Text("Après", "After"),
    Text("Preuve", "Proof"),
]
_BY = Text("{what} fin {year}", "{what} at the end of {year}")
_ALL_NEEDS = Text("tout ce dont elle a besoin", "all that it needs")
_STATUS = {
    "in_time": Text("tenu en {met}", "met in {met}"),
    "late": Text("tenu en {met}, après la date", "met in {met}, after the date"),
    "lost": Text("tenu en {met}, perdu à la fin", "met in {met}, lost at the end"),
    "before_needs": Text(
        "seuil atteint en {reached}, sans ce dont l'étape a besoin",
        "threshold reached in {reached}, without what the step needs",
    ),
    "not_met": Text("non tenu", "not met"),
    "open": Text("échéance après ce qui est simulé", "due after what was simulated"),
}
_SHORT = Text("{status} ({value}, manque {missing})", "{status} ({value}, short by {missing})")
_OVER = Text("{status} ({value}, dépasse de {missing})", "{status} ({value}, over by {missing})")
_JOINED = Text(" ; ", "; ")
_VALUE = Text("{status} ({value})", "{status} ({value})")
_IN_TIME = Text("à temps dans {k} mondes sur {n}", "in time in {k} of {n} worlds")
_OPEN = Text("échéance après la fin", "due after the end")
_MET = Text("tenu dans {k}, année médiane {year}", "met in {k}, median year {year}")
_NEVER = Text("jamais tenu", "never met")
_PROMISED = Text("promis par {lanes}", "promised by {lanes}")


@dataclass(frozen=True, slots=True)
class Theory:
    """One theory of change, held against the runs of every scenario of a comparison.

    Attributes
    ----------
    lanes : tuple of int
        Scenarios that promise it.
    proofs : tuple of list of Proof, length L
        By scenario; each in the order of the steps.
    """

    steps: tuple[Step, ...]
    lanes: tuple[int, ...]
    proofs: tuple[list[Proof], ...]


def theories(documents: Sequence[Mapping[str, Any]], ensemble: "Ensemble") -> list[Theory]:
    """Return each different theory of the scenarios, in their order."""
    promised = [steps_of(document) for document in documents]
    out = []
    for steps in dict.fromkeys(steps for steps in promised if steps):
        lanes = tuple(lane for lane, own in enumerate(promised) if own == steps)
        found = [proofs(steps, cube, ensemble.territories, ensemble.start_year) for cube in ensemble.cube]
        out.append(Theory(steps, lanes, tuple(found)))
    return out


def theory_frame(found: Sequence[Theory], ensemble: "Ensemble") -> pd.DataFrame:
    """Return one row a scenario, seed and step of its own theory; empty where no scenario has one."""
    parts = []
    for theory in found:
        for lane, name in enumerate(ensemble.scenarios):
            part = proof_frame(theory.proofs[lane], ensemble.seeds)
            part.insert(0, "scenario", name)
            part.insert(1, "promised_by", ";".join(ensemble.scenarios[own] for own in theory.lanes))
            parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def promise_words(step: Step, names: Mapping[str, str]) -> str:
    """Return the threshold and the year of a step, with the name of its territory."""
    if step.indicator is None:
        return str(_BY.format(what=_ALL_NEEDS, year=step.by))
    unit = BY_NAME[step.indicator].unit
    bounds = [
        f"{sign}\u00a0{_exactly(limit, unit)}"
        for sign, limit in (("≥", step.at_least), ("≤", step.at_most))
        if limit is not None
    ]
    place = f", {names.get(step.territory, step.territory)}" if step.territory else ""
    return str(_BY.format(what=f"{BY_NAME[step.indicator].label}{place} {' '.join(bounds)}", year=step.by))


def needs_words(step: Step, steps: Sequence[Step]) -> str:
    """Return what a step needs, by title."""
    said = {other.name: str(other.said) for other in steps}
    return str(_JOINED).join(said[need] for need in step.needs)


def proof_words(proof: Proof, run: int = 0) -> str:
    """Return what one run shows of a step."""
    status = str(
        _STATUS[proof.status[run]].format(met=_year(proof.met[run]), reached=_year(proof.reached[run]))
    )
    if proof.step.indicator is None:
        return status
    unit = BY_NAME[proof.step.indicator].unit
    value = quantity(float(proof.value[run]), unit)
    lacks = float(proof.missing[run])
    if lacks > 0.0 and np.isfinite(lacks):
        missing = quantity(lacks, unit, difference=True)
        over = proof.step.at_most is not None and float(proof.value[run]) > proof.step.at_most
        return str((_OVER if over else _SHORT).format(status=status, value=value, missing=missing))
    return str(_VALUE.format(status=status, value=value))


def worlds_words(proof: Proof, last_year: int) -> tuple[str, str, str]:
    """Return what many worlds show of a step: how often in time, how often at all, the value at the date promised."""
    worlds = len(proof.met)
    met = proof.met[~np.isnan(proof.met)]
    due = proof.step.by <= last_year
    in_time = _IN_TIME.format(k=int(proof.in_time.sum()), n=worlds) if due else _OPEN
    told = _MET.format(k=met.size, year=_year(float(np.median(met)))) if met.size else _NEVER
    if proof.step.indicator is None or not np.isfinite(proof.value).any():
        return str(in_time), str(told), ""
    unit = BY_NAME[proof.step.indicator].unit
    low, middle, high = np.nanpercentile(proof.value, [5.0, 50.0, 95.0])
    places = decimals([float(low), float(high)], unit)
    spread = interval(float(low), float(high), unit, places)
    value = f"{number(float(middle), unit, places)} ({spread}) {_shown_unit(unit)}".strip()
    return str(in_time), str(told), value


def theory_table(comparison: "Comparison", theory: Theory) -> "Table":
    """Return the table a person reads on a terminal: one row a step, one column a scenario."""
    from rich.table import Table

    letters = ascii_uppercase[: len(comparison.names)]
    names = territory_names(comparison)
    promised = _PROMISED.format(lanes=", ".join(letters[lane] for lane in theory.lanes))
    found = Table(title=f"{TITLE} ({promised})", title_justify="left", show_lines=True)
    for head in (COLUMNS[0], COLUMNS[1], *letters):
        found.add_column(str(head), overflow="fold")
    for n, step in enumerate(theory.steps):
        cells = [
            "\n".join(filter(None, worlds_words(lane[n], comparison.last_year))) for lane in theory.proofs
        ]
        found.add_row(str(step.said), promise_words(step, names), *cells)
    return found


def territory_names(comparison: "Comparison") -> dict[str, str]:
    """Return the name of each territory of a comparison by its code."""
    return {row["code"]: row["name"] for row in comparison.manifest["context"]["case"]["territories"]}


def _exactly(limit: float, unit: str) -> str:
    """Return a threshold with the digits that it was written with, no more."""
    digits = f"{limit * scale_of(unit):.10g}".partition("e")[0].partition(".")[2]
    shown, name = number(limit, unit, len(digits)), _shown_unit(unit)
    gap = "" if not name or (name == "%" and lang() == "en") else "\u00a0"
    return f"{shown}{gap}{name}"


def _year(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.0f}"


def _shown_unit(unit: str) -> str:
    return "" if unit in ("count", "ratio", "0-1", "level") else unit_words(unit)
