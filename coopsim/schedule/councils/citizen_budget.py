"""Phase 9, citizen budgets: inhabitants drawn by lot choose, each year, what a part of the council's money does.

The purse of the rules (an amount an inhabitant and year) adds up over some years at most. Inhabitants drawn around the
positions of the voters approve what they want among the moves that the council pays for and may make now; the most
approved that the purse still holds are carried out without a vote of the council, as long as more approve than do not.
They judge by the same terms as seats do, with what inhabitants know of them. The council pays: nothing is added to its
income. Participatory budgets where citizens choose projects and the authority carries them out: LC50 of the source
catalogue (Labo de l'ESS 2020, *Dynamiques collectives de transitions dans les territoires*).
"""

import numpy as np

from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.councils.colleges import opinions
from coopsim.schedule.moves import expectations, possible
from coopsim.society import minds
from coopsim.society.colleges import PANEL
from coopsim.society.councils import Expectations
from coopsim.society.moves import CANDIDATES, KEYS
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World

_PROJECTS = np.array(
    [c.payer == "council" and c.sign > 0 and c.family != "attractiveness" for c in CANDIDATES]
)


def prices(world: World, expected: Expectations) -> FloatArray:
    """Return what a decision costs its council, k€, shape (T, M): what is expected a year, over the horizon."""
    budget = np.maximum(world.finance.budget, 1e-9)
    out: FloatArray = 0.01 * expected.cost * budget[:, None] * world.params.councils.horizon_years
    return out


def citizens_choose(world: World, session: BoolArray) -> list[tuple[int, int]]:
    """Fill the purses of the councils that meet, let inhabitants choose; return the moves chosen, (council, move)."""
    rules, state = world.rules.council, world.commitments
    meeting = session & (rules.citizen_budget > 0.0)
    if not meeting.any():
        return []
    yearly = 0.001 * rules.citizen_budget * world.people.population
    filled = state.purse + yearly * world.rules.period / TICKS_PER_YEAR
    most = world.params.commitments.purse_years * yearly
    state.purse = np.where(meeting, np.minimum(filled, most), state.purse)
    expected = expectations(world)
    number = np.zeros((world.size, minds.VOICES), np.int64)
    number[meeting, PANEL] = world.params.commitments.citizen_voters
    seats, _, utility = opinions(world, expected, number)
    menu = possible(world) & meeting[:, None] & _PROJECTS
    for _, i, m in world.pending:  # voted this session, or on its way
        menu[i, m] = False
    price = prices(world, expected)
    menu &= price > 0.0
    chosen = []
    for council in np.flatnonzero(meeting):
        i = int(council)
        mine = utility[seats.territory == i]
        approve = (mine > 0.0).sum(axis=0)
        # of those equally approved the dearest to all comes first
        order = np.lexsort((-mine.mean(axis=0), -approve))
        for m in order:
            if menu[i, m] and 2 * approve[m] > mine.shape[0] and price[i, m] <= state.purse[i]:
                state.purse[i] -= price[i, m]
                chosen.append((int(i), int(m)))
                _write(world, int(i), int(m), float(price[i, m]), int(approve[m]), mine.shape[0])
    return chosen


def _write(world: World, i: int, m: int, price: float, approve: int, voters: int) -> None:
    name, label = world.places.name[i], CANDIDATES[m].label
    fr = f"{price:,.0f}".replace(",", "\u202f")
    world.write(
        world.places.code[i], "citizens", KEYS[m], amount=price, outcome="chosen",
        reason_fr=f"{name}, budget citoyen : {label.fr}, {approve} habitants sur {voters} pour, {fr} k€",
        reason_en=f"{name}, citizen budget: {label.en}, {approve} of {voters} inhabitants in favour, {price:,.0f} k€",
    )  # fmt: skip
