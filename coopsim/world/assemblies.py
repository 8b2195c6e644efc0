"""The assemblies that decide, and what the vote of each member is worth there under the rule in force.

A member is a bloc: the councillors of one commune in a community council, the delegates of one territory in a
body. Blocs are how centres and coalitions are counted; councillors still vote one by one in the run.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from coopsim.governance.blocs import Power, bloc_power
from coopsim.governance.voting import Ballot, VotingRule
from coopsim.rng import entity_ids
from coopsim.tables.bodies import WATER_SYNDICATE
from coopsim.types import FloatArray, IntArray
from coopsim.world.founding_communes import communes
from coopsim.world.order import ordered
from coopsim.world.state import World


@dataclass(frozen=True, slots=True)
class Assembly:
    """One assembly and its members, those with most votes first.

    Attributes
    ----------
    kind : "council" or "body"
    code, name : str
    rule : str or dict
        As a scenario names it.
    members : tuple of str
        Names of the communes or territories.
    codes : tuple of str
    people : FloatArray, shape (n,)
        Inhabitants that each member speaks for.
    power : Power or None
        Of the members, in their order; None for a rule whose coalitions are too many to be counted.
    """

    kind: Literal["council", "body"]
    code: str
    name: str
    rule: str | dict[str, Any]
    members: tuple[str, ...]
    codes: tuple[str, ...]
    people: FloatArray
    power: Power | None


def councils(world: World) -> list[Assembly]:
    """Return the community councils: the communes by their seats, under the rule of each council."""
    case = ordered(world.spec.load_case())
    names = {str(line["code"]): str(line["name"]) for line in case.communes.to_dict("records")}
    names |= dict(zip(world.places.code, world.places.name, strict=True))  # one without communes is its own
    codes, *_ = communes(case, world.places.code, world.places.population)
    known = dict(
        zip(entity_ids("commune", codes).tolist(), ((c, names.get(c, c)) for c in codes), strict=True)
    )
    out = []
    for i, code in enumerate(world.places.code):
        rows = np.flatnonzero(world.electorate.territory == i)
        people = world.electorate.population[rows]
        bloc = np.searchsorted(rows, world.councils.commune[world.councils.territory == i])
        who = [
            (*known[int(x)], float(p)) for x, p in zip(world.electorate.commune[rows], people, strict=True)
        ]
        ballot = Ballot.of(np.zeros(bloc.size), population=people[bloc], group=rows[bloc])
        named = world.spec.governance_for(code, world.tick).aggregation.council_rule
        label = (code, world.places.name[i])
        out.append(_assembly("council", label, (named, world.rules.council_rule[i]), who, ballot, bloc))
    return out


def bodies(world: World) -> list[Assembly]:
    """Return the bodies: the territories by their votes, under the rule of bodies.

    By the seats of the statutes each delegate has one vote. Where the rules say so (``body_seats = "served"``), a water
    service votes by one delegate of each member, which carries the people served where weights count.
    """
    table, names = world.bodies, dict(zip(world.places.code, world.places.name, strict=True))
    named = world.spec.governance.aggregation.body_rule
    out = []
    for b in np.flatnonzero(table.alive):
        served = table.served(int(b), world.people.population)
        members = np.flatnonzero((table.share[b] > 0.0) | (table.seats[b] > 0))
        members = members[np.argsort([world.places.code[i] for i in members], kind="stable")]
        weighted = table.kind[b] == WATER_SYNDICATE and not world.rules.bodies.statutory
        seats = (served[members] > 0.0).astype(np.int64) if weighted else table.seats[b, members]
        bloc = np.repeat(np.arange(members.size), seats)
        people = served[members]
        ballot = Ballot.of(
            np.zeros(bloc.size),
            weight=people[bloc] if weighted else None,
            population=people[bloc],
            group=bloc,
        )
        who = [(world.places.code[i], names[world.places.code[i]], float(served[i])) for i in members]
        label = (table.code[b], table.name[b])
        out.append(_assembly("body", label, (named, world.rules.body_rule), who, ballot, bloc))
    return out


def _assembly(
    kind: Literal["council", "body"],
    label: tuple[str, str],
    rule: tuple[str | dict[str, Any], VotingRule],
    who: list[tuple[str, str, float]],
    ballot: Ballot,
    bloc: IntArray,
) -> Assembly:
    """Return an assembly with its members in order: most votes first, then by code."""
    power = bloc_power(rule[1], ballot, bloc, len(who))
    votes = np.bincount(bloc, minlength=len(who)) if power is None else power.votes
    order = sorted(range(len(who)), key=lambda n: (-int(votes[n]), who[n][0]))
    return Assembly(
        kind=kind,
        code=label[0],
        name=label[1],
        rule=rule[0],
        members=tuple(who[n][1] for n in order),
        codes=tuple(who[n][0] for n in order),
        people=np.array([who[n][2] for n in order]),
        power=None if power is None else power.taken(order),
    )
