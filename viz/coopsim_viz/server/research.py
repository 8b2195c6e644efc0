"""What the researchers' pages share: who asks, in which language, what a form says, and the head of an answer."""

import secrets
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse

import coopsim.report
from coopsim.i18n import Lang
from coopsim_viz.rendering import rendered
from coopsim_viz.server.phone_page import plain_page
from coopsim_viz.stage import Stage, current
from coopsim_viz.words import PAGES

_MOST_BYTES = 4096
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}


def facilitator(request: Request, form: dict[str, str] | None = None) -> Stage | None:
    """Return the stage when the request bears the facilitator's token."""
    stage = current()
    token = (form or {}).get("jeton") or request.query_params.get("jeton", "")
    return stage if stage is not None and stage.facilitates(token[:64]) else None


def language(request: Request, stage: Stage | None) -> Lang:
    """Return the language that the address asks for, else the projected screen's."""
    wish = request.query_params.get("lang")
    if wish == "en":
        return "en"
    return "fr" if wish == "fr" or stage is None else stage.screen.lang


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; nothing for more than 4 kB."""
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > _MOST_BYTES:
            return {}
    return dict(parse_qsl(data.decode("utf-8", errors="replace")))


def refused(text: str, status: int) -> HTMLResponse:
    """Return one sentence as a page."""
    return HTMLResponse(plain_page(text), status_code=status, headers=HEADERS)


def no_token(lang: Lang) -> HTMLResponse:
    """Return the refusal of who is not the facilitator."""
    return refused(PAGES["no_token"].said(lang), 403)


def answered(template: str, **values: Any) -> HTMLResponse:
    """Return a page with scripts of its own and no other, the style of the reports, nothing from outside."""
    nonce = secrets.token_urlsafe(12)
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data: blob:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    page = rendered("coopsim_viz", template, nonce=nonce, style=_style(), **values)
    return HTMLResponse(page, headers=HEADERS | {"Content-Security-Policy": policy})


@cache
def _style() -> Any:
    from markupsafe import Markup

    folder = Path(coopsim.report.__file__).parent
    return Markup((folder / "style.css").read_text(encoding="utf-8"))  # nosec B704  # our own file


def address(path: str, fields: list[tuple[str, str]]) -> str:
    """Return an address with its fields, the empty ones left out."""
    return f"{path}?{urlencode([(name, value) for name, value in fields if value])}"


def links(here: str, token: str, lang: Lang, words: dict[str, str]) -> list[dict[str, Any]]:
    """Return the way to the other pages."""
    fields = [("jeton", token), ("lang", lang)]
    pages = {"/comparer": "compare", "/explorer": "explorer", "/donnees": "data", "/laboratoire": "lab"}
    return [
        {"href": address(path, fields if path in ("/comparer", "/explorer") else fields[1:]), "text": words[name],
         "here": path == here}
        for path, name in pages.items() if name in words
    ]  # fmt: skip
