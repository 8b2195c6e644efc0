"""Dates of a scenario: an ISO date or a tick; a date takes effect in the quarter that holds it."""

import datetime as dt
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from coopsim.errors import scenario_error

TICKS_PER_YEAR = 4
_MONTHS_PER_TICK = 3


def _when(value: Any) -> int | str:
    """Return a tick as it is and a date in ISO form."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise scenario_error(
        "une date (2030-01-01) ou un numéro de trimestre est attendu",
        "a date (2030-01-01) or the number of a quarter is expected",
        value=str(value),
    )


When = Annotated[
    int | str,
    PlainValidator(_when),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "format": "date"}]}),
]


def tick_of(when: int | str, start_year: int) -> int:
    """Return the tick of a date, counted from January–March of the start year; negative before it."""
    if isinstance(when, int):
        return when
    day = dt.date.fromisoformat(when)
    return (day.year - start_year) * TICKS_PER_YEAR + (day.month - 1) // _MONTHS_PER_TICK
