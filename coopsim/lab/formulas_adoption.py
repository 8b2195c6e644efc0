r"""Bass diffusion in discrete time: expected adoption, and what chance adds among n adopters.

The number of adopters is a Markov chain: at a share F each of the others adopts in the step with probability
:math:`h = p + qF`, on its own draw. Expected adoption by Bass is :math:`g(F) = F + h\,(1 - F)`, quadratic in F, so
that mean *m* and variance *v* of the share follow

.. math::

   m' &= g(m) - q\,v \\
   v' &= g'(m)^2\,v + 2q^2 v^2 + \tfrac1n\,\mathrm{E}[(1 - F)\,h\,(1 - h)]

exactly, but for the third and fourth central moments, taken as those of a normal variate, and the cubic in the last
mean, expanded to *v*. The distance of *m* from Bass's F is the bias of order 1/n.

References
----------
.. [B1969] Bass (1969), *A new product growth model for consumer durables*, Management Science 15: 215-227.
"""

import math

# A sum of rare events is skewed: its quantile at 3 standard deviations lies (3² - 1)/6 events further (Cornish &
# Fisher 1938); it matters where a handful has adopted, or has not.
SKEW = 4.0 / 3.0


def bass_share(p: float, q: float, steps: int) -> float:
    """Return the share that has adopted after some steps, from none, when chance is averaged out [B1969]_."""
    share = 0.0
    for _ in range(steps):
        share += (p + q * share) * (1.0 - share)
    return share


def bass_moments(p: float, q: float, n: int, steps: int) -> tuple[float, float]:
    """Return the mean and the variance of the share that has adopted among n, after some steps from none."""
    mean = variance = 0.0
    for _ in range(steps):
        hazard = p + q * mean
        slope = 1.0 + q - p - 2.0 * q * mean
        bend = -2.0 * q * (1.0 - 2.0 * hazard) - 2.0 * q * q * (1.0 - mean)
        luck = (1.0 - mean) * hazard * (1.0 - hazard) + 0.5 * bend * variance
        mean, variance = (
            mean + hazard * (1.0 - mean) - q * variance,
            slope * slope * variance + 2.0 * q * q * variance * variance + max(luck, 0.0) / n,
        )
    return mean, variance


def bass_margin(p: float, q: float, n: int, steps: int) -> tuple[float, float]:
    """Return how far chance may carry the share of one run from Bass's: a standard error, and a bias of order 1/n."""
    mean, variance = bass_moments(p, q, n, steps)
    bias = abs(mean - bass_share(p, q, steps))
    return math.sqrt(variance), (bias + SKEW / n if variance > 0.0 else 0.0)
