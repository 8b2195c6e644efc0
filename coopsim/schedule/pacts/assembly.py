"""Phase 9, the assembly of a pact that votes by colleges: authorities, economic actors, associations, inhabitants."""

import numpy as np

from coopsim.governance.voting import Ballot
from coopsim.schedule.councils.colleges import opinions
from coopsim.schedule.journal import membership
from coopsim.society import minds
from coopsim.society.councils import Expectations
from coopsim.types import BoolArray
from coopsim.world.state import World

# the college of each kind of voice: citizens, small and large companies, social economy, associations, researchers
_COLLEGE = np.array([3, 1, 1, 1, 2, 2])
_VOICES = (3, 1, 1, 1, 2, 1)  # as many for each college and member: three
_NAMES_FR = ("collectivités", "acteurs économiques", "associations", "habitants")
_NAMES_EN = ("authorities", "economic actors", "associations", "inhabitants")


def assembly(world: World, row: int, answers: BoolArray, expected: Expectations, kind: str) -> Ballot:
    """Return the ballot of the assembly of a pact on one question, written to the journal.

    Parameters
    ----------
    answers : BoolArray, shape (members,)
        What the councils of the members say: the college of authorities.
    expected : Expectations, (T, 1)
        What a member may expect of it; the voices of its companies, associations and inhabitants judge the same.
    """
    members = world.pacts.members[row]
    number = np.zeros((world.size, minds.VOICES), np.int64)
    number[members, : len(_VOICES)] = _VOICES
    _, what, utility = opinions(world, expected, number)
    yes = np.concatenate([answers, utility[:, 0] > 0.0])
    group = np.concatenate([np.zeros(answers.size, np.int64), _COLLEGE[what]])
    ballot = Ballot.of(yes, group=group)
    if world.spec.journal:
        shares = [100.0 * float(yes[group == g].mean()) for g in range(len(_NAMES_FR))]
        fr = ", ".join(f"{name} {share:.0f} %" for name, share in zip(_NAMES_FR, shares, strict=True))
        en = ", ".join(f"{name} {share:.0f}%" for name, share in zip(_NAMES_EN, shares, strict=True))
        passed = world.rules.pacts.voting.adopted(ballot)
        weights = getattr(world.rules.pacts.voting, "weights", ())
        world.write(
            world.places.code[int(world.pacts.founder[row])], "assembly", kind,
            amount=float(np.average(shares, weights=weights or None)), outcome="adopted" if passed else "rejected",
            reason_fr=f"assemblée du pacte, pour : {fr}", reason_en=f"assembly of the pact, in favour: {en}",
            **membership(world, row),
        )  # fmt: skip
    return ballot
