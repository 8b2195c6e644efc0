"""Merged territories: a case whose perimeters are redrawn before the first day, communes and people unchanged.

Amounts are added, rates and amounts per head are weighted means, so that people, jobs, land, wood, water and money
are those of the case. The merged territory stands where its members' inhabitants live on average; its roads and links
are their means. What is not modelled: a merger's own cost, and what inhabitants feel of the new perimeter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from coopsim.scenario.case import Case
from coopsim.scenario.merger import Merger

_SUMS = (
    "area_ha", "population", "active", "unemployed", "jobs", "salaried_jobs", "dwellings", "vacant_dwellings",
    "housing_land_ha", "economic_land_ha", "economic_vacant_ha", "brownfield_ha", "other_artificial_ha",
    "protected_ha", "dgf_population", "commune_count",
)  # fmt: skip
# Weight of each mean; the others go by inhabitants.
_WEIGHT = {
    "cfe_rate_pct": "jobs", "land_intensity": "jobs", "site_constant": "jobs", "debt_share": "budget",
    "fiscal_potential_keur_per_head": "dgf_population", "rental_keur_per_dwelling": "dwellings",
    "property_tax_rate_pct": "dwellings", "second_home_tax_rate_pct": "dwellings",
}  # fmt: skip
_LARGEST = "largest_commune_share"


def merged(case: Case, mergers: Sequence[Merger]) -> Case:
    """Return the case with its territories merged."""
    for merger in mergers:
        case = _one(case, merger)
    return case


def _one(case: Case, merger: Merger) -> Case:
    new = dict.fromkeys(merger.members, merger.code)
    t = case.territories
    inside = t["code"].isin(merger.members)
    people = dict(zip(t["code"], t["population"].astype(float), strict=True))

    def moved(table: pd.DataFrame, column: str = "territory") -> pd.DataFrame:
        return table.assign(**{column: table[column].replace(new)}) if len(table) else table

    return replace(
        case,
        territories=pd.concat([t[~inside], _territory(t[inside], merger)], ignore_index=True),
        communes=_communes(case.communes, new),
        establishments=_added(moved(case.establishments), ["territory", "group", "size_class"], ["establishments"]),
        forest=_forest(moved(case.forest), new),
        water_nodes=moved(case.water_nodes),
        links=_links(case.links, new, people),
        commuting=_added(moved(moved(case.commuting, "from"), "to"), ["from", "to"], ["workers"]),
        body_members=_seats(case.body_members, new, people, merger),
        observed=case.observed[~case.observed["territory"].isin(merger.members)].reset_index(drop=True),
        geometry=_map(case.geometry, merger),
    )  # fmt: skip


def _mean(values: Any, weight: Any) -> float:
    """Return a weighted mean over what is known; NaN where nothing is."""
    x, w = np.asarray(values, dtype=np.float64), np.nan_to_num(np.asarray(weight, dtype=np.float64))
    known = np.isfinite(x)
    if not known.any():
        return float("nan")
    w = w[known]
    return float(np.average(x[known], weights=w)) if w.sum() > 0.0 else float(x[known].mean())


def _territory(rows: pd.DataFrame, merger: Merger) -> pd.DataFrame:
    weights: dict[str, Any] = {name: rows[name] for name in set(_WEIGHT.values()) - {"budget"}}
    weights["budget"] = rows["population"] * rows["budget_keur_per_head"]
    main = rows.sort_values("population", ascending=False, kind="stable").iloc[0]
    out: dict[str, Any] = {}
    for column in rows.columns:
        if column in _SUMS:
            out[column] = rows[column].sum(min_count=1)
        elif column == _LARGEST:
            out[column] = (rows[column] * rows["population"]).max() / max(rows["population"].sum(), 1e-12)
        elif rows[column].dtype.kind == "f":
            out[column] = _mean(
                rows[column], weights[_WEIGHT.get(column, "")] if column in _WEIGHT else rows["population"]
            )
        else:
            out[column] = main[column]
    out |= {"code": merger.code, "name": merger.name}
    return pd.DataFrame([out], columns=rows.columns).astype(rows.dtypes.to_dict())


def _communes(table: pd.DataFrame, new: Mapping[str, str]) -> pd.DataFrame:
    """Return the communes; those that merge lose the seats of their old council, which the law counts anew."""
    inside = table["territory"].isin(list(new))
    return table.assign(
        territory=table["territory"].replace(dict(new)), seats=table["seats"].where(~inside, 0)
    )


def _added(table: pd.DataFrame, keys: list[str], amounts: list[str]) -> pd.DataFrame:
    """Return a table whose rows of one key are one row, amounts added, the rest of the first."""
    if not len(table):
        return table
    rest = [c for c in table.columns if c not in (*keys, *amounts)]
    how: dict[str, Any] = dict.fromkeys(amounts, "sum") | dict.fromkeys(rest, "first")
    grouped = table.groupby(keys, sort=False, dropna=False, as_index=False).agg(how)
    return grouped[list(table.columns)].astype(table.dtypes.to_dict())


def _forest(table: pd.DataFrame, new: Mapping[str, str]) -> pd.DataFrame:
    """Return the strata; those open to a member of the merger are open to the whole of it."""
    if not len(table):
        return table

    def open_to(text: str) -> str:
        return ";".join(dict.fromkeys(new.get(code, code) for code in str(text).split(";")))

    table = table.assign(access=[open_to(text) for text in table["access"]])
    keys = ["territory", "group", "ownership", "access"]
    sums = ["area_ha", "volume_m3", "capacity_m3", "harvest_m3_per_yr", "harvest_low", "harvest_high"]
    out = _added(table, keys, sums)
    for row, (_, stratum) in enumerate(table.groupby(keys, sort=False, dropna=False)):
        out.loc[row, "growth_rate_per_yr"] = _mean(stratum["growth_rate_per_yr"], stratum["volume_m3"])
        out.loc[row, "owners_per_unit"] = _mean(stratum["owners_per_unit"], stratum["area_ha"])
    return out


def _links(table: pd.DataFrame, new: Mapping[str, str], people: Mapping[str, float]) -> pd.DataFrame:
    """Return the links: of each pair the mean of its members' roads, by inhabitants; neighbours where any two are."""
    pairs: dict[tuple[str, str], list[tuple[float, Any]]] = {}
    for line in table.to_dict("records"):
        a, b = str(line["from"]), str(line["to"])
        ends = sorted((new.get(a, a), new.get(b, b)))
        if ends[0] != ends[1]:
            pairs.setdefault((ends[0], ends[1]), []).append((people[a] * people[b], line))
    rows = [
        {
            "from": a, "to": b, "adjacent": max(line["adjacent"] for _, line in found),
            "road_km": _mean([line["road_km"] for _, line in found], [w for w, _ in found]),
            "minutes": _mean([line["minutes"] for _, line in found], [w for w, _ in found]),
        }
        for (a, b), found in pairs.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=table.columns).astype(table.dtypes.to_dict())


