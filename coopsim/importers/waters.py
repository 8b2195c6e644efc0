"""Water from a few assumptions: own streams of each territory, main rivers that cross them, one service each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.folder import Note, Value
from coopsim.importers.job import Job
from coopsim.importers.land_cover import farmland_ha
from coopsim.importers.layouts import BASINS, CLC, MAIN_RIVERS, MONTHS, PREDECESSORS, REGIMES
from coopsim.importers.perimeters import inherited
from coopsim.importers.reading import Sheet
from coopsim.importers.synthesis import sector_jobs
from coopsim.registry import nearest

_HA_PER_KM2 = 100.0
_DAYS = 365.0
_DEKADS_PER_MONTH = 3
_SMALL = 80.0  # m³/s: above, the legal floor may be a twentieth (code de l'environnement L214-18)


@dataclass(slots=True)
class Basin:
    """What is assumed of the streams of a département."""

    runoff: float
    regime: str
    irrigated: float


@dataclass(slots=True)
class Reach:
    """A main river where it crosses a territory."""

    node: str
    river: str
    territory: str
    module: float
    into: str
    above: list["Reach"] = field(default_factory=list)
    below: str = ""


def import_water(job: Job) -> None:
    """Nodes of the territories' own streams and of main rivers, their regimes, and one water service each."""
    sheets = job.read(BASINS, MAIN_RIVERS, REGIMES, CLC, PREDECESSORS)
    basins = _basins(job.one(sheets, BASINS))
    reaches = _reaches(job.one(sheets, MAIN_RIVERS), job.folder.codes())
    _write_regimes(job, job.one(sheets, REGIMES))
    clc, parts = job.one(sheets, CLC), inherited(job, sheets.get(PREDECESSORS.name, []))
    rows = job.folder.rows("territories")
    for name in ("area_ha", "population"):
        job.folder.needed(name)
    crossed = {reach.territory for reach in reaches}
    share = job.assumed("river_intake_share").value
    nodes: list[Mapping[str, Value]] = []
    for row in rows:
        basin = basins.get(row.get("departement", ""))
        if basin is None:
            message = Text(
                "aucune hypothèse d'eau pour ce département", "no assumption on water for this département"
            )
            raise ScenarioError(
                [
                    Problem(
                        message,
                        "territories.csv",
                        key=row["code"],
                        value=row.get("departement", ""),
                        allowed=nearest(row.get("departement", ""), list(basins)),
                    )
                ]
            )
        own = 1.0 - share if row["code"] in crossed else 1.0
        irrigated = basin.irrigated * farmland_ha(clc, parts[row["code"]])
        nodes.append(_stream(job, row, basin, own, irrigated * own))
        mine = [reach for reach in reaches if reach.territory == row["code"]]
        nodes += [
            _river(job, row, reach, basins, (1.0 - own) / len(mine), irrigated * (1.0 - own) / len(mine))
            for reach in mine
        ]
    job.folder.replace("water_nodes", nodes)
    _cite_nodes(job)
    _services(job)


def _basins(sheet: Sheet) -> dict[str, Basin]:
    columns = (
        sheet.texts("departement"),
        sheet.numbers("runoff"),
        sheet.texts("regime"),
        sheet.numbers("irrigated"),
    )
    return {
        dep: Basin(float(runoff), regime, float(share))
        for dep, runoff, regime, share in zip(*columns, strict=True)
    }


def _reaches(sheet: Sheet, codes: Sequence[str]) -> list[Reach]:
    """Return the reaches of the main rivers, each linked to the next one down, and those above it."""
    order = np.argsort(sheet.numbers("order"), kind="stable")
    names = {name: sheet.texts(name) for name in ("river", "territory", "into")}
    module = sheet.numbers("module")
    reaches: list[Reach] = []
    problems = []
    for n in order:
        code = names["territory"][n]
        if code not in codes:
            message = Text("territoire inconnu du cas", "no territory of the case")
            problems.append(
                Problem(
                    message, sheet.file, sheet.lines[n], "territory", code, nearest=nearest(code, list(codes))
                )
            )
            continue
        river = names["river"][n]
        number = sum(reach.river == river for reach in reaches) + 1
        reaches.append(Reach(f"{_code(river)}_{number}", river, code, float(module[n]), names["into"][n]))
    if problems:
        raise ScenarioError(problems)
    for river in dict.fromkeys(reach.river for reach in reaches):
        chain = [reach for reach in reaches if reach.river == river]
        for one, following in pairwise(chain):
            one.below = following.node
            following.above.append(one)
        _join(chain[-1], reaches, sheet.file)
    return reaches


