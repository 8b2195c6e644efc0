"""Power indices against published tables.

Banzhaf (1965), *Weighted voting doesn't work*, Rutgers Law Review 19 (Nassau County); Shapley & Shubik (1954),
American Political Science Review 48 (the Security Council, then of eleven); Brams (1976), *Paradoxes in Politics*
(Luxembourg, a dummy until 1973); Laruelle & Widgrén (1998), *Is the allocation of voting power among EU states
fair?*, Public Choice 94 (1995); Felsenthal & Machover (1998), *The Measurement of Voting Power* (all of them).
"""

import numpy as np
import pytest

from coopsim.governance.power import banzhaf, decisive, shapley_shubik
from coopsim.lab import run_lab

EEC_1958 = [4, 4, 4, 2, 2, 1]  # Germany, France, Italy, Belgium, Netherlands, Luxembourg
EEC_1973 = [10] * 4 + [5, 5, 3, 3, 2]
EEC_1981 = [10] * 4 + [5, 5, 5, 3, 3, 2]  # …, Denmark, Ireland, Luxembourg
EU_1995 = [10] * 4 + [8] + [5] * 4 + [4] * 2 + [3] * 3 + [2]
SECURITY_COUNCIL = [7] * 5 + [1] * 10


def swings(weights, quota):
    """Number of coalitions of the others that each member turns into winning ones."""
    return (decisive(weights, quota) * 2.0 ** (len(weights) - 1)).tolist()


def test_council_of_the_eec_1958():
    assert swings(EEC_1958, 12) == [10, 10, 10, 6, 6, 0]
    np.testing.assert_allclose(banzhaf(EEC_1958, 12), [5 / 21] * 3 + [1 / 7] * 2 + [0], rtol=1e-14)
    np.testing.assert_allclose(shapley_shubik(EEC_1958, 12), [14 / 60] * 3 + [9 / 60] * 2 + [0], rtol=1e-12)


def test_council_of_the_eec_1973():
    assert swings(EEC_1973, 41) == [53] * 4 + [29, 29, 21, 21, 5]
    expected = [0.1672] * 4 + [0.0915, 0.0915, 0.0662, 0.0662, 0.0158]
    assert banzhaf(EEC_1973, 41) == pytest.approx(expected, abs=5e-5)
    expected = [0.1786] * 4 + [0.0810, 0.0810, 0.0571, 0.0571, 0.0095]
    assert shapley_shubik(EEC_1973, 41) == pytest.approx(expected, abs=5e-5)


def test_council_of_the_eec_1981():
    """With Greece, two votes are worth as much as the three of Denmark and Ireland."""
    for index in (banzhaf(EEC_1981, 45), shapley_shubik(EEC_1981, 45)):
        np.testing.assert_allclose(index[-1], index[-3:-1], rtol=1e-12)


def test_council_of_the_european_union_1995():
    expected = [11.16] * 4 + [9.24] + [5.87] * 4 + [4.79] * 2 + [3.59] * 3 + [2.26]
    assert 100 * banzhaf(EU_1995, 62) == pytest.approx(expected, abs=5e-3)
    expected = [11.67] * 4 + [9.55] + [5.52] * 4 + [4.54] * 2 + [3.53] * 3 + [2.07]
    assert 100 * shapley_shubik(EU_1995, 62) == pytest.approx(expected, abs=5e-3)


def test_united_nations_security_council():
    """Nine votes, the five permanent members among them: [39; 7×5, 1×10]."""
    index = shapley_shubik(SECURITY_COUNCIL, 39)
    np.testing.assert_allclose(index[[0, -1]], [421 / 2145, 4 / 2145], rtol=1e-12)
    assert index[[0, -1]] == pytest.approx([0.19627, 0.0018648], abs=5e-6)
    assert swings(SECURITY_COUNCIL, 39) == [848] * 5 + [84] * 10
    assert banzhaf(SECURITY_COUNCIL, 39)[[0, -1]] == pytest.approx([0.1669, 0.0165], abs=5e-5)


def test_united_nations_security_council_of_eleven():
    """Until 1965: seven votes of eleven, [27; 5×5, 1×6]; the permanent five held 76/77 of the power."""
    index = shapley_shubik([5] * 5 + [1] * 6, 27)
    assert index[:5].sum() == pytest.approx(76 / 77, rel=1e-12)


@pytest.mark.parametrize(
    ("weights", "quota", "holders"), [([9, 9, 7, 3, 1, 1], 16, 3), ([31, 31, 28, 21, 2, 2], 58, 3)]
)
def test_nassau_county(weights, quota, holders):
    """Boards of supervisors of 1958 and 1964: half of the towns, with up to 21 votes, never decided anything."""
    np.testing.assert_allclose(banzhaf(weights, quota), [1 / 3] * holders + [0] * 3, rtol=1e-14)


def test_three_parties_none_with_a_majority():
    """[51; 50, 49, 1]: the party of one seat is worth the party of 49."""
    np.testing.assert_allclose(banzhaf([50, 49, 1], 51), [3 / 5, 1 / 5, 1 / 5], rtol=1e-14)
    np.testing.assert_allclose(shapley_shubik([50, 49, 1], 51), [2 / 3, 1 / 6, 1 / 6], rtol=1e-14)


def test_without_a_quota_the_laboratory_takes_more_than_half():
    result = run_lab("voting-power", {"weights": [50, 49, 1], "quota": None})
    assert result.ok
    assert result.results["banzhaf"].exact == pytest.approx([3 / 5, 1 / 5, 1 / 5])
    assert result.results["shapley_shubik"].simulated == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_the_laboratory_starts_from_the_council_of_1958():
    results = run_lab("voting-power").results
    assert results["banzhaf"].simulated == pytest.approx([5 / 21] * 3 + [1 / 7] * 2 + [0])
    assert results["shapley_shubik"].simulated == pytest.approx([14 / 60] * 3 + [9 / 60] * 2 + [0])
