r"""Bounded confidence: how many groups published theory expects, without the engine.

Taking means is followed in whole numbers: opinions over a common denominator, so that no rounding decides who
listens to whom. Meetings two by two have no closed form; their limit for very large councils is a sequence of
bifurcations in :math:`r = 1/2\varepsilon`: consensus splits in two at 1.871, a central group is born at 2.724, and
both recur with the period 2.155 [BKR2003]_.

References
----------
.. [BKR2003] Ben-Naim, Krapivsky & Redner (2003), *Bifurcations and patterns in compromise processes*, Physica D
   183: 190-204.
.. [HK2002] Hegselmann & Krause (2002), *Opinion dynamics and bounded confidence*, JASSS 5(3) 2.
"""

import math
from fractions import Fraction

SPLIT, BIRTH, PERIOD = 1.871, 2.724, 2.155
# A group is minor below this part of the seats that stand within reach of an opinion at first (2 epsilon of them):
# in theory major groups hold 0.9 to 1.7 times these seats and minor ones 0.001 to 0.02 times, but for the central
# group where it is being born.
MINOR = 0.1
# Relative width of the range of r, over the square root of the seats within epsilon: meetings at random among n
# seats move the bifurcations.
CHANCE = 1.2
# Fewer seats within epsilon than this: a lone seat counts as a group, only the bound on their number holds.
FEW = 5.0
_BOUND = Fraction(1, 10**10)  # the rule's own: a distance that passes the bound by less counts as on it


def mean_groups(n: int, epsilon: float) -> int:
    """Return the final number of groups when n evenly spaced seats take means of those in reach [HK2002]_.

    Parameters
    ----------
    n : int
    epsilon : float
        Read as the decimal that it is written as.
    """
    bound = Fraction(repr(epsilon)) + _BOUND
    place, denominator = list(range(n)), max(n - 1, 1)
    seats = [1] * n
    while True:
        sums, heard = _heard(place, seats, bound.numerator * denominator // bound.denominator)
        if all(s == h * x for s, h, x in zip(sums, heard, place, strict=True)):
            return len(place)
        common = math.lcm(*set(heard))
        moved = [s * (common // h) for s, h in zip(sums, heard, strict=True)]
        denominator *= common
        shrink = math.gcd(denominator, *moved)
        denominator //= shrink
        place, seats = _merged([x // shrink for x in moved], seats)


def _heard(place: list[int], seats: list[int], reach: int) -> tuple[list[int], list[int]]:
    """Return the sum of the opinions that each group hears and how many seats hold them; places in rising order."""
    sums, heard = [], []
    low = high = total = many = 0
    for x in place:
        while high < len(place) and place[high] - x <= reach:
            total, many = total + place[high] * seats[high], many + seats[high]
            high += 1
        while x - place[low] > reach:
            total, many = total - place[low] * seats[low], many - seats[low]
            low += 1
        sums.append(total)
        heard.append(many)
    return sums, heard


def _merged(place: list[int], seats: list[int]) -> tuple[list[int], list[int]]:
    """Return places and seats with those that agree as one."""
    where: list[int] = []
    many: list[int] = []
    for x, s in zip(place, seats, strict=True):
        if where and where[-1] == x:
            many[-1] += s
        else:
            where.append(x)
            many.append(s)
    return where, many


def pair_groups(n: int, epsilon: float) -> tuple[int, int]:
    r"""Return the least and the largest number of major groups of n evenly spaced seats that meet two by two.

    Groups are further apart than epsilon, so there are at most :math:`\lceil 1/\varepsilon \rceil`, and as many as
    seats where no two are in reach. In between, the number of very large councils, for any r within
    ``CHANCE / sqrt(n·epsilon)`` of its own.
    """
    if n == 1 or epsilon + float(_BOUND) < 1.0 / (n - 1):
        return n, n
    most = min(n, math.ceil(1.0 / epsilon))
    r, width = 0.5 / epsilon, 1.0 + CHANCE / math.sqrt(n * epsilon)
    low = min(many_groups(r / width), most)
    return low, (most if n * epsilon < FEW else min(many_groups(r * width), most))


def many_groups(r: float) -> int:
    """Return the number of major groups of a very large council, with r = 1/2ε [BKR2003]_."""
    return 1 + sum(max(math.floor((r - first) / PERIOD) + 1, 0) for first in (SPLIT, BIRTH))
