"""How the axes of a plane are said."""

from typing import Any

from coopsim.i18n import Text, lang
from coopsim.regimes.plane import Axis

_VALUES = {
    "none": Text("aucun", "none"),
    "own": Text("chacun le sien", "own"),
    "shared": Text("partagé", "shared"),
}


_UNITS = (("quarter", "trimestre"), ("yr", "an"), ("FTE", "ETP"), ("persons", "habitants"))


def axis_words(axis: Axis) -> str:
    """Return the label of an axis with its unit."""
    label, unit = str(axis.label), axis.unit
    if lang() == "fr":
        for english, french in _UNITS:
            unit = unit.replace(english, french)
    return f"{label} ({unit})" if unit not in {"", "1", "count"} else label


def value_words(value: Any) -> str:
    """Return a value of an axis."""
    if isinstance(value, str):
        return str(_VALUES.get(value, Text(value, value)))
    text = f"{value:g}"
    return (text.replace(".", ",") if lang() == "fr" else text).replace("-", "−")
