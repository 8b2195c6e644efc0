"""Phones: plain pages under 50 kB and a small JSON endpoint on the same port. Nothing a phone sends is trusted."""

import hmac
import json
import secrets
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from coopsim.comparison.words import UNITS
from coopsim.errors import ScenarioError
from coopsim.i18n import Lang, Text
from coopsim_viz.room.frame import public, rounded
from coopsim_viz.room.votes import VoteError, nameless
from coopsim_viz.server.compare_page import ROUTES as COMPARE_ROUTES
from coopsim_viz.server.data_page import data_page
from coopsim_viz.server.explorer_page import ROUTES as EXPLORER_ROUTES
from coopsim_viz.server.lab_page import lab_page
from coopsim_viz.server.limits import Rate
from coopsim_viz.server.phone_page import page, plain_page
from coopsim_viz.server.stability_page import ROUTES as STABILITY_ROUTES
from coopsim_viz.stage import Stage, current
from coopsim_viz.words import LAB, PAGES, PHONE

MOST_BYTES = 4096
_COOKIE = "siege"
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATUS = {"unknown_phone": 403, "already_voted": 409, "closed": 409, "full": 503}

_FORM = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'"
)
_HERE = ("127.0.0.1", "::1", "testclient")

asked = Rate(per_second=100.0, burst=1000.0)  # of one address: a whole room may stand behind one
pressed = Rate(per_second=8.0, burst=60.0)  # of one phone
guessed = Rate(per_second=0.2, burst=20.0)


def _lang(request: Request, stage: Stage) -> Lang:
    wish = request.query_params.get("lang")
    return wish if wish in ("fr", "en") else stage.screen.lang  # type: ignore[return-value]


def _said(name: str, lang: Lang) -> str:
    return PHONE[name].said(lang)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _stage(request: Request) -> tuple[Stage | None, int]:
    """Return the stage of a code, or why not: too many requests (429), no such room (404)."""
    if not asked.allows(_address(request)):
        return None, 429
    stage = current()
    code = str(request.path_params["code"])[:32]
    if stage is None or not hmac.compare_digest(code.upper().encode(), stage.code.encode()):
        return None, 404 if guessed.allows(_address(request)) else 429
    token = request.cookies.get(_COOKIE, "")[:64]
    if stage.room.assembly.seat_of(token) is not None and not pressed.allows(nameless(token)):
        return None, 429
    return stage, 200


def _refused(name: str, status: int, lang: Lang = "fr") -> JSONResponse:
    return JSONResponse({"error": name, "text": _said(name, lang)}, status_code=status, headers=_HEADERS)


async def seat(request: Request) -> Response:
    """The page of a seat."""
    stage, status = _stage(request)
    if stage is None:
        text = _said("too_many" if status == 429 else "not_found", "fr")  # noqa: PLR2004
        return HTMLResponse(plain_page(text), status_code=status, headers=_HEADERS)
    return HTMLResponse(page(stage, _lang(request, stage)), headers=_HEADERS)


async def state(request: Request) -> Response:
    """What a phone follows: year, open question, own vote; 204 while nothing changed since version ``v``."""
    stage, status = _stage(request)
    if stage is None:
        return _refused("too_many" if status == 429 else "not_found", status)  # noqa: PLR2004
    if request.query_params.get("v") == str(stage.room.version) and stage.room.assembly.ballot is None:
        return Response(status_code=204, headers=_HEADERS)
    return JSONResponse(_state(stage, request.cookies.get(_COOKIE, "")), headers=_HEADERS)


def _state(stage: Stage, token: str) -> dict[str, Any]:
    room = stage.room
    with room.lock:
        mine = room.assembly.seat_of(token)
        ballot = room.assembly.ballots[-1] if room.assembly.ballots else None
        first = room.base["A"].start_year
        found: dict[str, Any] = {
            "v": room.version,
            "year": first + room.tick // 4,
            "seat": None if mine is None else {"id": mine.id, "fr": mine.label.fr, "en": mine.label.en},
            "ballot": None if ballot is None else public(ballot, room) | {"mine": _mine(stage, token)},
            "finished": room.finished,
        }
        if mine is not None:
            found["sees"] = _sees(stage, mine.territory)
            found["predict"] = _predictable(stage)
        return found


