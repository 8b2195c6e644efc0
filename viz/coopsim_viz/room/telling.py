"""What is told of a lane: the story strip, first results and breaks, kinks of a curve and what lies behind them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.journal import told as told_rows
from coopsim.types import FloatArray
from coopsim_viz.words import EVENT_NAMES

STORY = 6
RECENT = 2 * TICKS_PER_YEAR  # how far back a turning point is told before an ordinary vote
KINKS = 3  # of one curve
_SHARP = 4.0  # times the ordinary bend of a curve, from which a bend is a kink
_LEAST = 0.02  # of the curve's whole span, below which a bend is none
_TURNING = (
    "pact",
    "event",
    "project",
    "sanction",
    "siting",
    "succession",
    "bargain",
)  # votes and terms are ordinary

_RANKS = 5  # from turning points to what was refused as ever; legal limits that bind come after these
_NUMBERS = re.compile(
    r"\s\((?:[+−-][^()]*|(?:croissance|growth)[^()]*)\)|, (?:de taille|of size) [\d.,]+"
)  # of a trace, not of a story
_CLAUSES = re.compile(r"\s?;\s")

_BROKE = {("pact", "dissolved"), ("pact", "left"), ("pact", "leader left"), ("sanction", "fine")}


def turning(entry: Mapping[str, Any]) -> bool:
    """Return whether a line of the journal is more than a vote or an election at its date."""
    return str(entry["kind"]) in _TURNING


def landmark(entry: Mapping[str, Any]) -> str:
    """Return ``win`` for a result that people can see, ``broke`` for what ended or failed, else nothing.

    A win is a joint action that was delivered or a joint project that was built.
    """
    kind, move, outcome = (str(entry.get(key, "")) for key in ("kind", "move", "outcome"))
    if (kind, move) in _BROKE or (kind, move, outcome) == ("pact", "action", "failed"):
        return "broke"
    won = (kind, move, outcome) == ("pact", "action", "delivered") or (kind, move) == ("project", "built")
    return "win" if won else ""


def landmarks(journal: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first visible result and every break of a journal, oldest first, each with its row and tick."""
    found: list[dict[str, Any]] = []
    won = False
    for row, entry in enumerate(journal):
        if not turning(entry):
            continue
        kind = landmark(entry)
        if kind == "broke" or (kind == "win" and not won):
            found.append({"row": row, "tick": int(entry["tick"]), "kind": kind})
            won = won or kind == "win"
    return found


