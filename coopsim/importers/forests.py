"""Forests by EPCI (IGN inventory and BD Forêt, as ADEME's ALDO gives them): strata by species group and ownership."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.i18n import Text
from coopsim.importers.folder import Note, Value
from coopsim.importers.job import Job
from coopsim.importers.layouts import BIOMASS, FOREST_AREA, HARVEST, PREDECESSORS
from coopsim.importers.perimeters import inherited
from coopsim.importers.reading import Sheet

SPECIES = ("broadleaf", "conifer")
_BIOMASS_ROWS = {"Feuillu": "broadleaf", "Conifere": "conifer", "Mixte": "mixed", "Peupleraie": "poplar"}
_HARVEST_ROWS = {"feuillus": "broadleaf", "coniferes": "conifer"}
_RATES = ("volume", "production", "harvest", "mortality")
_PLENTY = 5
_LOW = 0.8  # sampling error of regional rates


@dataclass(slots=True)
class Stand:
    """Forest of one species group of one territory: ha, m³, and m³ a year."""

    area: float = 0.0
    volume: float = 0.0
    production: float = 0.0
    harvest: float = 0.0
    mortality: float = 0.0

    def add(self, area: float, rates: Mapping[str, float], share: float) -> None:
        """Add a share of an area with its rates per hectare."""
        self.area += share * area
        for name in _RATES:
            setattr(self, name, getattr(self, name) + share * area * rates[name])


def import_forest(job: Job) -> None:
    """Area, volume, growth, harvest of broadleaf and conifer stands, by ownership."""
    sheets = job.read(FOREST_AREA, BIOMASS, HARVEST, PREDECESSORS)
    areas = _areas(job.one(sheets, FOREST_AREA))
    rates, doubled = _rates(job.one(sheets, BIOMASS))
    if doubled:
        message = Text(
            "{n} lignes données deux fois, additionnées par surface", "{n} rows given twice, added up by area"
        )
        job.remark(message.format(n=doubled))
    felled = _felled(sheets[HARVEST.name][0]) if HARVEST.name in sheets else {}
    known = inherited(job, sheets.get(PREDECESSORS.name, []))
    rows: list[Mapping[str, Value]] = []
    absent = []
    for code, parts in known.items():
        stands = _stands(job, parts, areas, rates)
        if not any(part in areas for part, _ in parts):
            absent.append(code)
        surveyed = {g: sum(share * felled.get((part, g), math.nan) for part, share in parts) for g in SPECIES}
        for group in SPECIES:
            if stands[group].area > 0.0 and stands[group].volume > 0.0:
                rows += _strata(job, code, group, stands[group], surveyed[group])
    if absent:
        message = Text(
            "{n} territoires absents de ces fichiers, sans forêt : {which}",
            "{n} territories not in these files, without forest: {which}",
        )
        shown = ", ".join(absent[:_PLENTY]) + (" …" if len(absent) > _PLENTY else "")
        job.remark(message.format(n=len(absent), which=shown))
    job.folder.replace("forest", rows)
    _cite(job)


def _areas(sheet: Sheet) -> dict[str, dict[str, float]]:
    names = ("broadleaf", "conifer", "mixed", "poplar", "total")
    columns = {name: sheet.numbers(name) for name in names}
    return {
        code: {name: float(columns[name][n]) for name in names} for n, code in enumerate(sheet.texts("siren"))
    }


def _rates(sheet: Sheet) -> tuple[dict[tuple[str, str], dict[str, float]], int]:
    """Return rates per hectare by EPCI and composition; rows given twice are weighted by their area."""
    weight: dict[tuple[str, str], float] = defaultdict(float)
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: dict.fromkeys(_RATES, 0.0))
    area = sheet.numbers("area")
    columns = {name: sheet.numbers(name) for name in _RATES}
    doubled = 0
    for n, (code, kind) in enumerate(zip(sheet.texts("siren"), sheet.texts("composition"), strict=True)):
        if kind not in _BIOMASS_ROWS or math.isnan(columns["volume"][n]):
            continue  # the row of the whole comes from a wider region: it is not read
        where = (code, _BIOMASS_ROWS[kind])
        doubled += where in weight
        part = max(float(np.nan_to_num(area[n])), 1e-9)
        weight[where] += part
        for name in _RATES:
            sums[where][name] += part * float(np.nan_to_num(columns[name][n]))
    return {
        where: {name: total / weight[where] for name, total in each.items()} for where, each in sums.items()
    }, doubled


def _felled(sheet: Sheet) -> dict[tuple[str, str], float]:
    """Return the harvest of each EPCI and species group of the other estimate, m³ a year."""
    out: dict[tuple[str, str], float] = {}
    for code, kind, value in zip(
        sheet.texts("siren"), sheet.texts("composition"), sheet.numbers("felled"), strict=True
    ):
        if kind in _HARVEST_ROWS and not math.isnan(value):
            out[code, _HARVEST_ROWS[kind]] = float(value)
    return out


def _stands(
    job: Job,
    parts: Sequence[tuple[str, float]],
    areas: Mapping[str, Mapping[str, float]],
    rates: Mapping[tuple[str, str], Mapping[str, float]],
) -> dict[str, Stand]:
    """Return the stands of a territory; mixed ones are split, stands without recorded composition shared out."""
    mixed = job.assumed("mixed_broadleaf_share").value
    out = {group: Stand() for group in SPECIES}
    for code, share in parts:
        area = areas.get(code)
        if area is None:
            continue
        listed = sum(area[name] for name in ("broadleaf", "conifer", "mixed", "poplar"))
        scale = max(area["total"] / listed, 1.0) if listed > 0 else 1.0
        for kind, group, part in (
            ("broadleaf", "broadleaf", 1.0),
            ("poplar", "broadleaf", 1.0),
            ("conifer", "conifer", 1.0),
            ("mixed", "broadleaf", mixed),
            ("mixed", "conifer", 1.0 - mixed),
        ):
            rate = rates.get((code, kind)) or rates.get((code, group))
            if rate is not None and area[kind] > 0.0:
                out[group].add(part * scale * area[kind], rate, share)
    return out


def _strata(job: Job, code: str, group: str, stand: Stand, surveyed: float) -> list[dict[str, Value]]:
    """Return the rows of one species group: public, large private, fragmented private."""
    per_ha = job.assumed(f"capacity_{group}_m3_per_ha").value
    capacity = max(per_ha * stand.area, job.assumed("capacity_over_stock").value * stand.volume)
    net = max(stand.production - stand.mortality, 0.0)
    rate = net / (stand.volume * (1.0 - stand.volume / capacity))
    high = max(stand.harvest, 0.0 if math.isnan(surveyed) else surveyed)
    harvest = min(stand.harvest, job.assumed("sustained_share").value * net)
    low = min(_LOW * harvest, math.inf if math.isnan(surveyed) else surveyed)
    public = job.assumed("public_forest_share").value
    large = job.assumed("large_private_share").value * (1.0 - public)
    owners = job.assumed("owners_per_unit").value if group == "broadleaf" else 1.0
    split = {
        "public": (public, 1.0),
        "large_private": (large, 1.0),
        "fragmented_private": (1.0 - public - large, owners),
    }
    offered = sum(part * 2.0 / (1.0 + m) for part, m in split.values())
    rows: list[dict[str, Value]] = []
    for ownership, (part, m) in split.items():
        taken = part * 2.0 / (1.0 + m) / offered
        rows.append(
            {
                "territory": code,
                "group": group,
                "ownership": ownership,
                "area_ha": round(part * stand.area, 1),
                "volume_m3": round(part * stand.volume),
                "growth_rate_per_yr": round(rate, 5),
                "capacity_m3": round(part * capacity),
                "harvest_m3_per_yr": round(taken * harvest, 1),
                "harvest_low": round(taken * low, 1),
                "harvest_high": round(taken * high, 1),
                "owners_per_unit": m,
                "access": "",
            }
        )
    return [row for row in rows if row["volume_m3"]]


def _cite(job: Job) -> None:
    ign = "IGN, BD Forêt v2 and inventaire forestier 2012–2018, by EPCI (ADEME, ALDO)"
    names = (
        "public_forest_share",
        "large_private_share",
        "mixed_broadleaf_share",
        "owners_per_unit",
        "sustained_share",
    )
    c = {name: job.assumed(name) for name in names}
    k = [job.assumed(f"capacity_{group}_m3_per_ha") for group in SPECIES]
    split = f"{c['public_forest_share']} and {c['large_private_share']} everywhere; "
    split += f"poplar counts as broadleaf, {c['mixed_broadleaf_share']}"
    job.folder.cite(
        "forest",
        Note(("territory", "group", "ownership"), f"{ign}; {split}", "assumption"),
        Note(
            ("area_ha",),
            f"{ign}; split by ownership by assumption",
            "measured",
            "ha",
            "2018",
            low="public 2 %",
            high="public 70 %",
            note=split,
        ),
        Note(
            ("volume_m3",),
            f"{ign}, m³/ha × ha",
            "measured",
            "m³",
            "2012-2018",
            low="-20 %",
            high="+20 %",
            note="regional rates applied to local areas",
        ),
        Note(
            ("growth_rate_per_yr",),
            f"r = (P − M)/(V(1 − V/K)) from {ign}",
            "measured",
            "1/yr",
            "2012-2018",
            low="-25 %",
            high="+25 %",
            note="depends on the assumed K",
        ),
        Note(
            ("capacity_m3",),
            "; ".join(f"{group}: {one}" for group, one in zip(SPECIES, k, strict=True)),
            "assumption",
            "m³",
            low=f"{k[0].low:g};{k[1].low:g}",
            high=f"{k[0].high:g};{k[1].high:g}",
        ),
        Note(
            ("harvest_m3_per_yr",),
            f"{ign}, rate × area, capped: {c['sustained_share']}",
            "measured",
            "m³/yr",
            "2012-2018",
            note="shared out by ownership in proportion to 2/(1+m)",
        ),
        Note(
            ("harvest_low",),
            f"{ign}, -20 % (sampling error of regional rates), or the harvest of ALDO, the lower",
            "measured",
            "m³/yr",
            "2012-2018",
        ),
        Note(
            ("harvest_high",),
            f"{ign}, uncapped, or the harvest of ALDO, the higher",
            "measured",
            "m³/yr",
            "2012-2018",
        ),
        Note(
            ("owners_per_unit",),
            f"{c['owners_per_unit']} in fragmented broadleaf, 1 elsewhere",
            "assumption",
            "owners",
            low=f"{c['owners_per_unit'].low:g}",
            high=f"{c['owners_per_unit'].high:g}",
        ),
        Note(("access",), "blank: companies and councils of the territory itself", "assumption"),
    )
