"""What a report needs besides numbers, in plain JSON types: places, rules that differ, grades."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coopsim.comparison.labels import key_label
from coopsim.comparison.outline import simplified
from coopsim.i18n import Text
from coopsim.scenario.parameters import GRADES, parameters

if TYPE_CHECKING:
    from coopsim.scenario import Scenario
    from coopsim.scenario.case import Case

_NOT_RULES = (
    "schema", "name", "title", "question", "extends", "record", "theory", "theory_of_change", "case", "horizon",
)  # fmt: skip
_KEY_COLUMNS = ("code", "territory", "node", "regime", "sector", "body")

INFLUENTIAL = (
    "economy.siting.outside_share",
    "economy.siting.reconsider_per_quarter",
    "economy.siting.projects_per_yr",
    "economy.siting.gamma_cost",
    "economy.siting.stay_utility",
    "economy.finance.coordination_cost_per_member",
    "economy.finance.centrality_per_arrived_job",
    "society.pacts.pooling_gain_share",
    "society.ties.trust_start",
    "society.councils.ceded_share",
)
"""Assumptions that decide who wins and that no data of the case identify: to be swept first."""


def context(scenarios: Sequence["Scenario"]) -> dict[str, Any]:
    """Return the part of a comparison's manifest that describes its case and its rules."""
    case = scenarios[0].load_case()
    documents = [scenario.document() for scenario in scenarios]
    return {
        "case": _case(case),
        "rules": differing_rules(documents),
        "grades": {"case": case_grades(case), "parameters": _parameter_grades()},
        "assumptions": _assumptions(documents[0]),
    }


def texts(text: Text) -> dict[str, str]:
    """Return a text as the file keeps it."""
    return {"fr": text.fr, "en": text.en}


def _case(case: "Case") -> dict[str, Any]:
    columns = ["code", "name", "lon", "lat", "area_ha", "population"]
    return {
        "name": case.name,
        "title": texts(case.title),
        "territories": [_plain(row) for row in case.territories[columns].to_dict("records")],
        "outlines": _outlines(case.geometry),
    }


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row in JSON types; a missing number is null."""
    out = {}
    for name, value in row.items():
        plain = value.item() if isinstance(value, np.generic) else value
        out[str(name)] = None if isinstance(plain, float) and not math.isfinite(plain) else plain
    return out


def _outlines(geometry: Mapping[str, Any] | None) -> dict[str, list[list[list[float]]]]:
    """Return the rings of each territory that has a shape, by code."""
    out: dict[str, list[list[list[float]]]] = {}
    for feature in (geometry or {}).get("features", []):
        if feature["properties"].get("level") != "territory":
            continue
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = (simplified(np.asarray(ring)[:, :2]) for polygon in polygons for ring in polygon)
        out[str(feature["properties"]["code"])] = [ring.tolist() for ring in rings if len(ring) > 3]  # noqa: PLR2004
    return out


def differing_rules(documents: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the keys whose value is not the same everywhere, with label, unit and one value a scenario."""
    flat = [dict(_leaves(document, ())) for document in documents]
    keys = list(dict.fromkeys(key for leaves in flat for key in leaves))
    out = []
    for key in keys:
        values = [leaves.get(key) for leaves in flat]
        if any(value != values[0] for value in values):
            label, unit = key_label(key)
            out.append({"key": key, "label": texts(label), "unit": unit, "values": values})
    return out


def _leaves(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of a document; a table of a rule is one leaf, as is a dated rule or an event."""
    if not path:
        tree = {name: branch for name, branch in tree.items() if name not in _NOT_RULES}
    if isinstance(tree, Mapping) and "rule" not in tree:
        for name, branch in tree.items():
            yield from _leaves(branch, (*path, name))
    elif path in (("territory",), ("event",), ("decision",)):
        for number, entry in enumerate(tree, start=1):
            yield f"{path[0]}.{number}", entry
    else:
        yield ".".join(path), tree


def case_grades(case: "Case") -> dict[str, int]:
    """Return how many figures of the case bear each grade.

    A row of the sources table speaks for one column and for all rows, or for those it names.
    """
    counts = dict.fromkeys(GRADES, 0)
    sources = case.sources
    named: dict[tuple[str, str], int] = {}
    rows = []
    for table, column, scope, grade in sources[["table", "column", "scope", "grade"]].itertuples(index=False):
        frame = getattr(case, str(table).removesuffix(".csv"), None)
        size = len(frame) if isinstance(frame, pd.DataFrame) else 1
        codes = None if scope == "*" else str(scope).split(";")
        found = 0 if codes is None else _rows(frame, codes)
        named[table, column] = named.get((table, column), 0) + found
        rows.append((table, column, size, found, codes is None, str(grade)))
    for table, column, size, found, everything, grade in rows:
        cells = max(size - named[table, column], 0) if everything else found
        counts[grade] = counts.get(grade, 0) + cells
    return counts


def _rows(frame: Any, codes: Sequence[str]) -> int:
    """Return how many rows of a table the codes of a source name."""
    if not isinstance(frame, pd.DataFrame):
        return len(codes)
    hits = (int(frame[name].astype(str).isin(codes).sum()) for name in _KEY_COLUMNS if name in frame)
    return max(hits, default=0)


def _parameter_grades() -> dict[str, int]:
    counts = dict.fromkeys(GRADES, 0)
    for parameter in parameters().values():
        counts[parameter.grade] += 1
    return counts


def _assumptions(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the influential assumptions with the value in force and the range to sweep."""
    known = parameters()
    out = []
    for key in (k for k in INFLUENTIAL if k in known):
        parameter = known[key]
        value: Any = document
        for part in key.split("."):
            value = value[part]
        out.append(
            {
                "key": key,
                "label": texts(parameter.text),
                "value": value,
                "unit": parameter.unit,
                "range": list(parameter.range) if parameter.range else None,
                "source": parameter.source,
            }
        )
    return out
