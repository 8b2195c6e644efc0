"""National totals shared out among territories: companies by group and size."""

from collections.abc import Mapping, Sequence

import numpy as np

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.census import CLASSES, GROUPS, shared
from coopsim.importers.folder import Note, Value
from coopsim.importers.job import Job
from coopsim.importers.layouts import COMPANIES
from coopsim.importers.reading import Sheet
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
    jobs, salaried = (
        np.array([job.folder.needed(name)[code] for code in codes]) for name in ("jobs", "salaried_jobs")
    )
    own = np.maximum(jobs - salaried, 0.0)
    totals = _totals(sheet)
    known = _employers(cells) > 0
    unlisted = np.where(known, 0.0, jobs) / max(float(jobs[known].sum()), 1e-9)
    # those with employees first: the others follow where they are
    for cell, total in sorted(totals.items(), key=lambda item: item[0][1] == "0"):
        cells[cell] = shared(round(total), _weight(cells, cell, own, unlisted)).astype(np.float64)
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
    _cite(job, sheet)


def _totals(sheet: Sheet) -> dict[Cell, float]:
    """Return the national total of each group and class that the table names."""
    groups, sizes = sheet.texts("group"), sheet.texts("size_class")
    problems = [
        Problem(
            Text("inconnu", "unknown"),
            sheet.file,
            line,
            key,
            value,
            allowed=", ".join(known),
            nearest=nearest(value, list(known)),
        )
        for key, values, known in (("group", groups, GROUPS), ("size_class", sizes, CLASSES))
        for line, value in zip(sheet.lines, values, strict=True)
        if value not in known
    ]
    if problems:
        raise ScenarioError(problems)
    return {(g, s): float(n) for g, s, n in zip(groups, sizes, sheet.numbers("companies"), strict=True)}


def _employers(cells: Mapping[Cell, FloatArray], groups: Sequence[str] = GROUPS) -> FloatArray:
    """Return the companies with employees of some groups by territory."""
    out: FloatArray = np.sum([cells[g, s] for g in groups for s in ("1-9", "10+")], axis=0)
    return out


def _weight(
    cells: Mapping[Cell, FloatArray], cell: Cell, own: FloatArray, unlisted: FloatArray
) -> FloatArray:
    """Return how a national total is shared among territories.

    Parameters
    ----------
    own : FloatArray, shape (T,)
        Own-account jobs: where companies without employees are.
    unlisted : FloatArray, shape (T,)
        Jobs of territories of no known employer over those of the others, whose companies they follow; 0 elsewhere.
    """
    group, size = cell
    if size != "0":
        out: FloatArray = cells[cell] + cells[cell].sum() * unlisted
        return out
    share = _employers(cells, (group,)) / np.maximum(_employers(cells), 1e-9)
    return own * share


def _cite(job: Job, sheet: Sheet) -> None:
    grades, years = sheet.texts("grade"), sheet.texts("year")
    worst = next(
        grade for grade in ("assumption", "literature", "measured") if grade in {*grades, "measured"}
    )
    found = sheet.numbers("companies")
    low, high = (np.where(np.isnan(x), found, x).sum() for x in (sheet.numbers("low"), sheet.numbers("high")))
    source = "employers by territory: INSEE, margins by group and by size; brought to national totals: "
    job.folder.cite(
        "establishments",
        Note(
            ("establishments",),
            source + "; ".join(dict.fromkeys(sheet.texts("source"))),
            worst,
            "establishments",
            "; ".join(dict.fromkeys(year for year in years if year)),
            low=f"{low:.0f} in all",
            high=f"{high:.0f} in all",
            note="companies without employees follow own-account work (jobs minus salaried jobs)",
        ),
    )
