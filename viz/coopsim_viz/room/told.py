"""Changes in words: what a room amended, let happen or decided."""

from coopsim.comparison.labels import key_label
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
            f"{_setting(key, lang)} : {shown_value(value, lang)}" for key, value in change.settings
        )
    if isinstance(change, Shock):
        name = EVENT_NAMES.get(change.what, EVENTS[change.what].text).said(lang)
        return name if change.amount == 1.0 else f"{name} : {shown_value(change.amount, lang)}"
    return ", ".join(
        f"{_MOVES[move].said(lang)} × {shown_value(times, lang)}" for move, times in change.moves
    )


def _setting(key: str, lang: Lang) -> str:
    label, unit = key_label(f"governance.{key}")
    return f"{label.said(lang)} ({unit})" if unit and unit != "1" else label.said(lang)


def shown_value(value: object, lang: Lang) -> str:
    """Return a value of a scenario file as people read it."""
    if isinstance(value, bool):
        return {"fr": ("non", "oui"), "en": ("no", "yes")}[lang][value]
    if isinstance(value, int | float):
        return f"{value:g}".replace(".", ",") if lang == "fr" else f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value) or {"fr": "aucun", "en": "none"}[lang]
    return {"fr": "aucun", "en": "none"}[lang] if value is None else str(value)
