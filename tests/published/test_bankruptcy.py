"""Bankruptcy rules on a river, against the published tables.

Aumann & Maschler (1985), *Game theoretic analysis of a bankruptcy problem from the Talmud*, Journal of Economic
Theory 36: the three estates of the Mishna (Ketubot 93a), which contradict each other under any rule but one, and the
contested garment (Bava Metzia 2a). The same estates by equal awards and by equal losses: the rules of Maimonides in
section 1 of their paper, worked out by hand.

The estate is a flow, the creditors are intakes along it, and all that they take is consumed.
"""

import numpy as np
import pytest

from tests.rivers import shared

CLAIMS = [100, 200, 300]


@pytest.mark.parametrize(
    ("estate", "awards"), [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])]
)
def test_three_wives_of_the_talmud(estate, awards):
    np.testing.assert_allclose(shared("talmud", estate, CLAIMS), awards, rtol=1e-12)
    np.testing.assert_allclose(shared("talmud", estate, CLAIMS, floor=40.0), awards, rtol=1e-12)


def test_the_contested_garment():
    """One holds all of it, the other half of it: three quarters and one quarter."""
    np.testing.assert_allclose(shared("talmud", 1.0, [1.0, 0.5]), [0.75, 0.25], rtol=1e-12)


@pytest.mark.parametrize(
    ("rule", "estate", "awards"),
    [
        ("constrained_equal_awards", 100, [100 / 3] * 3),
        ("constrained_equal_awards", 200, [200 / 3] * 3),
        ("constrained_equal_awards", 300, [100, 100, 100]),
        ("constrained_equal_awards", 400, [100, 150, 150]),
        ("constrained_equal_losses", 100, [0, 0, 100]),
        ("constrained_equal_losses", 200, [0, 50, 150]),
        ("constrained_equal_losses", 300, [0, 100, 200]),
        ("constrained_equal_losses", 400, [100 / 3, 400 / 3, 700 / 3]),
        ("proportional", 300, [50, 100, 150]),  # where the Talmud's third estate is the proportional one
    ],
)
def test_the_same_wives_by_other_rules(rule, estate, awards):
    np.testing.assert_allclose(shared(rule, estate, CLAIMS), awards, rtol=1e-9, atol=1e-9)
