"""Land uses by EPCI from CORINE Land Cover, completed by what it cannot see."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.i18n import Text
from coopsim.importers.folder import Note, Value
from coopsim.importers.job import Job
from coopsim.importers.layouts import CLC, PREDECESSORS
from coopsim.importers.perimeters import inherited
from coopsim.importers.reading import Sheet
from coopsim.importers.synthesis import sector_jobs

URBAN = ("c111", "c112")
INDUSTRY = ("c121",)
OTHER = ("c122", "c123", "c124", "c131", "c132", "c133", "c141", "c142")
FARMLAND = ("c211", "c212", "c213", "c221", "c222", "c223", "c241", "c242")
_FULL = 0.95  # share of the area that land uses may fill: parks and rivers remain everywhere
_PLENTY = 5


def import_corine(job: Job) -> None:
    """Housing, economic, other artificial and protected land of each territory."""
    sheets = job.read(CLC, PREDECESSORS)
    clc = job.one(sheets, CLC)
    parts = inherited(job, sheets.get(PREDECESSORS.name, []))
    facts = {name: job.folder.needed(name) for name in ("area_ha", "dwellings")}
    wanted = _wanted(job)
    seen = {
        name: dict(zip(clc.texts("siren"), clc.numbers(name), strict=True))
        for name in (*URBAN, *INDUSTRY, *OTHER)
    }
    absent = [code for code, each in parts.items() if not any(part in seen["c111"] for part, _ in each)]
    values: dict[str, dict[str, Value]] = {}
    for code, each in parts.items():
        cover = Cover(*(_total(seen, names, each) for names in (URBAN, INDUSTRY, OTHER)))
        values[code] = _uses(job, facts["area_ha"][code], facts["dwellings"][code], wanted[code], cover)
    job.folder.update("territories", "code", values)
    if absent:
        message = Text(
            "{n} territoires absents de CORINE : habitat au logement : {which}",
            "{n} territories not in CORINE: housing land by dwelling: {which}",
        )
        shown = ", ".join(absent[:_PLENTY]) + (" …" if len(absent) > _PLENTY else "")
        job.remark(message.format(n=len(absent), which=shown))
    _cite(job)


def farmland_ha(clc: Sheet, parts: Sequence[tuple[str, float]]) -> float:
    """Return arable land, orchards, vineyards and mixed crops of a territory, ha."""
    seen = {name: dict(zip(clc.texts("siren"), clc.numbers(name), strict=True)) for name in FARMLAND}
    return _total(seen, FARMLAND, parts)


@dataclass(frozen=True, slots=True)
class Cover:
    """Artificial land that CORINE shows in a territory, ha: urban fabric, activity, the rest."""

    urban: float
    activity: float
    other: float

    @property
    def artificial(self) -> float:
        """All of it."""
        return self.urban + self.activity + self.other


def _wanted(job: Job) -> dict[str, float]:
    """Return the land that the companies of each territory would hold at the land per job of their sectors, ha."""
    per_job = {row["sector"]: 1e-4 * float(row["land_m2_per_job"]) for row in job.folder.rows("sectors")}
    return {
        code: sum(per_job[sector] * posts for sector, posts in jobs.items())
        for code, jobs in sector_jobs(job.folder).items()
    }


def _total(
    seen: dict[str, dict[str, float]], names: Sequence[str], parts: Sequence[tuple[str, float]]
) -> float:
    return float(
        sum(share * np.nan_to_num(seen[name].get(code, 0.0)) for name in names for code, share in parts)
    )


def _uses(job: Job, area: float, dwellings: float, wanted: float, cover: Cover) -> dict[str, Value]:
    """Return the land uses of a territory, ha; scaled down together where they would fill it."""
    scattered = 1e-4 * job.assumed("housing_m2_per_dwelling").value * dwellings
    housing = max(cover.urban, min(scattered, job.assumed("housing_scattered_ceiling").value * area))
    other = max(cover.other, job.assumed("other_artificial_share").value * area)
    built = max(cover.artificial, housing + other)
    economic = min(wanted, job.assumed("economic_ceiling").value * built)
    vacant_share = job.assumed("economic_vacant_share").value
    uses = {
        "housing_land_ha": housing,
        "economic_land_ha": economic,
        "economic_vacant_ha": economic * vacant_share / (1.0 - vacant_share),
        "brownfield_ha": job.assumed("brownfield_share").value * economic,
        "other_artificial_ha": other,
        "protected_ha": job.assumed("protected_share").value * area,
    }
    scale = min(1.0, _FULL * area / max(sum(uses.values()), 1e-9))
    intensity = min(1.0, scale * economic / wanted) if wanted > 0.0 else 1.0
    out: dict[str, Value] = {name: round(scale * value, 1) for name, value in uses.items()}
    return out | {"land_intensity": round(intensity, 4)}


def _cite(job: Job) -> None:
    names = (
        "housing_m2_per_dwelling",
        "housing_scattered_ceiling",
        "economic_vacant_share",
        "brownfield_share",
        "other_artificial_share",
        "protected_share",
    )
    c = {name: job.assumed(name) for name in names}
    ceiling = job.assumed("economic_ceiling")

    def by(name: str, column: str, also: str = "", grade: str = "assumption") -> Note:
        one = c[name]
        return Note(
            (column,),
            f"{also}{one}: {one.source}",
            grade,
            "ha",
            "2018",
            low=f"{one.low:g}",
            high=f"{one.high:g}",
        )

    job.folder.cite(
        "territories",
        by(
            "housing_m2_per_dwelling",
            "housing_land_ha",
            "CORINE Land Cover 2018 classes 111+112 (Copernicus; ADEME, ALDO), not below ",
        ),
        Note(
            ("economic_land_ha",),
            f"posts of companies × land_m2_per_job of sectors.csv, at most {ceiling}",
            "assumption",
            "ha",
            "2018",
            low="-40 %",
            high="+60 %",
            note="CORINE class 121 is part of artificial land only: 25 ha minimum unit",
        ),
        Note(
            ("land_intensity",),
            f"economic_land_ha over posts × land_m2_per_job; {ceiling.source}",
            "assumption",
            "1",
            low=f"{ceiling.low:g} of artificial land",
            high=f"{ceiling.high:g}",
        ),
        by("economic_vacant_share", "economic_vacant_ha"),
        by("brownfield_share", "brownfield_ha"),
        by(
            "other_artificial_share",
            "other_artificial_ha",
            "CORINE Land Cover 2018 classes 122 to 142, not below ",
        ),
        by("protected_share", "protected_ha"),
    )
