"""The form of each line of a session log: a log may come from another computer, by hand, or from a full disk."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coopsim.scenario.limits import MOST_SEED, oversized
from coopsim_viz.room.branches import LANES

Number = Annotated[int, Field(ge=0, le=MOST_SEED)]
Real = Annotated[float, Field(allow_inf_nan=False)]


class _Line(BaseModel):
    """Numbers are numbers and texts are texts; what a later version adds is left alone."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Open(_Line):
    seed: Number
    scenarios: dict[str, dict[str, Any]] = Field(min_length=len(LANES), max_length=len(LANES))


class _Live(_Line):
    to: Number


class _Back(_Line):
    tick: Number


class _Change(_Line):
    changes: list[dict[str, Any]] = Field(min_length=1)
    lanes: list[str]


class _Branch(_Line):
    branch: Number


class _Rename(_Branch):
    name: str


class _Join(_Line):
    phone: str
    seat: str


class _Answer(_Line):
    label: str
    changes: list[dict[str, Any]]
    lanes: list[str]


class _Ask(_Line):
    question: str
    options: list[_Answer]
    seconds: Real | None
    rule: str | dict[str, Any]
    weights: str
    quorum: Real
    secret: bool
    absent: str


class _Vote(_Line):
    ballot: Number
    phone: str
    option: Number


class _Count(_Line):
    ballot: Number
    winner: Annotated[int, Field(ge=-1, le=MOST_SEED)]
    phones: list[Number]
    weights: list[Real]
    invited: Number
    voted: Number
    quorate: bool


class _Predict(_Line):
    phone: str
    lane: str
    indicator: str
    tick: Number
    value: Real


_FORMS: dict[str, type[_Line]] = {
    "open": _Open, "live": _Live, "back": _Back, "undo": _Line, "redo": _Line, "end": _Line, "change": _Change,
    "visit": _Branch, "rename": _Rename, "join": _Join, "ask": _Ask, "vote": _Vote, "count": _Count,
    "predict": _Predict,
}  # fmt: skip


def sound(line: Mapping[str, Any]) -> bool:
    """Return whether a line has the form of its kind; no for a kind that is unknown."""
    form = _FORMS.get(line["do"])
    if form is None or oversized(line):
        return False
    try:
        form.model_validate(line)
    except ValidationError:
        return False
    return True
