"""Companies: parameters, founding population, local entry, and drift of growth."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, pdtr, pdtrik

from coopsim.economy import kernels as ker
from coopsim.rng import Purpose, birth_ids, normal, pair_ids, text_id, uniform
from coopsim.tables import SectorTable
from coopsim.tables.companies import SOCIAL
from coopsim.types import FloatArray, FormArray, IdArray, IntArray


@dataclass(frozen=True, slots=True)
class CompanyParams:
    """Section ``economy.companies``; units, ranges and sources stand in the parameter file."""

    growth_per_quarter: float
    growth_sd: float
    growth_sd_exponent: float
    public_noise_factor: float
    min_jobs: float
    margin_sensitivity: float
    wood_supply_sensitivity: float
    reference_margin: float
    labour_sensitivity: float
    demand_sd: float
    exit_young_per_yr: float
    exit_old_per_yr: float
    young_years: float
    exit_size_exponent: float
    exit_cash_per_quarter: float
    cash_min_quarters: float
    cash_max_quarters: float
    initial_cash_quarters: float
    productivity_sd: float
    owned_share: float
    entry_per_inhabitant_yr: float
    entry_unemployment_sensitivity: float
    entrant_size_median: float
    entrant_size_log_sd: float
    unemployment_reference: float
    size_class_small_median: float
    size_class_tail_exponent: float
    initial_young_share: float
    succession_base_share: float
    succession_programme_share: float
    takeover_base_share: float
    takeover_programme_share: float
    takeover_min_jobs: float
    takeover_scic_share: float
    cooperative_exit_factor: float
    social_entry_share: float
    social_start_share: float
    social_entry_programme: float


def vector(p: CompanyParams, band: tuple[float, float, float, float], transition: FloatArray) -> FloatArray:
    """Return the parameter vector of `kernels.company_quarter`.

    Parameters
    ----------
    band : tuple of float
        Land: ask above, release below, speed of release, growth kept without land.
    transition : FloatArray, shape (7,)
        As `transition.vector` returns it.
    """
    v = np.zeros(ker.N_PARAMS)
    v[: ker.P_BASS_P] = (
        p.growth_sd,
        p.growth_sd_exponent,
        p.min_jobs,
        p.margin_sensitivity,
        p.exit_young_per_yr,
        p.exit_old_per_yr,
        4.0 * p.young_years,
        p.exit_cash_per_quarter,
        *band,
        p.cash_min_quarters,
        p.cash_max_quarters,
        p.exit_size_exponent,
    )
    v[ker.P_BASS_P : ker.P_TAKEOVER_JOBS] = transition
    v[ker.P_TAKEOVER_JOBS :] = (
        p.takeover_min_jobs,
        p.cooperative_exit_factor,
        p.initial_cash_quarters,
        p.takeover_scic_share,
    )
    return v


def exit_alternatives(p: CompanyParams, programme: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the chance that a closing company finds a successor, and that its workers take it over, each (T,).

    Parameters
    ----------
    programme : FloatArray, shape (T,), 0-1
        Level of the programme for takeovers.
    """
    successor = np.minimum(p.succession_base_share + p.succession_programme_share * programme, 1.0)
    takeover = np.minimum(p.takeover_base_share + p.takeover_programme_share * programme, 1.0)
    return successor, takeover


def started_by_programme(p: CompanyParams, population: FloatArray) -> FloatArray:
    """Return the jobs a year that a full programme for the social economy adds at entry, shape (T,)."""
    size = p.entrant_size_median * np.exp(0.5 * p.entrant_size_log_sd**2)
    out: FloatArray = p.social_entry_programme * p.entry_per_inhabitant_yr * size * population
    return out


def other_costs(p: CompanyParams, sectors: SectorTable, reference_cost: FloatArray) -> FloatArray:
    """Return wages and inputs per job and year (k€), shape (K,).

    They leave the reference margin at the reference tax and rent, shape (K,), and productivity 1.
    """
    out: FloatArray = sectors.value_added * (1.0 - p.reference_margin) - reference_cost
    return out


def drift(
    p: CompanyParams, sectors: SectorTable, unemployment: FloatArray, demand: FloatArray, supply: FloatArray
) -> FloatArray:
    """Return the growth drift per quarter, shape (T, K).

    Parameters
    ----------
    unemployment : FloatArray, shape (T,), share
        Slack labour eases growth, tight labour brakes it.
    demand : FloatArray, shape (K,)
        Shock of external demand, relative; felt by the exported share.
    supply : FloatArray, shape (T, K)
        Logarithm of the local supply of raw material per post over that of the start; 0 where none is used.
    """
    labour = p.labour_sensitivity * (unemployment - p.unemployment_reference)
    out: FloatArray = (
        p.growth_per_quarter
        + labour[:, None]
        + (sectors.export_share * demand)[None, :]
        + p.wood_supply_sensitivity * supply
    )
    return out


