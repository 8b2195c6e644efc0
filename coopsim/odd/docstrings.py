"""What the code says of itself: docstrings as blocks, and the state variables of a table."""

import dataclasses
import inspect
import re
from dataclasses import dataclass
from typing import Any

from coopsim.odd.blocks import Block, Formula, Para

_ROLE = re.compile(r":[a-z]+:`([^`]+)`")
_MATHS = re.compile(r":math:`([^`]+)`")
_CODE = re.compile(r"``([^`]+)``")
_CITED = re.compile(r"\[([A-Z][A-Za-z&]*\d{4}[a-z]?)\]_")
_RULE = re.compile(r"^-{3,}$")


@dataclass(frozen=True, slots=True)
class Variable:
    """One state variable, or several that share a line of the docstring.

    Attributes
    ----------
    names : str
    what : str
        Type, shape and unit as the code gives them; empty where it gives none.
    text : str
        Description; empty where the code gives none.
    """

    names: str
    what: str
    text: str


def inline(text: str) -> str:
    """Return a docstring's text with its marks as Markdown writes them."""
    text = _MATHS.sub(r"$\1$", text)
    text = _ROLE.sub(r"`\1`", text)
    return _CITED.sub(r"[\1]", _CODE.sub(r"`\1`", text))


def summary(thing: Any) -> str:
    """Return the first paragraph of a docstring on one line."""
    text = inspect.getdoc(thing) or ""
    return inline(" ".join(text.partition("\n\n")[0].split()))


def story(thing: Any) -> list[Block]:
    """Return a docstring up to its sections (Parameters, References…) as paragraphs and formulas."""
    out: list[Block] = []
    lines = _body((inspect.getdoc(thing) or "").splitlines())
    place = 0
    while place < len(lines):
        if lines[place].strip().startswith(".. math::"):
            formula, place = _formula(lines, place)
            out.append(Formula(formula))
            continue
        end = place
        while end < len(lines) and lines[end].strip() and not lines[end].strip().startswith(".. math::"):
            end += 1
        text = " ".join(" ".join(line.split()) for line in lines[place:end])
        if text:
            out.append(Para(inline(text)))
        place = max(end, place + 1)
    return out


def _formula(lines: list[str], place: int) -> tuple[str, int]:
    """Return the formula that starts at a line, and the line after it: the indented lines below."""
    found = [lines[place].strip().removeprefix(".. math::").strip()]
    place += 1
    while place < len(lines) and (not lines[place].strip() or lines[place].startswith("   ")):
        found.append(lines[place].strip())
        place += 1
    return "\n".join(line for line in found if line), place


def _body(lines: list[str]) -> list[str]:
    for n in range(len(lines) - 1):
        if _RULE.match(lines[n + 1].strip()):
            return lines[:n]
    return lines


def references(thing: Any) -> list[str]:
    """Return the references of a docstring, one line each."""
    lines = (inspect.getdoc(thing) or "").splitlines()
    starts = [n for n, line in enumerate(lines) if line.strip() == "References"]
    if not starts:
        return []
    found: list[str] = []
    for line in lines[starts[0] + 2 :]:
        if line.startswith(".. ["):
            found.append(line.removeprefix(".. "))
        elif line.strip() and found:
            found[-1] += f" {line.strip()}"
    return [inline(" ".join(text.split())).replace("*", "") for text in found]


def variables(cls: type[Any]) -> list[Variable]:
    """Return the state variables of a dataclass: those of its docstring, then the fields it does not speak of."""
    found = _documented(cls)
    named = {name.strip() for variable in found for name in variable.names.split(",")}
    for field in dataclasses.fields(cls):
        if field.name not in named:
            found.append(Variable(field.name, _type(field.type), ""))
    return found


def _type(annotation: Any) -> str:
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    return str(text).removeprefix("coopsim.")


def _documented(cls: type[Any]) -> list[Variable]:
    lines = (inspect.getdoc(cls) or "").splitlines()
    fields = {field.name for field in dataclasses.fields(cls)}
    found: list[Variable] = []
    for line in lines:
        head, colon, what = line.partition(" : ")
        names = [name.strip() for name in head.split(",")]
        if colon and not line.startswith(" ") and set(names) <= fields:
            found.append(Variable(", ".join(names), inline(what.strip()), ""))
        elif found and line.startswith("    "):
            last = found[-1]
            text = f"{last.text} {inline(line.strip())}".strip()
            found[-1] = Variable(last.names, last.what, text)
    return found
