"""Checks of a case's networks and map: rivers flow to an outlet, every pair of territories has a link."""

from collections.abc import Iterator, Mapping
from typing import Any

import networkx as nx

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.tables import MAX_SHOWN, Rows

DENSE = 200  # above, only the pairs that matter need a row


def rivers(rows: Rows) -> Iterator[Problem]:
    """Water flows to an outlet: no node is downstream of itself."""
    nodes, downstream = rows.texts("node"), rows.texts("downstream")
    below: dict[str, str] = {}
    for node, to in zip(nodes, downstream, strict=True):
        if node and to:
            below.setdefault(node, to)  # given twice is told elsewhere; one way down keeps cycles few
    graph = nx.DiGraph(list(below.items()))
    for loop in nx.simple_cycles(graph):
        first = min(nodes.index(node) for node in loop)
        start = loop.index(nodes[first])
        path = [*loop[start:], *loop[:start], loop[start]]
        message = Text("la rivière tourne en rond : {path}", "the river flows in a circle: {path}")
        yield Problem(message.format(path=" → ".join(path)), rows.file, rows.lines[first], "downstream")


def links(tables: Mapping[str, Rows]) -> Iterator[Problem]:
    """One row for each pair of territories."""
    rows = tables["links"]
    codes = tables["territories"].texts("code")
    seen: dict[frozenset[str], int] = {}
    for line, a, b in zip(rows.lines, rows.texts("from"), rows.texts("to"), strict=True):
        pair = frozenset((a, b))
        if a == b and a:
            yield Problem(
                Text("un territoire lié à lui-même", "a territory linked to itself"), rows.file, line, "to", b
            )
        elif pair in seen:
            message = Text(
                "paire donnée deux fois, déjà ligne {line}", "pair given twice, already on line {line}"
            )
            yield Problem(message.format(line=seen[pair]), rows.file, line, "from, to", f"{a} {b}")
        seen.setdefault(pair, line)
    if rows.sound and rows.header and len(codes) <= DENSE:
        missing = [
            f"{a}–{b}" for n, a in enumerate(codes) for b in codes[n + 1 :] if frozenset((a, b)) not in seen
        ]
        if missing:
            shown = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")  # noqa: PLR2004 - a few examples
            message = Text("{n} paires sans ligne : {shown}", "{n} pairs without a row: {shown}")
            yield Problem(message.format(n=len(missing), shown=shown), rows.file, 0, "from, to")


def check_geometry(geometry: Any, codes: list[str]) -> list[Problem]:
    """Return what is wrong in the map: a territory without a shape, a shape without a territory."""
    file = "geometry.geojson"
    features = geometry.get("features") if isinstance(geometry, dict) else None
    if not isinstance(features, list) or not all(_is_feature(feature) for feature in features):
        message = Text("une liste GeoJSON de formes est attendue", "a GeoJSON list of features is expected")
        return [Problem(message, file)]
    shapes = [feature["properties"] for feature in features]
    found = [str(shape.get("code")) for shape in shapes if shape.get("level", "territory") == "territory"]
    out = []
    for code in found:
        if code not in codes:
            message = Text("forme d'un territoire inconnu", "shape of an unknown territory")
            out.append(Problem(message, file, 0, "code", code, nearest=nearest(code, codes)))
    missing = [code for code in codes if code and code not in found]
    if missing:
        message = Text("territoires sans forme : {which}", "territories without a shape: {which}")
        out.append(Problem(message.format(which=", ".join(missing[:MAX_SHOWN])), file, 0, "code"))
    return out


def _is_feature(feature: Any) -> bool:
    return isinstance(feature, dict) and isinstance(feature.get("properties"), dict)
