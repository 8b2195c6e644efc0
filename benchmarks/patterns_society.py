"""Patterns of ties and pacts against the thresholds of ``thresholds_society.toml``.

``python benchmarks/patterns_society.py [PATTERN …] [--seeds N]`` prints a line for each criterion: mean, 95 % interval
of the paired differences (t distribution), pass or fail.
"""

import argparse
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from coopsim.model import CoopModel
from coopsim.scenario import Scenario, load_scenario

THRESHOLDS = tomllib.loads((Path(__file__).parent / "thresholds_society.toml").read_text(encoding="utf-8"))
EXIT_TICK, CUT_TICK, SHOCK_TICK = 40, 40, 24  # dates of the events in the shipped scenarios


@dataclass(frozen=True)
class Life:
    """What one run shows, year by year: arrays of the years' ends."""

    trust: np.ndarray  # among the members of the first pact; NaN once it has ended
    trust_all: np.ndarray  # among neighbours
    rivalry: np.ndarray
    done: np.ndarray  # joint actions delivered so far, by all pacts
    founded: np.ndarray  # ticks of foundation
    stages: tuple[tuple[int, int], ...]  # (tick, stage reached)
    first_ended: int  # -1 while in force
    counts: Mapping[str, int]


def live(spec: Scenario, seed: int) -> Life:
    """Return what a run shows."""
    model = CoopModel(spec, seed, views=False)
    world = model.world
    rows: list[tuple[float, float, float, float]] = []
    for tick in range(spec.ticks):
        model.step()
        if tick % 4 != 3:
            continue
        pacts, t = world.pacts, world.ties
        inside = np.nan
        if len(pacts) and pacts.ended[0] < 0:
            m = pacts.members[0]
            inside = t.trust[np.ix_(m, m)].sum() / (m.sum() * (m.sum() - 1))
        near = t.adjacent
        rows.append((inside, t.trust[near].mean(), t.rivalry[near].mean(), float(pacts.delivered.sum())))
    lines = [line for line in world.journal if line["kind"] in ("pact", "sanction")]
    stages = tuple((line["tick"], int(line["amount"])) for line in lines if line["move"] == "stage")
    out = Life(
        *np.array(rows).T,
        founded=world.pacts.founded.copy(),
        stages=stages,
        first_ended=int(world.pacts.ended[0]) if len(world.pacts) else -1,
        counts=Counter(f"{line['kind']} {line['outcome']}" for line in lines),
    )
    model.release()
    return out


@cache
def spec_of(name: str, changes: tuple[tuple[str, Any], ...] = ()) -> Scenario:
    """Return a shipped scenario, some keys changed; ``event`` = () takes its events away."""
    given = {key: ([] if value == () else value) for key, value in changes}
    return load_scenario(name).but({**given, "name": name}) if given else load_scenario(name)


def runs(name: str, seeds: int, **changes: Any) -> list[Life]:
    """Return the runs of the first seeds."""
    dotted = tuple((key.replace("__", "."), value) for key, value in changes.items())
    return [live(spec_of(name, dotted), seed) for seed in range(seeds)]


def interval(values: Any) -> tuple[float, float, float]:
    """Return mean and 95 % interval; pairs with a missing value are left out."""
    x = np.asarray(values, dtype=float)
    x = x[np.isfinite(x)]
    half = stats.t.ppf(0.975, x.size - 1) * x.std(ddof=1) / np.sqrt(x.size) if x.size > 1 else np.nan
    return float(x.mean()), float(x.mean() - half), float(x.mean() + half)


def told(pattern: str, what: str, values: Any, test: Callable[[float, float], bool]) -> None:
    """Print one criterion."""
    mean, low, high = interval(values)
    n = int(np.isfinite(np.asarray(values, dtype=float)).sum())
    verdict = "pass" if test(low, high) else "FAIL"
    print(f"{pattern:4} {what:70} {mean:+8.3f} [{low:+.3f}; {high:+.3f}] n={n} {verdict}", flush=True)


def above(low: float, high: float) -> bool:
    """Return whether the whole interval is above 0."""
    del high
    return low > 0.0


