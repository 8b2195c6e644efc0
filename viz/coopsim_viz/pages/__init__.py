"""Pages of the viewer: the only place that reacts. ``SOLARA_APP=coopsim_viz.pages`` serves them."""

import logging
from collections.abc import Callable
from pathlib import Path

import solara

from coopsim_viz.pages.animation import Animation
from coopsim_viz.pages.atelier import Atelier
from coopsim_viz.pages.common import word

_LOG = logging.getLogger("coopsim.viewer")


def _guarded(page: Callable[[], solara.Element]) -> Callable[[], solara.Element]:
    """Return a page whose drawing failure is one sentence and a button, not a traceback."""

    @solara.component
    def Guarded() -> None:
        error, clear = solara.use_exception()
        if error is not None:
            _LOG.error("a page could not be drawn", exc_info=error)
            solara.Error(word("display_error", "fr"))
            solara.Button(word("retry", "fr"), on_click=clear)
            return
        page()

    guarded: Callable[[], solara.Element] = Guarded
    return guarded


@solara.component
def Layout(children: list[solara.Element] | None = None) -> None:
    """Nothing around the pages: no bar, no tabs."""
    solara.Style(_CSS)
    solara.v.Html(tag="main", class_="cs-page", children=children or [])


_CSS = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")

routes = [
    solara.Route("/", component=_guarded(Atelier), layout=Layout),
    solara.Route("atelier", component=_guarded(Atelier)),
    solara.Route("animation", component=_guarded(Animation)),
]
