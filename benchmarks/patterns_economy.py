"""Patterns of economy, prices and resources against the thresholds of ``thresholds_economy.toml``.

``python benchmarks/patterns_economy.py [PATTERN …] [--seeds N]`` prints a line for each criterion: mean, 95 % interval
of the paired differences (t distribution), pass or fail.
"""

import argparse
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from coopsim.economy.finance import LINE
from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.schedule.finance.calls import files, weights
from coopsim.schedule.record import territory_values

THRESHOLDS = tomllib.loads((Path(__file__).parent / "thresholds_economy.toml").read_text(encoding="utf-8"))
Run = dict[str, np.ndarray]
SHOCK_TICK = 24  # date of the closures in the shipped scenario


@cache
def live(name: str, seed: int, years: int, changes: tuple[tuple[str, Any], ...] = ()) -> Run:
    """Return what a run shows at the end of each year: arrays (years,) or (years, T)."""
    given = {key: ([] if value == () else value) for key, value in changes}
    spec = load_scenario(name).but({**given, "name": name, "horizon.years": years, "record.journal": False})
    model = CoopModel(spec, seed, views=False)
    world, rows = model.world, []
    lost = paid = 0.0
    for tick in range(4 * years):
        if tick % 4 == 0 and world.rules.pacts.call_type != "none":
            weight = weights(world)
            everybody = world.rules.pacts.call_type == "commons"
            answers = np.full(world.size, everybody) | (files(world) > 0.0)
            lost += float((answers & (weight <= 0.0)).sum()) if tick else 0.0
        model.step()
        if tick % 4 != 3:
            continue
        v, f, near = territory_values(world), world.finance, world.ties.adjacent
        paid += float(f.year[:, :, LINE["outside_funding"]].sum())
        names = ("jobs", "population", "naf_consumed_ha", "arrived_jobs", "centrality_keur", "vacant_dwellings",
                 "low_flow_share", "net_budget_eur_per_head", "ebe_jobs", "energy_saved_keur")  # fmt: skip
        rows.append(
            {name: v[name].copy() for name in names}
            | {
                "seekers": world.people.seekers.copy(),
                "unemployment": world.people.seekers.sum() / world.people.active.sum(),
                "ebe_years": world.local.ebe_years.sum(),
                "ebe_paid": world.local.ebe_paid.sum(),
                "ebe_avoided": world.local.ebe_avoided.sum(),
                "trust": world.ties.trust[near].mean() if near.any() else world.ties.trust.mean(),
                "rivalry": world.ties.rivalry[near].mean() if near.any() else 0.0,
                "coverage": world.pacts.coverage().mean(),
                "done": float(world.pacts.delivered.sum()),
                "disappointed": lost,
                "outside": paid,
                "lasted": _lasted(world),
            }
        )
    model.release()
    return {key: np.array([row[key] for row in rows]) for key in rows[0]}


def _lasted(world: Any) -> float:
    """Return the mean years that the pacts of the run have lasted; 0 without any."""
    pacts = world.pacts
    if not len(pacts):
        return 0.0
    ended = np.where(pacts.ended < 0, world.tick, pacts.ended)
    return float(np.mean((ended - pacts.founded) / 4.0))


def interval(values: list[float]) -> tuple[float, float, float]:
    """Return mean and 95 % interval of the t distribution."""
    x = np.asarray(values, dtype=float)
    half = stats.t.ppf(0.975, x.size - 1) * x.std(ddof=1) / np.sqrt(x.size)
    return float(x.mean()), float(x.mean() - half), float(x.mean() + half)


def line(pattern: str, what: str, values: list[float], holds: Callable[[float, float, float], bool]) -> None:
    """Print one criterion."""
    mean, low, high = interval(values)
    verdict = "pass" if holds(mean, low, high) else "fail"
    print(
        f"{pattern:<12} {verdict}  {what}: {mean:.4g} [{low:.4g}, {high:.4g}], n = {len(values)}", flush=True
    )


def above(bound: float) -> Callable[[float, float, float], bool]:
    """Return whether the lower end lies above a bound."""
    return lambda _mean, low, _high: low > bound


def below(bound: float) -> Callable[[float, float, float], bool]:
    """Return whether the upper end lies below a bound."""
    return lambda _mean, _low, high: high < bound


