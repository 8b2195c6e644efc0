"""Pacts in force at the horizon, read from the journal."""

from itertools import combinations

import pandas as pd

from coopsim.comparison import Comparison

LEAST_SHARE = 0.25  # of worlds: rarer links would hide the usual ones


def pact_links(comparison: Comparison, scenario: str) -> dict[tuple[int, int], float]:
    """Return the share of worlds in which two territories end in one pact, by ranks; rare ones left out.

    A journal row of kind ``pact`` gives the pact and its members after the event.
    """
    journal = comparison.journal
    if not {"pact", "members", "kind"} <= set(journal.columns):
        return {}
    rows = journal[(journal["scenario"] == scenario) & (journal["kind"] == "pact")]
    rank = {code: i for i, code in enumerate(comparison.ensemble.territories)}
    counts: dict[tuple[int, int], int] = {}
    for _, run in rows.groupby("seed"):
        for pair in _pairs(run, rank):
            counts[pair] = counts.get(pair, 0) + 1
    shares = {pair: count / len(comparison.seeds) for pair, count in sorted(counts.items())}
    return {pair: share for pair, share in shares.items() if share >= LEAST_SHARE}


def _pairs(rows: pd.DataFrame, rank: dict[str, int]) -> set[tuple[int, int]]:
    """Return the linked pairs of one run: the last membership of each of its pacts."""
    out: set[tuple[int, int]] = set()
    for members in rows.groupby("pact")["members"].last():
        places = sorted(rank[code] for code in str(members).split(";") if code in rank)
        out |= set(combinations(places, 2))
    return out
