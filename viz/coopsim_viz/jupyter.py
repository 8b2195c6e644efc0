"""Pictures of the viewer in a notebook: lanes, phase plane, fans, and the live board of the workshop.

``lanes``, ``phase`` and ``fans`` are plain HTML with drawings inside: a notebook that was executed shows them where no
kernel runs, and nothing is asked from the network. ``board`` is the workshop's own board and needs a running kernel.

>>> from coopsim_viz.jupyter import fans, lanes, phase
>>> lanes("figeac-attractiveness", "figeac-cooperation", years=5, lang="en")
<lanes: Figeac: the attractiveness race | Figeac: managing water, wood and land together>
"""

import contextvars
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from coopsim.comparison import Comparison, compare
from coopsim.errors import scenario_error
from coopsim.i18n import Lang, Text, set_lang
from coopsim.indicators import BY_NAME, SYSTEM
from coopsim.registry import nearest
from coopsim.report.fans import FANS, fan
from coopsim.report.phase import phase_planes
from coopsim.report.svg import lane_colour
from coopsim.run import simulate
from coopsim.scenario import Scenario, load_scenario
from coopsim_viz.room.frame import SLOTS

__all__ = ["Picture", "board", "fans", "lanes", "phase"]

Side = str | Path | Scenario
_ONE_WORLD = Text("un monde, graine {seed}", "one world, seed {seed}")
_MANY = Text(
    "{n} mondes : médiane, moitié des mondes, 90 % ; dessous, B − A monde par monde",
    "{n} worlds: median, half of the worlds, 90%; below, B − A world by world",
)
_PLANE = Text(
    "une trace par territoire, du cercle vide au point plein, médiane de {n} mondes",
    "a trail for each territory, from the empty circle to the full point, median of {n} worlds",
)


class Picture:
    """Something a notebook shows.

    Attributes
    ----------
    html : str
        A self-contained piece of a page.
    """

    def __init__(
        self, kind: str, titles: Sequence[str], note: str, drawings: Sequence[tuple[str, str]]
    ) -> None:
        self._kind, self._titles = kind, tuple(titles)
        self.html = _html(titles, note, drawings)

    def __repr__(self) -> str:
        return f"<{self._kind}: {' | '.join(self._titles)}>"

    def _repr_html_(self) -> str:
        return self.html


def lanes(
    a: Side,
    b: Side,
    seed: int = 1,
    *,
    years: int | None = None,
    indicators: Sequence[str] = SLOTS,
    lang: Lang = "fr",
) -> Picture:
    """Return two sets of rules in one world: the trajectory of each indicator, both lanes overlaid.

    Parameters
    ----------
    a, b : str, Path or Scenario
        Shipped names, files or scenarios: one case, one horizon.
    seed : int
        Luck of both.
    years : int, optional
        The scenarios' own when None.

    Raises
    ------
    ScenarioError
        For a scenario or an indicator that does not exist.
    """
    return _said(lang, lambda: _lanes([_spec(side, years) for side in (a, b)], seed, indicators))


def phase(lived: Comparison, *, lang: Lang = "fr") -> Picture:
    """Return the plane of attractiveness and cooperation, one picture a lane, on the same axes."""
    return _said(
        lang,
        lambda: Picture(
            "phase", lived.titles, str(_PLANE.format(n=len(lived.seeds))),
            [(picture["title"], picture["svg"]) for picture in phase_planes(lived)],
        ),
    )  # fmt: skip


def fans(lived: Comparison, indicators: Sequence[str] = FANS, *, lang: Lang = "fr") -> Picture:
    """Return the trajectories of an ensemble with their uncertainty, and the paired difference below each.

    Raises
    ------
    ScenarioError
        For an indicator that does not exist.
    """
    _check(indicators)

    def drawn() -> Picture:
        found = [picture for name in indicators if (picture := fan(lived, name)) is not None]
        note = str(_MANY.format(n=len(lived.seeds)))
        return Picture("fans", lived.titles, note, [(f"{p['label']} ({p['unit']})", p["svg"]) for p in found])

    return _said(lang, drawn)


def compared(a: Side, b: Side, worlds: int = 10, *, years: int | None = None, seed: int = 0) -> Comparison:
    """Return two scenarios compared in this process, for ``phase`` and ``fans``."""
    return compare([_spec(side, years) for side in (a, b)], worlds, seed, workers=1)


