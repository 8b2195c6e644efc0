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

from coopsim.rng import combine, uniform_at
from coopsim.tables.companies import ACTING, AWARE, CONVINCED
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray

# Positions in the parameter vector of `company_quarter`; see `companies.CompanyParams.vector`.
P_SIGMA, P_ETA, P_MINJOBS, P_BETA_PI, P_H_YOUNG, P_H_OLD, P_YOUNG_TICKS, P_H_CASH = range(8)
P_ASK, P_RELEASE, P_RELEASE_RATE, P_DAMP, P_CASH_MIN, P_CASH_MAX, P_SIZE_EXIT = range(8, 15)
P_BASS_P, P_BASS_Q, P_SUPPORT, P_SAVING, P_AT_ONCE = range(15, 20)
N_PARAMS = 20

# Columns of the per-territory results of `company_quarter` and `company_settle`.
R_LAND_ASKED, R_LEASED_FREED, R_OWNED_FREED, R_EXITS, R_EXIT_JOBS, R_YOUNG, R_YOUNG_EXITS = range(7)
R_COUNT, R_LAND, R_AWARE, R_ACTING = range(7, 11)
N_RESULTS = 11

# Bounds of the three branches of AS 241.
_CENTRE, _FAR = 0.425, 5.0
# Answers of `place` that are no territory.
OUTSIDE, LOST = -1, -2


@njit(cache=True, inline="always")
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of ``u`` in (0, 1) (AS 241, Wichura 1988)."""
    q = u - 0.5
    if abs(q) <= _CENTRE:
        r = 0.180625 - q * q
        num = (
            (
                (
                    (
                        ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                        + 45921.953931549871457
                    )
                    * r
                    + 13731.693765509461125
                )
                * r
                + 1971.5909503065514427
            )
            * r
            + 133.14166789178437745
        ) * r + 3.387132872796366608
        den = (
            (
                (
                    (
                        ((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                        + 21213.794301586595867
                    )
                    * r
                    + 5394.1960214247511077
                )
                * r
                + 687.1870074920579083
            )
            * r
            + 42.313330701600911252
        ) * r + 1.0
        return q * num / den
    p = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-math.log(p))
    if r <= _FAR:
        r -= 1.6
        num = (
            (
                (
                    (
                        (
                            (7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
                            + 0.24178072517745061177
                        )
                        * r
                        + 1.27045825245236838258
                    )
                    * r
                    + 3.64784832476320460504
                )
                * r
                + 5.7694972214606914055
            )
            * r
            + 4.6303378461565452959
        ) * r + 1.42343711074968357734
        den = (
            (
                (
                    (
                        (
                            (1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
                            + 0.0151986665636164571966
                        )
                        * r
                        + 0.14810397642748007459
                    )
                    * r
                    + 0.68976733498510000455
                )
                * r
                + 1.6763848301838038494
            )
            * r
            + 2.05319162663775882187
        ) * r + 1.0
    else:
        r -= 5.0
        num = (
            (
                (
                    (
                        (
                            (2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                            + 0.0012426609473880784386
                        )
                        * r
                        + 0.026532189526576123093
                    )
                    * r
                    + 0.29656057182850489123
                )
                * r
                + 1.7848265399172913358
            )
            * r
            + 5.4637849111641143699
        ) * r + 6.6579046435011037772
        den = (
            (
                (
                    (
                        (
                            (2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                            + 1.8463183175100546818e-5
                        )
                        * r
                        + 7.868691311456132591e-4
                    )
                    * r
                    + 0.0148753612908506148525
                )
                * r
                + 0.13692988092273580531
            )
            * r
            + 0.59983220655588793769
        ) * r + 1.0
    z = num / den
    return -z if q < 0.0 else z


@njit(cache=True, nogil=True)
def company_quarter(
    tick: int,
    key_growth: np.uint64,
    key_exit: np.uint64,
    key_transition: np.uint64,
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
    alive: BoolArray,
    value_added: FloatArray,
    other_cost: FloatArray,
    margin_ref: FloatArray,
    land_m2: FloatArray,
    exit_factor: FloatArray,
    noise_factor: FloatArray,
    filled: FloatArray,
    ration: FloatArray,
    cost_per_job: FloatArray,
    drift: FloatArray,
    reach: FloatArray,
    peers: FloatArray,
    jobs_next: FloatArray,
    land_need: FloatArray,
    output: FloatArray,
    results: FloatArray,
) -> None:
    """Advance cash, exit, transition and intended size; exits free their row at once.

    Inputs per sector (K,): value added, other costs (wages and inputs, k€/job/yr), reference margin,
    exit and noise factors; per territory (T,): filled share of posts; per (T, K): land (m2/job),
    ration, tax and rent cost (k€/job/yr), drift of growth; (T,): reach and share of acting peers.
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
        output[i, k] += y
        margin = (y - cost) / y if y > 0.0 else -1.0
        if cost > 0.0:
            cash[f] = min(max(cash[f] + (y - cost) / cost, par[P_CASH_MIN]), par[P_CASH_MAX])
        age = tick - birth[f]
        young = age < par[P_YOUNG_TICKS]
        hazard = (par[P_H_YOUNG] if young else par[P_H_OLD]) * 0.25
        extra = par[P_H_CASH] if cash[f] < -1.0 else 0.0
        u = uniform_at(key_exit, ids[f])
        # most draws are above any hazard: only the others need the power of their size
        if u < (1.6 * hazard + extra) * exit_factor[k]:
            hazard *= min(1.6, (5.0 / max(size, 0.1)) ** par[P_SIZE_EXIT])
        if young:
            results[i, R_YOUNG] += 1.0
        if u < (hazard + extra) * exit_factor[k]:
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
        u = uniform_at(key_transition, ids[f])
        s = stage[f]
        if s == 0:
            if u < reach[i]:
                stage[f] = AWARE
        elif s == AWARE:
            convinced = 0.25 * (par[P_BASS_P] + par[P_BASS_Q] * peers[i])
            if u < convinced:
                stage[f] = ACTING if u < par[P_AT_ONCE] * convinced else CONVINCED
        elif s == CONVINCED and u < 0.25 * par[P_SUPPORT] * (1.0 + peers[i]):
            stage[f] = ACTING
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
        if stage[f] >= AWARE:
            results[i, R_AWARE] += 1.0
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
