"""What is allowed but looks wrong in the tables of a case: magnitudes, units, use against resource."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from coopsim.errors import Problem
from coopsim.governance.agreements import FAULTS, agreement_faults
from coopsim.governance.seats import SeatLaw, community_seats
from coopsim.i18n import Text
from coopsim.scenario.scenario import Scenario
from coopsim.scenario.shipped import shipped
from coopsim.types import FloatArray

if TYPE_CHECKING:
    import pandas as pd

    from coopsim.scenario.case import Case

_FIRST_LAW = 2014  # year of the first law in the file
_SECONDS_PER_YEAR = 31_557_600
_M3S_PER_KM2 = (0.0005, 0.08)  # mean specific runoff of French basins, from the driest to the wettest
_USED_SHARE = 0.5  # a basin in which mean use is half of mean flow is badly described, or dry every summer
_UNEMPLOYED = 0.35
_VOLUME_PER_HA = 1200.0  # m³/ha, above the fullest French stands
_SUM_TOLERANCE = 0.05

# Ratios of two columns of territories.csv: low and high beyond which a unit is probably wrong.
_RATIOS = (
    ("population", "area_ha", 0.0005, 300.0, "persons/ha"),
    ("active", "population", 0.25, 0.65, "1"),
    ("jobs", "population", 0.02, 3.0, "jobs/person"),
    ("dwellings", "population", 0.25, 3.0, "dwellings/person"),
    ("housing_land_ha", "population", 0.0005, 0.5, "ha/person"),
    ("economic_land_ha", "jobs", 0.0005, 0.5, "ha/job"),
)
_BUDGET = (0.1, 10.0)  # k€/person


def case_warnings(scenario: Scenario) -> list[Problem]:
    """Return what looks wrong in a scenario's case; a synthetic case is only checked for what it draws on."""
    case = scenario.load_case()
    found = [*_water(case, scenario), *_wood(case)]
    if case.folder is not None:
        found += [*_ratios(case), *_communes(case), *_agreements(case, scenario), *_runoff(case)]
        found = [replace(problem, file=f"{case.folder.name}/{problem.file}") for problem in found]
    return found


def _ratios(case: "Case") -> Iterator[Problem]:
    table = case.territories
    for part, whole, low, high, unit in _RATIOS:
        ratio = _divided(table[part], table[whole])
        for code, x in zip(table["code"], ratio, strict=True):
            if x and not low <= x <= high:
                message = Text("{part} / {whole} étonne : {code}", "{part} / {whole} surprises: {code}")
                yield Problem(
                    message.format(part=part, whole=whole, code=code),
                    "territories.csv",
                    0,
                    part,
                    f"{x:.4g} {unit}",
                    f"{low:g} – {high:g}",
                )
    unemployed = _divided(table["unemployed"], table["active"])
    for code, x, budget in zip(table["code"], unemployed, table["budget_keur_per_head"], strict=True):
        if x > _UNEMPLOYED:
            message = Text("chômage très élevé : {code}", "very high unemployment: {code}").format(code=code)
            yield Problem(message, "territories.csv", 0, "unemployed", round(float(x), 3), f"≤ {_UNEMPLOYED}")
        if not _BUDGET[0] <= budget <= _BUDGET[1]:
            message = Text("en k€ par habitant ? {code}", "in k€ per inhabitant? {code}").format(code=code)
            allowed = f"{_BUDGET[0]:g} – {_BUDGET[1]:g}"
            yield Problem(message, "territories.csv", 0, "budget_keur_per_head", float(budget), allowed)


def _divided(part: Any, whole: Any) -> FloatArray:
    a, b = np.asarray(part, float), np.asarray(whole, float)
    out: FloatArray = np.divide(a, b, out=np.zeros_like(a), where=b > 0)
    return out


def _communes(case: "Case") -> Iterator[Problem]:
    """Communes of a territory sum to it."""
    if case.communes.empty:
        return
    sums = case.communes.groupby("territory")[["population", "area_ha", "dwellings", "jobs"]].sum()
    for row in case.territories.to_dict("records"):
        for column in sums.columns if row["code"] in sums.index else ():
            total, whole = float(sums.loc[row["code"], column]), float(row[column])
            if abs(total - whole) > _SUM_TOLERANCE * max(whole, 1.0):
                message = Text(
                    "les communes de {code} font {total:.6g}, le territoire {whole:.6g}",
                    "communes of {code} sum to {total:.6g}, the territory has {whole:.6g}",
                ).format(code=row["code"], total=total, whole=whole)
                yield Problem(message, "communes.csv", 0, column)


def _agreements(case: "Case", scenario: Scenario) -> Iterator[Problem]:
    """Seats that a case gives its communes, against what the law would have of a local agreement."""
    given = case.communes
    if given.empty or not given["seats"].notna().any():
        return
    table = tomllib.loads((shipped("law") / "councils.toml").read_text(encoding="utf-8"))
    law = SeatLaw.from_table(table, date(max(scenario.start_year, _FIRST_LAW), 12, 31))
    for code, rows in given.groupby("territory"):
        seats = np.nan_to_num(rows["seats"].to_numpy(dtype=np.float64)).astype(np.int64)
        people = rows["population"].to_numpy(dtype=np.float64)
        if not (seats > 0).all() or np.array_equal(seats, community_seats(people, law)):
            continue
        for fault in agreement_faults(people, seats, law):
            message = Text("accord local de {code} : {fault.fr}", "local agreement of {code}: {fault.en}")
            yield Problem(
                message.format(code=code, fault=FAULTS[fault]), "communes.csv", 0, "seats", int(seats.sum())
            )


