"""The census and employers by commune (INSEE, comparateur de territoires), summed by territory."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.folder import CaseFolder, Note, Value
from coopsim.importers.job import Job
from coopsim.importers.layouts import CENSUS, MEMBERS, MOVES
from coopsim.importers.perimeters import districts, members_of, today, wholes
from coopsim.importers.reading import Sheet
from coopsim.types import FloatArray, IntArray

GROUPS = ("AZ", "BE", "FZ", "GU", "OQ")
CLASSES = ("0", "1-9", "10+")
PEOPLE = ("active", "unemployed", "jobs", "salaried_jobs", "dwellings", "vacant_dwellings")
_SUMMED = (
    "population",
    "before",
    "area",
    "births",
    "deaths",
    *PEOPLE,
    "employers",
    *GROUPS,
    "size_1_9",
    "size_10",
)
_HA_PER_KM2 = 100.0
_PLENTY = 5  # examples in a message
_COUNT_TOLERANCE = 0.02


def import_census(job: Job) -> None:
    """Area, natural balance, migration, active, jobs, dwellings, employers by group and size."""
    sheets = job.read(CENSUS, MEMBERS, MOVES)
    census = _without_districts(job.one(sheets, CENSUS))
    codes = job.folder.codes()
    home = members_of(sheets.get(MEMBERS.name, []), codes)
    where = _homes(job, census, home, today(sheets.get(MOVES.name, [])))
    sums = {name: _summed(census, name, where, codes) for name in _SUMMED}
    _check(census, sums)
    blank = [code for n, code in enumerate(codes) if math.isnan(sums["population"][n])]
    if blank:
        message = Text(
            "{n} territoires sans chiffre dans ce fichier restent vides : {which}",
            "{n} territories have no figure in this file and stay blank: {which}",
        )
        shown = ", ".join(blank[:_PLENTY]) + (" …" if len(blank) > _PLENTY else "")
        job.remark(message.format(n=len(blank), which=shown))
    _write_people(job.folder, census, codes, sums)
    _write_employers(job.folder, census, codes, sums)
    if job.option("communes") == "yes":
        _write_communes(job.folder, census, where)


def _without_districts(census: Sheet) -> Sheet:
    """Leave out arrondissements whose commune stands in the file too: they would count twice."""
    present = wholes() & set(census.texts("commune"))
    prefixes = {"75056": "751", "69123": "6938", "13055": "132"}
    starts = tuple(prefixes[code] for code in present)
    gone = {code for code in districts() if starts and code.startswith(starts)}
    return census.keep([n for n, code in enumerate(census.texts("commune")) if code not in gone])


def _homes(job: Job, census: Sheet, home: Mapping[str, str], moved: Mapping[str, str]) -> list[str]:
    """Return the territory of each commune of the file; empty for one of no territory of the case."""
    out, lost = [], []
    for commune in census.texts("commune"):
        code = home.get(commune) or home.get(moved.get(commune, ""), "")
        out.append(code)
        if not code:
            lost.append(commune)
    if lost:
        message = Text(
            "{n} communes du fichier ne sont dans aucun territoire du cas : {which}",
            "{n} communes of the file are in no territory of the case: {which}",
        )
        shown = ", ".join(lost[:_PLENTY]) + (" …" if len(lost) > _PLENTY else "")
        job.remark(message.format(n=len(lost), which=shown))
    return out


def _summed(census: Sheet, name: str, where: Sequence[str], codes: Sequence[str]) -> FloatArray:
    """Return the sum of a column over each territory; NaN where no commune of it has a figure."""
    row = {code: n for n, code in enumerate(codes)}
    out, known = np.zeros(len(codes)), np.zeros(len(codes), np.bool_)
    for code, value in zip(where, census.numbers(name), strict=True):
        if code and not math.isnan(value):
            out[row[code]] += value
            known[row[code]] = True
    return np.where(known, out, math.nan)


def _check(census: Sheet, sums: Mapping[str, FloatArray]) -> None:
    """Refuse a file whose columns do not fit together."""
    total = float(np.nansum(sums["employers"]))
    by_group = float(sum(np.nansum(sums[group]) for group in GROUPS))
    problems = []
    if abs(by_group - total) > _COUNT_TOLERANCE * max(total, 1.0):
        message = Text(
            "les cinq groupes font {found:.0f} établissements, le total {total:.0f}",
            "the five groups make {found:.0f} establishments, the total {total:.0f}",
        )
        problems.append(
            Problem(message.format(found=by_group, total=total), census.file, key=census.heads["employers"])
        )
    for part, whole in (
        ("unemployed", "active"),
        ("salaried_jobs", "jobs"),
        ("vacant_dwellings", "dwellings"),
    ):
        if np.nansum(sums[part]) > np.nansum(sums[whole]):
            message = Text("« {part} » dépasse « {whole} »", "'{part}' is above '{whole}'")
            text = message.format(part=census.heads[part], whole=census.heads[whole])
            problems.append(Problem(text, census.file, key=census.heads[part]))
    if problems:
        raise ScenarioError(problems)


def _write_people(
    folder: CaseFolder, census: Sheet, codes: Sequence[str], sums: Mapping[str, FloatArray]
) -> None:
    year, before = census.year("population"), census.year("before")
    span = max(year - before, 1) if before else 5
    mean = 0.5 * (sums["population"] + np.where(np.isnan(sums["before"]), sums["population"], sums["before"]))
    natural = (sums["births"] - sums["deaths"]) / span / mean
    growth = np.log(sums["population"] / sums["before"]) / span
    columns: dict[str, FloatArray] = {
        "area_ha": np.round(_HA_PER_KM2 * sums["area"], 0),
        "natural_growth_per_yr": np.round(natural, 5),
        "net_migration_per_yr": np.round(growth - natural, 5),
        **{name: np.round(sums[name], 0) for name in PEOPLE},
    }
    known = ~np.isnan(sums["population"])
    values: dict[str, dict[str, Value]] = {
        code: {name: float(column[n]) for name, column in columns.items()} if known[n] else {}
        for n, code in enumerate(codes)
    }
    folder.update("territories", "code", values)
    source = "INSEE, recensement de la population (comparateur de territoires), communes summed by territory"
    period = f"{before}-{year}" if before else str(year)
    folder.cite(
        "territories",
        Note(
            ("area_ha",),
            source.replace("recensement de la population ", "surfaces "),
            "measured",
            "ha",
            str(year),
        ),
        Note(
            ("natural_growth_per_yr",),
            f"{source}: births minus deaths over the mean population",
            "measured",
            "1/yr",
            period,
        ),
        Note(
            ("net_migration_per_yr",), f"{source}: growth minus natural balance", "measured", "1/yr", period
        ),
        Note(PEOPLE[:4], source, "measured", "persons or jobs", str(year)),
        Note(PEOPLE[4:], source, "measured", "dwellings", str(year)),
        apart=[code for n, code in enumerate(codes) if not known[n]],
    )


def _write_employers(
    folder: CaseFolder, census: Sheet, codes: Sequence[str], sums: Mapping[str, FloatArray]
) -> None:
    rows: list[dict[str, Value]] = []
    for n, code in enumerate(codes):
        if math.isnan(sums["employers"][n]):
            continue
        groups = np.array([sums[group][n] for group in GROUPS])
        sizes = np.array([0.0, sums["size_1_9"][n], sums["size_10"][n]])
        sizes[0] = max(float(groups.sum() - sizes.sum()), 0.0)
        cells = crossed(groups, sizes)
        rows += [
            {"territory": code, "group": group, "size_class": size, "establishments": int(cells[g, s])}
            for g, group in enumerate(GROUPS)
            for s, size in enumerate(CLASSES)
            if cells[g, s]
        ]
    folder.replace("establishments", rows)
    year = str(census.year("employers"))
    folder.cite(
        "establishments",
        Note(
            ("territory", "group", "size_class"),
            "nomenclature of INSEE: A5 groups, classes of employees",
            "measured",
            year=year,
        ),
        Note(
            ("establishments",),
            "INSEE, employer establishments at the end of the year (comparateur de territoires): "
            "margins by group and by size are data, cells proportional, rounded with both margins kept",
            "measured",
            "establishments",
            year,
            note="cells are assumptions, margins are measured",
        ),
    )


def crossed(rows: FloatArray, columns: FloatArray) -> IntArray:
    """Return whole cells with given margins, proportional to both; shape (rows, columns).

    Margins that differ in sum are brought to that of the rows. Largest remainders first, then whatever row and
    column still lack is put where both do.
    """
    r = np.round(rows).astype(np.int64)
    c = shared(int(r.sum()), np.maximum(columns, 0.0))
    exact = np.outer(r, c) / max(int(r.sum()), 1)
    out = np.floor(exact).astype(np.int64)
    for cell in np.argsort(-(exact - out), axis=None, kind="stable"):
        i, j = divmod(int(cell), c.size)
        if out[i].sum() < r[i] and out[:, j].sum() < c[j]:
            out[i, j] += 1
    for i in range(r.size):
        for j in range(c.size):
            out[i, j] += min(r[i] - out[i].sum(), c[j] - out[:, j].sum())
    return out


def shared(total: int, weight: FloatArray) -> IntArray:
    """Return whole numbers that sum to ``total`` in proportion to weights (largest remainders)."""
    if total == 0 or weight.sum() <= 0.0:
        return np.zeros(weight.size, np.int64)
    exact = total * weight / weight.sum()
    out: IntArray = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - out), kind="stable")
    out[order[: total - int(out.sum())]] += 1
    return out


def _write_communes(folder: CaseFolder, census: Sheet, where: Sequence[str]) -> None:
    names = {
        "population": "population",
        "dwellings": "dwellings",
        "vacant_dwellings": "vacant_dwellings",
        "jobs": "jobs",
    }
    numbers = {name: census.numbers(field) for name, field in names.items()}
    area = census.numbers("area")
    found = {row["code"]: row for row in folder.rows("communes")}
    rows: list[dict[str, Value]] = []
    for n, (commune, code) in enumerate(zip(census.texts("commune"), where, strict=True)):
        if code and not math.isnan(numbers["population"][n]):
            facts: dict[str, Value] = {name: round(float(column[n]), 1) for name, column in numbers.items()}
            rows.append(
                {
                    "name": commune,
                    **found.get(commune, {}),
                    "code": commune,
                    "territory": code,
                    "area_ha": round(_HA_PER_KM2 * float(area[n]), 1),
                    **facts,
                }
            )
    folder.replace("communes", rows)
    year = str(census.year("population"))
    source = "INSEE, recensement de la population (comparateur de territoires)"
    folder.cite(
        "communes",
        Note(
            ("code", "name", "territory"),
            "INSEE and DGCL, communes of the territories",
            "measured",
            year=year,
        ),
        Note(("lon", "lat"), "not given by this file", "measured", "degree WGS84"),
        Note(("area_ha",), source, "measured", "ha", year),
        Note(
            ("population", "dwellings", "vacant_dwellings", "jobs"),
            source,
            "measured",
            "persons, dwellings, jobs",
            year,
        ),
    )
