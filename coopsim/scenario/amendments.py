"""Amendments: scenarios that agree on the past and differ in what is dated from some tick on."""

from typing import Any

from coopsim.errors import scenario_error
from coopsim.scenario.dates import tick_of
from coopsim.scenario.overlay import APPENDED
from coopsim.scenario.scenario import Scenario

_DATE = {"territory": "from", "event": "when", "decision": "when"}
_FREE = {"name", "title", "question"}


def check_future(before: Scenario, after: Scenario, tick: int) -> None:
    """Refuse a scenario whose past is not that of another.

    Parameters
    ----------
    before, after : Scenario
    tick : int
        First tick that is not lived yet.

    Raises
    ------
    ScenarioError
        With the first key that differs.
    """
    old, new = before.document(), after.document()
    for key in sorted({*old, *new} - _FREE - set(APPENDED)):
        if old.get(key) != new.get(key):
            raise scenario_error(
                "cette partie du scénario ne peut plus changer en cours de route : la dater dans [[territory]]",
                "this part of the scenario cannot change on the way: date it in [[territory]]",
                key=key,
            )
    for key in APPENDED:
        if _past(old, key, before.start_year, tick) != _past(new, key, after.start_year, tick):
            raise scenario_error(
                f"« {key} » change ce qui est déjà vécu", f"'{key}' changes what is already lived", key=key,
                allowed=f">= {tick}",
            )  # fmt: skip


def _past(document: dict[str, Any], key: str, start_year: int, tick: int) -> list[Any]:
    """Return what is dated before a tick, in order of effect."""
    dated = [(tick_of(item[_DATE[key]], start_year), item) for item in document.get(key, [])]
    return [(when, item) for when, item in sorted(dated, key=lambda pair: pair[0]) if when < tick]
