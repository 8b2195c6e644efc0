"""What is told of a lane: the story strip, first results and breaks, kinks of a curve and what lies behind them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.journal import told as told_rows
from coopsim.types import FloatArray
from coopsim_viz.words import EVENT_NAMES

STORY = 12
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
    """Return what happened last, the newest first; ``row`` finds each in the journal.

    Of the last two years turning points come before votes of ordinary sessions, so that a room sees who founded, left
    or delivered something among dozens of votes.

    Parameters
    ----------
    journal : sequence of dict
    count : int
        Sentences at most.
    names : mapping of str to str, optional
        Names of territories by code: who acted begins the sentence.
    """
    rows = _newest(journal, count)
    return [told for row in rows if (told := sentence(journal, row, names or {})) is not None]


def _newest(journal: Sequence[dict[str, Any]], count: int) -> list[int]:
    """Return the rows to tell: recent turning points, then one vote of each council and session, then the rest."""
    turned: list[int] = []
    first: list[int] = []
    rest: list[int] = []
    seen: set[tuple[str, int]] = set()
    now = int(journal[-1]["tick"]) if journal else 0
    for row in range(len(journal) - 1, -1, -1):
        entry = journal[row]
        recent = int(entry["tick"]) > now - RECENT
        if len(turned) == count or (not recent and len(turned) + len(first) + len(rest) >= count):
            break
        session = (str(entry["body"]), int(entry["tick"]))
        if turning(entry):
            turned.append(row)
        elif session in seen:
            rest.append(row)
        else:
            seen.add(session)
            first.append(row)
    return sorted((turned + first + rest)[:count], reverse=True)


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
    lines = [told for row in chosen if (told := sentence(journal, row, names)) is not None]
    return {"tick": tick, **around, "lines": lines, "more": len(rows) - len(lines)}


def _value(values: FloatArray, at: int) -> float | None:
    return float(values[at]) if 0 <= at < values.size and np.isfinite(values[at]) else None
