"""A comparison made of plain numbers, without the engine: what statistics, tables and reports are tested on."""

import numpy as np
import pandas as pd

from coopsim.comparison import Comparison, Ensemble
from coopsim.indicators import INDICATORS, SYSTEM, TERRITORY

JOURNAL = [
    "scenario", "seed", "tick", "year", "body", "kind", "move", "amount", "votes_for", "votes_against", "outcome",
    "jobs_pct", "reason_fr", "reason_en", "pact", "members",
]  # fmt: skip


def fake_ensemble(lanes=2, replicates=6, years=3, territories=3, shift=None):
    """Return runs that share their luck by seed; lane l adds l × shift[indicator] (relative) to each value."""
    luck = np.random.default_rng(7)
    shape = (1, replicates, 4 * years, 1 + territories, len(SYSTEM))
    cube = np.repeat(100.0 + luck.normal(size=shape).cumsum(axis=2), lanes, axis=0)
    for lane in range(lanes):
        for name, amount in (shift or {}).items():
            cube[lane, ..., SYSTEM.index(name)] *= 1 + lane * amount
    only_system = [i for i, indicator in enumerate(INDICATORS) if indicator.name not in TERRITORY]
    cube[:, :, :, 1:, only_system] = np.nan
    return Ensemble(
        scenarios=tuple(f"lane-{'abcdefg'[lane]}" for lane in range(lanes)),
        seeds=tuple(range(replicates)),
        territories=tuple(f"T{i:02d}" for i in range(1, territories + 1)),
        start_year=2026,
        cube=cube,
        journal=fake_journal(lanes, replicates),
    )


def fake_journal(lanes, replicates):
    rows = []
    for lane in range(lanes):
        for seed in range(replicates):
            head = {"scenario": f"lane-{'abcdefg'[lane]}", "seed": seed}
            rows.append(
                {**head, "tick": 0, "year": 2026, "body": "T01", "kind": "vote", "move": "propose_pact",
                 "amount": 1.0, "votes_for": 12.0, "votes_against": 13.0, "outcome": "rejected", "jobs_pct": 0.1,
                 "reason_fr": "proposer un pacte : rejeté par 12 voix contre 13",
                 "reason_en": "propose a pact: rejected by 12 votes to 13", "pact": "", "members": ""}
            )  # fmt: skip
            if lane:
                rows.append(
                    {**head, "tick": 4, "year": 2027, "body": "T01", "kind": "pact", "move": "founded",
                     "amount": 2.0, "votes_for": np.nan, "votes_against": np.nan, "outcome": "founded",
                     "jobs_pct": np.nan, "reason_fr": "pacte fondé par Aa : Aa, Bb",
                     "reason_en": "pact founded by Aa: Aa, Bb", "pact": "p1", "members": "T01;T02"}
                )  # fmt: skip
    return pd.DataFrame(rows, columns=JOURNAL)


def fake_comparison(lanes=2, replicates=6, years=3, territories=3, shift=None, titles=None):
    ensemble = fake_ensemble(lanes, replicates, years, territories, shift)
    titles = titles or ["Attirer", "Coopérer", "Attendre"][:lanes]
    manifest = {
        "format": 1,
        "scenarios": [
            {"name": name, "title": {"fr": title, "en": title}, "question": {"fr": "Et si ?", "en": "What if?"},
             "hash": "0" * 64, "document": {}}
            for name, title in zip(ensemble.scenarios, titles, strict=True)
        ],
        "seeds": list(ensemble.seeds),
        "start_year": 2026,
        "years": years,
        "territories": list(ensemble.territories),
        "versions": {"coopsim": "0", "python": "3"},
        "platform": "test",
        "duration_s": 1.5,
        "context": fake_context(ensemble, lanes),
    }  # fmt: skip
    return Comparison(manifest, ensemble)


def fake_context(ensemble, lanes):
    names = ["Aa", "Bb", "Cc", "Dd", "Ee"]
    square = [[1.0, 44.0], [1.2, 44.0], [1.2, 44.2], [1.0, 44.2], [1.0, 44.0]]
    return {
        "case": {
            "name": "fake",
            "title": {"fr": "Cas d'essai", "en": "Test case"},
            "territories": [
                {"code": code, "name": names[i], "lon": 1.1 + 0.3 * i, "lat": 44.1, "area_ha": 40000.0,
                 "population": 1000}
                for i, code in enumerate(ensemble.territories)
            ],
            "outlines": {"T01": [square]},
        },
        "rules": [
            {"key": "governance.payoff.subsidy.max", "label": {"fr": "aide maximale", "en": "largest aid"},
             "unit": "k€/job", "values": [5.0 + 2.5 * lane for lane in range(lanes)]}
        ],
        "grades": {
            "case": {"measured": 60, "literature": 10, "assumption": 30},
            "parameters": {"measured": 1, "literature": 0, "assumption": 199},
        },
        "assumptions": [
            {"key": "economy.siting.outside_share", "label": {"fr": "Option extérieure", "en": "Outside option"},
             "value": 0.5, "unit": "share", "range": [0.05, 0.95], "source": "assumption"}
        ],
    }  # fmt: skip
