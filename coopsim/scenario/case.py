"""A case: the territories, their companies, forests, rivers and bodies, as plain tables."""

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import Field, ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.scenario.case_checks import check_tables
from coopsim.scenario.case_columns import REQUIRED_TABLES, Column, case_columns
from coopsim.scenario.case_graph import check_geometry
from coopsim.scenario.case_places import case_folder
from coopsim.scenario.places import line_of, places
from coopsim.scenario.reading import file_text, toml_data
from coopsim.scenario.refusals import refusals
from coopsim.scenario.strict import Local, Strict
from coopsim.scenario.tables import Rows, read_table


@dataclass(frozen=True, slots=True)
class Case:
    """Data of one case, each table a data frame with the columns of ``columns.toml``.

    Attributes
    ----------
    name : str
    title : Text
    folder : Path or None
        Where it was read; None for a synthetic case.
    reference_year : int
        Year that the tables describe.
    territories, communes, establishments, sectors, forest, water_nodes, water_regimes : DataFrame
    links, commuting, bodies, body_members, observed, sources : DataFrame
        A table without a file has no row. A blank number is NaN, a blank text is empty.
    geometry : dict or None
        GeoJSON features with their territory's code.
    licence, notes : str
    """

    name: str
    title: Text
    folder: Path | None
    reference_year: int
    territories: pd.DataFrame
    communes: pd.DataFrame
    establishments: pd.DataFrame
    sectors: pd.DataFrame
    forest: pd.DataFrame
    water_nodes: pd.DataFrame
    water_regimes: pd.DataFrame
    links: pd.DataFrame
    commuting: pd.DataFrame
    bodies: pd.DataFrame
    body_members: pd.DataFrame
    observed: pd.DataFrame
    sources: pd.DataFrame
    geometry: dict[str, Any] | None = None
    licence: str = ""
    notes: str = ""


class CaseFile(Strict):
    """The file ``case.toml``."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: Local
    reference_year: int = Field(ge=1800, le=2500)
    notes: str = ""
    licence: str = Field(min_length=1)


def load_case(name_or_path: str | Path) -> Case:
    """Return a shipped case by its name, or a case by the path of its folder.

    Raises
    ------
    ScenarioError
        With every mistake of every table: file, line, column, value and what is allowed.
    """
    path = Path(name_or_path) if isinstance(name_or_path, Path) else None
    folder = case_folder(path.absolute().as_posix() if path else str(name_or_path))
    problems: list[Problem] = []
    head = _head(folder / "case.toml", problems)
    tables = {table: _table(folder, table, problems) for table in case_columns()}
    problems += check_tables(tables, sourced=True)
    geometry = _geometry(folder / "geometry.geojson", tables["territories"].texts("code"), problems)
    if problems or head is None:
        raise ScenarioError([_under(folder, problem) for problem in problems])
    return Case(
        name=head.name,
        title=head.title.text(),
        folder=folder,
        reference_year=head.reference_year,
        geometry=geometry,
        licence=head.licence,
        notes=head.notes,
        **frames(tables),
    )


def frames(tables: dict[str, Rows]) -> dict[str, Any]:
    """Return each table as a data frame, every column present and typed."""
    return {
        table: pd.DataFrame({name: _series(tables[table], column) for name, column in columns.items()})
        for table, columns in case_columns().items()
    }


_TYPES = {"float": "float64", "int": "int64", "bool": "bool"}


def _series(rows: Rows, column: Column) -> "pd.Series[Any]":
    kind = _TYPES.get(column.kind, "object")
    empty: Any = math.nan if kind == "float64" else 0 if kind in {"int64", "bool"} else ""
    return pd.Series(rows.columns.get(column.name, [empty] * len(rows)), dtype=kind)


def _table(folder: Path, table: str, problems: list[Problem]) -> Rows:
    path = folder / f"{table}.csv"
    if not path.exists():
        if table in REQUIRED_TABLES:
            problems.append(
                Problem(Text("cette table manque au cas", "this table is missing"), file=path.name)
            )
        return Rows(path.name)
    return read_table(path, case_columns()[table], problems)


def _head(path: Path, problems: list[Problem]) -> CaseFile | None:
    if not path.exists():
        problems.append(Problem(Text("ce fichier manque au cas", "this file is missing"), file=path.name))
        return None
    text = file_text(path, path.name, problems)
    data = None if text is None else toml_data(text, path.name, problems)
    if text is None or data is None:
        return None
    try:
        return CaseFile.model_validate(data)
    except ValidationError as error:
        for keys, problem in refusals(error, CaseFile):
            problems.append(replace(problem, file=path.name, line=line_of(places(text), keys)))
        return None


def _geometry(path: Path, codes: list[str], problems: list[Problem]) -> dict[str, Any] | None:
    """Return the map, or None where there is no sound one."""
    text = file_text(path, path.name, problems) if path.exists() else None
    if text is None:
        return None
    try:
        geometry = json.loads(text)
    except (RecursionError, ValueError) as error:
        message = Text("ce n'est pas du JSON : {error}", "this is no JSON: {error}").format(error=error)
        problems.append(Problem(message, file=path.name))
        return None
    mistakes = check_geometry(geometry, codes)
    problems += mistakes
    return None if mistakes else geometry


def _under(folder: Path, problem: Problem) -> Problem:
    """Return a problem whose file names the case too."""
    return replace(problem, file=f"{folder.name}/{problem.file}")
