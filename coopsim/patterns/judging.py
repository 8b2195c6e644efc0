"""Verdicts on patterns: pass, fail or cannot be run; and whether one parameter wrote the sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from coopsim.errors import Problem
from coopsim.executors import Executor, OnDone
from coopsim.i18n import Text
from coopsim.patterns.running import Lived, Prepared, live, prepared
from coopsim.patterns.spec import Pattern, Test
from coopsim.patterns.statistics import Figure, figure, reached, taken

Verdict = Literal["pass", "fail", "cannot be run"]
Origin = Literal["emergent", "built in", "in part", "not told"]

_VANISHES, _STAYS = 0.2, 0.5  # of the effect, once the parameter is flipped
_BROKEN = Text("une simulation s'est arrêtée : {why}", "a run failed: {why}")


@dataclass(frozen=True, slots=True)
class TestResult:
    """One figure against its mark."""

    test: Test
    figure: Figure
    passed: bool


@dataclass(frozen=True, slots=True)
class Flip:
    """What the writer's value changes.

    Attributes
    ----------
    origin : str
        Emergent: the sign stays without the parameter. Built in: it vanishes or turns. Not told: the pattern fails, or
        the parameter cannot be tried.
    figure : Figure or None
        Of the writer's test under the writer's value.
    reason : tuple of Problem
        Why it could not be tried.
    """

    origin: Origin
    figure: Figure | None = None
    reason: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PatternResult:
    """Everything said of a pattern."""

    pattern: Pattern
    verdict: Verdict
    tests: tuple[TestResult, ...]
    flip: Flip
    seeds: int
    reason: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it in JSON types."""
        p, w = self.pattern, self.pattern.writer
        return {
            "id": p.id, "title": {"fr": p.title.fr, "en": p.title.en}, "source": p.source, "status": p.status,
            "written": p.written.isoformat(), "looked": p.looked, "changes": p.changes, "seeds": self.seeds,
            "verdict": self.verdict, "reason": [str(problem) for problem in self.reason],
            "tests": [_test_json(found) for found in self.tests],
            "flip": {"key": w.key, "value": w.value, "test": w.test, "origin": self.flip.origin,
                     "figure": _figure_json(self.flip.figure), "reason": [str(x) for x in self.flip.reason]},
        }  # fmt: skip


def _test_json(found: TestResult) -> dict[str, Any]:
    test, (kind, value) = found.test, found.test.mark
    return {
        "label": {"fr": test.label.fr, "en": test.label.en}, "statistic": test.statistic, "judged": test.judged,
        "mark": {kind: value}, "passed": found.passed, **(_figure_json(found.figure) or {}),
    }  # fmt: skip


def _figure_json(found: Figure | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "worlds": found.n,
        "runs": list(found.detail),
    }


def judge_all(
    patterns: Sequence[Pattern],
    pool: Executor,
    seeds: int | None = None,
    folder: Path | None = None,
    on_done: OnDone | None = None,
    *,
    flips: bool = True,
) -> list[PatternResult]:
    """Return the verdict on every pattern, in order.

    All patterns are lived together; then the writers of those whose test passes.

    Parameters
    ----------
    seeds : int, optional
        Worlds, instead of each pattern's own number.
    folder : Path, optional
        Where runs are kept and found again.
    flips : bool
        Try the writers too.
    """
    groups = [(prepared(pattern), range(seeds or pattern.seeds)) for pattern in patterns]
    lived = live([pair for pair in groups if not pair[0].reason], pool, folder, on_done)
    results = [_judged(group, worlds, lived) for group, worlds in groups]
    wanted = [
        (prepared(result.pattern, result.pattern.writer), worlds)
        for result, (_, worlds) in zip(results, groups, strict=True)
        if flips and _written(result)
    ]
    flipped = live([pair for pair in wanted if not pair[0].reason], pool, folder, on_done)
    found = {group.pattern.id: (group, worlds) for group, worlds in wanted}
    return [_with_flip(result, *found[result.pattern.id], flipped) if result.pattern.id in found else result
            for result in results]  # fmt: skip


def _written(result: PatternResult) -> bool:
    """Return whether the test whose sign a parameter may have written passes."""
    return bool(result.tests) and result.tests[result.pattern.writer.test - 1].passed


def _judged(group: Prepared, seeds: range, lived: Lived) -> PatternResult:
    pattern, reason = group.pattern, group.reason
    why = "" if reason else lived.failure(group, seeds)
    if why:
        reason = (Problem(_BROKEN.format(why=why)),)
    if reason:
        return PatternResult(pattern, "cannot be run", (), Flip("not told"), len(seeds), reason)
    tests = tuple(_tested(test, group, seeds, lived) for test in pattern.test)
    passed = all(found.passed for found in tests if found.test.judged)
    return PatternResult(pattern, "pass" if passed else "fail", tests, Flip("not told"), len(seeds))


def _tested(test: Test, group: Prepared, seeds: range, lived: Lived) -> TestResult:
    labels = group.pattern.labels(test)
    operands = [
        taken(lived.yearly(group.scenarios[label], seeds, name), test)
        for label, name in zip(labels, test.measures_of(labels), strict=True)
    ]
    x = group.pattern.sweeps[test.sweep].values if test.sweep else ()
    found = figure(test, operands, x)
    return TestResult(test, found, reached(found, test.mark))


def _with_flip(result: PatternResult, group: Prepared, seeds: range, lived: Lived) -> PatternResult:
    why = "" if group.reason else lived.failure(group, seeds)
    reason = group.reason or ((Problem(_BROKEN.format(why=why)),) if why else ())
    if reason:
        flip = Flip("not told", None, reason)
    else:
        number = result.pattern.writer.test - 1
        now = _tested(result.pattern.test[number], group, seeds, lived)
        flip = Flip(origin(result.tests[number], now), now.figure)
    return PatternResult(result.pattern, result.verdict, result.tests, flip, result.seeds, result.reason)


def origin(before: TestResult, after: TestResult) -> Origin:
    """Return whether an effect is written by the parameter that was flipped between two results.

    Of a difference, a ratio, an interaction, a slope or an inverted U: built in where less than a fifth of the
    effect is left or its sign turns, emergent where half of it or more stays, in part between. Of a level, a share,
    a cliff, and of marks that ask for no effect: by whether the mark is still reached.
    """
    test = before.test
    effects = ("difference", "ratio", "interaction", "slope", "inverted_u", "ordering")
    if test.statistic not in effects or test.mark[0] in {"within", "mean_between"}:
        return "emergent" if after.passed else "built in"
    neutral = 1.0 if test.statistic == "ratio" else 0.0
    left = (after.figure.mean - neutral) / (before.figure.mean - neutral)
    if left >= _STAYS:
        return "emergent"
    return "in part" if left > _VANISHES else "built in"
