"""Patterns of firms and people against the pass marks of `thresholds_firms.toml`: P2, P3, P16.

Paired seeds: every scenario lives the same worlds. Prints tables with 95 % intervals (Student) and pass or fail.

    python benchmarks/patterns_firms.py [SEEDS]
"""

import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from coopsim.run import simulate
from coopsim.scenario import load_scenario, parameters

MARKS = tomllib.loads((Path(__file__).parent / "thresholds_firms.toml").read_text(encoding="utf-8"))
RELAYS = ("relays-workshops", "relays-accountants", "relays-large-clients", "relays-all")
RECRUITING = ("recruiting", "recruiting-housing", "recruiting-mobility")
COLUMNS = ("firms_reached", "firms_acting", "vacancies", "unemployment", "companies", "population", "jobs")


# Ends of the plausible ranges at which relays do least.
WEAK = {"aware_per_yr": 0, "convinced_per_yr": 0, "acting_per_yr": 0, "willing_share": 0, "budget_share": 0,
        "turnover_per_yr": 1, "cost_keur": 1}  # fmt: skip


def weak() -> dict[str, float]:
    """Return every parameter of accountants and bankers at the end of its range at which they do least."""
    table = parameters()
    return {
        f"economy.relays.{name}": table[f"economy.relays.{name}"].range[end] for name, end in WEAK.items()
    }


def series(task: tuple[str, int]) -> np.ndarray:
    """Return the yearly values of `COLUMNS` for the whole case, shape (years, len(COLUMNS)); firms by number."""
    name, seed = task
    changes = weak() if name.endswith(" weak") else {}
    spec = load_scenario(name.removesuffix(" weak"), {"record.journal": False, **changes})
    run = simulate(spec, seed=seed)
    ends = run.territories[run.territories["quarter"] == 4]
    firms = ends["companies"]
    ends = ends.assign(
        firms_reached=ends["firms_reached"] * firms,
        firms_acting=ends["firms_acting"] * firms,
        unemployment=ends["unemployment"] * ends["population"],
    )
    total = ends.groupby("year")[list(COLUMNS)].sum()
    for share, base in (
        ("firms_reached", "companies"),
        ("firms_acting", "companies"),
        ("unemployment", "population"),
    ):
        total[share] = total[share] / total[base]
    return total.to_numpy()


def without_programme(seed: int) -> float:
    """Return the share of firms reached after a year when the plan holds no programme: what older tools reach."""
    quiet = load_scenario("relays-workshops", {"governance.choice.decision_maker.moves": []})
    run = simulate(quiet.but({"record.journal": False}), seed=seed, years=1)
    last = run.territories[run.territories["tick"] == run.territories["tick"].max()]
    return float((last["firms_reached"] * last["companies"]).sum() / last["companies"].sum())


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Return mean and 95 % interval."""
    half = student.ppf(0.975, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
    return float(values.mean()), float(values.mean() - half), float(values.mean() + half)


def show(values: np.ndarray, digits: int = 4) -> str:
    """Return mean (low to high)."""
    mean, low, high = interval(values)
    return f"{mean:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def half_time(path: np.ndarray) -> np.ndarray:
    """Return the first year a path reaches half of its last value, shape (seeds,), years from 1."""
    return 1 + np.argmax(path >= 0.5 * path[:, -1:], axis=1)


def verdict(*, passed: bool) -> str:
    """Return the word for it."""
    return "pass" if passed else "FAIL"


def relays(found: dict[str, np.ndarray], older: np.ndarray) -> None:
    """Print P2 and P3."""
    p2, p3 = MARKS["P2"], MARKS["P3"]
    reached = {name: found[name][:, :, 0] for name in (*RELAYS, "relays-all weak")}
    acting = {name: found[name][:, :, 1] for name in (*RELAYS, "relays-all weak")}
    base = reached[p2["scenario"]]
    for year in (3, 5):
        high = interval(base[:, year - 1])[2]
        ok = high <= p2["reached_share_at_most"]
        print(
            f"P2 workshops only, reached after {year} years: {show(base[:, year - 1])} {verdict(passed=ok)}"
        )
    tool = base[:, 0] - older
    low, high = p2["new_tool_first_year"]
    ok = low <= tool.mean() <= high
    print(f"P2 the new tool alone, first year: {show(tool, 5)} {verdict(passed=ok)}")
    print(
        "| scenario | reached, year 5 | acting, 5 | reached, 15 | acting, 15 | reached ratio, 5 | acting later |"
    )
    for name in (*RELAYS, "relays-all weak"):
        ratio = reached[name][:, 4] / base[:, 4]
        later = (half_time(acting[name]) > half_time(reached[name])).mean()
        ok = (
            interval(ratio)[1] >= p3["reached_ratio_at_least"] and later >= p3["acting_later_share"]
            if (name != p2["scenario"])
            else None
        )
        # the weak ends are a check of the assumptions, without a mark of their own
        word = "" if ok is None or name.endswith(" weak") else verdict(passed=ok)
        print(f"| {name} | {show(reached[name][:, 4])} | {show(acting[name][:, 4])} | {show(reached[name][:, -1])} | "
              f"{show(acting[name][:, -1])} | {show(ratio, 2)} | {later:.2f} {word} |")  # fmt: skip


def recruiting(found: dict[str, np.ndarray]) -> None:
    """Print P16."""
    column = {name: i for i, name in enumerate(COLUMNS)}
    last = {name: found[name][:, -10:, :].mean(axis=1) for name in RECRUITING}
    base = last["recruiting"]
    seekers = base[:, column["unemployment"]] * base[:, column["population"]] * 0.43
    more = bool((seekers > base[:, column["vacancies"]]).all())
    rate = 100 * base[:, column["vacancies"]] / (base[:, column["jobs"]] + base[:, column["vacancies"]])
    print(f"P16 base: unfilled {show(base[:, column['vacancies']], 0)} posts, {show(rate, 2)} % of posts")
    for name in RECRUITING[1:]:
        fall = base[:, column["vacancies"]] - last[name][:, column["vacancies"]]
        ok = more and interval(fall)[1] > MARKS["P16"]["unfilled_falls"]
        jobs = last[name][:, column["jobs"]] - base[:, column["jobs"]]
        print(f"P16 {name}: unfilled fall by {show(fall, 1)}, jobs {show(jobs, 1)} {verdict(passed=ok)}")


def main(seeds: int) -> None:
    """Run all and print."""
    names = (*RELAYS, "relays-all weak", *RECRUITING)
    with ProcessPoolExecutor(2) as pool:
        runs = list(pool.map(series, [(name, seed) for name in names for seed in range(seeds)]))
        older = np.array(list(pool.map(without_programme, range(seeds))))
    found = {name: np.array(runs[i * seeds : (i + 1) * seeds]) for i, name in enumerate(names)}
    relays(found, older)
    recruiting(found)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MARKS["paired_seeds"])