def board(a: Side, b: Side, seed: int = 1, *, years: int | None = None, lang: Lang = "fr") -> Any:
    """Return the live board of the workshop with buttons to go on; one at a time in a notebook.

    Raises
    ------
    ScenarioError
        For scenarios that do not exist or do not share a case and a horizon.
    """
    from coopsim_viz.room import Room
    from coopsim_viz.room.driver import Driver
    from coopsim_viz.stage import Screen, Stage, current, put

    specs = {lane: _spec(side, years) for lane, side in (("A", a), ("B", b))}
    room = Room(specs, Path(tempfile.mkdtemp(prefix="coopsim-")), seed, keep=False)
    before = current()
    stage = Stage(room, Driver(room), screen=Screen(lang=lang))
    put(stage)
    if before is not None:
        before.close()
    return _live()(stage)


@cache
def _live() -> Callable[..., Any]:
    """Return the component, made when it is first asked for: Solara is not needed for the still pictures."""
    import solara

    from coopsim_viz.pages.board import Board
    from coopsim_viz.pages.common import word
    from coopsim_viz.stage import Stage

    @solara.component  # type: ignore[untyped-decorator]
    def Live(stage: Stage) -> None:  # noqa: N802 - a component
        lang = stage.screen.lang
        with solara.Column():
            with solara.Row():
                for name, ticks in (("quarter_step", 1), ("year_step", 4), ("five_years", 20)):
                    solara.Button(word(name, lang), on_click=lambda ticks=ticks: stage.room.live(ticks))
            Board(stage, stage.screen, lang, lambda _lane, _row: None)

    made: Callable[..., Any] = Live
    return made


def _said(lang: Lang, make: Callable[[], Picture]) -> Picture:
    """Return what is made in a language, whatever the one in force around it."""
    place = contextvars.copy_context()
    place.run(set_lang, lang)
    return place.run(make)


def _spec(side: Side, years: int | None) -> Scenario:
    spec = side if isinstance(side, Scenario) else load_scenario(side)
    return spec if years is None else spec.but({"horizon.years": years, "name": spec.name})


def _lanes(specs: Sequence[Scenario], seed: int, indicators: Sequence[str]) -> Picture:
    from coopsim_viz.report.drawing import curves

    _check(indicators)
    runs = [simulate(spec, seed).arrays[1] for spec in specs]
    drawings = []
    for name in indicators:
        series = {ascii_uppercase[n]: run[:, SYSTEM.index(name)] for n, run in enumerate(runs)}
        svg = curves(series, name, specs[0].start_year, specs[0].ticks, {})
        drawings.append((_labelled(name), svg))
    return Picture("lanes", [str(spec.title) for spec in specs], str(_ONE_WORLD.format(seed=seed)), drawings)


def _labelled(name: str) -> str:
    from coopsim.comparison.words import unit_words

    return f"{BY_NAME[name].label} ({unit_words(BY_NAME[name].unit)})"


def _check(indicators: Sequence[str]) -> None:
    for name in indicators:
        if name not in BY_NAME:
            raise scenario_error(
                "indicateur inconnu", "unknown indicator", key="indicators", value=name,
                nearest=nearest(name, list(BY_NAME)),
            )  # fmt: skip


_BOX = (
    "display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:12px;max-width:76rem"
)
_CARD = "margin:0;padding:8px;background:#fff;color:#1a1a1a;border:1px solid #c9c9c9;border-radius:6px"


def _html(titles: Sequence[str], note: str, drawings: Sequence[tuple[str, str]]) -> str:
    dashes = ("solid", "dashed", "dotted")
    legend = "".join(
        f"<span style='margin-right:1.5em'><span style='display:inline-block;width:2.2em;vertical-align:.25em;"
        f"border-top:3px {dashes[n % 3]} {lane_colour(n)}'></span> <b>{ascii_uppercase[n]}</b> {escape(title)}</span>"
        for n, title in enumerate(titles)
    )
    figures = "".join(
        f"<figure style='{_CARD}'><figcaption style='font-weight:600'>{escape(label)}</figcaption>{svg}</figure>"
        for label, svg in drawings
    )
    return (
        f"<div style='font:14px/1.4 system-ui,sans-serif'><p style='margin:.3em 0'>{legend}</p>"
        f"<p style='margin:.3em 0;color:#505050'>{escape(note)}</p><div style='{_BOX}'>{figures}</div></div>"
    )