def _wood(case: "Case") -> Iterator[Problem]:
    """Harvest against growth, stock against capacity and area."""
    for row in case.forest.to_dict("records"):
        volume, capacity, harvest = row["volume_m3"], row["capacity_m3"], row["harvest_m3_per_yr"]
        growth = row["growth_rate_per_yr"] * volume * (1 - volume / capacity) if capacity > 0 else 0.0
        where = f"{row['territory']} {row['group']} {row['ownership']}"
        if harvest > growth:
            message = Text(
                "récolte au-dessus de l'accroissement ({growth:.4g} m³/an) : {where}",
                "harvest above the increment ({growth:.4g} m³/yr): {where}",
            ).format(growth=growth, where=where)
            yield Problem(message, "forest.csv", 0, "harvest_m3_per_yr", harvest)
        if volume > capacity:
            message = Text("stock au-dessus de la capacité : {where}", "stock above the capacity: {where}")
            yield Problem(message.format(where=where), "forest.csv", 0, "volume_m3", volume)
        if row["area_ha"] > 0 and volume / row["area_ha"] > _VOLUME_PER_HA:
            message = Text("volume par hectare étonnant : {where}", "surprising volume per hectare: {where}")
            yield Problem(message.format(where=where), "forest.csv", 0, "volume_m3", volume)


def _water(case: "Case", scenario: Scenario) -> Iterator[Problem]:
    """Use against mean flow, targets against mean flow, territories and nodes that draw nothing."""
    nodes = case.water_nodes
    if nodes.empty or not scenario.submodels.water:
        return
    own = nodes["local_module_m3s"] + nodes["boundary_module_m3s"]
    module, use = _routed(nodes, own.to_numpy(float)), _use(case, scenario)
    used = _routed(nodes, use)
    for n, row in enumerate(nodes.to_dict("records")):
        for name in ("doe_m3s", "floor_m3s"):
            if row[name] > module[n]:
                message = Text(
                    "au-dessus du débit moyen ({m:.4g}) : {node}", "above the mean flow ({m:.4g}): {node}"
                )
                text = message.format(m=module[n], node=row["node"])
                yield Problem(text, "water_nodes.csv", 0, name, row[name])
        if used[n] > _USED_SHARE * module[n]:
            message = Text(
                "les usages ({used:.3g} m³/s) dépassent la moitié du débit moyen ({m:.3g}) : {node}",
                "uses ({used:.3g} m³/s) are above half of the mean flow ({m:.3g}): {node}",
            ).format(used=used[n], m=module[n], node=row["node"])
            yield Problem(message, "water_nodes.csv", 0, "local_module_m3s")
    people = case.territories.loc[case.territories["population"] > 0, "code"]
    dry = [code for code in people if code not in set(nodes["territory"])]
    if dry and case.folder is not None:
        message = Text("aucun nœud d'eau : {which}", "no water node: {which}").format(which=", ".join(dry))
        yield Problem(message, "water_nodes.csv", 0, "territory")
    idle = nodes.loc[use <= 0, "node"]
    if len(idle) and case.folder is not None:
        message = Text("nœuds sans aucun prélèvement : {which}", "nodes without any intake: {which}")
        yield Problem(message.format(which=", ".join(idle)), "water_nodes.csv", 0, "intake_share")


def _routed(nodes: "pd.DataFrame", own: FloatArray) -> FloatArray:
    """Return for each node the sum of a flow over it and all nodes above it, m3/s."""
    place = {node: n for n, node in enumerate(nodes["node"])}
    below = [place.get(node, -1) for node in nodes["downstream"]]
    total = np.zeros_like(own)
    for n, flow in enumerate(own):
        step = n
        while step >= 0:
            total[step] += flow
            step = below[step]
    return total


def _use(case: "Case", scenario: Scenario) -> FloatArray:
    """Return a rough mean withdrawal at each node, m3/s; what returns to the river is not subtracted."""
    nodes, territories = case.water_nodes, case.territories.set_index("code")
    per_job = float((case.sectors["share_of_group"] * case.sectors["water_m3_per_job"]).mean())
    drinking = territories["population"] * scenario.number("resources.water.drinking_m3_per_head")
    local = (drinking + territories["jobs"] * per_job).reindex(nodes["territory"]).to_numpy(float)
    per_ha = scenario.number("resources.water.irrigation_m3_per_ha")
    irrigation = nodes["irrigated_ha"].to_numpy(float) * per_ha
    taken = (local * nodes["intake_share"].to_numpy(float) + irrigation) / _SECONDS_PER_YEAR
    out: FloatArray = taken + nodes["other_demand_m3s"].to_numpy(float)
    return out


def _runoff(case: "Case") -> Iterator[Problem]:
    """Runoff of the whole case against its area."""
    area_km2 = float(case.territories["area_ha"].sum()) / 100
    runoff = float(case.water_nodes["local_module_m3s"].sum())
    if runoff and area_km2 and not _M3S_PER_KM2[0] <= runoff / area_km2 <= _M3S_PER_KM2[1]:
        message = Text("débit par km² étonnant : est-ce en m³/s ?", "surprising flow per km²: in m³/s?")
        allowed = f"{_M3S_PER_KM2[0]:g} – {_M3S_PER_KM2[1]:g} m³/s/km²"
        value = round(runoff / area_km2, 6)
        yield Problem(message, "water_nodes.csv", 0, "local_module_m3s", value, allowed)
