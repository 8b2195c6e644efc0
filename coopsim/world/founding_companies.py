"""Companies of the first day, synthesised from counts of establishments so that totals match the data."""

from typing import Any

import numpy as np
import pandas as pd

from coopsim.economy import kernels as ker
from coopsim.economy.companies import CompanyParams, class_sizes
from coopsim.rng import Purpose, birth_ids, normal, pair_ids, text_id, uniform
from coopsim.scenario.case import Case
from coopsim.tables import CompanyTable, SectorTable
from coopsim.tables.companies import SOCIAL
from coopsim.types import FloatArray, IdArray, IntArray
from coopsim.world.state import Places

CLASSES = ("0", "1-9", "10+")


def companies(case: Case, sectors: SectorTable, places: Places, p: CompanyParams, seed: int) -> CompanyTable:
    """Return the companies of a case.

    Counts by group of activities and size class are data; they are split over the sectors of the group
    by the case's shares (largest remainders), and sizes follow the quantiles of each class so that
    salaried jobs sum to the territory's total. Productivity, age and tenure are keyed draws.
    """
    ids, jobs, places_of, kinds = [], [], [], []
    # read once: a search for each territory would grow with the square of their number
    rows: dict[str, list[Any]] = {}
    for line in case.establishments.itertuples():
        rows.setdefault(str(line.territory), []).append(line)
    salaried = case.territories["salaried_jobs"].to_numpy(dtype=np.float64)
    for i, code in enumerate(places.code):
        counts, each = cells(case.sectors, rows.get(code, []))
        totals = job_totals(case.sectors, counts, float(salaried[i]))
        stem = pair_ids(text_id("company"), places.id[i])
        serial = 0
        for k in range(len(sectors)):
            if each is not None:
                sizes = np.full(int(counts[k].sum()), each)
            else:
                sizes = class_sizes(p, counts[k], float(totals[k]))
            ids.append(birth_ids(stem, -1, serial + np.arange(sizes.size)))
            serial += sizes.size
            jobs.append(sizes)
            places_of.append(np.full(sizes.size, i))
            kinds.append(np.full(sizes.size, k))
    return _table(
        np.concatenate(ids), np.concatenate(places_of), np.concatenate(kinds), np.concatenate(jobs),
        sectors, places.land_intensity, p, seed,
    )  # fmt: skip


def _table(
    ids: IdArray, territory: IntArray, sector: IntArray, jobs: FloatArray,
    sectors: SectorTable, land_intensity: FloatArray, p: CompanyParams, seed: int,
) -> CompanyTable:  # fmt: skip
    n = ids.size
    table = CompanyTable.empty(max(64, int(1.3 * n)))
    if n == 0:
        return table
    z = np.exp(p.productivity_sd * normal(seed, Purpose.FOUNDING, ids, 0) - 0.5 * p.productivity_sd**2)
    young = uniform(seed, Purpose.FOUNDING, ids, 0, 1) < p.initial_young_share
    age = uniform(seed, Purpose.FOUNDING, ids, 0, 2)
    limit = 4.0 * p.young_years
    ticks = np.where(young, age * limit, limit + age * 100.0)
    table.add(
        id=ids,
        territory=territory,
        sector=sector,
        jobs=jobs,
        productivity=z,
        cash=np.full(n, p.initial_cash_quarters),
        land=jobs * sectors.land[sector] * 1e-4 * land_intensity[territory],
        owned=uniform(seed, Purpose.TENURE, ids, 0) < p.owned_share,
        birth=-np.ceil(ticks).astype(np.int64),
    )
    if p.social_start_share > 0.0:  # millions of draws in the national case
        table.form[:n] = (uniform(seed, Purpose.OWNERSHIP, ids, 0) < p.social_start_share) * SOCIAL
    return table


def cells(sectors: pd.DataFrame, rows: list[Any]) -> tuple[IntArray, float | None]:
    """Return counts by sector and size class, shape (K, 3), and the fixed size of each, if the case gives one.

    Parameters
    ----------
    sectors : DataFrame
        The table of the case.
    rows : list of tuple
        Rows of the table of establishments of one territory.
    """
    shares = sectors["share_of_group"].to_numpy(dtype=np.float64)
    groups = sectors["group"].astype(str).to_numpy()
    out = np.zeros((len(sectors), len(CLASSES)), np.int64)
    for line in rows:
        members = np.flatnonzero(groups == str(line.group))
        out[members, CLASSES.index(str(line.size_class))] += split(int(line.establishments), shares[members])
    each = [float(getattr(line, "jobs_each", np.nan)) for line in rows]
    return out, each[0] if each and np.isfinite(each).all() else None


def split(count: int, shares: FloatArray) -> IntArray:
    """Return whole numbers that sum to ``count`` in proportion to ``shares`` (largest remainders)."""
    exact = count * shares / shares.sum()
    out: IntArray = np.floor(exact).astype(np.int64)
    rest = count - int(out.sum())
    order = np.argsort(-(exact - out), kind="stable")
    out[order[:rest]] += 1
    return out


def job_totals(sectors: pd.DataFrame, counts: IntArray, total: float) -> FloatArray:
    """Return salaried jobs by sector of a territory, shape (K,), summing to the data's ``total``."""
    weight = sectors["mean_size_weight"].to_numpy(dtype=np.float64)
    fixed = 0.5 * counts[:, 0] + 3.0 * counts[:, 1]
    if counts[:, 2].any():
        rest = max(total - fixed.sum() - 10.0 * counts[:, 2].sum(), 0.0)
        tail = weight * counts[:, 2]
        raw = fixed + 10.0 * counts[:, 2] + rest * tail / max(float(tail.sum()), 1e-12)
    else:
        raw = fixed
    out: FloatArray = raw * (total / raw.sum()) if raw.sum() > 0 else raw
    return out


def posts(table: CompanyTable, territories: int, sectors: int) -> FloatArray:
    """Return posts by territory and sector, shape (T, K)."""
    out = np.zeros((territories, sectors))
    rows = table.rows()
    np.add.at(out, (table.territory[rows], table.sector[rows]), table.jobs[rows])
    return out


def results(table: CompanyTable, territories: int) -> FloatArray:
    """Return the counts that the company kernel will keep, shape (T, N_RESULTS)."""
    out = np.zeros((territories, ker.N_RESULTS))
    rows = table.rows()
    np.add.at(out[:, ker.R_COUNT], table.territory[rows], 1.0)
    np.add.at(out[:, ker.R_LAND], table.territory[rows], table.land[rows])
    return out