def _seats(
    table: pd.DataFrame, new: Mapping[str, str], people: Mapping[str, float], merger: Merger
) -> pd.DataFrame:
    """Return the members of bodies: seats added, the share of people served over all inhabitants of the merged."""
    if not len(table):
        return table
    total = max(sum(people[code] for code in merger.members), 1e-12)
    inside = table["territory"].isin(merger.members)
    served = table["population_share"] * table["territory"].map(people) / total
    share = table["population_share"].where(~inside, served)
    moved = table.assign(population_share=share, territory=table["territory"].replace(dict(new)))
    return _added(moved, ["body", "territory"], ["population_share", "seats"])


def _map(geometry: dict[str, Any] | None, merger: Merger) -> dict[str, Any] | None:
    """Return the map with one shape for the merged territory: all the polygons of its members."""
    if geometry is None:
        return None
    mine: list[Any] = []
    others: list[Any] = []
    for feature in geometry["features"]:
        place = feature["properties"]
        if place.get("code") not in merger.members or place.get("level", "territory") != "territory":
            if place.get("territory") in merger.members:
                feature = {**feature, "properties": {**place, "territory": merger.code}}  # noqa: PLW2901
            others.append(feature)
            continue
        shape = feature["geometry"]
        mine += shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        first = feature
    if not mine:
        return geometry
    place = {**first["properties"], "code": merger.code, "name": merger.name}
    whole = {**first, "properties": place, "geometry": {"type": "MultiPolygon", "coordinates": mine}}
    return {**geometry, "features": [*others, whole]}
