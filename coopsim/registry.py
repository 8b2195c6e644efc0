"""Named rules: typed tables of name → class, filled by one decorator, here and in packages of third parties.

A rule is a small frozen dataclass with a `Traits` and one method; its fields are its parameters.
A scenario names it by a bare string or by a table ``{rule = "name", parameter = value}``.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from coopsim import plugins
from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text

P = TypeVar("P")
C = TypeVar("C", bound=type)

KINDS: dict[str, Text] = {
    "voting rule": Text("règle de vote", "voting rule"),
    "decision maker": Text("manière de décider", "decision maker"),
    "water allocation": Text("règle de partage de l'eau", "water allocation rule"),
    "wood harvest": Text("règle de récolte du bois", "wood harvest rule"),
    "wood growth": Text("loi de croissance du bois", "law of wood growth"),
    "deliberation": Text("forme de délibération", "form of deliberation"),
    "land opening": Text("règle d'ouverture du foncier", "land opening rule"),
    "cost sharing": Text("règle de partage des coûts", "cost sharing rule"),
    "pact growth": Text("croissance des pactes", "growth of pacts"),
}
"""What each kind is called; all feminine in French, so that sentences agree."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_UNKNOWN = Text(
    "aucune {kind} ne porte ce nom (une règle à soi : --rules FICHIER.py)",
    "no {kind} has this name (a rule of your own: --rules FILE.py)",
)
_TAKEN = Text(
    "la {kind} « {name} » est définie deux fois, par {first} et par {second} : en renommer une",
    "the {kind} '{name}' is defined twice, by {first} and by {second}: rename one",
)
_BAD_NAME = Text(
    "« {name} » n'est pas un nom de règle : lettres minuscules sans accent, chiffres, - et _",
    "'{name}' is no name for a rule: lower-case letters, digits, - and _",
)
_NOT_FROZEN = Text(
    "{cls} n'est pas une dataclass figée : mettre @dataclass(frozen=True) sous le décorateur",
    "{cls} is no frozen dataclass: put @dataclass(frozen=True) below the decorator",
)
_NO_TRAITS = Text(
    "{cls} n'a pas d'attribut de classe traits: ClassVar[Traits] = Traits(...)",
    "{cls} has no class attribute traits: ClassVar[Traits] = Traits(...)",
)


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


def kind_label(kind: str) -> Text:
    """Return what a kind of rule is called."""
    return KINDS.get(kind, Text(f"règle « {kind} »", f"{kind} rule"))


def is_ours(cls: type) -> bool:
    """Return whether coopsim itself brings a rule."""
    return cls.__module__.partition(".")[0] == "coopsim"


class Registry(Generic[P]):
    """Rules of one kind, looked up by the name that scenario files use.

    Parameters
    ----------
    kind : str
        Singular English name; what people read stands in `KINDS`.
    """

    all: ClassVar[dict[str, "Registry[Any]"]] = {}

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._classes: dict[str, type[P]] = {}
        self._contested: dict[str, Problem] = {}
        Registry.all[kind] = self

    def register(self, name: str) -> Callable[[C], C]:
        """Class decorator, above ``@dataclass(frozen=True)``; refuses to overwrite a name.

        Raises
        ------
        TypeError
            For a class that is no frozen dataclass or has no `Traits`.
        ScenarioError
            For a name already taken, with both owners.
        """

        def decorate(cls: C) -> C:
            _check_form(cls, name)
            taken = self._classes.get(name)
            if taken is not None and not _again(taken, cls):
                self._clash(name, taken, cls)
            if name in self._contested:
                raise ScenarioError([self._contested[name]])
            self._classes[name] = cls
            return cls

        return decorate

    def __getitem__(self, name: str) -> type[P]:
        found = self._classes.get(name)
        if found is None or not is_ours(found):
            broken = load_packages()
            found = self._classes.get(name)
            if name in self._contested:
                raise ScenarioError([self._contested[name]])
            if found is None:
                raise ScenarioError([self._unknown(name), *broken])
        return found

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
        return {f.name: _default(f) for f in fields(self[name])}  # type: ignore[arg-type]

    def classes(self) -> dict[str, type[P]]:
        """Return the rules known so far by name, in the order of their names."""
        return {name: self._classes[name] for name in self}

    def restore(self, classes: dict[str, type[P]]) -> None:
        """Forget the rules registered since `classes` was called."""
        self._classes = {name: cls for name, cls in classes.items() if name not in self._contested}

    def _unknown(self, name: str) -> Problem:
        known = sorted(self._classes)
        return Problem(
            _kinded(_UNKNOWN, self.kind),
            value=name,
            allowed=", ".join(known),
            nearest=nearest(name, known),
        )

    def _clash(self, name: str, first: type, second: type) -> None:
        """Refuse a name claimed twice; between third parties nobody gets it, whoever came first."""
        owners = ["coopsim" if is_ours(cls) else plugins.place_of(cls) for cls in (first, second)]
        problem = Problem(_kinded(_TAKEN, self.kind, name=name, first=owners[0], second=owners[1]))
        if is_ours(first):
            raise ScenarioError([problem])
        self._contested[name] = problem
        del self._classes[name]


def _kinded(message: Text, kind: str, **values: str) -> Text:
    label = kind_label(kind)
    return Text(message.fr.format(kind=label.fr, **values), message.en.format(kind=label.en, **values))


def _default(field: Any) -> Any:
    if field.default is not MISSING:
        return field.default
    return None if field.default_factory is MISSING else field.default_factory()


def _check_form(cls: type, name: str) -> None:
    """Refuse what could not be built from a scenario file, or not be explained."""
    if not _NAME.fullmatch(name):
        raise ValueError(str(_BAD_NAME.format(name=name)))
    if not (is_dataclass(cls) and cls.__dataclass_params__.frozen):  # type: ignore[attr-defined]
        raise TypeError(str(_NOT_FROZEN.format(cls=plugins.place_of(cls))))
    if not isinstance(getattr(cls, "traits", None), Traits):
        raise TypeError(str(_NO_TRAITS.format(cls=plugins.place_of(cls))))


def _again(taken: type, cls: type) -> bool:
    """Return whether a class is one already known, or its new definition in a script or a notebook."""
    if taken is cls:
        return True
    same = (taken.__module__, taken.__qualname__) == (cls.__module__, cls.__qualname__)
    return same and cls.__module__ == "__main__"


@cache
def load_packages() -> tuple[Problem, ...]:
    """Import the rules of every installed package that brings some, once; returns what could not be used.

    A package that fails leaves none of its rules behind and does not keep the others from loading.
    """
    problems: list[Problem] = []
    for point in plugins.installed():
        try:
            with _all_or_none():
                plugins.load_package(point, _known)
        except plugins.PluginError as error:
            problems += error.problems
    return tuple(problems)


def load_rules(path: str | Path) -> None:
    """Import a Python file of rules; none of them is kept when it fails.

    Raises
    ------
    ScenarioError
        With the file, line and reason.
    """
    with _all_or_none():
        plugins.load_file(path)


@contextmanager
def _all_or_none() -> Iterator[None]:
    """Forget the rules registered in the block when it fails."""
    before = {kind: registry.classes() for kind, registry in Registry.all.items()}
    try:
        yield
    except BaseException:
        for kind, registry in Registry.all.items():
            registry.restore(before.get(kind, {}))
        raise


def _known(cls: type) -> bool:
    return any(cls in registry.classes().values() for registry in Registry.all.values())
