r"""Compiled company kernels: production, growth, exit, transition, land; and siting.

One quarter of company :math:`f` of territory *i*, sector *k*, with *L* posts:

.. math::
   y &= \tfrac14 a_k z_f L\,\phi_i\,\rho_{ik}, \qquad
   c' = \mathrm{clip}\big(c + (y - C)/C,\; c_{min}, c_{max}\big) \\
   L' &= \max(L_{min},\; L \exp(g_{ik} + \beta_\pi(\pi - \bar\pi_k) - \sigma^2/2 + \sigma\xi)),
   \qquad \sigma = \sigma_1 \max(L, 1)^{-\eta}

so that *g* is the growth of *expected* jobs (Gibrat without the bonus of noise). A company asks for
land above 1.3 × its need and releases it below 0.6 ×; growth short of land is damped.
``tests/system/test_company_reference.py`` holds these kernels to a plain-object version.
"""

import math

import numpy as np
from numba import njit

from coopsim.economy.quantile import normal_quantile
from coopsim.rng import combine, uniform_at
from coopsim.tables.companies import ACTING, AWARE, CONVENTIONAL, CONVINCED, SCIC, SCOP
from coopsim.types import BoolArray, FloatArray, FormArray, IdArray, IntArray, TickArray

# Positions in the parameter vector of `company_quarter`; see `companies.CompanyParams.vector`.
P_SIGMA, P_ETA, P_MINJOBS, P_BETA_PI, P_H_YOUNG, P_H_OLD, P_YOUNG_TICKS, P_H_CASH = range(8)
P_ASK, P_RELEASE, P_RELEASE_RATE, P_DAMP, P_CASH_MIN, P_CASH_MAX, P_SIZE_EXIT = range(8, 15)
P_BASS_P, P_BASS_Q, P_AT_ONCE, P_RADAR_SMALL, P_RADAR_LARGE, P_LARGE_JOBS, P_ACTING_COST = range(15, 22)
P_TAKEOVER_JOBS, P_COOP_EXIT, P_CASH_NEW, P_SCIC_SHARE = range(22, 26)
N_PARAMS = 26

# Columns of what a territory offers its companies, `channels` of `company_quarter`.
C_HEARD, C_SMALL, C_LARGE, C_PEERS, C_SUPPORT, C_SUCCESSOR, C_TAKEOVER = range(7)
N_CHANNELS = 7

# Columns of the per-territory results of `company_quarter` and `company_settle`.
R_LAND_ASKED, R_LEASED_FREED, R_OWNED_FREED, R_EXITS, R_EXIT_JOBS, R_YOUNG, R_YOUNG_EXITS = range(7)
R_COUNT, R_LAND, R_AWARE, R_ACTING = range(7, 11)
R_CONVINCED, R_SOCIAL_JOBS, R_SUCCESSIONS, R_TAKEOVERS, R_SAVED_JOBS = range(11, 16)
N_RESULTS = 16

# exits by size: as often as told at the mean size, never more than so many times as often
MEAN_SIZE, LEAST_SIZE, MOST_BY_SIZE = 5.0, 0.1, 1.6  # jobs, jobs, 1

# Answers of `place` that are no territory.
OUTSIDE, LOST = -1, -2


