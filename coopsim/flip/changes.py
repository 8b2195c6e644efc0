"""Changes that could reverse a verdict: differences between two scenarios, levers, parameters."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coopsim.comparison.context import differing_rules
from coopsim.levers.candidates import Lever, levers
from coopsim.scenario import Scenario, parameters
from coopsim.scenario.shipped import shipped

_ROOT = "governance."


@dataclass(frozen=True, slots=True)
class Change:
    """One key of a scenario with another value.

    Attributes
    ----------
    key : str
    old, new : object
    both : bool
        A parameter of the world: changed in both scenarios. A rule is changed in the first alone.
    width : float
        Width of the legal range of a number, or of the plausible range of a parameter; 0 for anything else.
    whole : bool
        Whether the number is whole.
    """

    key: str
    old: Any
    new: Any
    both: bool = False
    width: float = 0.0
    whole: bool = False

    @property
    def numeric(self) -> bool:
        """Whether there are values between the old one and the new one."""
        numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (self.old, self.new))
        return numbers and self.width > 0.0

    @property
    def size(self) -> float:
        """Size of the change: 1 for another name or switch, else the part of its range that a number moves by."""
        return abs(float(self.new) - float(self.old)) / self.width if self.numeric else 1.0

    def to(self, new: Any) -> "Change":
        """Return the same change to another value."""
        return Change(self.key, self.old, new, self.both, self.width, self.whole)


Changes = tuple[Change, ...]


def size(changes: Changes) -> tuple[int, float]:
    """Return the number of keys and the sum of their sizes: fewer keys are smaller."""
    return len(changes), sum(change.size for change in changes)


def set_text(key: str, value: Any) -> str:
    """Return ``key=value`` as ``--set`` reads it."""
    return f"{key}={_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_toml(item)}" for name, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, float):
        return repr(round(value, 12))
    return json.dumps(value, ensure_ascii=False)


def regimes(spec: Scenario) -> tuple[Scenario, Scenario]:
    """Return the attractiveness and the cooperation regime of a scenario's case.

    A scenario that is one of the shipped regimes stands for itself; any other is given the rules of the two presets.
    """
    import tomllib

    from coopsim.scenario import load_scenario, shipped_scenarios

    names = [f"{spec.case_name}-{regime}" for regime in ("attractiveness", "cooperation")]
    if spec.name in names and set(names) <= set(shipped_scenarios()):
        a, b = (spec if spec.name == name else _as_long(load_scenario(name), spec) for name in names)
        return a, b
    made = []
    for regime in ("attractiveness", "cooperation"):
        rules = tomllib.loads((shipped("presets") / f"{regime}.toml").read_text(encoding="utf-8"))[
            "governance"
        ]
        made.append(spec.but({_ROOT.rstrip("."): rules, "name": f"{spec.name}-{regime}"}))
    return made[0], made[1]


def _as_long(spec: Scenario, other: Scenario) -> Scenario:
    return spec.but({"horizon.years": other.years, "name": spec.name})


def from_difference(a: Scenario, b: Scenario) -> list[Change]:
    """Return the rules in which the second scenario differs, as changes of the first."""
    known = {lever.key: lever for lever in levers(a)[0]}
    found = []
    for row in differing_rules([a.document(), b.document()]):
        key, (old, new) = row["key"], row["values"]
        if key.startswith(_ROOT) and new is not None:
            found.append(_change(known.get(key), key, old, new))
    return found


def from_levers(a: Scenario, known: Sequence[Change]) -> list[Change]:
    """Return every lever of a scenario as changes: other names, and numbers to the ends of their legal range."""
    taken = {(change.key, json.dumps(change.new, sort_keys=True)) for change in known}
    found = []
    for lever in levers(a)[0]:
        values = list(lever.others)
        if lever.bounds is not None and _number(lever.now):
            low, high = (round(x) if lever.whole else x for x in lever.bounds)
            near = [v for v in values if _number(v)]
            # a bound of a million is no rule that anybody would write: ten times what is known is enough
            top = min(high, 10.0 * max([abs(float(v)) for v in (lever.now, *near)] + [1e-9]))
            values += [x for x in (low, round(top) if lever.whole else top) if x != lever.now]
        distinct = {json.dumps(v, sort_keys=True): v for v in values}
        found += [
            _change(lever, lever.key, lever.now, v)
            for k, v in distinct.items()
            if (lever.key, k) not in taken
        ]
    return found


def from_parameters(a: Scenario) -> list[Change]:
    """Return the parameters with a plausible range, at both of its ends; those that no data settle first."""
    ranged = [p for p in parameters().values() if p.range and _number(p.value)]
    ranged.sort(key=lambda p: (p.grade != "assumption", p.grade != "literature"))
    found = []
    for p in ranged:
        whole = isinstance(p.value, int)
        now = a.number(p.key)
        for end in p.range or ():
            value = round(end) if whole else end
            if value != now:
                width = (p.range or (0.0, 0.0))[1] - (p.range or (0.0, 0.0))[0]
                found.append(
                    Change(p.key, int(now) if whole else now, value, both=True, width=width, whole=whole)
                )
    return found


def _change(lever: Lever | None, key: str, old: Any, new: Any) -> Change:
    width, whole = 0.0, False
    if lever is not None and lever.bounds is not None and _number(old) and _number(new):
        # the range that people write, not a legal bound of a million
        width = min(lever.bounds[1] - lever.bounds[0], 10.0 * max(abs(float(old)), abs(float(new)), 1e-9))
        whole = lever.whole
    return Change(key, old, new, width=width, whole=whole)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
