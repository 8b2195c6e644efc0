"""Power indices against published tables.

Felsenthal & Machover (1998), *The Measurement of Voting Power* (Council of the EEC, UN Security Council);
Brams (1976), *Paradoxes in Politics* (Luxembourg, a dummy until 1973).
"""

from fractions import Fraction

import pytest

from coopsim.governance.power import banzhaf, banzhaf_exact, shapley_shubik, shapley_shubik_exact, swings

EEC_1958 = [4, 4, 4, 2, 2, 1]  # Germany, France, Italy, Belgium, Netherlands, Luxembourg
EEC_1973 = [10] * 4 + [5, 5, 3, 3, 2]
SECURITY_COUNCIL = [7] * 5 + [1] * 10


def test_council_of_the_eec_1958():
    assert swings(EEC_1958, 12) == [10, 10, 10, 6, 6, 0]
    large, small = Fraction(5, 21), Fraction(1, 7)
    assert banzhaf_exact(EEC_1958, 12) == [large, large, large, small, small, 0]
    assert shapley_shubik(EEC_1958, 12) == pytest.approx([0.2333, 0.2333, 0.2333, 0.15, 0.15, 0.0], abs=5e-5)


def test_council_of_the_eec_1973():
    assert swings(EEC_1973, 41) == [53] * 4 + [29, 29, 21, 21, 5]
    expected = [0.1672] * 4 + [0.0915, 0.0915, 0.0662, 0.0662, 0.0158]
    assert banzhaf(EEC_1973, 41) == pytest.approx(expected, abs=5e-5)
    expected = [0.1786] * 4 + [0.0810, 0.0810, 0.0571, 0.0571, 0.0095]
    assert shapley_shubik(EEC_1973, 41) == pytest.approx(expected, abs=5e-5)


def test_united_nations_security_council():
    """Nine votes, the five permanent members among them: [39; 7×5, 1×10]."""
    index = shapley_shubik(SECURITY_COUNCIL, 39)
    assert index[0] == pytest.approx(0.19627, abs=5e-6)
    assert index[-1] == pytest.approx(0.0018648, abs=5e-8)
    assert banzhaf(SECURITY_COUNCIL, 39)[[0, -1]] == pytest.approx([0.1669, 0.0165], abs=5e-5)


def test_three_parties_none_with_a_majority():
    """[51; 50, 49, 1]: the party of one seat is worth the party of 49."""
    assert banzhaf_exact([50, 49, 1], 51) == [Fraction(3, 5), Fraction(1, 5), Fraction(1, 5)]
    assert shapley_shubik_exact([50, 49, 1], 51) == [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]