@njit(cache=True, nogil=True)
def company_quarter(
    tick: int,
    key_growth: np.uint64,
    key_exit: np.uint64,
    key_transition: np.uint64,
    key_radar: np.uint64,
    par: FloatArray,
    ids: IdArray,
    territory: IntArray,
    sector: IntArray,
    jobs: FloatArray,
    productivity: FloatArray,
    cash: FloatArray,
    land: FloatArray,
    owned: BoolArray,
    birth: IntArray,
    stage: IntArray,
    since: TickArray,
    form: FormArray,
    alive: BoolArray,
    value_added: FloatArray,
    other_cost: FloatArray,
    margin_ref: FloatArray,
    land_m2: FloatArray,
    exit_factor: FloatArray,
    noise_factor: FloatArray,
    private: BoolArray,
    filled: FloatArray,
    ration: FloatArray,
    cost_per_job: FloatArray,
    drift: FloatArray,
    channels: FloatArray,
    jobs_next: FloatArray,
    land_need: FloatArray,
    output: FloatArray,
    results: FloatArray,
) -> None:
    """Advance cash, exit, transition and intended size; exits free their row at once.

    Inputs per sector (K,): value added, other costs (wages and inputs, k€/job/yr), reference margin,
    exit and noise factors, whether private; per territory (T,): filled share of posts; per (T, K): land
    (m2/job), ration, tax and rent cost (k€/job/yr), drift of growth; ``channels`` (T, N_CHANNELS): chance in the
    quarter to hear of the transition, to be met directly as a small and as a large company, pull of acting
    peers, support (1/yr), and chance that a closing company finds a successor or its workers take it over.
    Direct outreach meets only the companies in its radar: a fixed trait, drawn once with ``key_radar``.
    Outputs: ``jobs_next`` and ``land_need`` (N,), ``output`` (T, K) k€ in the quarter,
    ``results`` (T, N_RESULTS).
    """
    for f in range(ids.size):
        if not alive[f]:
            continue
        i = territory[f]
        k = sector[f]
        size = jobs[f]
        work = size * filled[i]
        y = 0.25 * value_added[k] * productivity[f] * work * ration[i, k]
        cost = 0.25 * (other_cost[k] * work + cost_per_job[i, k] * size)
        if stage[f] == ACTING:
            cost += 0.25 * par[P_ACTING_COST] * size
        output[i, k] += y
        margin = (y - cost) / y if y > 0.0 else -1.0
        if cost > 0.0:
            cash[f] = min(max(cash[f] + (y - cost) / cost, par[P_CASH_MIN]), par[P_CASH_MAX])
        age = tick - birth[f]
        young = age < par[P_YOUNG_TICKS]
        hazard = (par[P_H_YOUNG] if young else par[P_H_OLD]) * 0.25
        extra = par[P_H_CASH] if cash[f] < -1.0 else 0.0
        u = uniform_at(key_exit, ids[f])
        factor = exit_factor[k] * par[P_COOP_EXIT] if form[f] != CONVENTIONAL else exit_factor[k]
        # most draws are above any hazard: only the others need the power of their size
        if u < (MOST_BY_SIZE * hazard + extra) * factor:
            hazard *= min(MOST_BY_SIZE, (MEAN_SIZE / max(size, LEAST_SIZE)) ** par[P_SIZE_EXIT])
        if young:
            results[i, R_YOUNG] += 1.0
        limit = (hazard + extra) * factor
        if u < limit:
            # the draw, known to fall below its limit, is uniform on what is left: it serves once more
            v = u / limit
            succeeded = channels[i, C_SUCCESSOR] if not young and extra == 0.0 else 0.0
            taken = 0.0
            if form[f] == CONVENTIONAL and private[k] and size >= par[P_TAKEOVER_JOBS]:
                taken = channels[i, C_TAKEOVER] * (1.0 - succeeded)
            if v >= succeeded + taken:
                results[i, R_EXITS] += 1.0
                results[i, R_EXIT_JOBS] += size
                if young:
                    results[i, R_YOUNG_EXITS] += 1.0
                if owned[f]:
                    results[i, R_OWNED_FREED] += land[f]
                else:
                    results[i, R_LEASED_FREED] += land[f]
                alive[f] = False
                jobs[f] = 0.0
                land[f] = 0.0
                continue
            results[i, R_SAVED_JOBS] += size
            if v < succeeded:
                results[i, R_SUCCESSIONS] += 1.0
            else:
                results[i, R_TAKEOVERS] += 1.0
                form[f] = SCIC if v < succeeded + taken * par[P_SCIC_SHARE] else SCOP
                cash[f] = max(cash[f], par[P_CASH_NEW])
        u = uniform_at(key_transition, ids[f])
        s = stage[f]
        if s == 0:
            large = size >= par[P_LARGE_JOBS]
            heard = channels[i, C_HEARD]
            if u < heard + (channels[i, C_LARGE] if large else channels[i, C_SMALL]):
                radar = par[P_RADAR_LARGE] if large else par[P_RADAR_SMALL]
                if u < heard or radar >= 1.0 or uniform_at(key_radar, ids[f]) < radar:
                    stage[f] = AWARE
        elif s == AWARE:
            convinced = 0.25 * (par[P_BASS_P] + par[P_BASS_Q] * channels[i, C_PEERS])
            if u < convinced:
                stage[f] = ACTING if u < par[P_AT_ONCE] * convinced else CONVINCED
        elif s == CONVINCED and u < 0.25 * channels[i, C_SUPPORT] * (1.0 + channels[i, C_PEERS]):
            stage[f] = ACTING
        if stage[f] != s:
            since[f] = tick
        sigma = par[P_SIGMA] * noise_factor[k] * math.exp(-par[P_ETA] * math.log(max(size, 1.0)))
        xi = normal_quantile(uniform_at(key_growth, ids[f]))
        g = drift[i, k] + par[P_BETA_PI] * (margin - margin_ref[k])
        nxt = max(par[P_MINJOBS], size * math.exp(g - 0.5 * sigma * sigma + sigma * xi))
        jobs_next[f] = nxt
        reference = nxt * land_m2[i, k] * 1e-4
        need = 0.0
        if reference > par[P_ASK] * land[f]:
            need = reference - land[f]
            results[i, R_LAND_ASKED] += need
        elif reference < par[P_RELEASE] * land[f]:
            freed = par[P_RELEASE_RATE] * (land[f] - reference)
            land[f] -= freed
            if owned[f]:
                results[i, R_OWNED_FREED] += freed
            else:
                results[i, R_LEASED_FREED] += freed
        land_need[f] = need


