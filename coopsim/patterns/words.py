"""What is told of patterns, in French and in English: verdicts, figures, marks, origins."""

import math
from typing import Any

from coopsim.i18n import Text, lang
from coopsim.patterns.judging import PatternResult
from coopsim.patterns.measures import label_of
from coopsim.patterns.spec import Test
from coopsim.patterns.statistics import Figure

VERDICTS = {
    "pass": Text("vérifié", "pass"),
    "fail": Text("NON VÉRIFIÉ", "FAIL"),
    "cannot be run": Text("impossible à essayer", "cannot be run"),
}
ORIGINS = {
    "emergent": Text("émerge", "emergent"),
    "built in": Text("écrit d'avance", "built in"),
    "in part": Text("en partie écrit d'avance", "built in, in part"),
    "not told": Text("non dit", "not told"),
}
STATUS = {
    "calibration": Text("calage", "calibration"),
    "validation": Text("validation", "validation"),
}
_MARKS = {
    "above": Text("tout l'intervalle au-dessus de {0}", "whole interval above {0}"),
    "below": Text("tout l'intervalle au-dessous de {0}", "whole interval below {0}"),
    "at_least": Text("bas de l'intervalle ≥ {0}", "lower end ≥ {0}"),
    "at_most": Text("haut de l'intervalle ≤ {0}", "upper end ≤ {0}"),
    "within": Text("intervalle entre {0} et {1}", "interval between {0} and {1}"),
    "mean_between": Text("moyenne entre {0} et {1}", "mean between {0} and {1}"),
}
_NO_FIGURE = Text("aucune valeur", "no value")
_UNSEEN = Text("écrits avant tout regard", "written before any look")
_SEEN = Text("des chiffres voisins avaient été vus avant", "like figures had been seen before")


def number(x: float) -> str:
    """Return a number with three digits, in the language in force."""
    if not math.isfinite(x):
        return "–"
    text = f"{x:.0f}" if abs(x) >= 1000.0 else f"{x:.3g}"  # noqa: PLR2004 - three digits hold it
    return (text.replace(".", ",") if lang() == "fr" else text).replace("-", "−")


def interval(found: Figure) -> str:
    """Return a mean with its interval."""
    if not math.isfinite(found.mean):
        return str(_NO_FIGURE)
    if not math.isfinite(found.low) or found.low == found.high:
        return number(found.mean)
    return f"{number(found.mean)} [{number(found.low)} ; {number(found.high)}]"


def mark(test: Test) -> str:
    """Return the mark of a test in words."""
    kind, value = test.mark
    values = value if isinstance(value, tuple) else (value,)
    return str(_MARKS[kind]).format(*(number(float(x)) for x in values))


def measure(test: Test) -> str:
    """Return what a test measures."""
    names = dict.fromkeys(test.measures or (test.measure,))
    return " − ".join(str(label_of(name)) for name in names)


def flip_words(result: PatternResult) -> str:
    """Return what the writer's value changes."""
    writer, found = result.pattern.writer, result.flip
    tried = f"`{writer.key}` = {_toml(writer.value)}"
    if found.reason:
        return f"{ORIGINS[found.origin]} ({tried}: {found.reason[0]})"
    if found.figure is None:
        return str(ORIGINS[found.origin])
    return f"{ORIGINS[found.origin]} ({tried}: {interval(found.figure)})"


def looked(result: PatternResult) -> str:
    """Return whether the marks are blind."""
    return str(_SEEN if result.pattern.looked else _UNSEEN)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(x) for x in value) + "]"
    return str(value)
