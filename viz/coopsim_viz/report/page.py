"""The report of a session as one HTML page without anything outside it; the browser prints it to PDF."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np

from coopsim import __version__
from coopsim.comparison.context import case_grades
from coopsim.comparison.theory import needs_words, promise_words, proof_words
from coopsim.comparison.words import number, unit_words
from coopsim.i18n import Lang, lang, set_lang
from coopsim.indicators import BY_NAME, OUTCOMES
from coopsim.proof import places_first, proofs
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.scenario.events import EVENTS
from coopsim_viz.rendering import rendered
from coopsim_viz.report.drawing import curves, maps
from coopsim_viz.report.words import WORDS
from coopsim_viz.room.changes import Change, Choice
from coopsim_viz.room.lane import Lived
from coopsim_viz.room.robust import Verdicts
from coopsim_viz.room.room import Room
from coopsim_viz.room.scene import scene
from coopsim_viz.room.telling import landmarks, sentence
from coopsim_viz.room.told import told
from coopsim_viz.words import said

FILE = "bilan.html"
_MOST_TOLD = 16  # turning points of one lane
_TURNS = {("pact", "founded"), ("pact", "joined"), ("pact", "dissolved"), ("siting", "lost")} | {
    ("event", what) for what in EVENTS
}


def write_report(
    room: Room, slots: tuple[str, ...], mapped: str, language: Lang, beyond: Verdicts | None = None
) -> Path:
    """Write the report into the session's folder; returns its place."""
    place = room.folder / FILE
    fresh = place.with_name(f".{FILE}.new")
    fresh.write_text(report_html(room, slots, mapped, language, beyond), encoding="utf-8")
    fresh.replace(place)
    return place


def report_html(
    room: Room, slots: tuple[str, ...], mapped: str, language: Lang, beyond: Verdicts | None = None
) -> str:
    """Return the report.

    Parameters
    ----------
    room : Room
    slots : tuple of str
        Indicators whose curves are drawn.
    mapped : str
        Indicator of the maps.
    language : str
    beyond : Verdicts, optional
        How the difference of the lanes fares in other worlds.
    """
    before = lang()
    set_lang(language)
    try:
        with room.lock:
            content = _content(room, slots, mapped, beyond)
        return rendered(
            "coopsim_viz.report",
            "page.html.j2",
            w=said(WORDS, language),
            lang=language,
            version=__version__,
            **content,
        )
    finally:
        set_lang(before)


def _content(room: Room, slots: tuple[str, ...], mapped: str, beyond: Verdicts | None) -> dict[str, Any]:
    spec = room.base["A"]
    drawing = scene(room.base)
    records = {lane: room.lanes[lane].lived() for lane in room.lanes}
    year = spec.start_year + max(room.tick - 1, 0) // 4
    predicted = {lane: {name: room.assembly.predictions.of(lane, name) for name in slots} for lane in records}
    return {
        "title": str(spec.load_case().title),
        "date": dt.datetime.now(tz=dt.UTC).astimezone().strftime("%d/%m/%Y"),
        "seed": room.seed,
        "year": year,
        "start": spec.start_year,
        "lanes": {lane: {"title": str(s.title), "question": str(s.question)} for lane, s in room.base.items()},
        "names": list(enumerate(drawing["names"], 1)),
        "maps": maps(
            drawing, {lane: r.places(mapped) for lane, r in records.items()}, mapped,
            {lane: [pact["members"] for pact in room.lanes[lane].pacts()] for lane in records},
        ),
        "told": _told(room, records),
        "mapped": _named(mapped),
        "charts": [
            {
                "name": _named(name),
                "svg": curves(
                    {lane: r.series(name) for lane, r in records.items()}, name, spec.start_year, room.horizon,
                    {lane: predicted[lane][name] for lane in records},
                ),
            }
            for name in slots
        ],
        "decisions": [
            _decision(room, branch.lane, branch.changes[-1]) for branch in room.tree.branches.values() if branch.changes
        ],
        "votes": [_vote(ballot) for ballot in room.assembly.ballots if ballot.result is not None],
        "predictions": _predictions(room, records),
        "branches": _branches(room, slots),
        "promises": [
            {"lane": lane, "rows": rows} for lane, record in records.items() if (rows := _promises(room, lane, record))
        ],
        "outcomes": [_outcome(name, records, beyond) for name in OUTCOMES],
        "grades": case_grades(spec.load_case()),
        "beyond": beyond if beyond is not None and beyond.done else None,
    }  # fmt: skip


def _named(name: str) -> str:
    one = BY_NAME[name]
    unit = unit_words(one.unit)
    return f"{one.label} ({unit})" if unit else str(one.label)


def _decision(room: Room, lane: str, change: Change) -> dict[str, Any]:
    names = room.base["A"].territory_names
    codes = (change.territory,) if isinstance(change, Choice) else change.territories
    return {
        "year": room.base["A"].start_year + change.tick // 4, "lane": lane, "what": told(change, lang()),
        "where": ", ".join(names.get(code, code) for code in codes),
    }  # fmt: skip


