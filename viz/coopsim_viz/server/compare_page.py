"""Comparer: two branches or shipped scenarios on many worlds; for the debrief, on the facilitator's screen."""

import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomlkit
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from coopsim.comparison import Comparison
from coopsim.comparison.words import ordered_indicators
from coopsim.errors import ScenarioError
from coopsim.i18n import Lang, set_lang
from coopsim.indicators import BY_NAME
from coopsim.report import tables
from coopsim.report.answers import answers
from coopsim_viz.compare import WORLDS, Comparisons, Job, question_of
from coopsim_viz.compare.figures import MAIN, donut, picture_file, pictures, planes
from coopsim_viz.compare.sides import BRANCH, choices
from coopsim_viz.compare.words import COMPARE
from coopsim_viz.server import research
from coopsim_viz.stage import Stage
from coopsim_viz.words import said

_STATE = ("a", "b", "mondes", "graine")
_CSV = {"resume.csv": "summary", "differences.csv": "paired", "trajectoires.csv": "trajectories"}
_FILES = {
    "rapport.html": "report", "resume.csv": "csv_summary", "differences.csv": "csv_paired",
    "trajectoires.csv": "csv_trajectories", "A.toml": "scenario", "B.toml": "scenario",
}  # fmt: skip


async def compare(request: Request) -> Response:
    """Show a comparison that the address names; a form sent here begins or stops one."""
    form = await research.form_of(request) if request.method == "POST" else {}
    stage = research.facilitator(request, form)
    lang = research.language(request, stage)
    if stage is None:
        return research.no_token(lang)
    if request.method == "GET":
        asked = {name: request.query_params.get(name, "") for name in _STATE}
        shown = [name for name in request.query_params.getlist("ind") if name in BY_NAME]
        return await run_in_threadpool(_page, stage, lang, asked, shown[:20])
    try:
        await run_in_threadpool(_do, stage, lang, form)
    except ScenarioError as error:
        return await run_in_threadpool(_page, stage, lang, form, [], str(error))
    return RedirectResponse(_address(stage, lang, form), status_code=303, headers=research.HEADERS)


async def state(request: Request) -> Response:
    """Say how far a comparison is."""
    stage = research.facilitator(request)
    job = _comparisons(stage).job(request.query_params.get("cle", "")[:60]) if stage is not None else None
    if job is None:
        return JSONResponse({"over": True}, status_code=404, headers=research.HEADERS)
    text = _told(job, said(COMPARE, research.language(request, stage)))
    found = {"over": job.over, "done": job.done, "total": job.total, "text": text}
    return JSONResponse(found, headers=research.HEADERS)


async def exported(request: Request) -> Response:
    """Give a file of a finished comparison: tables, scenarios, the report, a picture."""
    stage = research.facilitator(request)
    lang = research.language(request, stage)
    if stage is None:
        return research.no_token(lang)
    key, file = request.path_params["key"][:60], request.path_params["file"][:80]
    known = _comparisons(stage).job(key)
    folder = _comparisons(stage).answer(key) if known is not None else None
    found = await run_in_threadpool(_file, folder, file, lang) if folder is not None else None
    if found is None:
        return research.refused(COMPARE["not_yet"].said(lang), 404)
    if file.endswith(".html"):
        return HTMLResponse(found, headers=_report_head())
    kinds = {".csv": "text/csv; charset=utf-8", ".toml": "application/toml", ".svg": "image/svg+xml"}
    return Response(found, media_type=kinds[Path(file).suffix], headers=research.HEADERS)


def _comparisons(stage: Stage) -> Comparisons:
    assert stage.comparisons is not None
    return stage.comparisons


def _report_head() -> dict[str, str]:
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
    return research.HEADERS | {"Content-Security-Policy": policy}


def _do(stage: Stage, lang: Lang, form: Mapping[str, str]) -> None:
    set_lang(lang)
    if form.get("faire") == "arreter":
        _comparisons(stage).cancel(form.get("cle", "")[:60])
    else:
        _comparisons(stage).ask(question_of(stage.room, form), lang)


def _page(
    stage: Stage, lang: Lang, asked: Mapping[str, str], shown: list[str], problem: str = ""
) -> HTMLResponse:
    set_lang(lang)
    words = said(COMPARE, lang)
    found = _Found(stage, lang, asked, problem)
    standing = {lane: f"{BRANCH}{branch}" for lane, branch in stage.room.tree.position.branches}
    chosen = {
        "a": asked.get("a") or standing["A"], "b": asked.get("b") or standing["B"],
        "mondes": (asked.get("mondes") or str(WORLDS))[:12], "graine": (asked.get("graine") or "0")[:12],
    }  # fmt: skip
    other: Lang = "en" if lang == "fr" else "fr"
    extra = [("ind", name) for name in shown]
    follow = [("cle", found.job.key if found.job else ""), ("jeton", stage.token), ("lang", lang)]
    answer = None if found.folder is None else _answer(stage, found, lang, shown)
    return research.answered(
        "compare/page.html.j2", w=words, lang=lang, token=stage.token, choices=choices(stage.room), chosen=chosen,
        links=research.links("/comparer", stage.token, lang, words),
        other_language=_address(stage, other, asked, extra), problem=found.problem,
        asked=bool(asked.get("a")), job=found.job, following=found.job is not None and not found.job.over,
        follow_url=research.address("/comparer/etat", follow), answer=answer,
        state_fields=[(n, v) for n, v in (*((n, asked.get(n, "")) for n in _STATE), *follow[1:]) if v],
        jobs=[_row(stage, job, lang) for job in _comparisons(stage).jobs],
    )  # fmt: skip


