r"""What members of a cooperation give themselves when the public actor weighs heavily in it.

Above a threshold of its weight those who would give, give less:

.. math:: k = 1 - \min\bigl(1,\ s \max(w - w_0, 0)\bigr), \qquad w = \min(1,\ m + \pi)

*m* the part of the money that is public, :math:`\pi` what the posture of the authority adds. It holds for three gifts
that are the members' own: what councils pay of a pact's animation where contributions are voluntary, inhabitants' money
in energy works, and companies' gifts to a territorial foundation. C38 of the source catalogue (too heavy a public
actor). Off by default (*s* = 0): what is known of public money and private gifts is contrary, see `crowding.toml`.
"""

from dataclasses import dataclass

import numpy as np

from coopsim.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class CrowdingParams:
    """Section ``society.crowding``; units, ranges and sources stand in the parameter file."""

    threshold: float
    slope: float
    posture_weight: tuple[float, ...]


def kept(p: CrowdingParams, public: FloatArray | float, posture: IntArray | int) -> FloatArray:
    """Return the part of their own gifts that members still give, 0-1, shape of ``public`` and ``posture``.

    Parameters
    ----------
    public : FloatArray or float, 0-1
        Part of the money of the cooperation that is public.
    posture : IntArray or int
        Place of the authority's posture, in the order of the parameter.
    """
    weight = np.minimum(np.asarray(public) + np.asarray(p.posture_weight)[posture], 1.0)
    out: FloatArray = 1.0 - np.minimum(p.slope * np.maximum(weight - p.threshold, 0.0), 1.0)
    return out
