r"""Pacts: whom to invite, what they cost, how a member leaves; their life stands in `coopsim.society.pact_life`.

Invitation of *j* by *i*: :math:`\sigma(b_0 + b_T T + b_K K + b_I I + b_D D + b_C c - b_R R + x)`, *x* what the
life of pacts adds (visible successes, crises; `coopsim.society.pact_life`); the kernel only selects whom to invite,
the councils' votes decide (cost and loss of power count there, once).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from coopsim.governance.cost_games import RunwayCost, population_shares
from coopsim.tables import SCOPES, PactTable
from coopsim.types import BoolArray, FloatArray

PAIR = 2  # fewest members of a pact


@dataclass(frozen=True, slots=True)
class PactParams:
    """Section ``society.pacts``."""

    invite_base: float
    invite_trust: float
    invite_knowledge: float
    invite_identity: float
    invite_dependence: float
    invite_catalyst: float
    invite_rivalry: float
    max_members: int
    fte_per_member_full: float
    hired_fte: float
    pooling_gain_share: float
    call_gain_keur: float
    truce_subsidy: float
    conditional_share: float
    conditional_slope: float
    self_serving_bias: float
    start_contribution: float
    contribution_return: float
    outside_co_funder: float
    outside_co_decider: float
    outside_ceded: float


def invitation(
    p: PactParams,
    trust: FloatArray,
    knowledge: FloatArray,
    identity: FloatArray,
    dependence: FloatArray,
    rivalry: FloatArray,
    catalyst: FloatArray,
    more: FloatArray | float = 0.0,
) -> FloatArray:
    """Return the probability that the row invites the column, shape (T, T); ``more`` is added to the log-odds."""
    x = (
        p.invite_base
        + p.invite_trust * trust
        + p.invite_knowledge * knowledge
        + p.invite_identity * identity
        + p.invite_dependence * dependence
        + p.invite_catalyst * catalyst
        - p.invite_rivalry * rivalry
        + more
    )
    out: FloatArray = expit(x)
    return out


def efficiency(p: PactParams, fte: FloatArray, members: FloatArray) -> FloatArray:
    """Return the efficiency of animation, 0-1: funded FTE over what the members need."""
    out: FloatArray = np.minimum(1.0, fte / np.maximum(p.fte_per_member_full * members, 1e-12))
    return out


def yearly_cost(
    population: FloatArray,
    members: BoolArray,
    posts: FloatArray,
    watch: FloatArray,
    each: float,
    founder: int,
) -> RunwayCost:
    """Return what a pact costs in a year, as a game between its members in the order of their rows.

    Posts of animation and monitoring serve all members once they are there: any group of members would make them
    for the most demanding of its rules, never for more than the founder's, which hold for the pact. What no member
    asks for any more is common to all. Coordination costs the same for each member.

    Parameters
    ----------
    population : FloatArray, shape (T,)
    members : BoolArray, shape (T,)
    posts, watch : FloatArray, shape (T,), k€/yr
        Cost of the animation and of the monitoring that each territory's own rules ask for.
    each : float, k€/yr
        Coordination cost of one member.
    founder : int
        Row of the territory whose rules the pact follows.
    """
    asked = np.column_stack([posts, watch])
    need = np.minimum(asked[members], asked[founder])
    need += asked[founder] - need.max(axis=0)
    return RunwayCost.of(population_shares(population, members)[members], need, each)


def setup_cost(population: FloatArray, members: BoolArray, setup: float) -> RunwayCost:
    """Return the cost of founding a pact, made once for whoever is in it, as a game between its members."""
    need = np.full((int(members.sum()), 1), setup)
    return RunwayCost.of(population_shares(population, members)[members], need, 0.0)


def spread(values: FloatArray, members: BoolArray) -> FloatArray:
    """Return the members' values in the rows of all territories, 0 elsewhere, shape (T,)."""
    out = np.zeros(members.size)
    out[members] = values
    return out


def shrink(pacts: PactTable, row: int, territory: int, tick: int) -> bool:
    """Take a member out of a pact; returns whether the pact ends for want of two members."""
    pacts.members[row, territory] = False
    if int(pacts.members[row].sum()) < PAIR:
        pacts.ended[row] = tick
        return True
    return False


def scope_mask(names: list[str]) -> BoolArray:
    """Return the mask over `SCOPES` of a list of scope names."""
    return np.array([scope in names for scope in SCOPES])
