"""The smallest change that reverses a verdict: which rule decides who wins."""

import itertools
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from coopsim.comparison.statistics import differences, paired_effect, share_better, verdict
from coopsim.errors import ScenarioError
from coopsim.executors import OnDone, executor, failing_as
from coopsim.flip.changes import Change, Changes, regimes, set_text, size
from coopsim.indicators import BY_NAME, SYSTEM
from coopsim.run import simulate
from coopsim.scenario import Scenario
from coopsim.types import FloatArray

__all__ = ["Change", "Flip", "Judged", "Search", "flip", "regimes", "set_text"]

NO_VERDICT = "no clear difference"
REVERSED = {"better": "worse", "worse": "better", "higher": "lower", "lower": "higher"}
_SCREEN = 3  # worlds that a change is tried on before it is judged on all
_TOP = 6  # changes that pairs are made of
_CONFIRMED = 3  # changes that are judged on all worlds, of one size
_HALVINGS = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """A comparison of two scenarios on one indicator, after some changes.

    Attributes
    ----------
    changes : tuple of Change
        Empty for the comparison as it stands.
    mean, low, high : float
        Second minus first, and the bounds of its 95 % interval.
    share : float
        Of worlds in which the second is better (higher, for an indicator without direction).
    verdict : str
        On the second against the first.
    worlds : int
    """

    changes: Changes
    mean: float
    low: float
    high: float
    share: float
    verdict: str
    worlds: int

    def to_json(self) -> dict[str, Any]:
        """Return it in JSON types."""
        return {
            "changes": [
                {"key": c.key, "old": c.old, "new": c.new, "in_both": c.both, "set": set_text(c.key, c.new)}
                for c in self.changes
            ],
            "mean_difference": self.mean,
            "low": self.low,
            "high": self.high,
            "share_b_better": self.share,
            "verdict": self.verdict,
            "worlds": self.worlds,
        }


