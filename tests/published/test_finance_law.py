"""Legal rules of public finance against worked examples of public sources; what has none is listed by name.

Sources stand next to each example. Rules whose value was not read in a source carry ``verified = false`` in the file of
legal facts; rules with a value but without a published worked example are in `WITHOUT_EXAMPLE`.
"""

import tomllib
from dataclasses import fields
from datetime import date

import numpy as np
import pytest

from coopsim.economy.finance import FinanceLaw, grants, limits, taxes
from coopsim.scenario.shipped import shipped
from coopsim.world.founding_finance import law_book

TABLE = tomllib.loads((shipped("law") / "finance.toml").read_text(encoding="utf-8"))
NOT_VERIFIED = {"business_tax_reserve", "grant", "property_aid"}
WITHOUT_EXAMPLE = {
    "business_tax_link", "business_tax_reserve", "grant", "compensation", "property_aid", "balanced_budget",
}  # fmt: skip


def law(year: int) -> FinanceLaw:
    return FinanceLaw.from_table(TABLE, date(year, 1, 1))


class TestTheFileOfLegalFacts:
    def test_every_version_says_where_it_comes_from(self):
        for section, versions in TABLE.items():
            starts = [v["from"] for v in versions]
            assert len(set(starts)) == len(starts), section
            for v in versions:
                assert all(v[name].strip() for name in ("article", "source", "url")), section
                assert v["url"].startswith(("http://", "https://")), section
                assert isinstance(v["verified"], bool), section
                assert set(v) - {"from", "article", "source", "url", "verified"}, section

    def test_what_was_not_read_in_a_source_is_listed(self):
        assert {
            s for s, versions in TABLE.items() if not all(v["verified"] for v in versions)
        } == NOT_VERIFIED

    def test_every_rule_has_an_example_here_or_is_listed(self):
        shown = {
            "business_tax_rate", "business_tax_special_rise", "business_tax_minimum", "business_tax_period",
            "property_tax", "shop_tax", "river_tax", "vat", "grant_bounds", "solidarity_fund",
            "solidarity_allowance", "de_minimis",
        }  # fmt: skip
        assert shown | WITHOUT_EXAMPLE == set(TABLE)
        assert not shown & WITHOUT_EXAMPLE

    def test_the_law_of_a_year_is_the_latest_in_force(self):
        assert law(2023).de_minimis == 200.0
        assert law(2024).de_minimis == law(2031).de_minimis == 300.0
        assert (law(2023).grant_ceiling, law(2024).grant_ceiling) == (1.10, 1.20)
        assert law_book().of(2026) == law(2026)
        assert len(fields(FinanceLaw)) == len(law(2026).__slots__)


def test_ceiling_of_the_business_tax_rate():
    """DGFiP, éléments de référence 2020 pour 2021: mean 26.45 %, ceiling 52.90 %; the next year 26.50 and 53.00 %."""
    assert limits.rate_ceiling(law(2021)) == pytest.approx(52.90)
    assert limits.rate_ceiling(law(2022)) == pytest.approx(53.00)


def test_special_rise_of_the_business_tax_rate():
    """BOI-IF-COLOC-20-20-30-10: at most 5 % of the national mean (1.3225 points of 26.45 %), never above the mean."""
    found = limits.special_rise(np.array([20.0, 26.0, 26.45, 30.0]), law(2021))
    np.testing.assert_allclose(found, [1.3225, 0.45, 0.0, 0.0])


@pytest.mark.parametrize(
    ("year", "turnover", "low", "high"),
    [
        (2024, 10.0, 237, 565), (2024, 10.001, 237, 1130), (2024, 32.6, 237, 1130), (2024, 100.0, 237, 2374),
        (2024, 250.0, 237, 3957), (2024, 500.0, 237, 5652), (2024, 500.1, 237, 7349),
        (2025, 32.6, 243, 1158), (2025, 600.0, 243, 7533), (2026, 10.0, 247, 589), (2026, 600.0, 247, 7669),
        (2024, 5.0, 0, 0),
    ],
)  # fmt: skip
def test_minimum_base_of_the_business_tax(year, turnover, low, high):
    """Décret n° 2023-422 of 31 May 2023 and its yearly updates; 5 k€ of turnover or less pays no minimum."""
    for level, euros in ((0.0, low), (1.0, high)):
        base = taxes.minimum_base(np.array([turnover]), level, law(year))
        assert 1000.0 * base[0] == pytest.approx(euros)


