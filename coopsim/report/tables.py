"""The tables of the report as rows of texts."""

import re
from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

from coopsim.comparison import Comparison
from coopsim.comparison.values import value_name
from coopsim.comparison.words import (
    count_words,
    decimals,
    difference_unit,
    identical,
    interval,
    number,
    ordered_indicators,
    unit_words,
    verdict_words,
)
from coopsim.i18n import Text, lang
from coopsim.indicators import Indicator
from coopsim.report.texts import PAGE

_MARKS = {"better": "▲", "worse": "▼", "higher": "↑", "lower": "↓", "no clear difference": "≈"}


def indicator_groups(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the groups of indicators, the outcomes first, each with its rows."""
    return [
        {"title": str(title), "rows": [_row(comparison, indicator) for indicator in indicators]}
        for title, indicators in ordered_indicators()
    ]


def _row(comparison: Comparison, indicator: Indicator) -> dict[str, Any]:
    unit, names = indicator.unit, comparison.names
    summary = comparison.summary[comparison.summary["indicator"] == indicator.name]
    places = decimals(summary[["median", "p05", "p95"]].to_numpy().ravel().tolist(), unit)
    lanes = [
        {
            "letter": ascii_uppercase[lane],
            "value": number(row["median"], unit, places),
            "range": interval(row["p05"], row["p95"], unit, places),
        }
        for lane, (_, row) in enumerate(summary.iterrows())
    ]
    pairs = [_pair(comparison, indicator, lane) for lane in range(1, len(names))]
    return {"label": str(indicator.label), "unit": unit_words(unit), "lanes": lanes, "pairs": pairs}


def _pair(comparison: Comparison, indicator: Indicator, lane: int) -> dict[str, str]:
    unit, worlds = indicator.unit, len(comparison.seeds)
    row = comparison.pair(comparison.names[0], comparison.names[lane]).loc[[indicator.name]].iloc[0]
    places = decimals([row["mean_difference"], row["low"], row["high"]], unit)
    share = PAGE["worlds_of"].format(share=count_words(row["share_b_better"], worlds), n=worlds)
    verdict = str(row["verdict"])
    return {
        "letter": ascii_uppercase[lane],
        "difference": number(row["mean_difference"], unit, places, sign=True),
        "range": interval(row["low"], row["high"], unit, places, sign=True),
        "unit": difference_unit(unit),
        "share": str(share) if indicator.direction else "–",
        "words": verdict_words(indicator, verdict, same=identical(row)),
        "mark": "=" if identical(row) else _MARKS[verdict] if indicator.outcome else "",
        "class": verdict.partition(" ")[0] if indicator.outcome else "regime",
    }


def rules(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the keys that differ, with their label and one value a lane."""
    return [
        {
            "label": _upper(rule["label"][lang()]),
            "key": rule["key"],
            "values": [value_words(value, rule["unit"], rule["key"]) for value in rule["values"]],
        }
        for rule in comparison.manifest["context"]["rules"]
    ]


def assumptions(comparison: Comparison) -> list[dict[str, str]]:
    """Return the influential assumptions with value in force, range and source."""
    return [
        {
            "label": row["label"][lang()],
            "key": row["key"],
            "value": value_words(row["value"], row["unit"]),
            "range": _range(row["range"]),
            "source": row["source"],
        }
        for row in comparison.manifest["context"]["assumptions"]
    ]


def grades(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the share of figures by grade, for the case and for the parameters."""
    out = []
    for part in ("case", "parameters"):
        counts = comparison.manifest["context"]["grades"][part]
        total = sum(counts.values())
        if total:
            parts = {grade: count / total for grade, count in counts.items()}
            shares = [
                {"grade": grade, "label": str(PAGE[grade]), "share": share, "text": _percent(share)}
                for grade, share in parts.items()
            ]
            out.append({"title": str(PAGE[f"grade_{part}"]), "total": number(total, "", 0), "shares": shares})
    return out


def value_words(value: Any, unit: str = "", key: str = "") -> str:
    """Return the value of a key as people read it, words by their names."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(PAGE["yes" if value else "no"])
    if isinstance(value, int | float):
        words = parameter_unit(unit)
        return f"{_exact(value)}\u00a0{words}" if words else _exact(value)
    if isinstance(value, Mapping):
        parts = [f"{name} = {value_words(part)}" for name, part in value.items() if name != "rule"]
        head = [str(value_name(key, str(value["rule"])))] if "rule" in value else []
        return ", ".join(head + parts)
    if isinstance(value, list | tuple):
        return ", ".join(value_words(part, key=key) for part in value) or str(PAGE["none"])
    return str(value_name(key, str(value)))


_FRENCH_UNITS = {
    "yr": "an",
    "year": "an",
    "years": "ans",
    "job": "emploi",
    "jobs": "emplois",
    "quarter": "trimestre",
    "quarters": "trimestres",
    "tick": "trimestre",
    "inhabitant": "habitant",
    "inhabitants": "habitants",
    "person": "personne",
    "persons": "personnes",
    "share": "part",
    "of": "de",
    "over": "sur",
    "member": "membre",
}
_WORD = re.compile(r"[a-z]+")
_NO_UNIT = ("", "1", "-", "0-1", "share", "count", "ratio", "utils", "rule", "seats", "unit of the move")


def parameter_unit(unit: str) -> str:
    """Return the unit of a parameter in words: none for a plain share, *per …* for the inverse of a unit."""
    if unit in _NO_UNIT:
        return ""
    if lang() == "fr":
        unit = _WORD.sub(lambda match: _FRENCH_UNITS.get(match[0], match[0]), unit)
    if unit.startswith("1/"):
        return f"{Text('par', 'per')} {unit[2:].strip('()')}"
    return unit


def _exact(value: float) -> str:
    """Return a number with all its digits, none invented."""
    text = f"{value:.10g}"
    places = len(text.partition(".")[2]) if "e" not in text else 0
    return text if "e" in text else number(value, "", places)


def _range(values: list[float] | None) -> str:
    if values is None:
        return "–"
    low, high = values
    places = max(len(f"{value:.6g}".partition(".")[2]) for value in values)
    return interval(low, high, "", places)


def _percent(share: float) -> str:
    places = 1 if 0 < share < 0.01 else 0  # noqa: PLR2004 - one percent
    return number(share, "share", places) + ("\u202f%" if lang() == "fr" else "%")


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
