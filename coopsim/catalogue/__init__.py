"""What there is: tables of indicators, rules and parameters, and one page on any name."""

import warnings
from typing import TYPE_CHECKING

from coopsim.catalogue.assemblies import with_assemblies
from coopsim.catalogue.inactive import inactive_keys, with_inactivity
from coopsim.catalogue.keys import key_names, key_record
from coopsim.catalogue.records import KINDS, Record, flat, records
from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.rules import all_rules

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "KINDS",
    "Record",
    "broken_packages",
    "explain",
    "flat",
    "inactive_keys",
    "indicators",
    "key_names",
    "key_record",
    "parameters",
    "records",
    "rules",
]

_UNKNOWN = Text("rien ne porte ce nom (voir : coopsim list)", "nothing has this name (see: coopsim list)")


def indicators() -> "pd.DataFrame":
    """Return the indicators: name, unit, labels, direction, aggregation, formula; one row each."""
    return _frame("indicators")


def rules() -> "pd.DataFrame":
    """Return the rules that scenarios may name: kind, summary, source, levers, parameters, package; one row each.

    Rules of installed packages are there too; a package that cannot be used is told by a warning.
    """
    for problem in broken_packages():
        warnings.warn(str(problem), stacklevel=2)
    return _frame("rules")


def broken_packages() -> tuple[Problem, ...]:
    """Return what keeps installed packages from bringing their rules."""
    return all_rules()[1]


def parameters() -> "pd.DataFrame":
    """Return the parameters: key, value, unit, bounds, grade, source, labels; one row each."""
    return _frame("parameters")


def explain(name: str) -> list[Record]:
    """Return what is known under a name: whatever bears it, or the key of a scenario file.

    Parameters
    ----------
    name : str
        Of a scenario, rule, indicator, parameter, lab, move, event or case, or a dotted key.

    Raises
    ------
    ScenarioError
        When nothing bears this name; says which name is nearest.
    """
    known = [record for kind in KINDS if kind not in ("labs", "inactive") for record in records(kind)]
    found = [record for record in known if _is(record, name)]
    if any(record.get("type") == "lab" for record in found):  # its own page says more; it needs the engine
        found = [record for record in records("labs") if record["name"] == name]
    found = [with_assemblies(record) for record in found]
    keyed = key_record(name) if all(record["name"] != name for record in found) else None
    if keyed:
        found.append(keyed)
    if found:
        return [with_inactivity(record) for record in found]
    ends = [key for key in key_names() if key.endswith(f".{name}")]
    if ends:
        return [with_inactivity(record) for key in ends if (record := key_record(key))]
    names = [record["name"] for record in known]
    unknown = Problem(_UNKNOWN, value=name, nearest=_nearest(name, [*names, *key_names()]))
    raise ScenarioError([unknown, *broken_packages()])  # the name may be that of a rule of theirs


def _is(record: Record, name: str) -> bool:
    known = str(record["name"])
    return known == name or (record["kind"] == "parameter" and known.endswith(f".{name}"))


def _nearest(name: str, known: list[str]) -> str:
    """Return the known name that holds this text, the closest one, or the key whose last part is closest."""
    holding = [other for other in known if name in other]
    if holding:
        return min(holding, key=len)
    if "." in name or nearest(name, known):
        return nearest(name, known)
    ends = {key.rpartition(".")[2]: key for key in reversed(known)}
    return ends.get(nearest(name, list(ends)), "")


def _frame(kind: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame([flat(record) for record in records(kind)]).drop(columns="kind")