def below(low: float, high: float) -> bool:
    """Return whether the whole interval is below 0."""
    del low
    return high < 0.0


def p1(seeds: int) -> None:
    """The last stage is rare and slow."""
    t = THRESHOLDS["P1"]
    found = runs(t["scenario"], seeds)
    last = [[tick for tick, stage in life.stages if stage == 3] for life in found]
    dynamics = sum(len(life.founded) for life in found)
    share = [len(ticks) / max(len(life.founded), 1) for ticks, life in zip(last, found, strict=True)]
    told("P1", "share of pacts that reach the last stage in 40 years", share,
         lambda _, high: high <= t["share_at_most"])  # fmt: skip
    first = min((tick / 4 for ticks in last for tick in ticks), default=np.inf)
    verdict = "pass" if first >= t["none_before_years"] else "FAIL"
    print(f"P1   first year at the last stage: {first:.1f}; {dynamics} pacts in {seeds} worlds {verdict}")
    years = {
        s: sorted(tick / 4 for life in found for tick, stage in life.stages if stage == s) for s in (1, 2, 3)
    }
    for stage, when in years.items():
        middle = f"{np.median(when):.1f}" if when else "-"
        print(f"P1   stage {stage}: reached {len(when)} times, median year of the run {middle}")
    total: Counter[str] = Counter()
    for life in found:
        total.update(life.counts)
    print("P1   journal:", dict(sorted(total.items())))


def p5(seeds: int) -> None:
    """A first win raises later actions and survival."""
    none, small, large = (runs(name, seeds) for name in THRESHOLDS["P5"]["scenarios"])
    told("P5", "joint actions in 20 years, small first - large first",
         [a.done[-1] - b.done[-1] for a, b in zip(small, large, strict=True)], above)  # fmt: skip
    alive = [[float(life.first_ended < 0) for life in group] for group in (none, small, large)]
    told("P5", "first pact in force after 20 years, small first - none",
         np.subtract(alive[1], alive[0]), above)  # fmt: skip
    print(
        "P5   share in force after 20 years, none, small, large:",
        [round(float(np.mean(a)), 2) for a in alive],
    )


def p6(seeds: int) -> None:
    """Competitive calls raise rivalry, cooperative ones trust."""
    rival, coop, commons = (runs(name, seeds) for name in THRESHOLDS["P6"]["scenarios"])
    told("P6", "rivalry of neighbours, competitive - cooperative",
         [a.rivalry[-1] - b.rivalry[-1] for a, b in zip(rival, coop, strict=True)], above)  # fmt: skip
    told("P6", "trust of neighbours, cooperative - competitive",
         [a.trust_all[-1] - b.trust_all[-1] for a, b in zip(coop, rival, strict=True)], above)  # fmt: skip
    told("P6", "trust of neighbours, commons - competitive",
         [a.trust_all[-1] - b.trust_all[-1] for a, b in zip(commons, rival, strict=True)], above)  # fmt: skip