class _Found:
    """What is known of the question of an address."""

    def __init__(self, stage: Stage, lang: Lang, asked: Mapping[str, str], problem: str) -> None:
        self.problem = problem
        self.folder: Path | None = None
        self.job: Job | None = None
        if problem or not asked.get("a"):
            return
        try:
            question = question_of(stage.room, asked)
        except ScenarioError as error:
            self.problem = str(error)
            return
        work = _comparisons(stage)
        self.folder = work.answer(question.key)
        self.job = work.ask(question, lang) if self.folder is not None else work.job(question.key)


def _answer(stage: Stage, found: _Found, lang: Lang, shown: list[str]) -> dict[str, Any]:
    """Return everything that the page says of a finished comparison."""
    assert found.folder is not None
    assert found.job is not None
    lived = _loaded(found.folder)
    names = shown or list(MAIN)
    context = lived.manifest["context"]
    words = said(COMPARE, lang)
    return {
        "lanes": [
            {"letter": "AB"[n], "title": scenario["title"][lang]}
            for n, scenario in enumerate(lived.manifest["scenarios"])
        ],
        "answers": answers(lived),
        "fans": pictures(lived, found.folder, lang, names),
        "phase": planes(lived, found.folder, lang),
        "donut": donut(lived, found.folder, lang),
        "places": [row["name"] for row in context["case"]["territories"]],
        "groups": tables.indicator_groups(lived),
        "rules": tables.rules(lived),
        "indicators": [
            (title.said(lang), [{"name": i.name, "label": i.label.said(lang), "shown": i.name in names} for i in some])
            for title, some in ordered_indicators()
        ],
        "year": lived.last_year, "worlds": len(lived.seeds), "seed": lived.seeds[0],
        "place": f"/comparer/{found.job.key}",
        "query": research.address("", [("jeton", stage.token), ("lang", lang)])[1:],
        "files": [(file, words[name].format(letter=file[0])) for file, name in _FILES.items()],
    }  # fmt: skip


@lru_cache(maxsize=4)
def _loaded(folder: Path) -> Comparison:
    return Comparison.load(folder)


def _file(folder: Path, file: str, lang: Lang) -> str | None:
    """Return the text of an export; none for a name that there is not."""
    set_lang(lang)
    if file in _CSV:
        frame = getattr(_loaded(folder), _CSV[file])
        if "territory" in frame:
            frame = frame[frame["territory"].astype(str) == ""].drop(columns="territory")
        out = io.StringIO()
        frame.to_csv(out, index=False, lineterminator="\n")
        return out.getvalue()
    if file in ("A.toml", "B.toml"):
        scenario = _loaded(folder).manifest["scenarios"]["AB".index(file[0])]
        return tomlkit.dumps(scenario["document"])
    if file == "rapport.html":
        place = folder / f"rapport-{lang}.html"
        if not place.is_file():
            _loaded(folder).report(place, lang)
        return place.read_text(encoding="utf-8")
    return picture_file(folder, file.removesuffix(".svg"), lang) if file.endswith(".svg") else None


def _row(stage: Stage, job: Job, lang: Lang) -> dict[str, Any]:
    fields = {"a": job.sides[0], "b": job.sides[1], "mondes": str(job.worlds), "graine": str(job.seed)}
    titles = {row["id"]: row[lang] for row in choices(stage.room)}
    return {
        "href": _address(stage, lang, fields), "text": " | ".join(titles.get(side, side) for side in job.sides),
        "worlds": job.worlds, "state": job.state, "error": job.error, "done": job.done, "total": job.total,
    }  # fmt: skip


def _told(job: Job, words: Mapping[str, str]) -> str:
    return words[job.state].format(done=job.done, total=job.total)


def _address(
    stage: Stage, lang: Lang, asked: Mapping[str, str], extra: list[tuple[str, str]] | None = None
) -> str:
    fields = [(name, str(asked.get(name, ""))[:80]) for name in _STATE]
    return research.address("/comparer", [*fields, *(extra or []), ("lang", lang), ("jeton", stage.token)])


ROUTES = [
    Route("/comparer", compare, methods=["GET", "POST"]),
    Route("/comparer/etat", state),
    Route("/comparer/{key}/{file}", exported),
]