def story(
    journal: Sequence[dict[str, Any]], count: int, names: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return what happened last, the newest first; ``row`` finds each in the journal, ``order`` its weight (0 most).

    Of the last two years turning points (pacts, events, projects) come first, then what was adopted for the first time
    or no longer, then other votes that passed; what was refused as it was the year before comes last, so that a room
    sees who founded, left or delivered something among dozens of yearly votes.

    Parameters
    ----------
    journal : sequence of dict
    count : int
        Sentences at most.
    names : mapping of str to str, optional
        Names of territories by code: who acted begins the sentence.
    """
    rows = _newest(journal, count)
    order = {row: n for n, row in enumerate(rows)}
    told = (sentence(journal, row, names or {}) for row in sorted(rows, reverse=True))
    return [_brief(one) | {"order": order[one["row"]]} for one in told if one is not None]


def _newest(journal: Sequence[dict[str, Any]], count: int) -> list[int]:
    """Return the rows to tell, what matters most first: by rank, then each body and each move of a session once."""
    now = int(journal[-1]["tick"]) if journal else 0
    found: list[tuple[int, bool, int]] = []
    seen: set[tuple[str, int]] = set()
    same: set[tuple[str, str, int]] = set()  # a vote of a body that was taken again in the same session
    rows = _since(journal, now - RECENT, count)
    before = _outcomes(journal, rows)
    for row in rows:
        entry = journal[row]
        tick = int(entry["tick"])
        body, move = (str(entry[key]) for key in ("body", "move"))
        if not turning(entry) and (body, move, tick) in same:
            continue
        same.add((body, move, tick))
        told = {(body, tick), (move, tick)}
        rank = 0 if turning(entry) else _rank(entry, before.get(row))
        found.append((rank, bool(seen & told), -row))
        if rank < _RANKS - 1:
            seen |= told
    return [-row for _, _, row in sorted(found)[:count]]


def _since(journal: Sequence[dict[str, Any]], tick: int, count: int) -> list[int]:
    """Return the rows after a tick, and older ones until there are enough; the newest first."""
    rows: list[int] = []
    for row in range(len(journal) - 1, -1, -1):
        if int(journal[row]["tick"]) <= tick and len(rows) >= count:
            break
        rows.append(row)
    return rows


def _rank(entry: Mapping[str, Any], before: str | None) -> int:
    """Return how ordinary a line is that is no turning point, from 1; ``before`` is how the same vote ended last."""
    kind, outcome = str(entry["kind"]), str(entry["outcome"])
    if kind == "limit":
        return _RANKS
    if outcome in ("rejected", "refused"):
        return 3 if before == "passed" else _RANKS - 1
    if kind in ("pact-vote", "body"):
        return 1
    return 3 if before == "passed" or not kind.endswith("vote") else 2


def _outcomes(journal: Sequence[dict[str, Any]], rows: Sequence[int]) -> dict[int, str]:
    """Return how the vote of each row ended the last time the same body voted on it, in these rows."""
    last: dict[tuple[str, str], str] = {}
    before: dict[int, str] = {}
    for row in reversed(rows):
        entry = journal[row]
        what = (str(entry["body"]), str(entry["move"]))
        if what in last:
            before[row] = last[what]
        last[what] = str(entry["outcome"])
    return before


def _brief(told: dict[str, Any]) -> dict[str, Any]:
    """Return a sentence as a wall shows it: without the numbers that its trace gives, two clauses at most."""
    texts = {lang: _NUMBERS.sub("", told[lang]) for lang in ("fr", "en")}
    for lang, text in texts.items():
        first = list(_CLAUSES.finditer(text))[1:2]
        texts[lang] = text[: first[0].start()] if first else text
    return told | texts


def sentence(journal: Sequence[dict[str, Any]], row: int, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Return one line of the journal as people read it; none for a line without a sentence."""
    entry = told_rows([journal[row]])[0]  # sentences of votes are made when they are read
    if not entry.get("reason_fr"):
        return None
    who = names.get(str(entry["body"]), "")
    said = {lang: _with(who, _reason(entry, lang), lang) for lang in ("fr", "en")}
    return {
        "row": row, "tick": int(entry["tick"]), "body": str(entry["body"]), "kind": str(entry["kind"]),
        "outcome": str(entry["outcome"]), "mark": landmark(entry), **said,
    }  # fmt: skip


def _reason(entry: Mapping[str, Any], lang: str) -> str:
    """Return the sentence of a line; an event is named as people name it."""
    what = str(entry.get("move", ""))
    if entry["kind"] == "event" and what in EVENT_NAMES:
        name = EVENT_NAMES[what]
        amount = f"{float(entry['amount']):g}"
        size = f" ({amount.replace('.', ',') if lang == 'fr' else amount})" if amount != "1" else ""
        return (name.fr if lang == "fr" else name.en) + size
    return str(entry[f"reason_{lang}"])


def _with(who: str, text: str, lang: str) -> str:
    if not who or who in text:
        return text
    return f"{who}{chr(0x202F) if lang == 'fr' else ''}: {text}"


def kinks(values: FloatArray) -> list[int]:
    """Return the ticks at which a curve bends most, at most three, oldest first.

    A bend is the change of slope between the year before a tick and the year after it. A kink is the largest bend
    within a year around it, four times the ordinary bend of the curve and more than 2 % of its whole span.
    """
    year = TICKS_PER_YEAR
    if values.size < 2 * year + 1 or not np.isfinite(values).all():
        return []
    bend = np.abs(values[2 * year :] - 2.0 * values[year:-year] + values[: -2 * year])
    span = float(values.max() - values.min())
    least = max(_SHARP * float(np.median(bend)), _LEAST * span)
    if span <= 0.0:
        return []
    found: list[int] = []
    for at in np.argsort(-bend, kind="stable"):
        if bend[at] <= least or len(found) == KINKS:
            break
        if all(abs(int(at) - other) >= year for other in found):
            found.append(int(at))
    return sorted(at + year for at in found)


def behind(
    values: FloatArray,
    journal: Sequence[dict[str, Any]],
    tick: int,
    names: Mapping[str, str],
    count: int = 8,
) -> dict[str, Any]:
    """Return what lies behind a point of a curve: its value now and a year before and after, and what happened then.

    Parameters
    ----------
    values : FloatArray, shape (ticks,)
    journal : sequence of dict
    tick : int
        The point.
    names : mapping of str to str
    count : int
        Lines of the journal at most: of the year before and of the next quarter, whose events bend the curve at this
        point; turning points first.
    """
    tick = min(max(tick, 0), values.size - 1)
    around = {
        name: _value(values, at)
        for name, at in (("before", tick - TICKS_PER_YEAR), ("at", tick), ("after", tick + TICKS_PER_YEAR))
    }
    rows = [row for row, e in enumerate(journal) if tick - TICKS_PER_YEAR < int(e["tick"]) <= tick + 1]
    first = [row for row in rows if turning(journal[row])]
    passed = [row for row in rows if not turning(journal[row]) and journal[row]["outcome"] == "passed"]
    chosen = (first[::-1] + passed[::-1])[:count]
    lines = [_brief(told) for row in chosen if (told := sentence(journal, row, names)) is not None]
    return {"tick": tick, **around, "lines": lines, "more": len(rows) - len(lines)}


def _value(values: FloatArray, at: int) -> float | None:
    return float(values[at]) if 0 <= at < values.size and np.isfinite(values[at]) else None
