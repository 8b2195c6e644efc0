"""Net-benefit sheets: what each lever changes, who pays and who gains, in paired worlds."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from coopsim.comparison.statistics import PairedEffect, differences, paired_effect
from coopsim.errors import ScenarioError
from coopsim.executors import OnDone, executor
from coopsim.i18n import Text
from coopsim.levers.accounts import ACCOUNTS, NAMES, Books, books
from coopsim.levers.candidates import Lever, changed, levers
from coopsim.scenario import Scenario
from coopsim.types import FloatArray

__all__ = ["Lever", "Sheet", "Sheets", "changed", "levers", "sheets"]

_FIRST = 2  # worlds after which a lever that changes nothing at all is run no more
_REFUSED = Text(
    "aucune autre valeur n'est permise avec ces règles", "no other value is allowed with these rules"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one lever changes.

    Attributes
    ----------
    lever : Lever
    off, on : object
        Values compared: the default, or what comes closest, and the other one.
    effect : PairedEffect
        ``on`` minus ``off`` in each of `ACCOUNTS`, over the worlds.
    councils_gain, councils_lose : int
        Intercommunalités whose budget clearly gains, or loses.
    dead : bool
        Whether nothing at all differed in the first two worlds: the others were not run.
    """

    lever: Lever
    off: Any
    on: Any
    effect: PairedEffect
    councils_gain: int
    councils_lose: int
    dead: bool

    def clear(self, name: str) -> int:
        """Return 1 when an account clearly gains, -1 when it clearly loses, else 0."""
        k = NAMES.index(name)
        sign = int(self.effect.low[k] > 0.0) - int(self.effect.high[k] < 0.0)
        return sign * ACCOUNTS[k].direction

    @property
    def gainers(self) -> list[str]:
        """Accounts that clearly gain."""
        return [name for name in NAMES if self.clear(name) > 0]

    @property
    def payers(self) -> list[str]:
        """Accounts that clearly lose."""
        return [name for name in NAMES if self.clear(name) < 0]

    @property
    def free_lunch(self) -> str:
        """Which way the lever brings gains that nobody is seen to pay: ``on``, ``off``, or empty.

        For a human to look at: the payer may be outside the accounts, or the interval too wide.
        """
        if self.gainers and not self.payers and not self.councils_lose:
            return "on"
        return "off" if self.payers and not self.gainers and not self.councils_gain else ""

    def to_json(self) -> dict[str, Any]:
        """Return the sheet in JSON types."""
        accounts = {
            name: {"mean": float(m), "low": float(lo), "high": float(hi), "clear": self.clear(name)}
            for name, m, lo, hi in zip(
                NAMES, self.effect.mean, self.effect.low, self.effect.high, strict=True
            )
        }
        return {
            "key": self.lever.key,
            "label": self.lever.label,
            "unit": self.lever.unit,
            "levers": list(self.lever.ids),
            "in_scenario": self.lever.now,
            "off": self.off,
            "on": self.on,
            "accounts": accounts,
            "councils_gain": self.councils_gain,
            "councils_lose": self.councils_lose,
            "changes_nothing": self.dead,
            "free_lunch": self.free_lunch,
        }


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a scenario.

    Attributes
    ----------
    spec : Scenario
    seeds : tuple of int
    sheets : list of Sheet
    left_out : list of (key, reason)
    runs : int
    seconds : float
    """

    spec: Scenario
    seeds: tuple[int, ...]
    sheets: list[Sheet]
    left_out: list[tuple[str, Text]]
    runs: int
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return everything in JSON types."""
        return {
            "scenario": self.spec.name,
            "years": self.spec.years,
            "seeds": list(self.seeds),
            "runs": self.runs,
            "seconds": round(self.seconds, 1),
            "sheets": [sheet.to_json() for sheet in self.sheets],
            "left_out": [{"key": key, "reason": reason} for key, reason in self.left_out],
        }


@dataclass(frozen=True, slots=True)
class _Pair:
    lever: Lever
    off: Any
    on: Any
    variant: Scenario
    flipped: bool  # the variant is the scenario without the lever


