"""Numbers and verdicts as people read them, in the language in force."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from coopsim.i18n import Text, lang
from coopsim.indicators import INDICATORS, Indicator

if TYPE_CHECKING:
    import pandas as pd

NARROW = "\u202f"  # narrow no-break space: French thousands, and before a sign
_SIGNIFICANT = 3
_MOST_DECIMALS = 4

UNITS: dict[str, Text] = {
    "persons": Text("habitants", "people"),
    "jobs": Text("emplois", "jobs"),
    "count": Text("nombre", "number"),
    "share": Text("%", "%"),
    "share/yr": Text("% par an", "% a year"),
    "ratio": Text("rapport", "ratio"),
    "level": Text("niveau 0–3", "level 0–3"),
    "m3": Text("milliers de m³", "thousand m³"),
    "m3/yr": Text("m³/an", "m³/yr"),
    "k€/job": Text("k€/emploi", "k€/job"),
    "k€/yr": Text("k€/an", "k€/yr"),
    "€/head": Text("€/hab.", "€/head"),
    "0-1": Text("0 à 1", "0 to 1"),
    "0-4": Text("niveau 0–4", "level 0–4"),
    "k€/head": Text("k€/hab.", "k€/head"),
    "m2/job": Text("m²/emploi", "m²/job"),
    "nats": Text("entropie, nats", "entropy, nats"),
    "ticks": Text("trimestres", "quarters"),
    "yr": Text("années", "years"),
    "IQR": Text("écarts interquartiles", "interquartile ranges"),
}

_SCALES = {"m3": 1e-3, "share": 100.0, "share/yr": 100.0}

VERDICTS: dict[str, Text] = {
    "better": Text("mieux", "better"),
    "worse": Text("moins bien", "worse"),
    "higher": Text("plus haut", "higher"),
    "lower": Text("plus bas", "lower"),
    "no clear difference": Text("pas d'écart net", "no clear difference"),
}

IDENTICAL = Text("identique dans tous les mondes", "the same in every world")
REGIME = Text("décrit le régime", "describes the regime")

GROUPS: dict[str, Text] = {
    "people": Text("Habitants", "People"),
    "economy": Text("Économie", "Economy"),
    "transition": Text("Transition des entreprises", "Transition of companies"),
    "siting": Text("Implantations", "Siting"),
    "land": Text("Sols", "Land"),
    "water": Text("Eau", "Water"),
    "wood": Text("Bois", "Wood"),
    "finance": Text("Finances publiques", "Public finance"),
    "society": Text("Coopération et équité", "Cooperation and equity"),
    "decisions": Text("Décisions", "Decisions"),
    "axes": Text("Les deux axes", "The two axes"),
}


def ordered_indicators() -> list[tuple[Text, list[Indicator]]]:
    """Return the indicators in groups, the outcomes first."""
    groups = [(Text("Résultats", "Outcomes"), [i for i in INDICATORS if i.outcome])]
    for name, title in GROUPS.items():
        rest = [i for i in INDICATORS if i.group == name and not i.outcome]
        if rest:
            groups.append((title, rest))
    return groups


def unit_words(unit: str) -> str:
    """Return a unit as it is shown."""
    return str(UNITS.get(unit, Text(unit, unit)))


def scale_of(unit: str) -> float:
    """Return what a value in a unit is multiplied by to be shown: a share is shown in percent."""
    return _SCALES.get(unit, 1.0)


def difference_unit(unit: str) -> str:
    """Return the unit of a difference: a difference of percentages is in points."""
    return "points" if unit.startswith("share") or unit == "%" else unit_words(unit)


def decimals(values: Sequence[float], unit: str) -> int:
    """Return how many decimals show three figures of the largest value; whole numbers from 100."""
    scale = _SCALES.get(unit, 1.0)
    largest = max((abs(v) * scale for v in values if math.isfinite(v)), default=0.0)
    if largest == 0.0:
        return 0
    return min(max(_SIGNIFICANT - 1 - math.floor(math.log10(largest)), 0), _MOST_DECIMALS)


def number(value: float, unit: str = "", places: int | None = None, *, sign: bool = False) -> str:
    """Return a number in the language in force, without its unit; a share is in percent.

    Parameters
    ----------
    places : int or None
        Decimals; those of three significant figures when None.
    sign : bool
        Write + before a positive number.
    """
    if not math.isfinite(value):
        return "–"
    places = decimals([value], unit) if places is None else places
    shown = round(value * _SCALES.get(unit, 1.0), places)
    text = f"{abs(shown):,.{places}f}"
    if lang() == "fr":
        text = text.replace(",", NARROW).replace(".", ",")
    mark = "−" if shown < 0 else "+" if sign and shown > 0 else ""
    return mark + text


def interval(
    low: float, high: float, unit: str, places: int | None = None, *, sign: bool = False, gap: str = " "
) -> str:
    """Return a range of two numbers with the same decimals; ``gap`` stands before the second."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    places = decimals([low, high], unit) if places is None else places
    to = Text("à", "to")
    return f"{number(low, unit, places, sign=sign)} {to}{gap}{number(high, unit, places, sign=sign)}"


def quantity(value: float, unit: str, *, sign: bool = False, difference: bool = False) -> str:
    """Return a number with its unit, joined so that a line never breaks between them."""
    name = difference_unit(unit) if difference else unit_words(unit)
    if unit in ("count", "ratio", "0-1", "level"):
        name = ""
    gap = "" if name == "%" and lang() == "en" else NARROW if name == "%" else "\u00a0"
    return number(value, unit, sign=sign) + (gap + name if name else "")


def count_words(share: float, worlds: int) -> str:
    """Return how many worlds a share is; a tie counts for half."""
    exact = share * worlds
    if not math.isfinite(exact):
        return "–"
    halves = round(2 * exact)
    return number(halves / 2, "", halves % 2)


def verdict_words(indicator: Indicator, verdict: str, *, same: bool = False) -> str:
    """Return a verdict in words; an indicator that is no outcome gets a neutral word.

    Parameters
    ----------
    same : bool
        No world tells the two sides apart (:func:`identical`).
    """
    if same:
        return str(IDENTICAL)
    if indicator.outcome:
        return str(VERDICTS[verdict])
    neutral = verdict
    if verdict in ("better", "worse"):
        neutral = "higher" if (verdict == "better") == (indicator.direction > 0) else "lower"
    return str(VERDICTS[neutral])


def identical(row: "pd.Series[Any]") -> bool:
    """Return whether a row of paired differences is zero in every world: mean and interval are."""
    return bool(row["mean_difference"] == row["low"] == row["high"] == 0.0)


def shown_scale(unit: str) -> float:
    """Return the factor from a stored value to a shown one."""
    return _SCALES.get(unit, 1.0)