def p30(seeds: int) -> None:
    """Employment companies: what they cost as booked, and as unemployment really falls; and that it falls."""
    t = THRESHOLDS["P30"]
    with_, none = ([live(name, s, 10) for s in range(seeds)] for name in ("ebe", "ebe-none"))
    low, high = (t["target_keur"] * (1.0 + sign * t["tolerance_share"]) for sign in (-1.0, 1.0))

    def inside(mean: float, _low: float, _high: float) -> bool:
        return low <= mean <= high

    booked = [(b["ebe_paid"][-1] - b["ebe_avoided"][-1]) / b["ebe_years"][-1] for b in with_]
    line("P30", "net cost as booked, k€ per person and year", booked, inside)
    one = load_scenario("ebe").section("economy.ebe")["avoided_keur"]
    fallen = [(a["seekers"] - b["seekers"]).sum() for a, b in zip(none, with_, strict=True)]
    posts = [b["ebe_jobs"].sum() for b in with_]
    shares = [f / n for f, n in zip(fallen, posts, strict=True)]
    paid = [b["ebe_paid"][-1] / b["ebe_years"][-1] for b in with_]
    line("P30", "net cost as unemployment falls, k€ per person and year",
         [x - one * s for x, s in zip(paid, shares, strict=True)], inside)  # fmt: skip
    e = THRESHOLDS["ebe"]
    change = [b["unemployment"][-1] - a["unemployment"][-1] for a, b in zip(none, with_, strict=True)]
    line("ebe", "unemployment in year 10, with minus without", change, below(e["unemployment_below"]))
    line("ebe", "persons out of work less, for each post and year", shares,
         lambda _m, lo, hi: e["per_post"][0] < lo and hi < e["per_post"][1])  # fmt: skip


def p5(seeds: int) -> None:
    """Heat networks as first wins."""
    t = THRESHOLDS["P5-heat"]
    none, small, large = ([live(name, s, 20) for s in range(seeds)] for name in t["scenarios"])
    for other, label in ((large, "large first"), (none, "nothing built")):
        line("P5-heat", f"joint actions delivered in 20 years, small first minus {label}",
             [a["done"][-1] - b["done"][-1] for a, b in zip(small, other, strict=True)],
             above(t["difference_above"]))  # fmt: skip
    saved = [a["energy_saved_keur"][-1].sum() for a in small]
    line("P5-heat", "energy bill saved in 20 years, k€, small first", saved, above(t["saving_above"]))
    jobs = [a["jobs"][-1].sum() - b["jobs"][-1].sum() for a, b in zip(small, none, strict=True)]
    line("P5-heat", "jobs of the system (no threshold: lower end above 0 is 'pass')", jobs, above(0.0))


def p6(seeds: int) -> None:
    """The calls to commons, at equal euro."""
    t = THRESHOLDS["P6-commons"]
    rival, joint, commons = ([live(name, s, 20) for s in range(seeds)] for name in t["scenarios"])

    def change(a: list[Run], b: list[Run], key: str) -> list[float]:
        return [float(x[key][-1] - y[key][-1]) for x, y in zip(a, b, strict=True)]

    line("P6-commons", "trust, commons minus cooperative (upper end at least 0)", change(commons, joint, "trust"),
         lambda _m, _lo, hi: hi >= t["not_worse"])  # fmt: skip
    line("P6-commons", "trust, commons minus competitive", change(commons, rival, "trust"),
         above(t["difference_above"]))  # fmt: skip
    line("P6-commons", "disappointed answers, competitive minus commons", change(rival, commons, "disappointed"),
         above(t["disappointed_above"]))  # fmt: skip
    for other, label in ((joint, "cooperative"), (commons, "commons")):
        ratio = [float(x["outside"][-1] / y["outside"][-1] - 1.0) for x, y in zip(other, rival, strict=True)]
        line("P6-commons", f"outside money, {label} over competitive, less 1", ratio,
             lambda m, _lo, _hi: abs(m) < t["equal_money_share"])  # fmt: skip


def p10(seeds: int) -> None:
    """Small and rural territories against metropoles."""
    t = THRESHOLDS["P10"]
    small, large = ([live(name, s, 20) for s in range(seeds)] for name in t["scenarios"])
    pairs = list(zip(small, large, strict=True))
    line("P10", "pact coverage, mean of 20 years, small minus large",
         [float(a["coverage"].mean() - b["coverage"].mean()) for a, b in pairs], above(t["density_above"]))  # fmt: skip
    line("P10", "years that pacts last, small minus large",
         [float(a["lasted"][-1] - b["lasted"][-1]) for a, b in pairs], above(t["survival_above"]))  # fmt: skip


def p14(seeds: int) -> None:
    """The race for attraction."""
    t = THRESHOLDS["P14"]
    none, race = ([live(name, s, 20) for s in range(seeds)] for name in t["scenarios"])
    pairs = list(zip(none, race, strict=True))
    gained = [float(b["arrived_jobs"][-1].sum() / a["arrived_jobs"][-1].sum() - 1.0) for a, b in pairs]
    line("P14", "jobs arrived in the system, race over none, less 1", gained,
         lambda m, _lo, _hi: abs(m) <= t["zero_sum_share"])  # fmt: skip
    land = [float(b["naf_consumed_ha"][-1].sum() - a["naf_consumed_ha"][-1].sum()) for a, b in pairs]
    line("P14", "natural land consumed, ha, race minus none", land, above(t["land_above"]))