def poisson_count(u: FloatArray, rate: FloatArray) -> IntArray:
    """Return Poisson counts by inversion of one uniform each: monotone in the rate (shape kept)."""
    rate = np.maximum(rate, 0.0)
    k = np.ceil(pdtrik(u, np.maximum(rate, 1e-300)) - 1e-9)
    k = np.where((rate <= 0.0) | (u <= np.exp(-rate)) | ~np.isfinite(k), 0.0, k)
    k = np.where((k > 0) & (pdtr(np.maximum(k - 1, 0), rate) >= u), k - 1, k)
    out: IntArray = k.astype(np.int64)
    return out


@dataclass(frozen=True, slots=True)
class Births:
    """New companies, one row each."""

    id: IdArray
    territory: IntArray
    sector: IntArray
    jobs: FloatArray
    productivity: FloatArray
    form: FormArray


def local_entrants(
    p: CompanyParams,
    seed: int,
    tick: int,
    territory_ids: IdArray,
    population: FloatArray,
    unemployment: FloatArray,
    entry_weight: FloatArray,
    social: FloatArray | float = 0.0,
) -> Births:
    """Return local start-ups: count by Poisson of population and need, size lognormal, sector by weight.

    Parameters
    ----------
    social : FloatArray, shape (T,), 0-1
        Level of the programme for start-ups of the social economy: they come on top of the others.
    """
    need = 1.0 + p.entry_unemployment_sensitivity * (unemployment - p.unemployment_reference)
    rate = 0.25 * p.entry_per_inhabitant_yr * population * np.maximum(need, 0.0) * bool(entry_weight.any())
    added = p.social_entry_programme * np.broadcast_to(social, rate.shape)
    rate = rate * (1.0 + added)
    count = poisson_count(uniform(seed, Purpose.ENTRY_COUNT, territory_ids, tick), rate)
    territory = np.repeat(np.arange(count.size), count)
    serial = np.arange(territory.size) - np.repeat(np.cumsum(count) - count, count)
    stem = text_id("company")
    ids = birth_ids(pair_ids(stem, territory_ids[territory]), tick, serial)
    if ids.size == 0:
        return Births(ids, territory, territory, np.zeros(0), np.zeros(0), np.zeros(0, np.int8))
    cumulated = np.cumsum(entry_weight) / entry_weight.sum()
    sector = np.searchsorted(cumulated, uniform(seed, Purpose.ENTRY_SECTOR, ids, tick))
    size = p.entrant_size_median * np.exp(p.entrant_size_log_sd * normal(seed, Purpose.ENTRY_SIZE, ids, tick))
    z = np.exp(
        p.productivity_sd * normal(seed, Purpose.ENTRY_PRODUCTIVITY, ids, tick) - 0.5 * p.productivity_sd**2
    )
    # of 1 + added entrants, the social share of the one and all that is added
    chance = (p.social_entry_share + added) / (1.0 + added)
    form = (uniform(seed, Purpose.OWNERSHIP, ids, tick) < chance[territory]) * np.int8(SOCIAL)
    sector = np.minimum(sector, entry_weight.size - 1)
    return Births(ids, territory, sector, np.maximum(size, p.min_jobs), z, form)


def class_sizes(p: CompanyParams, counts: IntArray, total: float) -> FloatArray:
    """Return sizes of establishments of one cell (0, 1-9, 10+ employees) that sum to ``total`` jobs.

    Small ones follow the quantiles of a lognormal cut at 1–9, large ones those of a Pareto from 10;
    the large (else the small) are scaled so that the sum is exact. No draw: a case is one world.

    Parameters
    ----------
    counts : IntArray, shape (3,)
    total : float, jobs
    """
    n0, n1, n2 = (int(c) for c in counts)
    zero = np.full(n0, 0.5)
    u1 = (np.arange(n1) + 0.5) / max(n1, 1)
    log_sd = 0.75
    lo, hi = (ndtr((np.log(x) - np.log(p.size_class_small_median)) / log_sd) for x in (0.75, 9.49))
    small = p.size_class_small_median * np.exp(log_sd * ndtri(lo + u1 * (hi - lo)))
    u2 = (np.arange(n2) + 0.5) / max(n2, 1)
    large = 10.0 * (1.0 - u2) ** (-1.0 / p.size_class_tail_exponent)
    sizes = np.concatenate([zero, small, large])
    rest = total - zero.sum() - small.sum()
    if n2 and rest > 10.0 * n2:
        # widen or narrow the tail above its floor of 10 jobs, so that class limits hold
        excess = large - 10.0
        large = 10.0 + excess * (rest - 10.0 * n2) / max(excess.sum(), 1e-9) if excess.sum() > 0 else large
        return np.concatenate([zero, small, large])
    if sizes.sum() > 0:
        sizes = sizes * (total / sizes.sum())
    return sizes
