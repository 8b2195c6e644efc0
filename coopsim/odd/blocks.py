"""A document as blocks, and its two forms: Markdown and one HTML page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;margin:1rem 0;font-size:.85rem;display:block;overflow-x:auto}
th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}th{background:#f2f2f2}
code{font-size:.9em}pre{background:#f7f7f7;padding:.6rem;overflow-x:auto}
h2{border-bottom:1px solid #ccc;margin-top:2.5rem}"""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of a level from 1."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; backticks mark code, double stars mark what must be seen."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; each row has as many cells as there are heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A displayed formula in LaTeX."""

    text: str


Block = Heading | Para | Bullets | Grid | Formula


def to_markdown(blocks: Sequence[Block]) -> str:
    """Return the document in Markdown."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {block.text}"
        case Para():
            return block.text
        case Bullets():
            return "\n".join(f"- {item}" for item in block.items)
        case Formula():
            return f"$$\n{block.text}\n$$"
        case Grid():
            lines = ["| " + " | ".join(block.heads) + " |", "|" + "---|" * len(block.heads)]
            lines += ["| " + " | ".join(_cell(text) for text in row) + " |" for row in block.rows]
            return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def to_html(blocks: Sequence[Block], language: str) -> str:
    """Return the document as one page without anything from outside."""
    title = next((block.text for block in blocks if isinstance(block, Heading)), "ODD")
    body = "\n".join(_html(block) for block in blocks)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{_inline(block.text)}</h{block.level}>"
        case Para():
            return f"<p>{_inline(block.text)}</p>"
        case Bullets():
            return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in block.items) + "</ul>"
        case Formula():
            return f"<pre>{escape(block.text)}</pre>"
        case Grid():
            head = "".join(f"<th>{_inline(text)}</th>" for text in block.heads)
            rows = ("".join(f"<td>{_inline(text)}</td>" for text in row) for row in block.rows)
            body = "".join(f"<tr>{row}</tr>" for row in rows)
            return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _inline(text: str) -> str:
    return _STRONG.sub(r"<strong>\1</strong>", _CODE.sub(r"<code>\1</code>", escape(text, quote=False)))
