"""A vote by colleges: each counts the same or by a weight, by the share of its voices that say yes.

Cooperatives of general interest (SCIC) and the assemblies of some territorial dynamics vote by colleges whose weight is
apart from the number of their members and from capital (Biovallée: authorities, economic actors, associations,
inhabitants; Labo de l'ESS 2020, *Dynamiques collectives de transitions dans les territoires*; law of 10 September 1947,
article 19 octies, for SCIC: there the weights may differ, each from 10 to 50 %; the 10 % are told in a Senate debate of
6 November 2006, the 50 % are from memory and not verified). Neither bound holds here: a scenario may try other weights.
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from coopsim.errors import scenario_error
from coopsim.governance.voting import VOTING, Ballot
from coopsim.i18n import Text
from coopsim.registry import Traits

COLLEGES = 4  # of a pact
MOST_WEIGHT = 1000.0


@VOTING.register("by_colleges")
@dataclass(frozen=True, slots=True)
class ByColleges:
    """More than a share of the colleges, each split as its voices are; groups of a ballot are its colleges.

    In a council the colleges are its communes; in a pact they are authorities, economic actors, associations and
    inhabitants.

    Attributes
    ----------
    share : float, 0-1
        Of the colleges, above which a move is adopted.
    weights : tuple of float, at least 0
        In a pact, what the colleges of authorities, economic actors, associations and inhabitants count, in this order,
        whatever their capital and their number; only their ratios act. Empty: all the same.
    """

    share: float = 0.5
    weights: tuple[float, ...] = ()
    traits: ClassVar[Traits] = Traits(
        Text(
            fr="par collèges : chacun compte autant, ou selon son poids, partagé comme ses voix",
            en="by colleges: each counts the same, or by its weight, split as its voices are",
        ),
        "Labo de l'ESS (2020), Dynamiques collectives de transitions dans les territoires",
        ("LC71",),
    )

    def __post_init__(self) -> None:
        if not 0.0 <= self.share < 1.0:
            raise scenario_error(
                "une part va de 0 à 1, 1 exclu", "a share lies between 0 and 1, 1 excluded", key="share",
                value=self.share, allowed="0 – 1",
            )  # fmt: skip
        four = len(self.weights) == COLLEGES and any(self.weights)
        if self.weights and not (four and all(0.0 <= x <= MOST_WEIGHT for x in self.weights)):
            raise scenario_error(
                "quatre poids, dont un au-dessus de 0 : collectivités, acteurs économiques, associations, habitants",
                "four weights, one of them above 0: authorities, economic actors, associations, inhabitants",
                key="weights", value=list(self.weights), allowed=f"0 – {MOST_WEIGHT:.0f}",
            )  # fmt: skip

    def adopted(self, ballot: Ballot) -> bool:
        """Return whether the mean share of yes over the colleges with somebody present is above the share asked.

        By weights, the weights of those colleges are scaled to sum to one; never adopted where they are all 0.
        """
        group, yes = ballot.group[ballot.present], ballot.yes[ballot.present]
        if group.size == 0:
            return False
        names, place = np.unique(group, return_inverse=True)
        favour = np.bincount(place, weights=yes, minlength=names.size) / np.bincount(place)
        if not self.weights:
            mean = math.fsum(favour) / names.size
            return bool(mean > self.share + 1e-12)
        weight = np.asarray(self.weights)[names]
        total = math.fsum(weight)
        return total > 0.0 and bool(math.fsum(favour * weight) / total > self.share + 1e-12)
