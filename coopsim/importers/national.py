"""National totals shared out among territories: companies by group and size."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.census import CLASSES, GROUPS, shared
from coopsim.importers.folder import Note, Value
from coopsim.importers.job import Job
from coopsim.importers.layouts import COMPANIES
from coopsim.registry import nearest
from coopsim.types import FloatArray

Cell = tuple[str, str]


def import_companies(job: Job) -> None:
    """Bring cells of establishments to national totals; those that no file gives follow own-account work.

    A cell of a group and a class with employees keeps its distribution over the territories. Companies without
    employees go where people work on their own account (jobs minus salaried jobs), and inside a territory where the
    group's employers are.
    """
    sheet = job.one(job.read(COMPANIES), COMPANIES)
    codes = job.folder.codes()
    row = {code: n for n, code in enumerate(codes)}
    cells = {(g, s): np.zeros(len(codes)) for g in GROUPS for s in CLASSES}
    for line in job.folder.rows("establishments"):
        cells[line["group"], line["size_class"]][row[line["territory"]]] = float(line["establishments"])
    jobs, salaried = (_column(job, name, codes) for name in ("jobs", "salaried_jobs"))
    own = np.maximum(jobs - salaried, 0.0)
    before = {cell: values.copy() for cell, values in cells.items()}
    for cell, total in _totals(
        sheet.texts("group"), sheet.texts("size_class"), sheet.numbers("companies"), sheet.file
    ):
        weight = _weight(before, cell, own, jobs)
        cells[cell] = shared(round(total), weight).astype(np.float64)
    rows: list[Mapping[str, Value]] = [
        {"territory": code, "group": g, "size_class": s, "establishments": int(cells[g, s][n])}
        for n, code in enumerate(codes)
        for g in GROUPS
        for s in CLASSES
        if cells[g, s][n] > 0
    ]
    job.folder.replace("establishments", rows)
    total = sum(float(values.sum()) for values in cells.values())
    message = Text("{n:.0f} entreprises en tout", "{n:.0f} companies in all")
    job.remark(message.format(n=total))
    _cite(job, sheet.texts("source"), sheet.texts("year"), sheet.texts("grade"))


def _column(job: Job, name: str, codes: Sequence[str]) -> FloatArray:
    values = job.folder.numbers("territories", name)
    missing = [code for code in codes if math.isnan(values[code])]
    if missing:
        message = Text("« {name} » manque à {n} territoires", "'{name}' is missing for {n} territories")
        raise ScenarioError([Problem(message.format(name=name, n=len(missing)), "territories.csv", key=name)])
    return np.array([values[code] for code in codes])


def _totals(
    groups: Sequence[str], sizes: Sequence[str], totals: FloatArray, file: str
) -> list[tuple[Cell, float]]:
    problems = [
        Problem(
            Text("inconnu", "unknown"),
            file,
            key=key,
            value=value,
            allowed=", ".join(known),
            nearest=nearest(value, list(known)),
        )
        for key, values, known in (("group", groups, GROUPS), ("size_class", sizes, CLASSES))
        for value in values
        if value not in known
    ]
    if problems:
        raise ScenarioError(problems)
    return [((g, s), float(total)) for g, s, total in zip(groups, sizes, totals, strict=True)]


def _weight(cells: Mapping[Cell, FloatArray], cell: Cell, own: FloatArray, jobs: FloatArray) -> FloatArray:
    """Return how a national total is shared among territories; one of no known employer by its jobs."""
    group, size = cell
    known = sum(cells[g, s] for g in GROUPS for s in ("1-9", "10+")) > 0
    if size != "0":
        per_job = cells[cell][known].sum() / max(float(jobs[known].sum()), 1e-9)
        return np.where(known, cells[cell], per_job * jobs)
    employers = {g: cells[g, "1-9"] + cells[g, "10+"] for g in GROUPS}
    everywhere = np.maximum(sum(employers.values()), 1e-9)
    # a territory without employers on file (none is known) takes the mean structure of the country
    mean = employers[group].sum() / max(float(sum(e.sum() for e in employers.values())), 1e-9)
    share = np.where(everywhere > 1.0, employers[group] / everywhere, mean)
    out: FloatArray = own * share
    return out


def _cite(job: Job, sources: Sequence[str], years: Sequence[str], grades: Sequence[str]) -> None:
    source = "; ".join(dict.fromkeys(sources))
    worst = "assumption" if "assumption" in grades else "literature" if "literature" in grades else "measured"
    job.folder.cite(
        "establishments",
        Note(
            ("establishments",),
            f"employers by territory: INSEE, margins by group and by size; brought to national totals: {source}",
            worst,
            "establishments",
            "; ".join(dict.fromkeys(y for y in years if y)),
            note="companies without employees follow own-account work (jobs minus salaried jobs)",
        ),
    )
