"""Links of a small case: every pair has a row, at the detour and the speed of those that it has."""

from statistics import median

from coopsim.importers.conventions import conventions
from coopsim.importers.folder import CaseFolder, Row
from coopsim.scenario.case_graph import DENSE
from coopsim.world.founding_places import great_circle_km


def complete(folder: CaseFolder) -> None:
    """Write a link for every pair of a case of at most 200 territories; larger ones keep their own.

    A pair without a row gets the great circle times the median detour, at the median pace, of those that have one.
    """
    rows: list[Row] = folder.rows("territories")
    if len(rows) > DENSE or not all(row.get("lon") and row.get("lat") for row in rows):
        return
    links = folder.rows("links")
    place = {row["code"]: (float(row["lon"]), float(row["lat"])) for row in rows}
    detours, paces = [], []
    for link in links:
        straight = float(great_circle_km(*place[link["from"]], *place[link["to"]]))
        km, minutes = float(link["road_km"]), float(link["minutes"])
        if straight > 0.0 and km > 0.0:
            detours.append(km / straight)
            paces.append(minutes / km)
    known = conventions()
    detour = median(detours) if detours else known["road_detour"].value
    pace = median(paces) if paces else 60.0 / known["road_speed_km_per_h"].value
    told = {frozenset((link["from"], link["to"])) for link in links}
    codes = list(place)
    for n, a in enumerate(codes):
        for b in codes[n + 1 :]:
            if frozenset((a, b)) not in told:
                km = detour * float(great_circle_km(*place[a], *place[b]))
                far = {"adjacent": "0", "road_km": f"{km:.1f}", "minutes": f"{pace * km:.1f}"}
                links.append({"from": a, "to": b, **far})
    folder.changed["links"] = len(links)
