"""The order of a world's rows: that of codes and names, whatever the order of the case's files.

Sums are rounded in the order of rows, councils speak in it and ties are broken by it, so a case whose rows are
permuted must give the same world to the last digit.
"""

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import pandas as pd

from coopsim.scenario.case import Case

_KEYS: dict[str, tuple[str, ...]] = {
    "territories": ("code",),
    "communes": ("code",),
    "establishments": ("territory", "group", "size_class"),
    "sectors": ("sector",),
    "forest": ("territory", "group", "ownership", "access"),
    "water_nodes": ("node",),
    "water_regimes": ("kind", "regime", "dekad"),
    "links": ("from", "to"),
    "commuting": ("from", "to"),
    "bodies": ("body",),
    "body_members": ("body", "territory"),
}


# The last cases and their order: replicates of a batch share one case, which nobody writes into.
_KNOWN: OrderedDict[int, tuple[Case, Case]] = OrderedDict()
_KEPT = 4


def ordered(case: Case) -> Case:
    """Return the case with the rows of each table in the order of their codes; the same object for the same case."""
    known = _KNOWN.get(id(case))
    if known is None or known[0] is not case:
        known = _KNOWN[id(case)] = (case, _ordered(case))
        while len(_KNOWN) > _KEPT:
            _KNOWN.popitem(last=False)
    return known[1]


def _ordered(case: Case) -> Case:
    tables: dict[str, Any] = {name: _sorted(getattr(case, name), keys) for name, keys in _KEYS.items()}
    return replace(case, **tables)


def _sorted(table: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    return table.sort_values(list(keys), kind="stable", ignore_index=True)
