"""The page of a seat: one HTML file without a framework, its script and style inside."""

import json
from html import escape
from pathlib import Path

from coopsim.i18n import Lang
from coopsim_viz.stage import Stage
from coopsim_viz.words import PHONE, said

_HERE = Path(__file__).parent
_STYLE = (_HERE / "phone.css").read_text(encoding="utf-8")
_SCRIPT = (_HERE / "phone.js").read_text(encoding="utf-8")


def page(stage: Stage, lang: Lang) -> str:
    """Return the page of a seat; every text that people gave is escaped or set as text by the script."""
    words = said(PHONE, lang)
    seats = "".join(
        f"<option value='{escape(s.id)}'>{escape(s.label.fr if lang == 'fr' else s.label.en)}</option>"
        for s in stage.room.assembly.seats.values()
    )
    told = {name: escape(text) for name, text in words.items()}
    script = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    body = "\n".join(
        (
            "<h1>coopsim <small id='year'></small></h1><p id='err' class='err' role='alert'></p>",
            f"<section id='join'><h2>{told['choose']}</h2><label for='seat'>{told['title']}</label>",
            f"<select id='seat'>{seats}</select><button id='take' class='main' type='button'>{told['take']}</button>",
            f"<p class='soft'>{told['privacy']}</p></section>",
            "<section id='room' hidden><h2 id='name'></h2><div id='question' class='q' aria-live='polite'></div>",
            f"<table id='sees'></table><div id='predict' hidden><h2>{told['predict']}</h2>",
            f"<label for='lane'>{told['lane']}</label>",
            "<select id='lane'><option>A</option><option>B</option></select><label for='guess' id='what'></label>",
            "<input id='guess' inputmode='decimal' autocomplete='off'>",
            f"<button id='send' type='button'>{told['send']}</button>",
            "<p id='noted' class='soft' role='status'></p>",
            f"</div><p><button id='change' type='button'>{told['change']}</button></p></section>",
        )
    )
    return _document(
        lang, f"coopsim – {told['title']}", body, f'const L = "{lang}", W = {script};\n{_SCRIPT}'
    )


def plain_page(text: str) -> str:
    """Return a page with one sentence."""
    return _document("fr", "coopsim", f"<h1>coopsim</h1><p>{escape(text)}</p>", "")


def _document(lang: Lang, title: str, body: str, script: str) -> str:
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{title}</title><link rel="icon" href="data:,"><style>{_STYLE}</style>'
    )
    end = f"<script>{script}</script>" if script else ""
    return (
        f'<!doctype html><html lang="{lang}"><head>{head}</head><body><main>{body}</main>{end}</body></html>'
    )