def test_base_of_the_year_before_last():
    """ARAPL: the business tax of 2025 is computed with the goods used in 2023."""
    assert 2025 - law(2025).base_lag_years == 2023


def test_property_tax_notified_in_2014():
    """État 1259 FPU 2014, CC Mer et Terres d'Opale: a base of 809,000 € at 2.03 % brings 16,423 €."""
    assert round(809_000 * 0.01 * 2.03) == 16_423
    # the base of buildings is half their rental value (CGI 1388)
    assert law(2026).property_base_share * 2 * 809_000 == 809_000


def test_tax_on_shops():
    """Opteems, rates of 2023: 500 m² and 1 M€ pay 2,870 €; 10,000 m² and 40 M€ pay 88,900 €."""
    found = taxes.shop_tax(np.array([500.0, 10_000.0]), np.array([1000.0, 40_000.0]), law(2023))
    np.testing.assert_allclose(found, [2.870, 88.900])


@pytest.mark.parametrize(("surface", "turnover"), [(400.0, 5000.0), (401.0, 459.0)])
def test_small_shops_pay_nothing(surface, turnover):
    """More than 400 m² and at least 460 k€ of turnover."""
    assert taxes.shop_tax(np.array([surface]), np.array([turnover]), law(2026))[0] == 0.0


class TestRiverTax:
    """DREAL Rhône-Alpes, e-lettre GEMAPI, 2015: an intercommunalité of 250,000 inhabitants."""

    def test_ceiling(self):
        """40 € per inhabitant: 10 M€ at most."""
        assert taxes.river_tax(np.array([12_000.0, 5000.0]), np.full(2, 250_000.0), law(2015)).tolist() == [
            10_000.0,
            5000.0,
        ]

    def test_spread_over_the_local_taxes(self):
        """5 M€ over 70, 85 and 30 M€ of taxes on bases of 400, 350 and 80 M€: rates of 0.47, 0.66 and 1.01 %."""
        rates = taxes.spread(5.0, np.array([70.0, 85.0, 30.0]), np.array([400.0, 350.0, 80.0]))
        np.testing.assert_allclose(100.0 * rates, [0.47, 0.66, 1.01], atol=0.005)


def test_growth_of_vat_is_shared_by_rental_values_and_staff():
    """Banque des territoires, 2023: one third, two thirds; 608 M€ shared beside a frozen base of 5,195 M€ (groups).

    A group whose rental values double and whose staff does not gets 4/3 of its part of the growth.
    """
    base, growth = np.array([100.0, 100.0]), 608.0 / 5195.0
    start = np.array([[50.0, 500.0], [50.0, 500.0]])
    now = np.array([[100.0, 500.0], [50.0, 500.0]])
    found = taxes.vat_fraction(base, growth, now, start, law(2023))
    np.testing.assert_allclose(found - base, [100.0 * growth * 4 / 3, 100.0 * growth])
    frozen = taxes.vat_fraction(base, -0.1, now, start, law(2023))
    np.testing.assert_allclose(frozen, base)  # the frozen part is a guarantee


def test_bounds_of_the_grant():
    """AMF: 95 % of the year before at least, 110 % at most until 2023, 120 % from 2024; CC above 0.5 do not fall."""
    people, before = np.full(3, 1000.0), np.full(3, 0.020)
    free, integration = np.array([50.0, 1.0, 1.0]), np.array([0.4, 0.4, 0.55])
    np.testing.assert_allclose(
        grants.bounded_grant(free, people, before, integration, law(2023)), [22.0, 19.0, 20.0]
    )
    np.testing.assert_allclose(
        grants.bounded_grant(free, people, before, integration, law(2024)), [24.0, 19.0, 20.0]
    )


