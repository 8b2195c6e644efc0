"""The model's parameters: one TOML table each, with value, unit, bounds, evidence and labels.

Every default number of the model stands in these files. A scenario may override a value inside
its legal bounds; the models that check it are made from the files themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.scenario.parameter_checks import GRADES, mistakes
from coopsim.scenario.places import line_of, places
from coopsim.scenario.reading import file_text, toml_data
from coopsim.scenario.shipped import shipped

Value = float | int | bool | str | tuple[float, ...]

__all__ = ["GRADES", "ROOTS", "Parameter", "Value", "parameters", "read_parameters", "section_defaults"]

ROOTS = ("climate", "resources", "economy", "society")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter and its evidence.

    Attributes
    ----------
    key : str
        Dotted key, as a scenario writes it.
    value : Value
        Default.
    unit : str
    legal : tuple of float or None
        Bounds refused outside; each element of a list must lie inside.
    range : tuple of float or None
        Plausible values, to be swept.
    grade : str
        measured, literature or assumption.
    source : str
    text : Text
        Label.
    choices : tuple of str
        Names allowed for a text value.
    """

    key: str
    value: Value
    unit: str
    legal: tuple[float, float] | None
    range: tuple[float, float] | None
    grade: str
    source: str
    text: Text
    choices: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """Dotted path of the section that holds the parameter."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Last part of the key: the field of the sub-model's parameters."""
        return self.key.rpartition(".")[2]

    @property
    def allowed(self) -> str:
        """Allowed values in words."""
        if self.choices:
            return ", ".join(self.choices)
        return f"{self.legal[0]:g} – {self.legal[1]:g} {self.unit}" if self.legal else "true, false"


@cache
def parameters() -> Mapping[str, Parameter]:
    """Return every shipped parameter by its dotted key."""
    return read_parameters(shipped("parameters"))


def section_defaults(section: str) -> dict[str, Value]:
    """Return the default values of one section, by name."""
    return {p.name: p.value for p in parameters().values() if p.section == section}


def read_parameters(folder: Path) -> dict[str, Parameter]:
    """Return the parameters of every TOML file of a folder.

    Raises
    ------
    ScenarioError
        With every mistake of every file, among them a parameter given twice.
    """
    found: dict[str, Parameter] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        text = file_text(path, path.name, problems)
        tree = toml_data(text, path.name, problems) if text is not None else None
        if text is not None and tree is not None:
            _read_tree(tree, (), path.name, text, found, problems)
    if problems:
        raise ScenarioError(problems)
    return found


def _read_tree(
    tree: Mapping[str, Any],
    path: tuple[str, ...],
    file: str,
    text: str,
    found: dict[str, Parameter],
    problems: list[Problem],
) -> None:
    for name, table in tree.items():
        here = (*path, name)
        key = ".".join(here)
        wrong: list[Text] = []
        if here[0] not in ROOTS or not isinstance(table, dict):
            wrong = [Text("ni une section ni un paramètre", "neither a section nor a parameter")]
        elif "value" not in table:
            _read_tree(table, here, file, text, found, problems)
        elif key in found:
            wrong = [Text("paramètre donné deux fois", "parameter given twice")]
        else:
            wrong = mistakes(table)
            if not wrong:
                found[key] = _parameter(key, table)
        line = line_of(places(text), here) if wrong else 0
        problems += [Problem(message, file=file, line=line, key=key) for message in wrong]


def _parameter(name: str, table: Mapping[str, Any]) -> Parameter:
    value, legal, swept = table["value"], table.get("legal"), table.get("range")
    if isinstance(value, list):
        value = tuple(float(x) for x in value)
    elif isinstance(value, int) and any(isinstance(x, float) for x in legal or ()):
        value = value if isinstance(value, bool) else float(value)  # bounds written 1.0 declare a real number
    return Parameter(
        key=name,
        value=value,
        unit=table["unit"],
        legal=(legal[0], legal[1]) if legal else None,
        range=(swept[0], swept[1]) if swept else None,
        grade=table["grade"],
        source=table["source"],
        text=Text(table["fr"], table["en"]),
        choices=tuple(table.get("choices", ())),
    )
