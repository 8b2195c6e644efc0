r"""Exact results, as published: pure functions that know nothing of the engine.

References
----------
.. [S1954] Schaefer (1954), *Some aspects of the dynamics of populations…*, Bulletin IATTC 1: yield under effort.
.. [LM1980] Levhari & Mirman (1980), *The great fish war*, Bell Journal of Economics 11.
.. [MF1974] McFadden (1974), *Conditional logit analysis of qualitative choice behavior*.
.. [AS2002] Ambec & Sprumont (2002), *Sharing a river*, Journal of Economic Theory 107.
.. [G1931] Gibrat (1931), *Les inégalités économiques*.
"""

import math
from collections.abc import Callable

from scipy.optimize import brentq


def yield_at(r: float, k: float, removed: float) -> float:
    """Return the steady yield ``qEK(1 - qE/r)`` of a logistic stock; ``removed`` is qE, 1/yr."""
    return removed * stock_at(r, k, removed)


def stock_at(r: float, k: float, removed: float) -> float:
    """Return the steady stock ``K(1 - qE/r)``."""
    return k * (1.0 - removed / r)


def nash_share(n: int, alpha: float, beta: float) -> float:
    """Return the share of the stock that n independent fleets take each year."""
    return n * (1.0 - alpha * beta) / (n - (n - 1) * alpha * beta)


def steady_stock(share: float, alpha: float) -> float:
    """Return where ``x' = ((1 - share)·x)^alpha`` stands still."""
    return float((1.0 - share) ** (alpha / (1.0 - alpha)))


def logit_share(n: int, gamma: float, tax: float, outside: float | None) -> float:
    """Return the share of one of n territories with the same tax; ``outside`` is U0, None without the option."""
    if outside is None:
        return 1.0 / n
    return 1.0 / (n + math.exp(min(outside + gamma * tax, 700.0)))


def nash_tax(n: int, gamma: float, phi: float, outside: float | None) -> float:
    """Return the tax of the race: no territory gains by another one."""
    pooled = phi / n

    def excess(tax: float) -> float:
        s = logit_share(n, gamma, tax, outside)
        return tax * gamma * ((1.0 - phi) * (1.0 - s) + pooled * (1.0 - n * s)) - (1.0 - phi + pooled)

    return _rising_root(excess, 1.0 / gamma)


def joint_tax(n: int, gamma: float, outside: float | None) -> float | None:
    """Return the tax that maximises the sum of revenues; None without an outside option, where it has no limit."""
    if outside is None:
        return None
    return _rising_root(
        lambda t: t * gamma * (1.0 - n * logit_share(n, gamma, t, outside)) - 1.0, 1.0 / gamma
    )


def _rising_root(excess: Callable[[float], float], top: float) -> float:
    while excess(top) < 0.0:
        top *= 2.0
    return float(brentq(excess, 0.0, top, xtol=1e-300, rtol=8.9e-16, maxiter=1000))


def softmax(v: list[float]) -> list[float]:
    """Return logit shares."""
    e = [math.exp(x - max(v)) for x in v]
    return [x / sum(e) for x in e]


def upstream_first(
    inflow: list[float], demand: list[float], consumed: list[float], floor: list[float]
) -> tuple[list[float], float]:
    """Return withdrawals when each user takes what the floor leaves, and the flow past the last one."""
    flow, taken = 0.0, []
    for q, d, kappa, e in zip(inflow, demand, consumed, floor, strict=True):
        flow += q
        taken.append(min(d, max(0.0, flow - e)))
        flow -= kappa * taken[-1]
    return taken, flow


def ration(inflow: list[float], demand: list[float], consumed: list[float], floor: list[float]) -> float:
    """Return the largest common share of demand that keeps every floor.

    A user on which no demand weighs, neither its own nor from upstream, sets no limit.
    """
    natural, net, share = 0.0, 0.0, 1.0
    for q, d, kappa, e in zip(inflow, demand, consumed, floor, strict=True):
        natural += q
        if d + net > 0.0:
            share = min(share, (natural - e) / (d + net))
        net += kappa * d
    return max(share, 0.0)


def steady_trust(eta_plus: float, eta_minus: float, p: float) -> float | None:
    """Return the expected trust after many promises kept with probability p; None when trust never moves."""
    up, down = eta_plus * p, eta_minus * (1.0 - p)
    return up / (up + down) if up + down > 0.0 else None


def trust_error(eta_plus: float, eta_minus: float, p: float, years: int, pairs: int) -> float:
    """Return the standard error of a mean over pairs of the steady trust read after some years.

    The second moment of ``T' = T + η₊(1 - T)`` (with probability p) or ``(1 - η₋)·T`` is followed from a certain
    start at the steady level; the reading divides by the part of the start that is forgotten.
    """
    level = steady_trust(eta_plus, eta_minus, p)
    if level is None:
        return 0.0
    a, b = 1.0 - eta_plus, 1.0 - eta_minus
    variance = 0.0
    # variance' = E[slope²]·variance + variance of the step from the steady level itself
    up, down = eta_plus * (1.0 - level), eta_minus * level
    for _ in range(years):
        variance = (p * a * a + (1.0 - p) * b * b) * variance + p * up * up + (1.0 - p) * down * down
    forgotten = 1.0 - (p * a + (1.0 - p) * b) ** years
    return math.sqrt(variance / pairs) / forgotten


def gibrat(g: float, sigma: float, years: float) -> tuple[float, float, float]:
    """Return the growth of log mean size, of mean log size, and the variance of log size."""
    variance = sigma * sigma * years
    return g * years, g * years - 0.5 * variance, variance


def gibrat_errors(sigma: float, years: float, companies: int) -> tuple[float, float, float]:
    """Return the standard errors of the three over independent companies of one initial size.

    Log sizes are normal: coefficient of variation of a lognormal, of a mean and of a sample variance.
    """
    variance = sigma * sigma * years
    return (
        math.sqrt(math.expm1(variance) / companies),
        math.sqrt(variance / companies),
        variance * math.sqrt(2.0 / (companies - 1)),
    )
