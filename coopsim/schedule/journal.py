"""What several phases write in the journal: the members of a pact, the arguments of a vote."""

from typing import Any

import numpy as np

from coopsim.i18n import Text
from coopsim.society.arguments import DIVIDED, Heard, because, decisive
from coopsim.society.councils import TERMS
from coopsim.world.state import World

_YES, _NO = tuple(f"yes_{name}" for name in TERMS), tuple(f"no_{name}" for name in TERMS)
_TOLD = 0.05  # % of the budget from which distrust is named


def membership(world: World, row: int) -> dict[str, str]:
    """Return the pact's id and the codes of its members now (empty once it has ended)."""
    in_force = bool(world.pacts.ended[row] < 0)
    members = np.flatnonzero(world.pacts.members[row] & in_force)
    return {
        "pact": f"{int(world.pacts.id[row]):016x}",
        "members": ";".join(world.places.code[j] for j in members),
    }


class VoteLine(dict[str, Any]):
    """A line of the journal whose sentence and arguments are made when somebody reads them: most are never read.

    Parameters
    ----------
    facts : dict
        What the line says anyway.
    label : Text
        What was put to the vote.
    heard : Heard
    n : int
        Which of its votes.
    vetoed : bool
    mistrust : float, % of the budget
        What doubt about partners takes off the gains, mean of the seats; NaN where there are no partners.
    """

    __slots__ = ("_heard", "_label", "_mistrust", "_n", "_vetoed")

    def __init__(
        self,
        facts: dict[str, Any],
        label: Text,
        heard: Heard,
        n: int,
        mistrust: float,
        *,
        vetoed: bool = False,
    ) -> None:
        super().__init__(facts)
        self._label, self._heard, self._n = label, heard, n
        self._mistrust, self._vetoed = mistrust, vetoed

    def __missing__(self, key: str) -> Any:
        """Make what is not there yet; a key that no vote has is an error as in any dictionary."""
        if "decisive" in self or key not in _MADE:
            raise KeyError(key)
        self.whole()
        return self[key]

    def whole(self) -> dict[str, Any]:
        """Return the line with its arguments and its sentence."""
        if "decisive" in self:
            return self
        passed = self["outcome"] == "passed"
        means, yes, no = self._heard.means(self._n)
        adopted = passed or self._vetoed
        named, _ = decisive(means, passed=adopted)
        told = self._sentence(because(means, passed=adopted), passed=passed)
        self.update(zip(_YES, yes, strict=True))
        self.update(zip(_NO, no, strict=True))
        self["mistrust"] = self._mistrust
        self["decisive"] = TERMS[named[0]] if named else DIVIDED
        self["reason_fr"] = f"{self._label.fr} : {told.fr}"
        self["reason_en"] = f"{self._label.en}: {told.en}"
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes as a plain dictionary."""
        return dict, (dict(self.whole()),)

    def _sentence(self, reason: Text, *, passed: bool) -> Text:
        """Return how the vote ended, who was decisive and which arguments won."""
        favour, against = self["votes_for"], self["votes_against"]
        fr, en = f"{favour} voix pour, {against} contre", f"{favour} votes for, {against} against"
        if self._vetoed:
            fr, en = (
                f"bloqué par la voix de la nature malgré {fr}",
                f"blocked by the voice of nature despite {en}",
            )
        elif passed:
            fr, en = f"adopté, {fr}", f"passed, {en}"
        elif favour > against:
            fr, en = (
                f"rejeté malgré {fr}, la règle en demande plus",
                f"rejected despite {en}, the rule asks for more",
            )
        else:
            fr, en = f"rejeté, {fr}", f"rejected, {en}"
            if self._centre_refuses():
                fr, en = f"{fr}, la commune centre refuse", f"{en}, the centre commune refuses"
        tail = Text("", "")
        if self._mistrust > _TOLD:
            lost = f"{self._mistrust:.2f} %"
            tail = Text(
                f" ; la défiance envers les partenaires en retire {lost}".replace(".", ","),
                f"; distrust of the partners takes {lost} off",
            )
        return Text(f"{fr} ; {reason.fr}{tail.fr}", f"{en}; {reason.en}{tail.en}")

    def _centre_refuses(self) -> bool:
        """Return whether the seats of the most populous commune said no, and the others would have said yes."""
        heard, n = self._heard, self._n
        number, inside = int(heard.centre[n]), int(heard.centre_yes[n])
        rest = int(heard.favour[n] + heard.against[n]) - number
        return 2 * inside < number and 2 * (int(heard.favour[n]) - inside) > rest


def told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines of the journal as plain dictionaries, every sentence made."""
    return [dict(row.whole()) if isinstance(row, VoteLine) else row for row in rows]


def vote_line(
    world: World, body: str, kind: str, move: str, *, votes: tuple[int, int], passed: bool
) -> dict[str, Any]:
    """Return what the line of a vote says anyway."""
    return {
        "tick": world.tick, "year": world.year, "body": body, "kind": kind, "move": move, "pact": "", "members": "",
        "amount": 1.0, "votes_for": votes[0], "votes_against": votes[1],
        "outcome": "passed" if passed else "rejected",
    }  # fmt: skip


_MADE = frozenset((*_YES, *_NO, "mistrust", "decisive", "reason_fr", "reason_en"))
