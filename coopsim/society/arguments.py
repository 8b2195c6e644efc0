"""The arguments of a vote in numbers, and the sentence that names the decisive ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coopsim.i18n import Text
from coopsim.society.councils import TERMS, Terms
from coopsim.types import BoolArray, FloatArray, IntArray

# words for a term above 0 and below; whether they are plural (English has no use for it)
_WORDS: dict[str, tuple[tuple[Text, bool], tuple[Text, bool]]] = {
    "jobs": ((Text("les emplois gagnés", "jobs won"), True), (Text("les emplois perdus", "jobs lost"), True)),
    "resources": (
        (Text("l'eau et les ressources gagnées", "water and resources gained"), True),
        (Text("les ressources entamées", "resources worn down"), True),
    ),
    "social": (
        (Text("les besoins couverts", "needs met"), True), (Text("les besoins délaissés", "needs unmet"), True),
    ),
    "revenue": (
        (Text("les recettes gagnées", "revenue won"), True), (Text("les recettes perdues", "revenue lost"), True),
    ),
    "cost": ((Text("l'argent épargné", "money saved"), False), (Text("le coût", "the cost"), False)),
    "image": (
        (Text("ce qui se verra", "what will be seen"), False), (Text("la mauvaise image", "the bad image"), False),
    ),
    "power": (
        (Text("le pouvoir gagné", "power gained"), False), (Text("la perte de pouvoir", "the loss of power"), False),
    ),
    "habit": (
        (Text("l'attachement à ce qui existe", "attachment to what stands"), False),
        (Text("l'habitude de ne rien changer", "the habit of changing nothing"), False),
    ),
    "advice": (
        (Text("les avis favorables", "advice in favour"), True), (Text("les avis contraires", "advice against"), True),
    ),
    "context": (
        (Text("l'actualité de l'année", "the news of the year"), False),
        (Text("l'actualité de l'année", "the news of the year"), False),
    ),
}  # fmt: skip
_SMALL = 0.005  # % of the budget: what rounds to nothing is not told
_CONTEXT = TERMS.index("context")
_REASONS = tuple(k for k, name in enumerate(TERMS) if name not in {"context", "noise"})
DIVIDED = "divided"


@dataclass(frozen=True, slots=True)
class Heard:
    """Arguments of some votes of one session; n of them.

    Attributes
    ----------
    favour, against : IntArray, shape (n,)
    yes, no : FloatArray, shape (11, n), % of the yearly budget
        Sums by `TERMS` over the seats that said yes, and over those that said no.
    centre, centre_yes : IntArray, shape (n,)
        Seats of the most populous commune, and how many of them said yes.
    """

    favour: IntArray
    against: IntArray
    yes: FloatArray
    no: FloatArray
    centre: IntArray
    centre_yes: IntArray

    def means(self, n: int) -> tuple[list[float], list[float], list[float]]:
        """Return the mean arguments of all seats, of those that said yes and of those that said no (NaN without)."""
        yes, no = int(self.favour[n]), int(self.against[n])
        whole = (self.yes[:, n] + self.no[:, n]) / (yes + no)
        nobody = [np.nan] * len(TERMS)
        return (
            whole.tolist(),
            (self.yes[:, n] / yes).tolist() if yes else nobody,
            (self.no[:, n] / no).tolist() if no else nobody,
        )


def hear(
    territory: IntArray, terms: Terms, yes: BoolArray, centre: BoolArray, pairs: Sequence[tuple[int, int]]
) -> Heard:
    """Return the arguments of some votes.

    Parameters
    ----------
    territory : IntArray, shape (s,)
        Council of each seat.
    terms : Terms
        Of these seats, (s, M).
    yes : BoolArray, shape (s, M)
    centre : BoolArray, shape (s,)
        Seats of the most populous commune of their council.
    pairs : sequence of (int, int)
        Council and candidate of each vote.
    """
    order = np.argsort(territory, kind="stable")
    councils = np.array([i for i, _ in pairs], dtype=np.int64)
    start = np.searchsorted(territory[order], councils)
    size = np.searchsorted(territory[order], councils, side="right") - start
    first = np.cumsum(size) - size
    row = order[np.arange(size.sum()) + np.repeat(start - first, size)]
    column = np.repeat(np.array([m for _, m in pairs], dtype=np.int64), size)
    said = np.zeros((len(TERMS), row.size))
    for k, name in enumerate(TERMS):
        part = getattr(terms, name)
        if part is not None:
            said[k] = part[row, column]
    agree, middle = yes[row, column], centre[row]
    favour, seats, inside = _sums(np.stack([agree, middle, agree & middle]).astype(np.int64), first)
    for_it = _sums(said * agree, first)
    return Heard(favour, size - favour, for_it, _sums(said, first) - for_it, seats, inside)


def _sums(values: np.ndarray, first: IntArray) -> np.ndarray:
    if first.size == 0:
        return np.zeros((values.shape[0], 0), values.dtype)
    out: np.ndarray = np.add.reduceat(values, first, axis=1)
    return out


def decisive(means: Sequence[float], *, passed: bool) -> tuple[list[int], int]:
    """Return the arguments that decide, the strongest first, and the strongest of the other side (-1 without).

    The reasons that seats share decide; where they point the other way, the news of the year does, and where not
    even that explains the vote, nothing does: seats are divided. As many reasons are named as outweigh the best one
    of the other side.

    Parameters
    ----------
    means : sequence of float
        Of all seats, by `TERMS`.
    """
    sign = 1.0 if passed else -1.0
    side = {k: sign * means[k] for k in _REASONS}
    other = min(side, key=side.__getitem__)
    if side[other] > -_SMALL:
        other = -1
    if sum(side.values()) <= 0.0:
        tips = sum(side.values()) + sign * means[_CONTEXT] > 0.0
        return ([_CONTEXT] if tips else []), other
    named: list[int] = []
    total, needed = 0.0, -side[other] if other >= 0 else 0.0
    for k in sorted(side, key=side.__getitem__, reverse=True):
        if side[k] <= 0.0 or (named and total > needed):
            break
        named.append(k)
        total += side[k]
    return named, other


def because(means: Sequence[float], *, passed: bool) -> Text:
    """Return the decisive arguments as a clause in French and in English, with their numbers."""
    named, other = decisive(means, passed=passed)
    if not named:
        best, worst = (f(_REASONS, key=means.__getitem__) for f in (max, min))
        for_it, against = _said(best, means[best], first=True), _said(worst, means[worst], first=False)
        return Text(
            f"les sièges se partagent, {for_it.fr} contre {against.fr}",
            f"seats are divided, {for_it.en} against {against.en}",
        )
    found = [_said(k, means[k], first=n == 0) for n, k in enumerate(named)]
    plural = len(named) > 1 or _word(named[0], means[named[0]])[1]
    fr, en = _listed([x.fr for x in found], "et"), _listed([x.en for x in found], "and")
    if other < 0:
        return Text(f"{fr}, rien de notable en face", f"{en}, nothing notable on the other side")
    against = _said(other, means[other], first=False)
    if named[0] == _CONTEXT:
        return Text(
            f"{fr} fait pencher la balance malgré {against.fr}", f"{en} tips the balance despite {against.en}"
        )
    verb = "l'emportent" if plural else "l'emporte"
    return Text(f"{fr} {verb} sur {against.fr}", f"{en} outweigh{'' if plural else 's'} {against.en}")


def _word(k: int, value: float) -> tuple[Text, bool]:
    return _WORDS[TERMS[k]][0 if value >= 0.0 else 1]


def _said(k: int, value: float, *, first: bool) -> Text:
    word, _ = _word(k, value)
    number = f"{'+' if value >= 0.0 else '−'}{abs(value):.2f} %"
    unit = (" du budget", " of the budget") if first else ("", "")
    return Text(f"{word.fr} ({number.replace('.', ',')}{unit[0]})", f"{word.en} ({number}{unit[1]})")


def _listed(items: list[str], last: str) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"