class TestSolidarityFund:
    def test_weight_of_inhabitants(self):
        """CGCT R2336-1: 1 up to 7,500 inhabitants, 2 from 500,000, 1 + 0.54827305·log10(population/7500) between."""
        found = grants.weighted_population(np.array([1000.0, 7500.0, 75_000.0, 500_000.0, 7e6]), law(2026))
        np.testing.assert_allclose(found, [1.0, 1.0, 1.54827305, 2.0, 2.0], atol=1e-6)

    def test_who_pays(self):
        """Note FPIC 2018: above 0.9 of the mean; 75 % of the gap to 0.9 of the mean, 25 % of that of income."""
        potential, income = np.array([90.0, 99.0, 180.0]), np.array([100.0, 110.0, 100.0])
        found = grants.fund_paid_index(potential, income, (100.0, 100.0), law(2018))
        np.testing.assert_allclose(found, [0.0, 0.75 * 0.1 + 0.25 * 0.1, 0.75])

    def test_who_receives(self):
        """ATD31, fiche 18: 60 % income, 20 % potential, 20 % effort."""
        found = grants.fund_received_index(
            np.array([50.0]), np.array([80.0]), np.array([1.2]), (100.0, 100.0), law(2018)
        )
        assert found[0] == pytest.approx(0.6 * 1.25 + 0.2 * 2.0 + 0.2 * 1.2)


def test_solidarity_allowance():
    """AMF on L5211-28-4: income and potential gaps, weighted by population, share 35 % at least since 2025.

    Two communes of equal population, one twice as rich as the other in both: the gaps give 2/3 to the poorer.
    """
    people, rich = np.array([1000.0, 1000.0]), np.array([2.0, 1.0])
    for year, share in ((2024, 0.5), (2026, 0.35)):
        found = grants.allowance_weights(people, rich, rich, law(year))
        np.testing.assert_allclose(found, share * np.array([1 / 3, 2 / 3]) + (1 - share) * 0.5)
        assert found.sum() == pytest.approx(1.0)


def test_de_minimis():
    """Guichet public du Luxembourg on Regulation 2023/2831: 300,000 € over three years for one undertaking."""
    np.testing.assert_allclose(
        limits.de_minimis_left(np.array([0.0, 250.0, 350.0]), law(2024)), [300.0, 50.0, 0.0]
    )
    np.testing.assert_allclose(limits.de_minimis_left(np.array([0.0, 250.0]), law(2023)), [200.0, 0.0])


class TestWithoutAPublishedExample:
    """What the text says, applied to figures of our own: no public worked example was found."""

    def test_link_between_the_rates(self):
        """CGI 1636 B decies: the rate may rise as the property taxes did; their fall opens nothing."""
        rate = np.array([25.0, 30.0])
        np.testing.assert_allclose(limits.tied_rise(rate, 0.02, law(2026)), [0.5, 0.6])
        np.testing.assert_allclose(limits.tied_rise(rate, -0.02, law(2026)), 0.0)

    def test_rights_kept_in_reserve_are_used_oldest_first(self):
        rights = np.array([[0.2, 0.2], [0.3, 0.3], [0.1, 0.1]])
        left = limits.use_rights(rights, np.array([0.4, -1.0]))
        np.testing.assert_allclose(left, [[0.0, 0.2], [0.1, 0.3], [0.1, 0.1]])

    def test_grant_at_the_means(self):
        """At the national means and an integration of 0.41, the grant is point × 0.41; above 0.6 it is capped."""
        one = np.ones(2)
        found = grants.free_grant(
            1000.0 * one, np.array([0.41, 0.8]), 0.33 * one, 16.5 * one, (0.33, 16.5), 0.047, law(2026)
        )
        np.testing.assert_allclose(found, [47.0 * 0.41, 47.0 * 0.6])

    def test_aid_to_property_by_size(self):
        found = limits.aid_per_job(np.array([10.0, 100.0, 300.0]), 40.0, law(2026))
        np.testing.assert_allclose(found, [8.0, 4.0, 0.0])

    def test_real_balance(self):
        """CGCT L1612-4: running revenue covers running spending and the repayment of capital."""
        found = limits.deficit(
            np.array([100.0, 100.0, 100.0]),
            np.array([90.0, 97.0, 110.0]),
            np.array([5.0, 5.0, 0.0]),
            law(2026),
        )
        np.testing.assert_allclose(found, [0.0, 2.0, 10.0])