def _mine(stage: Stage, token: str) -> bool:
    ballot = stage.room.assembly.ballot
    return ballot is not None and ballot.has_voted(token)


def _sees(stage: Stage, territory: int) -> list[dict[str, Any]]:
    """Return what a seat sees: the four charts' indicators on each lane, of its own territory where they have it."""
    from coopsim.indicators import BY_NAME, TERRITORY

    out = []
    for name in stage.screen.slots:
        values = {}
        for lane, live in stage.room.lanes.items():
            record = live.model.recorder
            if not record.ticks:
                continue
            if territory >= 0 and name in TERRITORY:
                values[lane] = rounded(
                    record.territory[record.ticks - 1, territory, [TERRITORY.index(name)]]
                )[0]
            else:
                values[lane] = rounded(live.lived().series(name)[-1:])[0]
        one = BY_NAME[name]
        unit = UNITS.get(one.unit, Text(one.unit, one.unit))
        out.append({
            "fr": one.label.fr, "en": one.label.en, "unit": one.unit, "values": values,
            "words": {"fr": unit.fr, "en": unit.en},
        })  # fmt: skip
    return out


def _predictable(stage: Stage) -> dict[str, Any] | None:
    """Return what may be predicted: the first chart's indicator, ten years ahead (or at the end)."""
    from coopsim.indicators import BY_NAME

    room = stage.room
    tick = min(room.tick + 40, room.horizon - 1)
    if room.finished or tick <= room.tick:
        return None
    name = stage.screen.slots[0]
    record = room.lanes["A"].model.recorder
    now = rounded(room.lanes["A"].lived().series(name)[-1:])[0] if record.ticks else None
    one = BY_NAME[name]
    return {
        "indicator": name, "tick": tick, "year": room.base["A"].start_year + tick // 4, "now": now,
        "fr": one.label.fr, "en": one.label.en,
    }  # fmt: skip


async def _read(request: Request) -> bytes | None:
    """Return the body of a request; None for more than 4 kB."""
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > MOST_BYTES:
            return None
    return data


