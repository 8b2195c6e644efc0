"""Seats around the table: roles, never persons. A phone takes a seat and gets a random token."""

import secrets
from dataclasses import dataclass

from coopsim.i18n import Text
from coopsim.scenario import Scenario

_ROLES = {
    "companies": Text("Entreprises", "Companies"),
    "residents": Text("Habitants", "Residents"),
    "nature": Text("Nature (la rivière, la forêt)", "Nature (the river, the forest)"),
    "state": Text("État et Région", "State and Region"),
}
MOST_PHONES = 400  # of one room


@dataclass(frozen=True, slots=True)
class Seat:
    """A place at the table.

    Attributes
    ----------
    id : str
        Code of a territory, or name of a role.
    label : Text
    territory : int
        Row of its territory, -1 for a role.
    population : float
        Inhabitants it speaks for; a role speaks for none.
    """

    id: str
    label: Text
    territory: int
    population: float


def seats_of(scenario: Scenario) -> dict[str, Seat]:
    """Return the seats of a case: one for each council, in the order of codes, and the roles."""
    table = scenario.load_case().territories
    people = dict(zip(table["code"].astype(str), table["population"].astype(float), strict=True))
    councils = [
        Seat(code, Text(scenario.territory_names[code], scenario.territory_names[code]), row, people[code])
        for row, code in enumerate(sorted(people))
    ]
    roles = [Seat(name, text, -1, 0.0) for name, text in _ROLES.items()]
    return {seat.id: seat for seat in (*councils, *roles)}


def new_token() -> str:
    """Return what a phone shows to be recognised: 128 random bits."""
    return secrets.token_urlsafe(16)