def sheets(
    spec: Scenario,
    seeds: Sequence[int],
    *,
    part: str = "",
    every_value: bool = False,
    workers: int | None = None,
    on_done: OnDone | None = None,
) -> Sheets:
    """Return the sheet of every lever of a scenario: the lever switched on against off, all else equal.

    Parameters
    ----------
    spec : Scenario
    seeds : sequence of int
        Worlds, the same for every lever.
    part : str
        Only keys that contain this text.
    every_value : bool
        One sheet for every value of a list, not only the first.
    """
    started = time.perf_counter()
    found, left = levers(spec)
    found = [lever for lever in found if part in lever.key]
    left = [entry for entry in left if part in entry[0]]
    pairs, refused = _pairs(spec, found, every_value=every_value)
    first = min(_FIRST, len(seeds))
    count = _Counter(on_done, (1 + len(pairs)) * len(seeds))
    base = [b for b in _lived((spec,), seeds, workers, count, strict=True)[0] if b]
    shown = _lived([pair.variant for pair in pairs], seeds[:first], workers, count)
    live = [k for k, rows in enumerate(shown) if _differs(base[:first], rows)]
    rest = _lived([pairs[k].variant for k in live], seeds[first:], workers, count)
    for k, rows in zip(live, rest, strict=True):
        shown[k] = [*shown[k], *rows]
    out: list[Sheet] = []
    for pair, rows in zip(pairs, shown, strict=True):
        if any(row is None for row in rows):
            refused.append((pair.lever.key, _REFUSED))
        else:
            found_rows = [b for b in rows if b]
            out.append(_sheet(pair, base[: len(found_rows)], found_rows))
    seconds = time.perf_counter() - started
    return Sheets(spec, tuple(seeds), out, [*left, *refused], count.done, seconds)


@dataclass(slots=True)
class _Counter:
    """Tells the progress of several stages of runs as one."""

    told: OnDone | None
    total: int
    done: int = 0

    def stage(self) -> OnDone:
        """Return what a stage reports to."""
        before = self.done

        def on_done(count: int, total: int) -> None:  # noqa: ARG001 - the form of a reporter
            self.done = before + count
            if self.told is not None:
                self.told(self.done, self.total)

        return on_done


def _lived(
    specs: Sequence[Scenario],
    seeds: Sequence[int],
    workers: int | None,
    count: _Counter,
    *,
    strict: bool = False,
) -> list[list[Books | None]]:
    """Return the accounts of scenarios in worlds, one list a scenario."""
    tasks = list(product(range(len(specs)), seeds))
    if not tasks:
        return [[] for _ in specs]
    runs = executor(workers, len(tasks)).map(partial(_task, tuple(specs), strict), tasks, count.stage())
    return [runs[k * len(seeds) : (k + 1) * len(seeds)] for k in range(len(specs))]


def _differs(base: Sequence[Books], rows: Sequence[Books | None]) -> bool:
    """Return whether a variant that the engine accepts differs in some account of some world."""
    for a, b in zip(base, rows, strict=True):
        if b is None:
            return False
        same = (differences(x, y) == 0.0 for x, y in ((a.values, b.values), (a.councils, b.councils)))
        if not all(bool(equal.all()) for equal in same):
            return True
    return False


def _pairs(
    spec: Scenario, found: Sequence[Lever], *, every_value: bool
) -> tuple[list[_Pair], list[tuple[str, Text]]]:
    """Return the variants that the rules allow, and the levers without any."""
    pairs: list[_Pair] = []
    refused: list[tuple[str, Text]] = []
    for lever in found:
        mine = []
        for other in lever.others:
            variant = changed(spec, lever.key, other)
            if variant is not None:
                # without a switch, or with the default, is "off"
                back = other is False or (other is not True and other == lever.default)
                off, on = (other, lever.now) if back else (lever.now, other)
                mine.append(_Pair(lever, off, on, variant, flipped=back))
                if not every_value:
                    break
        pairs += mine
        if not mine:
            refused.append((lever.key, _REFUSED))
    return pairs, refused


def _task(variants: tuple[Scenario, ...], strict: object, task: tuple[int, int]) -> Books | None:
    """Return the accounts of one run; None when the engine refuses a variant, unless that is an error."""
    spec, seed = variants[task[0]], task[1]
    try:
        return books(spec, seed)
    except ScenarioError:  # such as a maker that plays on a stock that the case does not have
        if strict:
            raise
        return None


def _sheet(pair: _Pair, base: list[Books], variant: list[Books]) -> Sheet:
    off, on = (variant, base) if pair.flipped else (base, variant)
    change = differences(_stack([b.values for b in off]), _stack([b.values for b in on]))
    each = differences(_stack([b.councils for b in off]), _stack([b.councils for b in on]))
    councils = paired_effect(each)
    return Sheet(
        lever=pair.lever,
        off=pair.off,
        on=pair.on,
        effect=paired_effect(change),
        councils_gain=int((councils.low > 0.0).sum()),
        councils_lose=int((councils.high < 0.0).sum()),
        dead=bool((np.nan_to_num(change) == 0.0).all() and (each == 0.0).all()),
    )


def _stack(rows: list[FloatArray]) -> FloatArray:
    return np.array(rows)
