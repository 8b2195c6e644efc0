"""What happened in one world: the journal's turning points as sentences."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coopsim.comparison import Comparison
from coopsim.i18n import Text, lang
from coopsim.indicators import OUTCOMES, SYSTEM


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which rows of one sort are told.

    Attributes
    ----------
    order : str
        ``time``: the first, then the last ones; ``close``: the narrowest votes; else the largest of a column.
    """

    kind: str
    moves: tuple[str, ...]
    outcomes: tuple[str, ...]
    count: int
    order: str = "time"


_REFUSED = ("rejected",)
_PASSED = ("passed",)
_CHOICES = (
    _Choice("pact", ("founded",), (), 2),
    _Choice("pact", ("joined",), (), 1),
    _Choice("pact", ("left",), (), 1),
    _Choice("pact", ("dissolved",), (), 2),
    _Choice("pact-vote", ("join", "admit"), _REFUSED, 1, "close"),
    _Choice("vote", ("propose_pact",), _REFUSED, 1, "close"),
    _Choice("vote", ("subsidy_up", "tax_down", "open_land"), _PASSED, 2, "jobs_pct"),
    _Choice("vote", (), _REFUSED, 2, "close"),
    _Choice("siting", ("lost",), (), 1, "amount"),
    _Choice("election", ("alternation",), (), 2),
    _Choice("body", (), (), 1, "amount"),
)


def typical_world(comparison: Comparison) -> int:
    """Return the seed whose outcomes differ between lanes most as the median world's do."""
    values = comparison.ensemble.horizon[:, :, 0][:, :, [SYSTEM.index(name) for name in OUTCOMES]]
    difference = np.nan_to_num(values[1:] - values[:1]).transpose(1, 0, 2).reshape(len(comparison.seeds), -1)
    spread = difference.std(axis=0)
    spread[spread == 0] = 1.0
    distance = (((difference - np.median(difference, axis=0)) / spread) ** 2).sum(axis=1)
    return comparison.seeds[int(np.argmin(distance))]


def highlights(comparison: Comparison, seed: int) -> list[dict[str, object]]:
    """Return, for each lane, the counts of a world's decisions and its turning points in order of time."""
    journal = comparison.journal
    names = {str(row["code"]): row["name"] for row in comparison.manifest["context"]["case"]["territories"]}
    out: list[dict[str, object]] = []
    for name, title in zip(comparison.names, comparison.titles, strict=True):
        rows = journal[(journal["scenario"] == name) & (journal["seed"] == seed)]
        chosen = _chosen(rows)
        lines = [
            {"year": row["year"], "text": _sentence(row, names)} for row in chosen.to_dict(orient="records")
        ]
        out.append({"title": title, "count": len(rows), "lines": lines, "tally": _tally(rows)})
    return out


def _chosen(rows: pd.DataFrame) -> pd.DataFrame:
    picked: list[int] = []
    for choice in _CHOICES:
        at = (rows["kind"] == choice.kind) & ~rows.index.isin(picked)
        if choice.moves:
            at &= rows["move"].isin(choice.moves)
        if choice.outcomes:
            at &= rows["outcome"].isin(choice.outcomes)
        picked += _ordered(rows[at], choice).index[: choice.count].tolist()
    return rows.loc[sorted(picked)]


def _ordered(found: pd.DataFrame, choice: _Choice) -> pd.DataFrame:
    """Return rows by importance; outside the order of time, one a body."""
    if choice.order == "time":
        last = range(len(found) - choice.count + 1, len(found))
        return found if len(found) <= choice.count else found.iloc[[0, *last]]
    margin = (found["votes_for"] - found["votes_against"]).abs()
    weight = -margin if choice.order == "close" else found[choice.order]
    order = weight.sort_values(ascending=False, kind="stable").index
    return found.loc[order].drop_duplicates("body")


_VOTES = Text(" (pour {yes}, contre {no})", " (for {yes}, against {no})")


def _sentence(row: Mapping[Hashable, Any], names: dict[str, str]) -> str:
    """Return who did what, with the votes in numbers where the reason does not give them."""
    reason = str(row[f"reason_{lang()}"])
    body = str(row["body"])
    who = names.get(body, body)
    text = reason if who in reason or not who else f"{who} – {reason}"
    yes, no = row["votes_for"], row["votes_against"]
    if pd.notna(yes) and pd.notna(no) and yes + no > 0 and str(int(yes)) not in reason:
        text += str(_VOTES.format(yes=int(yes), no=int(no)))
    return text


_TALLY = Text(
    "{votes} votes en conseil, dont {passed} adoptés ; {founded} pactes fondés, {dissolved} dissous.",
    "{votes} council votes, {passed} of them passed; {founded} pacts founded, {dissolved} dissolved.",
)


def _tally(rows: pd.DataFrame) -> str:
    votes = rows[rows["kind"].isin(["vote", "pact-vote"])]
    pacts = rows[rows["kind"] == "pact"]
    return str(
        _TALLY.format(
            votes=len(votes),
            passed=int((votes["outcome"] == "passed").sum()),
            founded=int((pacts["move"] == "founded").sum()),
            dissolved=int((pacts["move"] == "dissolved").sum()),
        )
    )
