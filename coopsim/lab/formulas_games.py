r"""Exact results of the laboratories of strategic makers; pure functions that know nothing of the engine.

References
----------
.. [G1954] Gordon (1954), *The economic theory of a common-property resource*, JPE 62.
.. [OWG1992] Ostrom, Walker & Gardner (1992), *Covenants with and without a sword*, APSR 86.
.. [F1971] Friedman (1971), *A non-cooperative equilibrium for supergames*, Review of Economic Studies 38.
.. [B1994] Barrett (1994), *Self-enforcing international environmental agreements*, Oxford Economic Papers 46.
.. [CEF2006] Carraro, Eyckmans & Finus (2006), *Optimal transfers and participation decisions*, RIO 1.
.. [AS2002] Ambec & Sprumont (2002), *Sharing a river*, Journal of Economic Theory 107.
"""

import math

_ROUND = 1e-9  # of the quantity under the floor: a threshold met exactly is met


def nash_effort(n: int, a: float, b: float, w: float) -> float:
    """Return the total effort of n independent users of a yield ``aX - bX²``: ``n/(n+1)·(a-w)/b``."""
    return n / (n + 1) * (a - w) / b


def optimum_effort(a: float, b: float, w: float) -> float:
    """Return the total effort with the largest rent, ``(a-w)/2b``."""
    return (a - w) / (2.0 * b)


def rent_ratio(n: int) -> float:
    """Return the rent at the Nash effort over the largest one, ``4n/(n+1)²``."""
    return 4.0 * n / (n + 1) ** 2


def corrective_fee(n: int, a: float, w: float) -> float:
    """Return the fee per unit of effort that brings the users to the optimum, ``(a-w)(n-1)/2n``."""
    return (a - w) * (n - 1) / (2.0 * n)


def critical_discount(n: int, detection: float) -> float:
    """Return the least weight of next year at which a grim trigger keeps the joint plan of the commons.

    ``g/(g + p(πC - πN))`` with, in units of ``(a-w)²/b``: ``πC = 1/4n``, ``πN = 1/(n+1)²`` and the gain of one
    year ``g = ((n+1)/4n)² - πC``; for p = 1 it is ``(n+1)²/(n² + 6n + 1)``.
    """
    together, alone = 1.0 / (4.0 * n), 1.0 / (n + 1) ** 2
    gain = ((n + 1) / (4.0 * n)) ** 2 - together
    return gain / (gain + detection * (together - alone))


def stable_size(n: int, b: float, c: float, penalty: float) -> int:
    """Return the size of the agreement that identical players keep: ``min(n, ⌊2 + √(1 + 2Fc/b²)⌋)``."""
    return min(n, math.floor(2.0 + math.sqrt(1.0 + 2.0 * penalty * c / b**2) + _ROUND))


def stable_with_transfers(benefits: list[float]) -> bool:
    """Return whether ``Σb²/(Σb)² ≥ (s-2)/(2s-3)``: payments between members can keep all of them in."""
    s, total = len(benefits), sum(benefits)
    return sum(x * x for x in benefits) >= (1.0 - _ROUND) * (s - 2) / (2 * s - 3) * total * total


def treaty(a1: float, b1: float, a2: float, b2: float, water: float) -> dict[str, float]:
    """Return who takes what of the water that enters at user 1, alone and together, and how the gain is shared.

    Benefits ``ax - bx²/2``. Alone user 1 takes ``min(E, a1/b1)``; together, when water is scarce, marginal
    benefits are equal: ``x1 = (a1 - a2 + b2·E)/(b1 + b2)`` within [0, E].
    """

    def worth(a: float, b: float, x: float) -> float:
        return a * x - 0.5 * b * x * x

    first = min(water, a1 / b1)
    nash = first, min(water - first, a2 / b2)
    best = a1 / b1, a2 / b2
    if water < sum(best):
        x1 = min(max((a1 - a2 + b2 * water) / (b1 + b2), 0.0), water)
        best = x1, water - x1
    alone, together = worth(a1, b1, first), worth(a1, b1, best[0]) + worth(a2, b2, best[1])
    return {
        "nash_1": nash[0],
        "nash_2": nash[1],
        "optimum_1": best[0],
        "optimum_2": best[1],
        "share_1": alone,
        "share_2": together - alone,
    }
