"""Perimeters: territories from the list of EPCI, communes of each, and what became of communes and EPCI since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.importers.folder import Note, head_text
from coopsim.importers.job import Job
from coopsim.importers.layouts import EPCI_LIST, MEMBERS
from coopsim.importers.reading import Sheet

NATURES = ("CC", "CA", "CU", "METRO")
_REGIMES = {"FPU": "FPU", "FA": "FA", "FPZ": "FPZ"}
_CITIES = {"75056": range(75101, 75121), "69123": range(69381, 69390), "13055": range(13201, 13217)}
_PLENTY = 5  # examples in a message


def import_epci(job: Job) -> None:
    """Territories, with legal population, tax regime, number of communes and share of the largest one."""
    sheets = job.read(EPCI_LIST, MEMBERS)
    listed = job.one(sheets, EPCI_LIST)
    natures = tuple(job.option("natures").split(","))
    rows = _of_vintage(listed, job)
    kept: list[int] = []
    left: dict[str, int] = defaultdict(int)
    seen: set[str] = set()
    for n in rows:
        code, nature = listed.texts("siren")[n], listed.texts("nature")[n]
        if code in seen:
            continue
        seen.add(code)
        if nature in natures:
            kept.append(n)
        else:
            left[nature] += 1
    if not kept:
        raise scenario_error(
            "aucun EPCI de cette nature", "no EPCI of this kind", key="natures", value=natures
        )
    for nature, number in left.items():
        message = Text(
            "{n} EPCI de nature « {nature} » laissés de côté", "{n} EPCI of kind '{nature}' left out"
        )
        job.remark(message.format(n=number, nature=nature))
    regimes = {listed.texts("regime")[n] for n in kept} - set(_REGIMES)
    if regimes:
        message = Text("régime fiscal inconnu", "unknown tax regime")
        raise ScenarioError([Problem(message, listed.file, key="mode_financement", value=sorted(regimes)[0])])
    members = sheets.get(MEMBERS.name, [])
    shares = _largest_shares(members[0]) if members else {}
    _write_territories(job, listed, kept, shares)


def _of_vintage(listed: Sheet, job: Job) -> list[int]:
    """Return the rows of the vintage asked for; of the latest one without."""
    years = listed.numbers("vintage")
    if np.isnan(years).all():
        return list(range(len(listed)))
    wanted = float(job.count("vintage", 1990, 2100) if job.option("vintage") else np.nanmax(years))
    rows = np.flatnonzero(years == wanted).tolist()
    if not rows:
        known = ", ".join(f"{y:.0f}" for y in np.unique(years[~np.isnan(years)]))
        raise scenario_error(
            "millésime absent", "no such vintage", key="vintage", value=wanted, allowed=known
        )
    return [int(n) for n in rows]


def _largest_shares(members: Sheet) -> dict[str, float]:
    people: dict[str, list[float]] = defaultdict(list)
    for code, number in zip(members.texts("siren"), members.numbers("population"), strict=True):
        people[code].append(float(np.nan_to_num(number)))
    return {code: round(max(each) / sum(each), 4) for code, each in people.items() if sum(each) > 0}


def _write_territories(job: Job, listed: Sheet, kept: Sequence[int], shares: Mapping[str, float]) -> None:
    texts = {name: listed.texts(name) for name in ("siren", "name", "regime", "departement")}
    people, communes = listed.numbers("population"), listed.numbers("communes")
    values: dict[str, dict[str, str | float]] = {}
    for n in kept:
        row: dict[str, str | float] = {
            "name": texts["name"][n],
            "population": float(people[n]),
            "tax_regime": _REGIMES[texts["regime"][n]],
            "commune_count": float(communes[n]),
        }
        if "departement" in listed.cells:
            row["departement"] = texts["departement"][n]
        if shares:
            row["largest_commune_share"] = shares.get(texts["siren"][n], 1.0)
        values[texts["siren"][n]] = row
    folder = job.folder
    folder.update("territories", "code", values, add=True)
    year, population_year = job.option("year"), job.option("population_year")
    source = "DGCL and INSEE, list of EPCI with own taxation and legal populations"
    folder.cite(
        "territories",
        Note(("code", "name", "tax_regime", "commune_count"), source, "measured", year=year),
        Note(("population",), source, "measured", "inhabitants", population_year),
    )
    if shares:
        folder.cite("territories", Note(("largest_commune_share",), source, "measured", "1", population_year))
    if "departement" in listed.cells:
        folder.cite("territories", Note(("departement",), source, "measured", year=year))
    job.head = head_text(folder.path.name, int(population_year))


def members_of(sheets: Iterable[Sheet], codes: Sequence[str]) -> dict[str, str]:
    """Return the territory of each commune, from compositions of which the first that knows a commune is right.

    Raises
    ------
    ScenarioError
        When a territory of the case has no commune in any of them.
    """
    home: dict[str, str] = {}
    for sheet in sheets:
        for commune, code in zip(sheet.texts("commune"), sheet.texts("siren"), strict=True):
            home.setdefault(commune, code)
    known = set(home.values())
    without = [code for code in codes if code not in known]
    if without:
        message = Text(
            "territoires sans commune dans cette composition : {which}",
            "territories without a commune in this composition: {which}",
        )
        shown = ", ".join(without[:_PLENTY]) + (" …" if len(without) > _PLENTY else "")
        raise ScenarioError([Problem(message.format(which=shown))])
    return {commune: code for commune, code in home.items() if code in set(codes)}


def today(moves: Iterable[Sheet]) -> dict[str, str]:
    """Return the commune of today that holds each former one (mergers; INSEE, mvtcommune)."""
    after: dict[str, tuple[str, str]] = {}
    for sheet in moves:
        columns = (sheet.texts(name) for name in ("date", "kind_before", "before", "kind_after", "after"))
        for date, kind_before, before, kind_after, new in zip(*columns, strict=True):
            # a commune that ends becomes part of another: the last event of its code counts
            if (
                kind_before == kind_after == "COM"
                and before != new
                and date >= after.get(before, ("", ""))[0]
            ):
                after[before] = (date, new)
    out: dict[str, str] = {}
    for start in after:
        code, steps = start, 0
        while code in after and steps < 10:  # noqa: PLR2004 - no commune moved more often
            code, steps = after[code][1], steps + 1
        out[start] = code
    return out


def districts() -> frozenset[str]:
    """Return the codes of the arrondissements of Paris, Lyon and Marseille, which stand beside their commune."""
    return frozenset(str(code) for codes in _CITIES.values() for code in codes)


def wholes() -> frozenset[str]:
    """Return the codes of the three communes that have arrondissements."""
    return frozenset(_CITIES)


def inherited(job: Job, sheets: Iterable[Sheet]) -> dict[str, list[tuple[str, float]]]:
    """Return, for each territory, the codes under which a file knows it and the share of each that is its.

    A territory is itself unless ``predecessors`` name others (mergers and splits since the file was made).
    """
    out: dict[str, list[tuple[str, float]]] = {code: [(code, 1.0)] for code in job.folder.codes()}
    merged: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for sheet in sheets:
        columns = (sheet.texts("territory"), sheet.texts("predecessor"), sheet.numbers("share"))
        for code, before, share in zip(*columns, strict=True):
            merged[code].append((before, float(share)))
    return out | {code: parts for code, parts in merged.items() if code in out}
