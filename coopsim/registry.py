"""Named rules: a typed table of name → class, filled by a decorator and by entry points.

A rule is a small frozen dataclass with a `Traits` and one method; its fields are its parameters.
A scenario names it by a bare string or by a table ``{rule = "name", parameter = value}``.
"""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields
from importlib.metadata import entry_points
from typing import Any, ClassVar, Generic, TypeVar

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text

P = TypeVar("P")
C = TypeVar("C", bound=type)


@dataclass(frozen=True, slots=True)
class Traits:
    """What a rule is, declared rather than discovered; drives docs, lists and tests."""

    summary: Text
    source: str
    levers: tuple[str, ...] = ()


def nearest(name: str, known: list[str]) -> str:
    """Return the known name closest to a misspelt one, or an empty string."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return close[0] if close else ""


class Registry(Generic[P]):
    """Rules of one kind, looked up by the name that scenario files use.

    Parameters
    ----------
    kind : str
        Singular English name, also the entry-point group ``coopsim.<kind>``.
    """

    all: ClassVar[dict[str, "Registry[Any]"]] = {}

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._classes: dict[str, type[P]] = {}
        Registry.all[kind] = self

    def register(self, name: str) -> Callable[[C], C]:
        """Class decorator; refuses to overwrite a name and requires `Traits`."""

        def decorate(cls: C) -> C:
            if name in self._classes:
                raise ValueError(f"{self.kind} {name!r} is already {self._classes[name]!r}")
            if not isinstance(getattr(cls, "traits", None), Traits):
                raise TypeError(f"{cls!r} needs a class attribute traits = Traits(...)")
            self._classes[name] = cls
            return cls

        return decorate

    def __getitem__(self, name: str) -> type[P]:
        if name not in self._classes:
            self.load_entry_points()
        try:
            return self._classes[name]
        except KeyError:
            known = sorted(self._classes)
            raise ScenarioError(
                [
                    Problem(
                        Text(
                            fr=f"aucune règle « {self.kind} » ne porte ce nom",
                            en=f"no {self.kind} rule has this name",
                        ),
                        value=name,
                        allowed=", ".join(known),
                        nearest=nearest(name, known),
                    )
                ]
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._classes))

    def __len__(self) -> int:
        return len(self._classes)

    def build(self, spec: str | dict[str, Any]) -> P:
        """Return the rule named by a string or by a table ``{rule = …, parameter = …}``.

        Raises
        ------
        ScenarioError
            For an unknown rule, an unknown parameter or a refused value.
        """
        table = {"rule": spec} if isinstance(spec, str) else dict(spec)
        cls = self[str(table.pop("rule", ""))]
        accepted = [f.name for f in fields(cls)]  # type: ignore[arg-type]
        unknown = [key for key in table if key not in accepted]
        if unknown:
            raise ScenarioError(
                [
                    Problem(
                        Text(fr="paramètre inconnu de cette règle", en="unknown parameter of this rule"),
                        key=key,
                        value=table[key],
                        allowed=", ".join(accepted) or "–",
                        nearest=nearest(key, accepted),
                    )
                    for key in unknown
                ]
            )
        return cls(**table)

    def parameters(self, name: str) -> dict[str, Any]:
        """Return the parameters of a rule with their defaults (None where there is none)."""
        return {
            f.name: None if f.default is MISSING else f.default
            for f in fields(self[name])  # type: ignore[arg-type]
        }

    def load_entry_points(self) -> None:
        """Import third-party rules listed under the entry-point group of this kind."""
        for point in entry_points(group=f"coopsim.{self.kind}"):
            point.load()
