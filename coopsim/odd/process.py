"""Entities, schedule, random draws and indicators, read from the code."""

import dataclasses
import inspect
import re
import sys
import typing
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import coopsim
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, INDICATORS
from coopsim.odd.blocks import Block, Grid, Heading, Para
from coopsim.odd.docstrings import Variable, story, summary, variables
from coopsim.odd.evidence import MISSING
from coopsim.odd.glossary import VARIABLES
from coopsim.rng import Purpose
from coopsim.scenario import Scenario
from coopsim.scenario.case_columns import case_columns
from coopsim.schedule import QUARTER
from coopsim.world.state import Params, World

_SWITCHES = {  # phase → part of the model without which it does nothing
    "land renewal": "land",
    "water: renewal, demand, allocation": "water",
    "wood: renewal, demand, allocation": "wood",
    "production and growth of companies": "companies",
    "entry of companies": "companies",
    "people": "people",
    "siting": "companies",
    "public finance": "finance",
    "councils": "councils",
    "pacts": "pacts",
    "bodies": "bodies",
    "ties": "ties",
    "elections": "elections",
}
_NOT_STATE = {
    "spec",
    "params",
    "rules",
    "law",
}  # the scenario, its parameters and rules: constant, told elsewhere
_USE = re.compile(r"Purpose\.([A-Z_]+)")


def entities(world: World) -> list[Block]:
    """Return the entities of a world, each with its state variables, as the code declares them."""
    hints = typing.get_type_hints(World)
    out: list[Block] = []
    loose: list[Variable] = []
    for variable in variables(World):
        if variable.names in _NOT_STATE:
            continue
        cls = hints.get(variable.names)
        if cls is None or not (inspect.isclass(cls) and dataclasses.is_dataclass(cls)):
            loose.append(variable)
            continue
        out.append(Heading(3, f"`{variable.names}`: {summary(cls).rstrip('.')}"))
        count = _count(getattr(world, variable.names))
        if count is not None:
            told = Text("{n} au premier jour.", "{n} on the first day.").format(n=count)
            out.append(Para(str(told)))
        out.append(_variables(variables(cls), getattr(world, variable.names)))
    title = Text("Autres variables du monde", "Other variables of the world")
    return [*out, Heading(3, str(title)), _variables(loose, world)]


def _count(table: Any) -> int | None:
    try:
        return len(table)
    except TypeError:
        return None


def _variables(found: list[Variable], table: Any) -> Grid:
    heads = (
        str(Text("Variable", "Variable")),
        str(Text("Type, forme, unité", "Type, shape, unit")),
        str(Text("Sens", "Meaning")),
    )
    rows = tuple(
        (", ".join(f"`{name.strip()}`" for name in v.names.split(",")), _form(v, table), v.text or _known(v))
        for v in found
    )
    return Grid(heads, rows)


def _form(variable: Variable, table: Any) -> str:
    """Return type, shape and unit as the code gives them, or the type and shape of the array itself."""
    value = getattr(table, variable.names.partition(",")[0].strip(), None)
    if isinstance(value, np.ndarray) and variable.what in ("ndarray", ""):
        return f"{value.dtype}, shape {value.shape}".replace(",)", ")")
    return variable.what


def _known(variable: Variable) -> str:
    """Return what the rest of the package calls a variable of this name; that nothing does is said."""
    texts = [_named(name.strip()) for name in variable.names.split(",")]
    told = "; ".join(dict.fromkeys(str(text) for text in texts if text is not None))
    return told or str(Text("non décrit dans le code", "not described in the code"))


@cache
def _named(name: str) -> Text | None:
    """Return the word of the glossary, or the label of an indicator or of a column of a case."""
    if name in VARIABLES:
        return VARIABLES[name]
    if name in BY_NAME:
        return BY_NAME[name].label
    tables = case_columns().values()
    for fits in (name.__eq__, lambda column: column.startswith(f"{name}_")):
        for columns in tables:
            for column, facts in columns.items():
                if fits(column):
                    return facts.text
    return None


def schedule(spec: Scenario) -> list[Block]:
    """Return the phases of a quarter in their order, then what each says of itself."""
    heads = (
        str(Text("N°", "No.")), str(Text("Phase", "Phase")), str(Text("Ce qui se passe", "What happens")),
        str(Text("Module", "Module")), str(Text("Active", "Active")),
    )  # fmt: skip
    yes, no = str(Text("oui", "yes")), str(Text("**non**", "**no**"))
    rows = []
    for n, phase in enumerate(QUARTER, start=1):
        part = _SWITCHES.get(phase.name, "")
        active = yes if not part or getattr(spec.submodels, part, True) else no
        text = summary(phase.run) or str(MISSING)
        rows.append((str(n), phase.name, text, f"`{phase.run.__module__}`", active))
    out: list[Block] = [Grid(heads, tuple(rows))]
    modules = dict.fromkeys(phase.run.__module__ for phase in QUARTER)
    for name in modules:
        told = story(sys.modules[name])
        if len(told) > 1:
            out += [Heading(4, f"`{name}`"), *told]
    return out


def draws() -> Grid:
    """Return every purpose of a random draw, with the modules that draw for it."""
    heads = (
        str(Text("But", "Purpose")), str(Text("Clé", "Key")), str(Text("Tiré dans", "Drawn in")),
    )  # fmt: skip
    used = _uses()
    nobody = str(Text("personne", "nobody"))
    rows = tuple(
        (
            purpose.name.lower().replace("_", " "),
            str(int(purpose)),
            ", ".join(f"`{name}`" for name in used.get(purpose.name, ())) or nobody,
        )
        for purpose in Purpose
    )
    return Grid(heads, rows)


@cache
def _uses() -> dict[str, tuple[str, ...]]:
    """Return the modules whose text names each purpose."""
    root = Path(coopsim.__file__).parent
    found: dict[str, list[str]] = {}
    for path in sorted(root.rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        for purpose in sorted(set(_USE.findall(path.read_text(encoding="utf-8")))):
            found.setdefault(purpose, []).append(name.removesuffix(".__init__"))
    return {purpose: tuple(names) for purpose, names in found.items()}


def indicators() -> Grid:
    """Return every indicator with its unit, direction and formula."""
    heads = (
        str(Text("Indicateur", "Indicator")), str(Text("Nom", "Name")), str(Text("Unité", "Unit")),
        str(Text("Sens", "Direction")), str(Text("Verdict", "Verdict")), str(Text("Système", "System")),
        str(Text("Formule", "Formula")),
    )  # fmt: skip
    ways = {
        1: Text("plus est mieux", "more is better"),
        -1: Text("moins est mieux", "less is better"),
        0: Text("–", "–"),
    }
    yes, no = str(Text("oui", "yes")), str(Text("non", "no"))
    rows = tuple(
        (
            str(i.label), f"`{i.name}`", "" if i.unit == "1" else i.unit, str(ways[i.direction]),
            yes if i.outcome else no, i.aggregate, i.formula,
        )
        for i in INDICATORS
    )  # fmt: skip
    return Grid(heads, rows)


def section_modules() -> dict[str, ModuleType]:
    """Return the module that each section of parameters belongs to, by the class that holds them."""
    from coopsim.resources.climate import ClimateParams

    classes = [*typing.get_type_hints(Params).values(), ClimateParams]
    found: dict[str, ModuleType] = {}
    for cls in classes:
        said = re.search(r"Section ``([a-z_.]+)``", inspect.getdoc(cls) or "")
        if said is not None:
            found[said[1]] = sys.modules[cls.__module__]
    return found