def p7(seeds: int) -> None:
    """A shock can trigger cooperation where there is a catalyst."""
    t = THRESHOLDS["P7"]
    alone, driven = t["scenarios"]
    end = SHOCK_TICK + 4 * t["window_years"]

    def born(life: Life) -> float:
        return float(((life.founded >= SHOCK_TICK) & (life.founded < end)).sum())

    short = {"horizon__years": end // 4}  # what comes later is not judged
    hit = {name: runs(name, seeds, **short) for name in (alone, driven)}
    calm = {name: runs(name, seeds, **short, event=()) for name in (alone, driven)}
    rise = {n: np.array([born(a) - born(b) for a, b in zip(hit[n], calm[n], strict=True)]) for n in hit}
    told("P7", "pacts founded within 5 years: effect of the shock, no catalyst", rise[alone], lambda *_: True)
    told("P7", "pacts founded within 5 years: effect of the shock, catalyst", rise[driven], above)
    told("P7", "interaction of shock and catalyst", rise[driven] - rise[alone], above)
    year = end // 4 - 1
    told("P7", "rivalry without a catalyst, shock - none",
         [a.rivalry[year] - b.rivalry[year] for a, b in zip(hit[alone], calm[alone], strict=True)], above)  # fmt: skip


def p8(seeds: int) -> None:
    """The loss of the founder lowers the dynamic; rotation mitigates."""
    t = THRESHOLDS["P8"]
    year = EXIT_TICK // 4 + t["window_years"] - 1
    falls = {}
    for name in t["scenarios"]:
        with_exit, without = (runs(name, seeds, horizon__years=year + 1, **x) for x in ({}, {"event": ()}))
        falls[name] = np.array(
            [b.trust[year] - a.trust[year] for a, b in zip(with_exit, without, strict=True)]
        )
        after = [b.done[year] - a.done[year] for a, b in zip(with_exit, without, strict=True)]
        told("P8", f"{name}: fall of trust inside, 5 years after the exit", falls[name],
             above if name.endswith("founder") else lambda *_: True)  # fmt: skip
        told("P8", f"{name}: joint actions lost in 5 years", after, lambda *_: True)
        level = float(np.nanmean([life.trust[year] for life in with_exit]))
        print(f"P8   {name}: trust inside with the exit {level:.3f}")
    founder, rotating, shared = (falls[name] for name in t["scenarios"])
    told("P8", "fall, founder - rotating", founder - rotating, above)
    told("P8", "fall, founder - shared", founder - shared, above)


def p12(seeds: int) -> None:
    """Without money for animation, ties and trust decline."""
    name = THRESHOLDS["P12"]["scenario"]
    start = CUT_TICK // 4 - 1
    cut, kept = (runs(name, seeds, horizon__years=start + 5, **x) for x in ({}, {"event": ()}))
    for years in (2, 4):
        gap = [a.trust[start + years] - b.trust[start + years] for a, b in zip(cut, kept, strict=True)]
        told("P12", f"trust inside, cut - kept, after {years} years", gap, below)
    told("P12", "trust inside after 4 years - at the cut",
         [a.trust[start + 4] - a.trust[start] for a in cut], below)  # fmt: skip
    told("P12", "joint actions of 4 years, cut - kept",
         [(a.done[start + 4] - a.done[start]) - (b.done[start + 4] - b.done[start])
          for a, b in zip(cut, kept, strict=True)], below)  # fmt: skip


def p13(seeds: int) -> None:
    """Too rigid and too loose are both worse than the middle."""
    t = THRESHOLDS["P13"]
    key = "governance__aggregation__institutionalisation"
    found = {q: runs(t["scenario"], seeds, **{key: q}) for q in t["institutionalisation"]}
    done = {q: np.array([life.done[-1] for life in lives]) for q, lives in found.items()}
    for q, lives in found.items():
        mean, low, high = interval(done[q])
        trust = float(np.nanmean([life.trust[-1] for life in lives]))
        print(f"P13  q={q:.1f}: joint actions {mean:.2f} [{low:.2f}; {high:.2f}], trust inside {trust:.3f}")
    best = max(done, key=lambda q: float(done[q].mean()))
    low_end, high_end = t["institutionalisation"][0], t["institutionalisation"][-1]
    told("P13", f"best (q={best}) - loosest", done[best] - done[low_end], above)
    told("P13", f"best (q={best}) - most rigid", done[best] - done[high_end], above)


PATTERNS: dict[str, Callable[[int], None]] = {
    "P1": p1, "P5": p5, "P6": p6, "P7": p7, "P8": p8, "P12": p12, "P13": p13,
}  # fmt: skip


def main() -> None:
    """Judge the patterns named, or all."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("patterns", nargs="*", choices=[*PATTERNS, []], help="P1 P5 …; all without a name")
    ask.add_argument("--seeds", type=int, help="instead of the number of the thresholds file")
    given = ask.parse_args()
    for name in given.patterns or PATTERNS:
        PATTERNS[name](given.seeds or THRESHOLDS[name]["seeds"])


if __name__ == "__main__":
    main()
