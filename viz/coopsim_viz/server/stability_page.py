"""Le pacte tient-il ?: the pacts in force on both lanes, and what their members would gain elsewhere."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from coopsim.i18n import Lang
from coopsim_viz.rendering import rendered
from coopsim_viz.room.branches import LANES
from coopsim_viz.server.research import HEADERS, facilitator, form_of, language, no_token, refused
from coopsim_viz.stage import Stage
from coopsim_viz.words import STABILITY, said


def stability_page(stage: Stage, lang: Lang) -> str:
    """Return the page: pacts to ask about, answers."""
    room = stage.room
    names, start = room.base["A"].territory_names, room.base["A"].start_year
    with room.lock:
        pacts = [
            {
                "lane": lane, "members": "+".join(stage.codes(pact)), "year": start + pact["founded"] // 4,
                "names": ", ".join(names[code] for code in stage.codes(pact)),
            }
            for lane in LANES
            for pact in room.lanes[lane].pacts()
        ]  # fmt: skip
    asked = list(reversed(stage.holdings.asked))
    return rendered(
        "coopsim_viz.server", "stability.html.j2",
        w=said(STABILITY, lang), lang=lang, pacts=pacts, token=stage.token,
        answers=[_answer(one, names, lang) for one in asked],
        running=any(one.state == "running" for one in asked),
    )  # fmt: skip


def _answer(one: Any, names: dict[str, str], lang: Lang) -> dict[str, Any]:
    told = one.said.get(lang, {})
    return {
        "lane": one.lane, "state": one.state, "error": one.error,
        "title": told.get("title", ", ".join(names[code] for code in one.members)),
        "setting": told.get("setting", ""), "lines": told.get("lines", []), "picture": told.get("picture", ""),
    }  # fmt: skip


_PAGE = HEADERS | {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'"
}


async def holding(request: Request) -> Response:
    """Whether the pacts in force hold; for who has the facilitator's token."""
    form = await form_of(request) if request.method == "POST" else {}
    stage = facilitator(request, form)
    if stage is None:
        return no_token(language(request, None))
    lang = language(request, stage)
    if request.method == "POST":
        if not await run_in_threadpool(stage.holds, form.get("lane", ""), form.get("members", "")):
            return refused(STABILITY["unknown"].said(lang), 400)
        return RedirectResponse(f"/stabilite?jeton={stage.token}", status_code=303, headers=HEADERS)
    return HTMLResponse(await run_in_threadpool(stability_page, stage, lang), headers=_PAGE)


ROUTES = [Route("/stabilite", holding, methods=["GET", "POST"])]
