"""The envelope of land consumption against the figures that the Sénat gave of it.

Sénat, debate on the bill that became law n° 2023-630 of 20 July 2023 (archive.nossenateurs.fr, intervention 2662708):
19,878 communes keep a hectare or more by the rule of half because they consumed more than two; the guarantee concerns
the other 15,050 and adds 9,200 ha to their envelopes. Law n° 2021-1104 of 22 August 2021, article 191: half of the
consumption of 2011-2021 in 2021-2031.

Not verified by a published worked example: pooling of the guarantee (article 4 of the law of 2023), the path after
2031 (`next_period_factor`, an assumption).
"""

import numpy as np
import pytest

from coopsim.resources.land import LandParams, envelope, period_of
from coopsim.scenario import section_defaults

PARAMS = LandParams(**section_defaults("resources.land"))
HALF = np.array([0.5])


def allowed(consumed, period=0, *, pooled=False):
    consumed = np.asarray(consumed, dtype=float)
    where = np.zeros(consumed.size, np.int64)
    return float(envelope(consumed, where, 1, HALF, period, PARAMS, pooled=pooled)[0])


@pytest.mark.parametrize(("consumed", "hectares"), [(10.0, 5.0), (2.0, 1.0), (1.0, 1.0), (0.0, 1.0)])
def test_half_and_at_least_one_hectare(consumed, hectares):
    """Two hectares consumed are where the rule of half gives exactly the guarantee."""
    assert allowed([consumed]) == hectares


def test_what_the_guarantee_adds_in_the_country():
    """15,050 communes lifted to 1 ha each by 9,200 ha in all had 5,850 ha by the rule of half."""
    by_half = 15_050 - 9_200
    consumed = np.full(15_050, 2.0 * by_half / 15_050)
    assert (consumed < 2.0).all()
    assert allowed(consumed) - 0.5 * consumed.sum() == pytest.approx(9_200)


def test_communes_above_two_hectares_gain_nothing_from_it():
    consumed = np.full(19_878, 2.5)
    assert allowed(consumed) == pytest.approx(0.5 * consumed.sum())


def test_a_pooled_guarantee_adds_no_more_than_kept_apart():
    consumed = [6.0, 0.2, 0.2]
    assert allowed(consumed, pooled=True) == pytest.approx(3.2)
    assert allowed(consumed) == pytest.approx(5.0)


def test_the_periods_of_the_law():
    """2021-2031, then decades."""
    assert [period_of(year, PARAMS) for year in (2020, 2021, 2030, 2031)] == [-1, 0, 0, 1]


def test_no_guarantee_after_the_first_period():
    assert allowed([0.0], period=1) == 0.0
