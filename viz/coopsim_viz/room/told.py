"""Changes in words: what a room amended, let happen or decided."""

from coopsim.comparison.labels import key_label
from coopsim.comparison.values import unit_said, value_said
from coopsim.i18n import Lang
from coopsim.scenario.events import EVENTS
from coopsim.society.moves import CANDIDATES
from coopsim_viz.room.changes import Amendment, Change, Shock
from coopsim_viz.words import EVENT_NAMES

_MOVES = {candidate.key: candidate.label for candidate in CANDIDATES}


def told(change: Change, lang: Lang) -> str:
    """Return a change in one line, without its date and place."""
    if isinstance(change, Amendment):
        return ", ".join(
            f"{_setting(key, lang)} : {value_said(f'governance.{key}', value, lang)}"
            for key, value in change.settings
        )
    if isinstance(change, Shock):
        name = EVENT_NAMES.get(change.what, EVENTS[change.what].text).said(lang)
        return name if change.amount == 1.0 else f"{name} : {value_said(change.what, change.amount, lang)}"
    return ", ".join(f"{_MOVES[move].said(lang)} × {value_said(move, n, lang)}" for move, n in change.moves)


def _setting(key: str, lang: Lang) -> str:
    label, unit = key_label(f"governance.{key}")
    said = unit_said(unit, lang)
    return f"{label.said(lang)} ({said})" if said else label.said(lang)