async def _body(request: Request) -> dict[str, Any] | None:
    """Return the JSON object of a request; None for anything else, or for more than 4 kB."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return None
    data = await _read(request)
    try:
        found = json.loads(data or b"")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


async def act(request: Request) -> Response:
    """Take a seat, vote or predict."""
    stage, status = _stage(request)
    if stage is None:
        return _refused("too_many" if status == 429 else "not_found", status)  # noqa: PLR2004
    lang = _lang(request, stage)
    data = await _body(request)
    what = request.path_params["what"]
    if data is None or what not in ("prendre", "voter", "prevoir"):
        return _refused("refused", 400, lang)
    token = request.cookies.get(_COOKIE, "")[:64]
    try:
        return _done(stage, what, data, token, lang)
    except VoteError as error:
        name = error.code if error.code in PHONE else "refused"
        return _refused(name, _STATUS.get(error.code, 400), lang)


def _done(stage: Stage, what: str, data: dict[str, Any], token: str, lang: Lang) -> Response:
    room = stage.room
    if what == "prendre":
        token = room.assembly.join(str(data.get("seat", ""))[:40], token)
        answer = JSONResponse({"ok": True}, headers=_HEADERS)
        answer.set_cookie(
            _COOKIE, token, httponly=True, samesite="strict", path=f"/siege/{stage.code}", max_age=86400
        )
        return answer
    if what == "voter":
        room.assembly.vote(token, _whole(data.get("ballot")), _whole(data.get("option")))
    else:
        value = data.get("value")
        if not isinstance(value, int | float) or isinstance(value, bool):
            return _refused("not_number", 400, lang)
        name, tick = str(data.get("indicator", ""))[:60], _whole(data.get("tick"))
        room.assembly.predict(token, str(data.get("lane", ""))[:2], name, tick, float(value))
    return JSONResponse({"ok": True}, headers=_HEADERS)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise VoteError("refused")
    return value


async def healthz(_: Request) -> Response:
    """Whether the room is open."""
    stage = current()
    return JSONResponse({"status": "ok" if stage else "no room", "tick": stage.room.tick if stage else None})


async def data(request: Request) -> Response:
    """Where the figures come from; for everybody."""
    stage = current()
    if stage is None or not asked.allows(_address(request)):
        return HTMLResponse(plain_page(_said("too_many", "fr")), status_code=429, headers=_HEADERS)
    nonce = secrets.token_urlsafe(12)
    page_ = await run_in_threadpool(data_page, stage.room.base["A"], _lang(request, stage), nonce)
    policy = f"{_FORM}; script-src 'nonce-{nonce}'"
    return HTMLResponse(page_, headers=_HEADERS | {"Content-Security-Policy": policy})


async def laboratory(request: Request) -> Response:
    """A laboratory; on the room's own computer only, since each one costs seconds of it."""
    stage = current()
    lang: Lang = "en" if request.query_params.get("lang") == "en" else "fr"
    if stage is not None:
        lang = _lang(request, stage)
    if _address(request) not in _HERE:
        return HTMLResponse(plain_page(LAB["here_only"].fr), status_code=403, headers=_HEADERS)
    name = request.path_params.get("name", "")[:40]
    try:
        nonce = secrets.token_urlsafe(12)
        page_ = await run_in_threadpool(lab_page, name, dict(request.query_params), lang, nonce)
    except ScenarioError as error:
        return HTMLResponse(plain_page(str(error)), status_code=404, headers=_HEADERS)
    policy = f"{_FORM}; script-src 'nonce-{nonce}'"
    return HTMLResponse(page_, headers=_HEADERS | {"Content-Security-Policy": policy})


async def report(request: Request) -> Response:
    """The report of the session so far, for who has the facilitator's token; a copy stays in the session's folder."""
    stage = current()
    if stage is None or not asked.allows(_address(request)):
        return HTMLResponse(plain_page(_said("too_many", "fr")), status_code=429, headers=_HEADERS)
    if not stage.facilitates(request.query_params.get("jeton", "")[:64]):
        return HTMLResponse(plain_page(PAGES["no_token"].fr), status_code=403, headers=_HEADERS)
    place = await run_in_threadpool(stage.write_report)
    return HTMLResponse(place.read_text(encoding="utf-8"), headers=_HEADERS)


async def report_pdf(request: Request) -> Response:
    """The report as PDF, for who has the facilitator's token; where nothing can make one, how to print the page."""
    stage = current()
    if stage is None or not stage.facilitates(request.query_params.get("jeton", "")[:64]):
        return HTMLResponse(plain_page(PAGES["no_token"].fr), status_code=403, headers=_HEADERS)
    try:
        place = await run_in_threadpool(stage.write_pdf)
    except ScenarioError as error:
        return HTMLResponse(plain_page(str(error)), status_code=503, headers=_HEADERS)
    return FileResponse(place, media_type="application/pdf", filename=place.name, headers=_HEADERS)


async def no_icon(_: Request) -> Response:
    """Browsers ask for a picture of the place; there is none, and that is no fault."""
    return Response(status_code=204)


ROUTES = [
    Route("/favicon.ico", no_icon),
    Route("/bilan", report),
    Route("/bilan.pdf", report_pdf),
    *COMPARE_ROUTES,
    *EXPLORER_ROUTES,
    Route("/donnees", data),
    *STABILITY_ROUTES,
    Route("/laboratoire", laboratory),
    Route("/laboratoire/{name}", laboratory),
    Route("/healthz", healthz),
    Route("/siege/{code}", seat),
    Route("/siege/{code}/etat", state),
    Route("/siege/{code}/{what}", act, methods=["POST"]),
]