def _join(last: Reach, reaches: Sequence[Reach], file: str) -> None:
    """Link the last reach of a tributary to the reach of the river that it joins, at the territory named."""
    if not last.into:
        return
    river, _, code = last.into.partition(":")
    found = [reach for reach in reaches if reach.river == river and reach.territory == code]
    if not found:
        message = Text(
            "confluence inconnue : rivière:territoire attendu", "unknown confluence: river:territory expected"
        )
        raise ScenarioError([Problem(message, file, key="into", value=last.into)])
    last.below = found[0].node
    found[0].above.append(last)


def _code(name: str) -> str:
    return "".join(c for c in name.upper() if c.isalnum())


def _stream(
    job: Job, row: Mapping[str, str], basin: Basin, intake: float, irrigated: float
) -> dict[str, Value]:
    km2 = float(row["area_ha"]) / _HA_PER_KM2
    module = basin.runoff * km2
    return {
        "node": f"N{row['code']}",
        "name": f"Cours d'eau propres – {row['name']}",
        "territory": row["code"],
        "downstream": "",
        "local_module_m3s": round(module, 3),
        "boundary_module_m3s": 0.0,
        "regime": basin.regime,
        "doe_m3s": round(job.assumed("doe_share").value * module, 4),
        "floor_share": 0.1,
        "floor_m3s": None,
        "irrigated_ha": round(irrigated, 1),
        "intake_share": round(intake, 6),
        "other_demand_m3s": round(job.assumed("livestock_m3s_per_km2").value * km2, 5),
        "other_consumed_share": 0.8,
        "lon": row.get("lon", ""),
        "lat": row.get("lat", ""),
    }


def _river(
    job: Job,
    row: Mapping[str, str],
    reach: Reach,
    basins: Mapping[str, Basin],
    intake: float,
    irrigated: float,
) -> dict[str, Value]:
    above = sum(other.module for other in reach.above)
    first = not reach.above
    return {
        "node": reach.node,
        "name": f"{reach.river} – {row['name']}",
        "territory": row["code"],
        "downstream": reach.below,
        "local_module_m3s": 0.0 if first else round(max(reach.module - above, 0.0), 3),
        "boundary_module_m3s": round(reach.module, 3) if first else 0.0,
        "regime": basins[row["departement"]].regime,
        "doe_m3s": round(job.assumed("doe_share").value * max(reach.module, above), 3),
        "floor_share": 0.05 if reach.module > _SMALL else 0.1,
        "floor_m3s": None,
        "irrigated_ha": round(irrigated, 1),
        "intake_share": round(intake, 6),
        "other_demand_m3s": 0.0,
        "other_consumed_share": 0.8,
        "lon": row.get("lon", ""),
        "lat": row.get("lat", ""),
    }


def _write_regimes(job: Job, sheet: Sheet) -> None:
    rows: list[Mapping[str, Value]] = []
    months = np.array([sheet.numbers(month) for month in MONTHS])  # (12, regimes)
    shape = np.repeat(months / months.mean(axis=0), _DEKADS_PER_MONTH, axis=0)
    for n, (regime, kind) in enumerate(zip(sheet.texts("regime"), sheet.texts("kind"), strict=True)):
        values = np.round(shape[:, n], 5)
        rows += [
            {"regime": regime, "kind": kind, "dekad": dekad + 1, "value": float(value)}
            for dekad, value in enumerate(values)
        ]
    job.folder.replace("water_regimes", rows)
    job.folder.cite(
        "water_regimes",
        Note(("regime", "kind", "dekad"), "compiled by the authors", "assumption"),
        Note(
            ("value",),
            "monthly coefficients of the main regimes (Pardé), each month the same over its three dekads",
            "assumption",
            "1",
            low="-30 %",
            high="+30 %",
        ),
    )


