"""Pictures of a comparison, drawn once and kept beside its tables."""

import json
import re
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from coopsim.comparison import Comparison
from coopsim.i18n import Lang
from coopsim.indicators import BY_NAME
from coopsim.report.donut_figure import donuts
from coopsim.report.fans import FANS, fan
from coopsim.report.phase import phase_planes

MAIN: tuple[str, ...] = FANS
"""Indicators shown when the address names none."""
_DRAWING = threading.Lock()  # the drawing library's settings are shared
_FILE = re.compile(r"[a-z0-9_-]{1,60}")
_PHASE, _DONUT = "phase", "donut"


def draw_all(lived: Comparison, folder: Path, language: Lang) -> None:
    """Draw what a page shows first, in the language in force."""
    for name in MAIN:
        _kept(folder, name, language, partial(fan, lived, name))
    _kept(folder, _PHASE, language, partial(phase_planes, lived))
    _kept(folder, _DONUT, language, partial(donuts, lived))


def pictures(lived: Comparison, folder: Path, language: Lang, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the fans of some indicators that have values; those never asked for are drawn now."""
    out = []
    for name in names:
        found = _kept(folder, name, language, partial(fan, lived, name))
        if found is not None:
            out.append({"name": name, **found})
    return out


def planes(lived: Comparison, folder: Path, language: Lang) -> list[dict[str, Any]]:
    """Return the phase planes, one a side."""
    found: list[dict[str, Any]] = _kept(folder, _PHASE, language, partial(phase_planes, lived))
    return found


def donut(lived: Comparison, folder: Path, language: Lang) -> list[dict[str, Any]]:
    """Return the Donuts of the horizon, one a side."""
    found: list[dict[str, Any]] = _kept(folder, _DONUT, language, partial(donuts, lived))
    return found


def picture_file(folder: Path, name: str, language: Lang) -> str | None:
    """Return one fan as an SVG file that stands alone; none for one that was never drawn."""
    if name not in BY_NAME or not _place(folder, name, language).is_file():
        return None
    place = _place(folder, name, language)
    found = json.loads(place.read_text(encoding="utf-8"))
    return None if found is None else alone(found["svg"])


def alone(svg: str) -> str:
    """Return an SVG element of a page as a file: with its name space and a white ground."""
    opened = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return opened.replace(">", '><rect width="100%" height="100%" fill="#fff"/>', 1)


def _kept(folder: Path, name: str, language: Lang, draw: Callable[[], Any]) -> Any:
    place = _place(folder, name, language)
    if place.is_file():
        return json.loads(place.read_text(encoding="utf-8"))
    with _DRAWING:
        found = draw()
    fresh = place.with_name(f".new-{place.name}")
    fresh.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    fresh.replace(place)
    return found


def _place(folder: Path, name: str, language: Lang) -> Path:
    if not _FILE.fullmatch(name):
        raise ValueError(name)
    return folder / f"picture-{name}-{language}.json"