def _vote(ballot: Any) -> dict[str, Any]:
    result = ballot.result
    total = sum(result.weights) or 1.0
    answers = [
        {"label": option.label, "phones": heads, "share": f"{100 * weight / total:.0f} %"}
        for option, heads, weight in zip(ballot.options, result.phones, result.weights, strict=True)
    ]
    won = ballot.options[result.winner].label if result.winner >= 0 else ""
    return {
        "question": ballot.question, "answers": answers, "won": won, "voted": result.voted,
        "invited": result.invited, "secret": ballot.secret,
    }  # fmt: skip


def _predictions(room: Room, records: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was predicted against what came, where the time was reached."""
    groups: dict[tuple[str, str, int], list[float]] = {}
    for one in room.assembly.predictions:
        groups.setdefault((one.lane, one.indicator, one.tick), []).append(one.value)
    out = []
    for (lane, name, tick), values in sorted(groups.items()):
        series = records[lane].series(name)
        came = float(series[tick]) if tick < series.size else None
        unit = BY_NAME[name].unit
        out.append(
            {
                "lane": lane, "name": _named(name), "year": room.base["A"].start_year + tick // 4, "n": len(values),
                "said": number(float(np.median(values)), unit), "came": None if came is None else number(came, unit),
            }
        )  # fmt: skip
    return out


def _promises(room: Room, lane: str, record: Lived) -> list[dict[str, str]]:
    """Return what a lane's theory of change promised and what it shows so far; nothing in the first year."""
    spec = room.base[lane]
    steps = spec.theory_of_change
    if not steps or record.ticks < TICKS_PER_YEAR:
        return []
    cube = places_first(record.system, record.territory)
    return [
        {
            "step": str(proof.step.said), "promise": promise_words(proof.step, spec.territory_names),
            "needs": needs_words(proof.step, steps), "proof": proof_words(proof),
        }
        for proof in proofs(steps, cube, list(spec.territory_names), spec.start_year)
    ]  # fmt: skip


def _branches(room: Room, slots: tuple[str, ...]) -> list[dict[str, Any]]:
    standing = {branch for _, branch in room.tree.position.branches}
    out = []
    for branch in room.tree.branches.values():
        if branch.id not in standing and branch.id not in room.past:
            continue
        record = room.lived(branch.id)
        last = [
            number(float(record.series(name)[-1]), BY_NAME[name].unit) if record.ticks else ""
            for name in slots
        ]
        first = room.base["A"].start_year
        out.append(
            {
                "id": f"{branch.lane}{branch.id}", "name": branch.name, "from": first + branch.start // 4,
                "to": first + max(record.ticks - 1, 0) // 4, "values": last,
            }
        )  # fmt: skip
    return out


def _outcome(name: str, records: dict[str, Any], beyond: Verdicts | None) -> dict[str, Any]:
    unit = BY_NAME[name].unit
    ends = {lane: number(float(r.series(name)[-1]), unit) if r.ticks else "" for lane, r in records.items()}
    counts = (
        None if beyond is None or not beyond.done else (beyond.above.get(name, 0), beyond.below.get(name, 0))
    )
    return {
        "name": _named(name), "ends": ends, "counts": counts, "gap": _gap(name, beyond) if counts else "",
        "sure": counts is not None and beyond is not None and _clear(name, beyond),
    }  # fmt: skip


def _gap(name: str, beyond: Verdicts | None) -> str:
    """Return the mean difference of B and A over the worlds with its interval, in words."""
    if beyond is None or name not in beyond.mean or not np.isfinite(beyond.low[name]):
        return ""
    if beyond.above[name] == beyond.below[name] == 0:  # what remains is rounding
        return "0"
    unit = BY_NAME[name].unit
    mean, low, high = (_signed(one[name], unit) for one in (beyond.mean, beyond.low, beyond.high))
    return f"{mean} [{low} ; {high}]"


def _clear(name: str, beyond: Verdicts) -> bool:
    """Return whether the interval of the difference leaves 0 out."""
    met = beyond.above[name] + beyond.below[name] > 0
    return bool(met and (beyond.low[name] > 0.0 or beyond.high[name] < 0.0))


def _signed(value: float, unit: str) -> str:
    return ("+" if value > 0.0 else "") + number(value, unit)


def _told(room: Room, records: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the turning points of each lane, oldest first: the room's story in sentences."""
    names, first = room.base["A"].territory_names, room.base["A"].start_year
    out: dict[str, list[dict[str, Any]]] = {}
    for lane, record in records.items():
        journal = record.journal
        marked = {one["row"] for one in landmarks(journal)}
        rows = [
            row
            for row, e in enumerate(journal)
            if row in marked or (str(e["kind"]), str(e["move"])) in _TURNS
        ]
        said_ = [one for row in _thinned(rows) if (one := sentence(journal, row, names)) is not None]
        out[lane] = [
            {"year": first + one["tick"] // 4, "text": one[lang()], "mark": one["mark"]} for one in said_
        ]
    return out


def _thinned(rows: list[int]) -> list[int]:
    """Return the first and the last of many rows."""
    return rows if len(rows) <= _MOST_TOLD else rows[: _MOST_TOLD // 2] + rows[-_MOST_TOLD // 2 :]