@njit(cache=True, nogil=True)
def company_settle(
    grant: FloatArray,
    damp: float,
    territory: IntArray,
    sector: IntArray,
    jobs: FloatArray,
    land: FloatArray,
    stage: IntArray,
    form: FormArray,
    alive: BoolArray,
    jobs_next: FloatArray,
    land_need: FloatArray,
    posts: FloatArray,
    acting: FloatArray,
    results: FloatArray,
) -> None:
    """Grant land and settle sizes; sums posts and acting posts by (T, K) and counts by T.

    ``grant`` (T,) is the share of asked land that exists. Growth of a company short of land keeps
    the share ``damp + (1 - damp)·grant``.
    """
    for f in range(alive.size):
        if not alive[f]:
            continue
        i = territory[f]
        k = sector[f]
        size = jobs_next[f]
        if land_need[f] > 0.0:
            land[f] += land_need[f] * grant[i]
            if size > jobs[f]:
                size = jobs[f] + (size - jobs[f]) * (damp + (1.0 - damp) * grant[i])
        jobs[f] = size
        posts[i, k] += size
        results[i, R_COUNT] += 1.0
        results[i, R_LAND] += land[f]
        if form[f] != CONVENTIONAL:
            results[i, R_SOCIAL_JOBS] += size
        if stage[f] >= AWARE:
            results[i, R_AWARE] += 1.0
            if stage[f] >= CONVINCED:
                results[i, R_CONVINCED] += 1.0
            if stage[f] >= ACTING:
                results[i, R_ACTING] += 1.0
                acting[i, k] += size


@njit(cache=True, nogil=True)
def movers(
    key: np.uint64, rate: FloatArray, ids: IdArray, sector: IntArray, alive: BoolArray, out: IntArray
) -> int:
    """List the rows that reconsider their location this tick; returns how many were written."""
    n = 0
    for f in range(ids.size):
        if alive[f] and uniform_at(key, ids[f]) < rate[sector[f]] and n < out.size:
            out[n] = f
            n += 1
    return n


@njit(cache=True, nogil=True)
def place(
    key: np.uint64,
    tries: int,
    stay: float,
    ids: IdArray,
    sector: IntArray,
    land_need: FloatArray,
    origin: IntArray,
    market: IntArray,
    utility: FloatArray,
    stayer_utility: FloatArray,
    travel: FloatArray,
    outside: FloatArray,
    territory_ids: IdArray,
    outside_id: np.uint64,
    seen: BoolArray,
    refused: BoolArray,
    redirect: BoolArray,
    vacant: FloatArray,
    chosen: IntArray,
    first: IntArray,
    asked: FloatArray,
) -> None:
    """Site requests one after the other in the order given (external projects, then movers).

    Each request takes the largest of utility (T, K) + travel (T of the market, T) + Gumbel noise keyed
    by (request, territory) and of the outside option, among the territories it has ``seen`` (R, T). A
    territory that refuses (``refused`` per request and territory) or lacks vacant land sends it to a
    partner with land (``redirect`` T, T), else to the next best, at most ``tries`` territories.
    ``chosen`` is the row, -1 outside, -2 lost, the origin for a mover that stays. ``first`` is the
    first choice; ``asked`` adds asked land by T.
    """
    t = territory_ids.size
    score = np.empty(t)
    for r in range(ids.size):
        k = sector[r]
        home = origin[r]
        for j in range(t):
            if not seen[r, j] and j != home:
                score[j] = -np.inf
                continue
            u = uniform_at(key, combine(ids[r], territory_ids[j]))
            v = stayer_utility[j, k] + stay if j == home else utility[j, k]
            score[j] = v + travel[market[r], j] - math.log(-math.log(u))
        u = uniform_at(key, combine(ids[r], outside_id))
        out = outside[k] - math.log(-math.log(u))
        chosen[r] = LOST
        first[r] = -1
        for attempt in range(min(tries, t)):
            b = 0
            for j in range(1, t):
                if score[j] > score[b]:
                    b = j
            if out >= score[b] or score[b] == -np.inf:
                chosen[r] = OUTSIDE if home < 0 or attempt == 0 else home
                break
            if attempt == 0:
                first[r] = b
            if b == home:
                chosen[r] = home
                break
            asked[b] += land_need[r]
            if not refused[r, b] and vacant[b] >= land_need[r]:
                vacant[b] -= land_need[r]
                chosen[r] = b
                break
            partner = -1
            for j in range(t):
                fits = redirect[b, j] and not refused[r, j] and vacant[j] >= land_need[r]
                # a partner is offered, not imposed: the outside or staying at home may still be better
                fits = fits and score[j] > out and (home < 0 or score[j] > score[home])
                if fits and (partner < 0 or vacant[j] > vacant[partner]):
                    partner = j
            if partner >= 0 and partner != home:
                vacant[partner] -= land_need[r]
                chosen[r] = partner
                break
            score[b] = -np.inf
        if chosen[r] == LOST and home >= 0:
            chosen[r] = home
