"""What a room changes on the way: amended rules, events, choices made for a council. Each is dated and plain data.

A branch of the room is its base scenario and a list of these, so it is itself an ordinary scenario: what a town
hall tried on Tuesday evening runs in a batch on Wednesday morning.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from coopsim.scenario import Scenario
from coopsim.scenario.overlay import nested, overlay

SESSION_TICKS = 4  # a council whose room decided once decides by itself again after this many quarters


@dataclass(frozen=True, slots=True)
class Amendment:
    """Rules that change from a tick on.

    Attributes
    ----------
    tick : int
    settings : tuple of (str, object)
        Dotted keys under ``governance`` (without that word) and their new values.
    territories : tuple of str
        Codes; empty for every territory.
    """

    tick: int
    settings: tuple[tuple[str, Any], ...]
    territories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shock:
    """An event of the world, of a kind in ``coopsim list events``; ``territories`` empty for all."""

    tick: int
    what: str
    amount: float
    territories: tuple[str, ...] = ()
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Moves that the room decides for one council at its next session; the council then decides by itself again."""

    tick: int
    territory: str
    moves: tuple[tuple[str, float], ...]


Change = Amendment | Shock | Choice
_KINDS: dict[str, type[Amendment] | type[Shock] | type[Choice]] = {
    "amendment": Amendment,
    "shock": Shock,
    "choice": Choice,
}


def to_json(change: Change) -> dict[str, Any]:
    """Return a change as plain data, with its kind."""
    kind = next(name for name, cls in _KINDS.items() if isinstance(change, cls))
    return {"kind": kind, **asdict(change)}


def from_json(data: Mapping[str, Any]) -> Change:
    """Return the change of `to_json`; lists become tuples.

    Raises
    ------
    KeyError, TypeError
        When the data are not those of a change.
    """
    fields = {name: _frozen(value) for name, value in data.items() if name != "kind"}
    kind = _KINDS[data["kind"]]
    try:
        found: Change = TypeAdapter(kind).validate_python(fields)
    except ValidationError as error:
        raise TypeError(str(error)) from None
    return found


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value


def scenario_of(base: Scenario, changes: Sequence[Change], name: str) -> Scenario:
    """Return the scenario of a base and its changes, validated as a file is.

    Raises
    ------
    ScenarioError
        With every refused key, place or amount.
    """
    if not changes:
        return base.but({"name": name})
    document = base.document()
    tables: dict[str, list[Any]] = {
        key: list(document.get(key, [])) for key in ("territory", "event", "decision")
    }
    for change in changes:
        if isinstance(change, Amendment):
            tables["territory"] += _amended(change, base.territory_names)
        elif isinstance(change, Shock):
            tables["event"].append(_event(change))
        else:
            tables["territory"] += _handed_over(base, change)
            moves = [{"move": move, "times": times} for move, times in change.moves]
            tables["decision"].append({"when": change.tick, "territory": change.territory, "moves": moves})
    return base.but({**tables, "name": name})


def _amended(change: Amendment, codes: Iterable[str]) -> list[dict[str, Any]]:
    governance = nested({key: _thawed(value) for key, value in change.settings})
    return [
        {"code": code, "from": change.tick, "governance": overlay({}, governance)}
        for code in (change.territories or codes)
    ]


def _thawed(value: Any) -> Any:
    """Return tuples as the lists of a file; pairs of (name, value) stay lists."""
    return [_thawed(item) for item in value] if isinstance(value, list | tuple) else value


def _event(change: Shock) -> dict[str, Any]:
    event: dict[str, Any] = {"when": change.tick, "what": change.what, "amount": change.amount}
    if change.territories:
        event["territories"] = list(change.territories)
    if change.duration is not None:
        event["duration"] = change.duration
    return event


def _handed_over(base: Scenario, change: Choice) -> list[dict[str, Any]]:
    """Return the rules that hand one session of a council to the room, and give it back."""
    own = base.governance_for(change.territory, change.tick).choice.decision_maker
    if (own.get("rule") if isinstance(own, Mapping) else own) == "human":
        return []
    back = change.tick + SESSION_TICKS
    human = {
        "code": change.territory,
        "from": change.tick,
        "governance": {"choice": {"decision_maker": "human"}},
    }
    again = {"code": change.territory, "from": back, "governance": {"choice": {"decision_maker": own}}}
    return [human, again] if back < base.ticks else [human]
