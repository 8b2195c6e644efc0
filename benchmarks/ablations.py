"""What votes depend on, each switched off: ``python benchmarks/ablations.py [SEEDS] [YEARS]``.

Three ablations, on the same seeds as the scenario itself (paired worlds):

- seats: one seat for each commune instead of the legal table (CGCT L5211-6-1);
- information: no diagnostic, nothing seen of resources, no dependence on others perceived;
- trust: partners are expected to keep their word as if they surely did.

Two questions, two tables. *Runs*: the share of proposals that pass over the whole horizon, with and without (worlds
part ways after the first vote that differs). *Same question*: in the very worlds of the scenario, each proposal is
put to the vote again with the ablation, everything else equal, chance included: the share of outcomes that flip, by
move. There the same councillors sit; without legal seats, each commune's share one vote. For scale, *chance* puts the
question without news of the year and without what is personal to a seat.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

from coopsim.model import CoopModel
from coopsim.run import simulate
from coopsim.scenario import load_scenario
from coopsim.schedule import QUARTER, Phase
from coopsim.schedule.councils import phase
from coopsim.schedule.councils.deliberation import deliberate
from coopsim.schedule.councils.knowledge import learn
from coopsim.schedule.councils.strategy import follow_plans, strategic, voting
from coopsim.schedule.moves import carry_out, expectations
from coopsim.society.moves import KEYS
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World

SCENARIOS = ("figeac-status-quo", "figeac-cooperation", "figeac-cooperation-shared-diagnostic")
ABLATIONS: dict[str, dict[str, Any]] = {
    "seats": {"governance.position.council_seats": "equal"},
    "information": {
        "society.councils.perception_none": 0.0,
        "society.councils.dependence_start": 0.0,
        "governance.information.diagnostic": "none",
    },
    "trust": {"society.councils.trust_discount": 0.0},
}
"""Keys that each ablation sets."""


def interval(values: FloatArray) -> str:
    """Return the mean of the seeds and its 95 % interval, in %."""
    half = t.ppf(0.975, values.size - 1) * values.std(ddof=1) / np.sqrt(values.size)
    return f"{100 * values.mean():.1f} ± {100 * half:.1f}"


def share_passed(name: str, changes: dict[str, Any], years: int, seed: int) -> dict[str, float]:
    """Return the share of proposals that pass in one run: of councils, and of councils asked about a pact."""
    spec = load_scenario(name).but({"name": name, "horizon.years": years, **changes})
    journal = simulate(spec, seed).journal
    passed = journal["outcome"].eq("passed")
    kinds = {kind: journal["kind"].eq(kind) for kind in ("vote", "pact-vote")}
    pacts = kinds["vote"] & journal["move"].eq("propose_pact")
    return {
        "votes": float(passed[kinds["vote"]].mean()),
        "proposing a pact": float(passed[pacts].mean()),
        "joining, leaving": float(passed[kinds["pact-vote"]].mean()) if kinds["pact-vote"].any() else np.nan,
    }


def runs(name: str, seeds: int, years: int, pool: ProcessPoolExecutor) -> pd.DataFrame:
    """Return pass rates over the horizon with and without each ablation, and the paired difference."""
    keys: dict[str, dict[str, Any]] = {"as it is": {}} | ABLATIONS
    lanes = {
        lane: pd.DataFrame(list(pool.map(partial(share_passed, name, changes, years), range(seeds))))
        for lane, changes in keys.items()
    }
    rows = {}
    for lane, found in lanes.items():
        gap = found - lanes["as it is"]
        for what in found:
            both = gap[what].dropna().to_numpy()
            rows[lane, what] = {
                "passed %": interval(found[what].dropna().to_numpy()),
                "difference": interval(both) if lane != "as it is" and both.size > 1 else "",
            }
    return pd.DataFrame(rows).T


def again(world: World) -> dict[str, BoolArray]:
    """Return which candidates each council would adopt now, (T, M), as things are and under each ablation."""
    params, rules, perceived = world.params, world.rules, world.perceived
    blind = replace(params, councils=replace(params.councils, perception_none=0.0))
    sure = replace(params, councils=replace(params.councils, trust_discount=0.0))
    out = {"as it is": _adopted(world, one_each=False), "seats": _adopted(world, one_each=True)}
    world.params, world.perceived = blind, np.zeros_like(perceived)
    world.rules = replace(rules, diagnostic=np.zeros_like(rules.diagnostic))
    out["information"] = _adopted(world, one_each=False)
    world.params, world.perceived, world.rules = sure, perceived, rules
    out["trust"] = _adopted(world, one_each=False)
    calm = replace(params.councils, vote_noise=0.0, context_noise=0.0)
    world.params = replace(params, councils=calm)
    out["chance"] = _adopted(world, one_each=False)
    world.params = params
    return out


def _adopted(world: World, *, one_each: bool) -> BoolArray:
    yes = phase.seat_utilities(world, expectations(world)) > 0.0
    out = np.zeros((world.size, len(KEYS)), np.bool_)
    for i in range(world.size):
        rows = np.flatnonzero(world.councils.territory == i)
        if one_each:
            _, commune = np.unique(world.councils.commune[rows], return_inverse=True)
            share = 1.0 / np.bincount(commune)[commune]
            out[i] = share @ yes[rows] > 0.5 * share.sum()
            continue
        for m in range(len(KEYS)):
            out[i, m] = phase.ballot(world, i, rows, yes[rows, m])
    return out


def same_question(name: str, years: int, seed: int) -> pd.DataFrame:
    """Return every council vote of a run with the outcome it would have had under each ablation."""
    found: list[dict[str, Any]] = []

    def session_phase(world: World) -> None:
        session = phase.meets(world)
        if not session.any():
            return
        learn(world, session)
        deliberate(world, session)
        follow_plans(world, session, carry_out)
        strategic(world, session)
        ordinary = session & voting(world)
        answers, before = again(world), len(world.journal)
        phase.vote(world, ordinary)
        row = {code: i for i, code in enumerate(world.places.code)}
        for line in world.journal[before:]:
            if line["kind"] == "vote":
                i, m = row[line["body"]], KEYS.index(line["move"])
                found.append(
                    {"seed": seed, "move": line["move"], "passed": line["outcome"] == "passed"}
                    | {lane: bool(answer[i, m]) for lane, answer in answers.items()}
                )

    phases = [Phase(p.name, session_phase) if p.name == "councils" else p for p in QUARTER]
    spec = load_scenario(name).but({"name": name, "horizon.years": years})
    model = CoopModel(spec, seed, phases=phases, views=False)
    model.run()
    model.release()
    table = pd.DataFrame(found)
    if not (table["passed"] == table["as it is"]).all():
        raise RuntimeError("a question put again as things are got another answer")
    return table


def flips(name: str, seeds: int, years: int, pool: ProcessPoolExecutor) -> pd.DataFrame:
    """Return the share of outcomes that each ablation flips, by move: mean of the seeds, 95 % interval."""
    votes = pd.concat(pool.map(partial(same_question, name, years), range(seeds)))
    rows = {}
    for move, some in [("all", votes), *votes.groupby("move")]:
        rows[move] = {
            "votes": len(some),
            "passed %": interval(some.groupby("seed")["passed"].mean().to_numpy()),
        }
        for lane in (*ABLATIONS, "chance"):
            flipped = (some[lane] != some["passed"]).groupby(some["seed"]).mean().to_numpy()
            to_yes = (some[lane] & ~some["passed"]).sum() / max((some[lane] != some["passed"]).sum(), 1)
            rows[move][f"{lane}: flips %"] = interval(flipped)
            rows[move][f"{lane}: to yes %"] = f"{100 * to_yes:.0f}"
    return pd.DataFrame(rows).T


def main() -> None:
    """Print both tables for each scenario."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    years = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    with ProcessPoolExecutor(2) as pool, pd.option_context("display.width", 250, "display.max_columns", 20):
        for name in SCENARIOS:
            print(f"\n{name}: {seeds} seeds, {years} years")
            print(runs(name, seeds, years, pool).to_string())
            print(flips(name, seeds, years, pool).to_string())


if __name__ == "__main__":
    main()
