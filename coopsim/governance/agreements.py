"""Local agreements on the seats of a community council: whether the law would have them (CGCT L5211-6-1, I, 2°).

Communes may agree on another number of seats, and on another sharing, than the table's. The bounds are dated law
(``scenarios/law/councils.toml``, ``local_agreement``): the first ones were found contrary to the Constitution, since
seats could stray too far from people.

References
----------
.. [CC2014] Conseil constitutionnel, decision n° 2014-405 QPC of 20 June 2014, *Commune de Salbris*.
.. [L2015] Law n° 2015-264 of 9 March 2015 authorising the local agreement.
"""

import numpy as np
from numpy.typing import ArrayLike

from coopsim.governance.seats import SeatLaw, community_seats, highest_averages
from coopsim.i18n import Text

_ROUNDING = 1e-9
_TWO = 2

FAULTS: dict[str, Text] = {
    "total": Text("trop de sièges en tout", "too many seats in all"),
    "none": Text("une commune n'a aucun siège", "a commune has no seat"),
    "half": Text("une commune a plus de la moitié des sièges", "a commune has more than half of the seats"),
    "order": Text(
        "une commune a moins de sièges qu'une moins peuplée",
        "a commune has fewer seats than a less populous one",
    ),
    "gap": Text(
        "la part des sièges d'une commune s'écarte trop de sa part des habitants",
        "a commune's share of seats strays too far from its share of inhabitants",
    ),
}


def agreement_faults(population: ArrayLike, seats: ArrayLike, law: SeatLaw) -> list[str]:
    """Return which conditions of a local agreement a sharing of seats breaks, keys of `FAULTS`; none is lawful.

    Parameters
    ----------
    population : array, shape (n,), inhabitants
    seats : array of int, shape (n,)
    law : SeatLaw

    Notes
    -----
    Seats may exceed those of III and IV by ``agreement_added``; every commune has one, none has more than half; they
    follow population. The share of a commune may stray from that of its inhabitants by ``agreement_gap`` at most, but
    where the table itself strays further and the agreement does not widen it, or where two seats go to a commune to
    which the highest averages alone (IV, 1°) give one.
    """
    people = np.asarray(population, dtype=np.float64)
    held = np.asarray(seats, dtype=np.int64)
    total, legal = int(held.sum()), community_seats(people, law, added=False)
    found = []
    if total > (1.0 + law.agreement_added) * legal.sum() + _ROUNDING:
        found.append("total")
    if (held < 1).any():
        found.append("none")
    if 2 * held.max() > total:
        found.append("half")
    if ((people[:, None] > people[None, :]) & (held[:, None] < held[None, :])).any():
        found.append("order")
    share = people / people.sum()
    gap, table_gap = (np.abs(x / x.sum() / share - 1.0) for x in (held.astype(float), legal.astype(float)))
    alone = highest_averages(people, int(law.community_table(people.sum())))
    excused = (table_gap > law.agreement_gap + _ROUNDING) & (gap <= table_gap + _ROUNDING)
    excused |= (held == _TWO) & (alone == 1)
    if np.any((gap > law.agreement_gap + _ROUNDING) & ~excused):
        found.append("gap")
    return found