def _services(job: Job) -> None:
    """Write one water service for each territory, sized to its peak day."""
    folder = job.folder
    head, peak, margin, network = (
        job.assumed(name)
        for name in ("drinking_m3_per_head", "service_peak", "service_margin", "network_yield")
    )
    industry = sector_jobs(folder)
    water = {row["sector"]: float(row["water_m3_per_job"]) for row in folder.rows("sectors")}
    bodies: list[Mapping[str, Value]] = []
    members: list[Mapping[str, Value]] = []
    for row in folder.rows("territories"):
        jobs = industry.get(row["code"], {})
        need = head.value * float(row["population"]) + sum(water[k] * n for k, n in jobs.items())
        code = f"eau_{row['code']}"
        bodies.append(
            {
                "body": code,
                "name": f"Services d'eau – {row['name']}",
                "kind": "water_syndicate",
                "powers": "1502",
                "decision_rule": "majority",
                "capacity_m3_per_day": round(margin.value * peak.value * need / _DAYS),
                "network_yield": network.value,
                "source": "one service per territory: assumption",
            }
        )
        members.append({"body": code, "territory": row["code"], "population_share": 1.0, "seats": 10})
    folder.replace("bodies", bodies)
    folder.replace("body_members", members)
    every = "one water service per territory"
    sized = f"({head} + jobs × water_m3_per_job)/365 × {peak} × {margin}"
    folder.cite(
        "bodies",
        Note(("body", "name", "kind", "powers", "source"), every, "assumption"),
        Note(("decision_rule",), "simple majority of seats: CGCT L5211-1 and L2121-20", "literature"),
        Note(("capacity_m3_per_day",), sized, "assumption", "m³/day", low="×0.85", high="×1.3"),
        Note(
            ("network_yield",),
            f"{network.source}",
            network.grade,
            "1",
            low=f"{network.low:g}",
            high=f"{network.high:g}",
        ),
    )
    folder.cite("body_members", Note(("body", "territory", "population_share", "seats"), every, "assumption"))


def _cite_nodes(job: Job) -> None:
    own = (
        "one node for the own streams of each territory, linked to no other; main rivers as chains of reaches"
    )
    doe, share, livestock = (
        job.assumed(name) for name in ("doe_share", "river_intake_share", "livestock_m3s_per_km2")
    )
    job.folder.cite(
        "water_nodes",
        Note(("node", "name", "territory", "downstream"), own, "assumption"),
        Note(
            ("local_module_m3s",),
            "own streams: area × specific runoff of the département; reaches: mean flow minus those above",
            "assumption",
            "m³/s",
            low="-40 %",
            high="+40 %",
        ),
        Note(
            ("boundary_module_m3s",),
            "first reach of a main river: its mean flow there",
            "assumption",
            "m³/s",
            low="-25 %",
            high="+25 %",
        ),
        Note(("regime",), "by département", "assumption"),
        Note(
            ("doe_m3s",),
            f"{doe}: {doe.source}",
            "assumption",
            "m³/s",
            low=f"{doe.low:g}",
            high=f"{doe.high:g}",
        ),
        Note(
            ("floor_share", "floor_m3s"),
            "code de l'environnement L214-18: one tenth, down to one twentieth above 80 m³/s",
            "literature",
            "share of mean flow",
            "2006",
        ),
        Note(
            ("irrigated_ha",),
            "farmland of CORINE × share irrigated, by département; 1.8 Mha in all (census of 2020, order of magnitude)",
            "assumption",
            "ha",
            "2020",
            low="÷2",
            high="×2",
        ),
        Note(
            ("intake_share",),
            f"{share}: {share.source}; own streams elsewhere",
            "assumption",
            "1",
            low=f"{share.low:g}",
            high=f"{share.high:g}",
        ),
        Note(
            ("other_demand_m3s", "other_consumed_share"),
            f"{livestock}: {livestock.source}, 80 % consumed",
            "assumption",
            "m³/s",
            low="÷2",
            high="×2",
        ),
        Note(("lon", "lat"), "centre of the territory", "assumption", "degree WGS84"),
    )
