"""Explorer: the results of a batch; on the room's own computer only, since it reads its folders."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from coopsim.errors import ScenarioError, scenario_error
from coopsim.i18n import Lang, set_lang
from coopsim_viz.explorer.cases import scenario_of
from coopsim_viz.explorer.folders import known, opened
from coopsim_viz.explorer.opening import begun, open_run
from coopsim_viz.explorer.page import SIDES, page, sides_of
from coopsim_viz.explorer.words import EXPLORE
from coopsim_viz.server import research
from coopsim_viz.stage import Stage, current
from coopsim_viz.words import said

_STATE = ("campagne", "de", "ind", "x", "y", "cible")
_HERE = ("127.0.0.1", "::1", "testclient")


async def explorer(request: Request) -> Response:
    """Show a batch, or what to do when there is none."""
    stage, lang = current(), research.language(request, current())
    if not _here(request):
        return research.refused(EXPLORE["here_only"].said(lang), 403)
    asked = {name: request.query_params.get(name, "")[:120] for name in _STATE}
    token = stage.token if stage is not None and research.facilitator(request) is not None else ""
    return await run_in_threadpool(_shown, stage, lang, asked, token)


async def scenario(request: Request) -> Response:
    """Give one side of a run as a scenario file."""
    lang = research.language(request, current())
    if not _here(request):
        return research.refused(EXPLORE["here_only"].said(lang), 403)
    try:
        text = await run_in_threadpool(_document, dict(request.query_params), lang)
    except ScenarioError as error:
        return research.refused(str(error), 404)
    return Response(text, media_type="application/toml", headers=research.HEADERS)


async def open_case(request: Request) -> Response:
    """Open a run on the wall; for the facilitator."""
    form = await research.form_of(request)
    stage = research.facilitator(request, form)
    lang = research.language(request, stage)
    if stage is None or not _here(request):
        return research.no_token(lang)
    try:
        await run_in_threadpool(_open, stage, form, lang)
    except ScenarioError as error:
        asked = {name: form.get(name, "")[:120] for name in _STATE}
        return await run_in_threadpool(_shown, stage, lang, asked, stage.token, str(error))
    return RedirectResponse(f"/animation?jeton={stage.token}", status_code=303, headers=research.HEADERS)


def _here(request: Request) -> bool:
    return request.client is not None and request.client.host in _HERE


def _names(stage: Stage | None) -> dict[str, Path]:
    return known(_given(stage), Path.cwd())


def _given(stage: Stage | None) -> tuple[Path, ...]:
    return stage.batches if stage is not None else ()


def _shown(
    stage: Stage | None, lang: Lang, asked: Mapping[str, str], token: str, problem: str = ""
) -> HTMLResponse:
    set_lang(lang)
    names = _names(stage)
    name = asked["campagne"] or next(iter(names), "")
    found: dict[str, Any] | None = None
    try:
        if name and name not in names:
            raise scenario_error(
                EXPLORE["unknown"].fr, EXPLORE["unknown"].en, value=name, allowed=", ".join(names)
            )
        found = _with_files(page(opened(names[name]), name, asked), lang) if name else None
    except ScenarioError as error:
        problem = problem or str(error)
    words = said(EXPLORE, lang)
    other = "en" if lang == "fr" else "fr"
    back = [*asked.items(), ("lang", other), ("jeton", token)]
    return research.answered(
        "explorer/page.html.j2", w=words, lang=lang, token=token, problem=problem, v=found,
        names=[(n, n) for n in names], links=research.links("/explorer", token, lang, words),
        other_language=research.address("/explorer", back), begun=stage is not None and begun(stage),
        searched=[str(place) for place in (*_given(stage), Path.cwd(), Path.cwd() / "out")],
    )  # fmt: skip


def _with_files(values: dict[str, Any], lang: Lang) -> dict[str, Any]:
    for case in values["worst"]:
        case["files"] = [
            (letter, EXPLORE["w_file"].said(lang).format(letter=letter), research.address("/explorer/scenario", [
                ("campagne", values["name"]), ("de", values["look"]), ("cote", letter), ("point", str(case["point"])),
                ("lang", lang),
            ]))
            for letter, _ in values["sides"]
        ]  # fmt: skip
    return values


def _document(asked: Mapping[str, str], lang: Lang) -> str:
    set_lang(lang)
    batch, sides, point = _run_of(current(), asked)
    side = asked.get("cote", "A")
    if side not in SIDES[: len(sides)]:
        raise scenario_error("côté inconnu", "unknown side", key="cote", value=side[:20], allowed="A, B")
    return tomlkit.dumps(scenario_of(batch, sides[SIDES.index(side)], point).document())


def _run_of(stage: Stage | None, asked: Mapping[str, str]) -> tuple[Any, list[str], int]:
    names = _names(stage)
    name, point = asked.get("campagne", "")[:120], asked.get("point", "")
    if name not in names:
        raise scenario_error(EXPLORE["unknown"].fr, EXPLORE["unknown"].en, value=name)
    if not (point.isdecimal() and len(point) < 9):  # noqa: PLR2004 - no giant numbers
        raise scenario_error("nombre refusé", "refused number", key="point", value=point[:20])
    batch = opened(names[name])
    return batch, [side for side in sides_of(batch, asked.get("de", "")) if side], int(point)


def _open(stage: Stage, form: Mapping[str, str], lang: Lang) -> None:
    set_lang(lang)
    batch, sides, point = _run_of(stage, form)
    seed = form.get("graine", "")
    if not (seed.isdecimal() and len(seed) < 12):  # noqa: PLR2004 - no giant numbers
        raise scenario_error("nombre refusé", "refused number", key="graine", value=seed[:20])
    pair = [scenario_of(batch, sides[n % len(sides)], point) for n in range(2)]
    name = f"p{point}-g{int(seed)}"
    open_run(stage, pair[0], pair[1], int(seed), name, sure=form.get("sure") == "oui")


ROUTES = [
    Route("/explorer", explorer),
    Route("/explorer/scenario", scenario),
    Route("/explorer/ouvrir", open_case, methods=["POST"]),
]
