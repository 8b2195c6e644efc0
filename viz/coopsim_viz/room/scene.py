"""The scene: what of a case never changes while a room plays, as plain data for pages."""

from typing import Any

import numpy as np

from coopsim.comparison.context import context
from coopsim.report.maps import Place, places
from coopsim.scenario import Scenario
from coopsim.types import FloatArray

WIDTH, HEIGHT, _PAD = 600.0, 560.0, 14.0


def scene(scenarios: dict[str, Scenario]) -> dict[str, Any]:
    """Return shapes, rivers and names of a case, in the order of territory codes.

    Territories without coordinates stand on a circle: a synthetic case has no map, but neighbours all the same.
    """
    spec = scenarios["A"]
    case = spec.load_case()
    manifest = context([spec])["case"]
    manifest["territories"].sort(key=lambda row: str(row["code"]))
    names = [str(row["name"]) for row in manifest["territories"]]
    people = [float(row["population"]) for row in manifest["territories"]]
    known = all(row["lon"] is not None and row["lat"] is not None for row in manifest["territories"])
    ground = places(manifest) if known else _circle(names)
    fit = _Fit(ground)
    return {
        "title": {"fr": case.title.fr, "en": case.title.en},
        "size": [WIDTH, HEIGHT],
        "codes": [str(row["code"]) for row in manifest["territories"]],
        "names": names,
        "population": people,
        "shapes": [fit.path(place) for place in ground],
        "centres": [fit.point(np.asarray(place.centre)) for place in ground],
        "rivers": _rivers(case, fit, manifest) if known else [],
        "lanes": {
            lane: {
                "title": {"fr": s.title.fr, "en": s.title.en},
                "question": {"fr": s.question.fr, "en": s.question.en},
            }
            for lane, s in scenarios.items()
        },
    }


class _Fit:
    """From kilometres on the ground to units of the drawing, y downwards."""

    def __init__(self, ground: list[Place]) -> None:
        rings = [ring for place in ground for ring in place.rings]
        circles = [
            np.asarray(place.centre) + sign * place.radius
            for place in ground if not place.rings for sign in (-1.0, 1.0)
        ]  # fmt: skip
        points = np.concatenate([*rings, np.array(circles).reshape(-1, 2)])
        low, high = points.min(axis=0), points.max(axis=0)
        room = np.array([WIDTH - 2 * _PAD, HEIGHT - 2 * _PAD])
        self.scale = float((room / np.maximum(high - low, 1e-9)).min())
        self.origin = low
        self.margin = _PAD + (room - (high - low) * self.scale) / 2

    def points(self, xy: FloatArray) -> FloatArray:
        """Return points (n, 2) of the drawing."""
        moved: FloatArray = (xy - self.origin) * self.scale + self.margin
        moved[:, 1] = HEIGHT - moved[:, 1]
        return moved

    def point(self, xy: FloatArray) -> list[float]:
        """Return one point of the drawing."""
        return [round(float(v), 1) for v in self.points(xy[None, :])[0]]

    def path(self, place: Place) -> str:
        """Return an outline as the path of an SVG; a circle of the same area where none is known."""
        if not place.rings:
            x, y = self.point(np.asarray(place.centre))
            r = round(place.radius * self.scale, 1)
            return f"M{x - r},{y}a{r},{r} 0 1,0 {2 * r},0a{r},{r} 0 1,0 {-2 * r},0Z"
        return "".join(
            "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in self.points(ring)) + "Z" for ring in place.rings
        )


def _circle(names: list[str]) -> list[Place]:
    angles = 2 * np.pi * np.arange(len(names)) / max(len(names), 1)
    radius = 3.0 if len(names) == 1 else min(3.0, 10.0 * np.sin(np.pi / len(names)) * 0.8)
    return [
        Place(name, (float(10 * np.sin(a)), float(10 * np.cos(a))), [], float(radius))
        for name, a in zip(names, angles, strict=True)
    ]


def _rivers(case: Any, fit: _Fit, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return reaches from each node to the next one downstream, the width by the flow that passes."""
    nodes = case.water_nodes
    if not len(nodes) or nodes[["lon", "lat"]].isna().to_numpy().any():
        return []
    middle = float(np.mean([row["lat"] for row in manifest["territories"]]))
    scale = np.array([111.2 * np.cos(np.radians(middle)), 111.2])
    at = {
        str(row["node"]): fit.point(np.array([row["lon"], row["lat"]], dtype=np.float64) * scale)
        for row in nodes.to_dict("records")
    }
    out = []
    for row in nodes.to_dict("records"):
        down = str(row["downstream"])
        if down in at:
            flow = float(row["local_module_m3s"]) + float(row["boundary_module_m3s"])
            out.append({"name": str(row["name"]), "from": at[str(row["node"])], "to": at[down],
                        "width": round(float(np.clip(1.0 + np.sqrt(max(flow, 0.0)) / 3.0, 1.2, 5.0)), 1)})  # fmt: skip
    return out
