"""Rules that say how a pact grows: by itself on request, inwards, outwards, or by links with other pacts.

Three logics of growth come from the seventeen collective dynamics studied by Labo de l'ESS (2020): *concentration*
(organised actors pool more and more), *diffusion* (a core includes others in widening circles) and *networking*
(several cores linked). A rule only says who is asked what; councils answer by their votes.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from coopsim.errors import scenario_error
from coopsim.i18n import Text
from coopsim.registry import Registry, Traits

_SOURCE = "Labo de l'ESS 2020, Dynamiques collectives de transitions dans les territoires"


@runtime_checkable
class GrowthRule(Protocol):
    """Say how a pact grows.

    Every rule satisfies, and the contract tests check: the most members are at least two and at most the limit asked
    about unless the rule widens it by its own parameter; the first subjects are at least one and at most those allowed.
    """

    traits: ClassVar[Traits]
    deepens: bool
    invites: bool
    links: bool

    def most_members(self, limit: int) -> int:
        """Return how many members a pact may have, given the limit of the parameters."""
        ...

    def first_subjects(self, allowed: int) -> int:
        """Return on how many of the subjects allowed a pact begins."""
        ...


GROWTH: Registry[GrowthRule] = Registry("pact growth")


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise scenario_error(
            "valeur hors des bornes",
            "value out of bounds",
            key=name,
            value=value,
            allowed=f"{low:g} – {high:g}",
        )


@GROWTH.register("on_request")
@dataclass(frozen=True, slots=True)
class OnRequest:
    """Others may ask to join; the pact begins with all subjects."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "on y entre en le demandant ; tous les objets dès le début",
            "joined on request; all subjects at once",
        ),
        "no growth of its own: the plain case",
        ("LC1",),
    )
    deepens: ClassVar[bool] = False
    invites: ClassVar[bool] = False
    links: ClassVar[bool] = False

    def most_members(self, limit: int) -> int:
        """Return the limit."""
        return limit

    def first_subjects(self, allowed: int) -> int:
        """Return all of them."""
        return allowed


@GROWTH.register("concentration")
@dataclass(frozen=True, slots=True)
class Concentration:
    """Few members, one subject at first, one more at each review if the members agree."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "peu de membres, qui mettent en commun un objet de plus à chaque revue",
            "few members, who pool one more subject at each review",
        ),
        _SOURCE,
        ("LC1", "LC9"),
    )
    deepens: ClassVar[bool] = True
    invites: ClassVar[bool] = False
    links: ClassVar[bool] = False
    core: int = 4

    def __post_init__(self) -> None:
        _within("core", self.core, 2, 50)

    def most_members(self, limit: int) -> int:
        """Return the size of the core."""
        return max(2, min(self.core, limit))

    def first_subjects(self, allowed: int) -> int:
        """Return one."""
        return min(1, allowed)


@GROWTH.register("diffusion")
@dataclass(frozen=True, slots=True)
class Diffusion:
    """A core invites one neighbour a year; few subjects at first, one more at each review."""

    traits: ClassVar[Traits] = Traits(
        Text(
            "un noyau invite ses voisins, de proche en proche",
            "a core invites its neighbours, one circle after another",
        ),
        _SOURCE,
        ("LC1", "LC91"),
    )
    deepens: ClassVar[bool] = True
    invites: ClassVar[bool] = True
    links: ClassVar[bool] = False
    widening: float = 2.0

    def __post_init__(self) -> None:
        _within("widening", self.widening, 1.0, 10.0)

    def most_members(self, limit: int) -> int:
        """Return the limit, widened."""
        return max(2, round(limit * self.widening))

    def first_subjects(self, allowed: int) -> int:
        """Return two."""
        return min(2, allowed)


@GROWTH.register("networking")
@dataclass(frozen=True, slots=True)
class Networking:
    """Small pacts link into a federation that meets and vouches for its parts."""

    traits: ClassVar[Traits] = Traits(
        Text("plusieurs petits pactes se fédèrent", "several small pacts federate"),
        _SOURCE,
        ("LC11", "LC89"),
    )
    deepens: ClassVar[bool] = True
    invites: ClassVar[bool] = False
    links: ClassVar[bool] = True
    nucleus: int = 3

    def __post_init__(self) -> None:
        _within("nucleus", self.nucleus, 2, 50)

    def most_members(self, limit: int) -> int:
        """Return the size of a nucleus."""
        return max(2, min(self.nucleus, limit))

    def first_subjects(self, allowed: int) -> int:
        """Return two."""
        return min(2, allowed)