def p15(seeds: int) -> None:
    """Arrivals and the charges of centrality."""
    t = THRESHOLDS["P15"]
    event = ({"when": 20, "what": "population_inflow", "amount": 3000.0, "territories": ["T01"]},)
    plain = [live(t["scenario"], s, 10) for s in range(seeds)]
    more = [live(t["scenario"], s, 10, (("event", _Frozen(event)),)) for s in range(seeds)]
    pairs = list(zip(plain, more, strict=True))

    def per_head(run: Run) -> float:
        return float(1000.0 * run["centrality_keur"][-1][0] / run["population"][-1][0])

    line("P15", "charges of centrality of the centre, EUR per inhabitant",
         [per_head(b) - per_head(a) for a, b in pairs], above(t["charges_above"]))  # fmt: skip
    vacancy = [float(b["vacant_dwellings"][-1][0] - a["vacant_dwellings"][-1][0]) for a, b in pairs]
    line("P15", "vacant share of dwellings of the centre", vacancy, below(t["vacancy_below"]))


class _Frozen(list):  # type: ignore[type-arg]
    """A list of events that can be the key of a cache: two are the same when written the same."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(repr(self))


def p23(seeds: int) -> None:
    """Cooperation before a shock, and what is lost after it."""
    t = THRESHOLDS["P23"]
    year, years = SHOCK_TICK // 4, SHOCK_TICK // 4 + t["window_years"]
    before, lost = [], []
    for s in range(seeds):
        hit, calm = live(t["scenario"], s, years), live(t["scenario"], s, years, (("event", ()),))
        before.append(float(hit["trust"][year - 1] * hit["coverage"][year - 1]))
        gap = calm["jobs"][year:].sum(axis=1) - hit["jobs"][year:].sum(axis=1)
        lost.append(float(gap.sum() / calm["jobs"][year:].sum()))
    r = float(stats.spearmanr(before, lost)[0])
    half = 1.96 / np.sqrt(seeds - 3)
    low, high = np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half)
    verdict = "pass" if high < t["correlation_below"] else "fail"
    print(f"P23          {verdict}  rank correlation of cooperation before and jobs lost after: "
          f"{r:.3f} [{low:.3f}, {high:.3f}], n = {seeds}", flush=True)  # fmt: skip
    print(f"             share of jobs lost over {t['window_years']} years: {interval(lost)}", flush=True)


def procurement(seeds: int) -> None:
    """Public purchases moved home: by one, and by all."""
    t = THRESHOLDS["procurement"]
    none, alone, pooled = ([live(name, s, 10) for s in range(seeds)] for name in t["scenarios"])
    world = CoopModel(load_scenario("procurement-alone"), 0, views=False).world
    own = world.places.code.index("200067361")  # rows of a world are sorted
    home = [float((b["jobs"] - a["jobs"])[-1][own]) for a, b in zip(none, alone, strict=True)]
    rest = [
        float(np.delete((b["jobs"] - a["jobs"])[-1], own).sum()) for a, b in zip(none, alone, strict=True)
    ]
    line("procurement", "jobs of the buyer in year 10, alone minus none", home, above(t["own_above"]))
    line("procurement", "jobs of the others, alone minus none", rest, below(t["others_below"]))
    whole = [float((b["jobs"] - a["jobs"])[-1].sum()) for a, b in zip(none, pooled, strict=True)]
    line("procurement", "jobs of the system, pooled minus none", whole, above(t["system_above"]))


def reciprocity(seeds: int) -> None:
    """Contracts between the city and its hinterland."""
    t = THRESHOLDS["reciprocity"]
    none, signed = ([live(name, s, 20) for s in range(seeds)] for name in t["scenarios"])
    pairs = list(zip(none, signed, strict=True))
    flow = [float((b["low_flow_share"] - a["low_flow_share"])[-1][0]) for a, b in pairs]
    line("reciprocity", "low flow in the centre, with minus without", flow, below(t["low_flow_below"]))
    spread = [
        float(b["net_budget_eur_per_head"][-1].std() - a["net_budget_eur_per_head"][-1].std())
        for a, b in pairs
    ]
    line("reciprocity", "spread of the net budget per inhabitant", spread, below(t["spread_below"]))


PATTERNS: dict[str, tuple[Callable[[int], None], str]] = {
    "P30": (p30, "P30"), "P5-heat": (p5, "P5-heat"), "P6-commons": (p6, "P6-commons"), "P10": (p10, "P10"),
    "P14": (p14, "P14"), "P15": (p15, "P15"), "P23": (p23, "P23"), "procurement": (procurement, "procurement"),
    "reciprocity": (reciprocity, "reciprocity"),
}  # fmt: skip


def main() -> None:
    """Judge the patterns named, all without a name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patterns", nargs="*", choices=[*PATTERNS, []])
    parser.add_argument(
        "--seeds", type=int, default=0, help="instead of the number written with the threshold"
    )
    given = parser.parse_args()
    for name in given.patterns or PATTERNS:
        judge, section = PATTERNS[name]
        judge(given.seeds or THRESHOLDS[section]["seeds"])


if __name__ == "__main__":
    main()