@dataclass(frozen=True, slots=True)
class Flip:
    """What a search found.

    Attributes
    ----------
    a, b : str
        Names of the scenarios.
    indicator : str
    before : Judged
        The comparison as it stands.
    found : tuple of Judged
        Changes that reverse the verdict, the smallest first.
    nearest : Judged or None
        Without any flip, the change judged on all worlds that came nearest.
    tried, untried : int
        Changes tried, and those that the budget did not allow.
    runs : int
    seconds : float
    """

    a: str
    b: str
    indicator: str
    before: Judged
    found: tuple[Judged, ...]
    nearest: Judged | None
    tried: int
    untried: int
    runs: int
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return it in JSON types."""
        return {
            "a": self.a,
            "b": self.b,
            "indicator": self.indicator,
            "before": self.before.to_json(),
            "flips": [judged.to_json() for judged in self.found],
            "nearest": self.nearest.to_json() if self.nearest else None,
            "tried": self.tried,
            "untried": self.untried,
            "runs": self.runs,
            "seconds": round(self.seconds, 1),
        }


@dataclass(slots=True)
class Search:
    """The state of one search: what was run, what it cost, what is known.

    Attributes
    ----------
    a, b : Scenario
    indicator : str
    seeds : tuple of int
    budget : int
        Runs allowed, those of the comparison as it stands included.
    """

    a: Scenario
    b: Scenario
    indicator: str
    seeds: tuple[int, ...]
    budget: int
    workers: int | None = None
    on_done: OnDone | None = None
    runs: int = 0
    tried: int = 0
    untried: int = 0
    values: list[FloatArray] = field(default_factory=list)
    moved: dict[str, float] = field(default_factory=dict)

    def base(self) -> Judged:
        """Run the comparison as it stands."""
        self.values = self._run([self.a, self.b], len(self.seeds))
        return self._judged((), self.values[0], self.values[1])

    def screen(self, sets: Sequence[Changes], before: Judged) -> list[Changes]:
        """Try sets of changes on a few worlds; returns those that were run, the most promising first.

        Those that the rules or the engine refuse are left out; those that the budget does not allow are counted.
        """
        n = min(_SCREEN, len(self.seeds))
        pairs = self._variants(sets, n)
        sign = -1.0 if self._sign(before) > 0 else 1.0  # the way that the difference should move
        out = []
        for changes, a, b in self._pairs(pairs, n):
            move = float(np.nanmean((b[:n] - a[:n]) - (self.values[1][:n] - self.values[0][:n])))
            self.tried += 1
            if math.isfinite(move):
                self.moved[_written(changes)] = sign * move
                out.append(changes)
        return sorted(out, key=lambda changes: -self.shift(changes))

    def shift(self, changes: Changes) -> float:
        """Return how far a set of changes moved the difference towards the other verdict, on a few worlds."""
        return self.moved[_written(changes)]

    def confirm(self, sets: Sequence[Changes]) -> list[Judged]:
        """Judge sets of changes on all worlds."""
        pairs = self._variants(sets, len(self.seeds))
        out = []
        for changes, a, b in self._pairs(pairs, len(self.seeds)):
            if np.isfinite(a).all() and np.isfinite(b).all():
                out.append(self._judged(changes, a, b))
        return out

    def shrink(self, judged: Judged, wanted: str) -> Judged:
        """Return a smaller change of its numbers that still reverses the verdict, by bisection of each."""
        best = judged
        for place, change in enumerate(judged.changes):
            if not change.numeric:
                continue
            fine, failed = float(change.new), float(change.old)
            for _ in range(_HALVINGS):
                middle = 0.5 * (fine + failed)
                value = round(middle) if change.whole else middle
                if value in (fine, failed):
                    break
                trial = (*best.changes[:place], change.to(value), *best.changes[place + 1 :])
                again = self.confirm([trial])
                if not again:
                    break
                if again[0].verdict == wanted:
                    best, fine = again[0], float(value)
                else:
                    failed = float(value)
        return best

    def _variants(self, sets: Sequence[Changes], n: int) -> list[tuple[Changes, Scenario, Scenario | None]]:
        """Return the scenarios of each set that the rules and the budget allow; None for a second one that stays."""
        left = self.budget - self.runs
        out: list[tuple[Changes, Scenario, Scenario | None]] = []
        for changes in sets:
            try:
                a = self.a.but({c.key: c.new for c in changes})
                world = {c.key: c.new for c in changes if c.both}
                b = self.b.but(world) if world else None
            except ScenarioError:
                continue
            cost = n * (1 if b is None else 2)
            if cost > left:
                self.untried += 1
                continue
            left -= cost
            out.append((changes, a, b))
        return out

    def _pairs(
        self, variants: Sequence[tuple[Changes, Scenario, Scenario | None]], n: int
    ) -> list[tuple[Changes, FloatArray, FloatArray]]:
        """Run variants on the first worlds; returns the indicator of both sides, (n,) each."""
        found = iter(self._run([s for v in variants for s in v[1:] if s is not None], n))
        stays = self.values[1][:n]
        return [(changes, next(found), stays if b is None else next(found)) for changes, _, b in variants]

    def _run(self, specs: Sequence[Scenario], n: int) -> list[FloatArray]:
        """Run scenarios on the first worlds; returns their indicator, (n,) each."""
        seeds = self.seeds[:n]
        tasks = [(k, seed) for k in range(len(specs)) for seed in seeds]
        if not tasks:
            return []
        done, told = self.runs, self.on_done

        def on_done(count: int, total: int) -> None:  # noqa: ARG001 - the form of a reporter
            if told is not None:
                told(done + count, max(self.budget, done + count))

        work = partial(_value, tuple(specs), SYSTEM.index(self.indicator))
        found = executor(self.workers, len(tasks)).map(work, tasks, on_done)
        self.runs += len(tasks)
        return [np.array(found[k * n : (k + 1) * n]) for k in range(len(specs))]

    def _judged(self, changes: Changes, a: FloatArray, b: FloatArray) -> Judged:
        direction = BY_NAME[self.indicator].direction
        difference = differences(a[:, None], b[:, None])
        effect = paired_effect(difference)
        share = float(share_better(difference, np.array([direction]))[0])
        mean, low, high = (float(x[0]) for x in (effect.mean, effect.low, effect.high))
        told = verdict(low, high, share, direction)
        return Judged(changes, mean, low, high, share, told, len(a))

    @staticmethod
    def _sign(before: Judged) -> float:
        return math.copysign(1.0, before.mean)


def flip(search: Search, sources: Sequence[Sequence[Change]], most: int = 2) -> Flip:
    """Search the smallest set of changes that reverses a verdict.

    One change after another is tried on a few worlds, source by source; those that would reverse the mean are judged
    on all worlds. Without any, sets of two and more are made of the changes that moved the difference most. Numbers
    of a set that reverses the verdict are then brought back towards their old values, by bisection.

    Parameters
    ----------
    search : Search
    sources : sequence of sequence of Change
        In the order in which they are tried.
    most : int
        Keys of a set at most.
    """
    started = time.perf_counter()
    before = search.base()
    found: list[Judged] = []
    judged: list[Judged] = []
    if before.verdict in REVERSED:
        wanted = REVERSED[before.verdict]
        singles: list[Changes] = []
        for source in sources:
            ordered = search.screen([(change,) for change in source], before)
            singles += ordered
            judged += search.confirm(_promising(search, ordered, before))
            found = [one for one in judged if one.verdict == wanted]
            if found:
                break
        singles.sort(key=lambda changes: -search.shift(changes))
        best = singles[:_TOP]
        for _ in range(1, most):
            if found:
                break
            sets = _joined(best, singles[:_TOP])
            ordered = search.screen(sets, before)
            judged += search.confirm(_promising(search, ordered, before))
            found = [one for one in judged if one.verdict == wanted]
            best = ordered[:_TOP]
        found = sorted((search.shrink(one, wanted) for one in found), key=lambda one: size(one.changes))
        if not found and not judged and singles:
            judged = search.confirm(singles[:1])
    far = min(judged, key=lambda one: _progress(before, one)) if judged and not found else None
    return Flip(
        search.a.name, search.b.name, search.indicator, before, tuple(found), far, search.tried,
        search.untried, search.runs, time.perf_counter() - started,
    )  # fmt: skip


def _progress(before: Judged, after: Judged) -> float:
    """Return what is left of the difference, in units of what it was; below 0 when its mean has changed sign."""
    return after.mean / before.mean if before.mean else math.inf


def _promising(search: Search, ordered: Sequence[Changes], before: Judged) -> list[Changes]:
    """Return the sets that reverse the mean on a few worlds, a few of them; the nearest when none does."""
    over = [changes for changes in ordered if search.shift(changes) > abs(before.mean)]
    return over[:_CONFIRMED] or list(ordered[:1])


def _joined(best: Sequence[Changes], singles: Sequence[Changes]) -> list[Changes]:
    """Return sets of one change more, of different keys, each once."""
    found: dict[frozenset[str], Changes] = {}
    for some, one in itertools.product(best, singles):
        keys = {c.key for c in some}
        if one[0].key not in keys:
            found.setdefault(frozenset(keys | {one[0].key}), (*some, *one))
    return list(found.values())


def _written(changes: Changes) -> str:
    """Return a set of changes as a text: values may be lists or tables."""
    return " ".join(set_text(change.key, change.new) for change in changes)


def _value(specs: tuple[Scenario, ...], column: int, task: tuple[int, int]) -> float:
    """Return the indicator of the system at the end of one run; NaN where the engine refuses the scenario."""
    spec, seed = specs[task[0]], task[1]
    with failing_as(spec.name, seed):
        try:
            return float(simulate(spec, seed).arrays[1][-1, column])
        except ScenarioError:  # such as a maker that plays on a stock that the case does not have
            return float("nan")
