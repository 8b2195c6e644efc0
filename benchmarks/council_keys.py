"""What each key of the councils does to votes, on paired seeds: ``python benchmarks/council_keys.py [SEEDS] [YEARS]``.

Each lane is `figeac-cooperation` with one change; the table gives the mean difference from the scenario with `taken_in`
diagnostics and its 95 % interval over the seeds.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

from coopsim.run import simulate
from coopsim.scenario import load_scenario

INFORMATION, POSITION = "governance.information.", "governance.position."
DEBATE, COUNCILS = "governance.aggregation.deliberation", "society.councils."
SHARED = {INFORMATION + "diagnostic": "shared", INFORMATION + "agenda_alignment": 1.0}
DEBATED = SHARED | {INFORMATION + "form": "facilitated_debate"}
LANES: dict[str, dict[str, Any]] = {
    "diagnostic own, map, agenda 1": {
        INFORMATION + "diagnostic": "own", INFORMATION + "form": "map", INFORMATION + "agenda_alignment": 1.0,
    },
    "diagnostic shared, report, agenda 1": SHARED,
    "diagnostic shared, debate, agenda 1": DEBATED,
    "  the same, agenda 0": DEBATED | {INFORMATION + "agenda_alignment": 0.0},
    "  the same, accuracy 0": DEBATED | {INFORMATION + "accuracy": 0.0},
    "  the same, every 10 years": DEBATED | {INFORMATION + "refresh_years": 10},
    "training 50 k€": {INFORMATION + "training_keur": 50.0},
    "peer learning 1": {INFORMATION + "peer_learning": 1.0},
    "evaluation every 2 years": {INFORMATION + "evaluation_period": 2},
    "foresight 1": {INFORMATION + "foresight": 1.0},
    "scientist in residence": {INFORMATION + "science_resident": True},
    "committee": {DEBATE: "committee"},
    "debate space": {DEBATE: "debate_space"},
    "moving debate": {DEBATE: "moving_debate"},
    "forum theatre": {DEBATE: "theatre_forum"},
    "12 extra seats advise": {POSITION + "extra_seats": {"citizens": 4, "ess": 2, "associations": 4, "nature": 2}},
    "12 extra seats vote": {
        POSITION + "extra_seats": {"citizens": 4, "ess": 2, "associations": 4, "nature": 2, "voice": "deciding"}
    },
    "veto of nature": {POSITION + "nature_veto": True},
    "panel of 30 citizens": {POSITION + "citizen_panel": {"size": 30}},
    "posture initiator": {POSITION + "posture": "initiator"},
    "posture actor": {POSITION + "posture": "actor"},
    "singularity 0.3": {COUNCILS + "singularity": 0.3},
    "fear of power varies": {COUNCILS + "fear_sd": 0.5},
    "one seat a commune": {POSITION + "council_seats": "equal"},
    "departures 1.8 % a year": {"society.elections.leader_hazard_per_yr": 0.018},
    "staff continuity 0.5": {"society.elections.staff_continuity": 0.5},
}  # fmt: skip


def outcome(changes: dict[str, Any], years: int, seed: int) -> dict[str, float]:
    """Return what one run of a lane gives."""
    name = "figeac-cooperation"
    base = {"horizon.years": years, COUNCILS + "diagnostic_uptake": "taken_in", "name": name}
    run = simulate(load_scenario(name).but(base | changes), seed)
    j, ends = run.journal, run.system.iloc[-1]
    votes, pacts = j[j["kind"] == "vote"], j[j["kind"] == "pact-vote"]
    passed = votes["outcome"].eq("passed")
    opinion = j[j["kind"] == "opinion"]
    return {
        "passed %": 100 * passed.mean(),
        "open land %": 100 * passed[votes["move"] == "open_land"].mean(),
        "pact proposed %": 100 * passed[votes["move"] == "propose_pact"].mean(),
        "joining, leaving %": 100 * pacts["outcome"].eq("passed").mean() if len(pacts) else np.nan,
        "majority %": 100 * (votes[["votes_for", "votes_against"]].max(axis=1)
                             / votes[["votes_for", "votes_against"]].sum(axis=1)).mean(),
        "polarisation lost": float((opinion["polarisation_before"] - opinion["polarisation_after"]).mean()),
        "in a pact %": 100 * float(ends["pact_coverage"]),
        "trust": float(ends["trust"]),
    }  # fmt: skip


def told(values: pd.Series) -> str:
    """Return the mean of the seeds and its 95 % interval; a star where it excludes 0."""
    x = values.dropna().to_numpy()
    if x.size < 2:
        return ""
    half = t.ppf(0.975, x.size - 1) * x.std(ddof=1) / np.sqrt(x.size)
    return f"{x.mean():+.2f} ± {half:.2f}{'*' if abs(x.mean()) > half else ''}"


def main() -> None:
    """Print the table."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    years = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    with ProcessPoolExecutor(2) as pool:
        lanes: dict[str, dict[str, Any]] = {"as it is": {}} | LANES
        found = {
            lane: pd.DataFrame(list(pool.map(partial(outcome, changes, years), range(seeds))))
            for lane, changes in lanes.items()
        }
    base = found.pop("as it is")
    rows = {"as it is": {name: f"{base[name].mean():.2f}" for name in base}}
    for lane, table in found.items():
        gap = table - base.fillna({"polarisation lost": 0.0})
        rows[lane] = {name: told(gap[name]) for name in gap}
    with pd.option_context("display.width", 250, "display.max_columns", 20):
        print(f"figeac-cooperation, {seeds} seeds, {years} years; * excludes 0")
        print(pd.DataFrame(rows).T.to_string())


if __name__ == "__main__":
    main()
