"""Criteria in the leases of public plots: who accepts them, what the council forgoes, what stays as it was."""

import numpy as np
import pytest

from coopsim.model import CoopModel
from coopsim.resources.land import Use
from coopsim.scenario import load_scenario
from coopsim.schedule.firms import leases
from coopsim.schedule.land import ground
from coopsim.schedule.moves import expectation
from coopsim.tables.companies import CONVINCED

LEASE = "governance.payoff.lease"


def world(name: str = "zone-commons", ticks: int = 1, **keys: object):
    changes = {key.replace("__", "."): value for key, value in keys.items()}
    model = CoopModel(load_scenario(name).but({**changes, "name": name}), 1, views=False)
    for _ in range(ticks):
        model.step()
    return model.world


def with_criteria(criteria: float = 1.0, cut: float = 0.5, name: str = "zone-commons", **more: object):
    both = {"governance__payoff__lease__criteria": criteria, "governance__payoff__lease__rent_reduction": cut}
    return world(name, **both, **more)


def newcomers(w, n: int = 400):
    """Companies of the first territory that are not convinced, whose plots have just been given to them."""
    rows = w.companies.rows()
    rows = rows[(w.companies.territory[rows] == 0) & (w.companies.stage[rows] < CONVINCED)][:n]
    c = w.companies
    return rows, c.id[rows], c.territory[rows], c.jobs[rows], np.full(rows.size, 0.02)


def signed(w, share: float = 1.0):
    rows, company, where, jobs, land = newcomers(w)
    w.land.let_share = np.full(w.size, share)
    w.land.let_rent = share * ground.price(w) * w.rules.plots.price * w.params.land.rent_yield
    w.signals.leases = np.full(w.size, 1000.0)
    leases.sign_leases(w, company, where, jobs, land)
    return w.companies.stage[rows] >= CONVINCED, land, jobs


def test_those_accept_whose_plot_spares_more_than_the_criteria_cost() -> None:
    bound, *_ = signed(with_criteria(cut=0.5))
    dearer, *_ = signed(with_criteria(cut=0.5, economy__moves__lease_compliance_keur=1.0))
    free, *_ = signed(with_criteria(cut=0.5, economy__moves__lease_compliance_keur=0.0001))
    assert free.mean() > 0.95
    assert free.mean() > bound.mean() > dearer.mean()
    # who accepts dear criteria accepts cheap ones: the cost of a company is its own
    assert (bound | ~dearer).all()


def test_the_council_forgoes_the_part_of_the_rent_of_those_who_accept() -> None:
    w = with_criteria(cut=0.5, economy__moves__lease_compliance_keur=0.0001)
    bound, land, _ = signed(w)
    rent = float(w.land.let_rent[0])
    assert 1000.0 - w.signals.leases[0] == pytest.approx(0.5 * rent * land[bound].sum(), rel=0.05)
    assert (w.signals.leases[1:] == 1000.0).all()


def test_private_plots_bind_nobody_and_spare_nothing() -> None:
    w = with_criteria()
    bound, *_ = signed(w, share=0.0)
    assert not bound.any()
    assert (w.signals.leases == 1000.0).all()


@pytest.mark.parametrize(("criteria", "cut"), [(0.0, 0.5), (1.0, 0.0)])
def test_criteria_without_a_lower_rent_and_the_contrary_change_nothing(criteria, cut) -> None:
    plain, same = world(ticks=4), with_criteria(criteria, cut, ticks=4)
    np.testing.assert_array_equal(plain.signals.leases, same.signals.leases)
    np.testing.assert_array_equal(plain.companies.stage, same.companies.stage)
    np.testing.assert_array_equal(plain.finance.debt, same.finance.debt)


def test_plots_that_are_sold_have_no_lease() -> None:
    w = with_criteria(name="zone-commons-sale", ticks=2)
    assert not w.land.let_share.any()
    assert np.all(leases.lease_pull(w) == 0.0)


def test_the_pull_is_worth_less_than_the_rent_spared_and_grows_with_it() -> None:
    low, high = (np.asarray(leases.lease_pull(with_criteria(cut=x))) for x in (0.2, 0.6))
    assert (high >= low).all()
    assert (high > 0.0).any()
    w = with_criteria(cut=0.6)
    rent = ground.cost_price(w) * w.params.land.rent_yield * w.rules.plots.price
    most = w.params.siting.gamma_cost * 0.6 * np.multiply.outer(rent, w.sectors.land * 1e-4)
    assert (high <= most).all()
    w.land.public = np.zeros(w.size)
    assert np.all(leases.lease_pull(w) == 0.0)


def test_a_run_binds_companies_and_lowers_rents_never_below_nothing() -> None:
    plain, other = world(ticks=12), with_criteria(cut=0.6, ticks=12)
    assert (other.signals.leases >= 0.0).all()
    assert other.signals.leases.sum() < plain.signals.leases.sum()
    assert plain.land.uses[:, Use.VACANT].sum() > 0.0
    whole = with_criteria(cut=1.0, ticks=12, economy__moves__lease_compliance_keur=0.0001)
    assert (whole.signals.leases >= 0.0).all()
    # what is left of the rents is that of companies that grew: they bargain on nothing
    assert whole.signals.leases.sum() < 0.6 * plain.signals.leases.sum()


def test_a_council_that_would_lease_expects_the_lower_rents() -> None:
    plain = expectation(world("lease-by-choice"), "lease_land").revenue
    other = expectation(with_criteria(cut=0.8, name="lease-by-choice"), "lease_land").revenue
    assert (other <= plain).all()
    assert (other < plain).any()
