"""Phase 7, the siting pathway: files of projects, terms of plots, arrivals after their wait, follow-up once a year."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from coopsim.economy import siting
from coopsim.economy import siting_pathway as path
from coopsim.economy.siting_pathway import Agreement
from coopsim.metrics import sum_by
from coopsim.rng import Purpose, pair_ids, uniform
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.land import ground
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World


@dataclass(frozen=True, slots=True)
class Files:
    """What territories and projects know of each other before a choice.

    Attributes
    ----------
    real : FloatArray, shape (R, 3)
        Conduct on each criterion.
    response : Response
        What each project would do in each territory, (R, T).
    cost : FloatArray, shape (R, T), k€/job/yr
        What the pathway and the terms of plots cost it.
    refused, contested : BoolArray, shape (R, T)
    land : FloatArray, shape (R,), 1
        Land needed over that of an ordinary company.
    """

    real: FloatArray
    response: path.Response
    cost: FloatArray
    refused: BoolArray
    contested: BoolArray
    land: FloatArray


def open_files(world: World, requests: siting.Requests) -> Files | None:
    """Return the files of external projects, or None where nothing is asked of them and all are ordinary."""
    p, rules = world.params.pathway, world.rules.plots
    terms = (rules.price != 1.0).any() or rules.provision.any()
    people = p.heterogeneity or p.brought_share or p.contested_share
    if not (rules.interviewed.any() or terms or people):
        return None
    real = path.conduct(p, world.seed, requests.id)
    annuity = world.params.siting.annuity
    asked = np.where(rules.interviewed, world.rules.min_score, 0.0)
    response = path.best_response(
        p, real @ rules.criteria.T, asked, p.quality[rules.interview],
        path.penalty_per_gap(p, rules.followup, rules.gap_penalty, annuity),
        annuity * rules.compensation,
    )  # fmt: skip
    contested = _contested(world, requests, real)
    return Files(
        real=real,
        response=response,
        cost=response.cost + _wait_cost(world, requests.sector) + _plot_cost(world, requests.sector),
        refused=response.refused | contested,
        contested=contested,
        land=path.swing(real[:, path.ENVIRONMENT], p.land_swing),
    )


def _contested(world: World, requests: siting.Requests, real: FloatArray) -> BoolArray:
    """Return which projects a protest would stop in which territory; what is analysed together is accepted."""
    p, rules = world.params.pathway, world.rules.plots
    if not p.contested_share:
        return np.zeros((len(requests), world.size), np.bool_)
    chance = (
        p.contested_share * (1.0 - real[:, path.ENVIRONMENT])[:, None] * (1.0 - p.quality[rules.interview])
    )
    who = pair_ids(requests.id[:, None], world.places.id[None, :])
    draw = uniform(world.seed, Purpose.SITING_CONTEST, who.ravel(), world.tick).reshape(chance.shape)
    out: BoolArray = draw < chance
    return out


def _wait_cost(world: World, sector: IntArray) -> FloatArray:
    """Return the margin forgone while a file is under way, as an annuity, k€/job/yr, shape (R, T)."""
    p = world.params
    margin = p.companies.reference_margin * world.sectors.value_added[sector]
    years = p.pathway.wait[world.rules.plots.interview] / TICKS_PER_YEAR
    out: FloatArray = p.siting.annuity * margin[:, None] * years[None, :]
    return out


def _plot_cost(world: World, sector: IntArray) -> FloatArray:
    """Return what public prices spare (negative) and provisions cost, k€/job/yr, shape (R, T)."""
    rules, p = world.rules.plots, world.params
    if not world.spec.submodels.land or not ((rules.price != 1.0).any() or rules.provision.any()):
        return np.zeros((sector.size, world.size))
    area = world.sectors.land[sector][:, None] * 1e-4 * ground.density(world)
    share = np.minimum(world.land.public / np.maximum(ground.vacant(world), 1e-12), 1.0)
    spared = p.land.rent_yield * ground.price(world) * (1.0 - rules.price) * share
    out: FloatArray = area * (p.pathway.discount_per_yr * rules.provision * share - spared)
    return out


def settle_files(
    world: World,
    requests: siting.Requests,
    files: Files,
    first: IntArray,
    chosen: IntArray,
    area: FloatArray,
) -> BoolArray:
    """Book what the files of the quarter cost and bring; returns which projects arrive at once, shape (R,).

    The others wait for the end of their file: their plot is reserved (`ground.reserve`).
    """
    p, rules, state, t = world.params.pathway, world.rules.plots, world.pathway, world.size
    seen = first >= 0
    lost = seen & (chosen != first)
    r = np.flatnonzero(lost)
    state.refused += sum_by(first[r], requests.jobs[r] * files.response.refused[r, first[r]], t)
    state.contested += sum_by(first[r], requests.jobs[r] * files.contested[r, first[r]], t)
    opened = sum_by(first[seen], np.ones(int(seen.sum())), t)
    moved = (chosen >= 0) & (chosen != first)
    opened += sum_by(chosen[moved], np.ones(int(moved.sum())), t)
    won = np.flatnonzero(chosen >= 0)
    where = chosen[won]
    paid = rules.compensation[where] * files.response.compensated[won, where] * requests.jobs[won]
    _post(world, opened * p.cost[rules.interview], sum_by(where, paid, t))
    wait = p.wait[rules.interview]
    now = np.ones(len(requests), np.bool_)
    now[won] = wait[where] == 0.0
    held = won[~now[won]]
    for n in held:
        _keep(world, requests, files, int(n), int(chosen[n]), float(area[n]), int(wait[chosen[n]]))
    return now


def _post(world: World, cost: FloatArray, income: FloatArray) -> None:
    world.pathway.cost += cost
    world.pathway.compensation += income
    if world.spec.submodels.finance:
        world.finance.post("animation", cost)
        world.finance.post("clawback", income)


def _keep(
    world: World, requests: siting.Requests, files: Files, n: int, where: int, area: float, wait: int
) -> None:
    """Put one accepted file aside until its company arrives."""
    row = {name: getattr(requests, name)[n : n + 1] for name in ("id", "sector", "jobs", "productivity")}
    row |= {"territory": np.array([where]), "land": np.array([area])}
    fit = bool(frugal(world, row["sector"], row["territory"])[0])
    row |= {"public": np.array([ground.reserve(world, where, area, public_plot=fit)])}
    row |= promise(files, np.array([n]), np.array([where]))
    world.pathway.waiting.append((world.tick + wait, row))


def promise(files: Files, rows: IntArray, where: IntArray) -> dict[str, np.ndarray]:
    """Return what chosen projects will do and show: ``real`` (n, 3), ``gap`` (n,)."""
    effort = files.response.effort[rows, where]
    return {
        "real": np.minimum(files.real[rows] + effort[:, None], 1.0),
        "gap": files.response.gap[rows, where],
    }


def frugal(world: World, sector: IntArray, where: IntArray) -> BoolArray:
    """Return which companies may take public plots under the rules of each territory, same shape."""
    most = world.rules.plots.priority[where]
    out: BoolArray = (most == 0.0) | (world.sectors.land[sector] <= most)
    return out


def due_files(world: World) -> Iterator[dict[str, np.ndarray]]:
    """Yield the files whose company arrives this quarter; their reserved plot becomes its land, one after the other."""
    state = world.pathway
    ready = [row for due, row in state.waiting if due <= world.tick]
    state.waiting = [(due, row) for due, row in state.waiting if due > world.tick]
    for row in ready:
        ground.take_reserved(world, int(row["territory"][0]), float(row["land"][0]), float(row["public"][0]))
        yield row


def sign(world: World, arrivals: dict[str, Any]) -> None:
    """Note what companies that arrive have promised; they bring staff, and use water as they really do.

    Parameters
    ----------
    arrivals : dict
        Columns ``id``, ``territory``, ``sector``, ``jobs``, ``real`` (n, 3), ``gap`` (n,).
    """
    p, rules, state, t = world.params.pathway, world.rules.plots, world.pathway, world.size
    where, jobs, real = arrivals["territory"], arrivals["jobs"], arrivals["real"]
    people = p.brought_share * jobs * (1.0 - real[:, path.LOCAL])
    came = sum_by(where, people, t)
    state.people += came
    state.brought += came
    state.water += sum_by(where, _extra_water(world, arrivals["sector"], jobs, real), t)
    asked = rules.interviewed[where] & (world.rules.min_score[where] > 0.0)
    state.gap_jobs += sum_by(where, np.where(asked, arrivals["gap"] * jobs, 0.0), t)
    state.promised += sum_by(where, np.where(asked, jobs, 0.0), t)
    for n, company in enumerate(arrivals["id"].tolist()):
        j = int(where[n])
        due = world.tick + int(TICKS_PER_YEAR * rules.followup[j])
        state.agreements[company] = Agreement(
            company, j, world.tick, float(jobs[n]), real[n], float(arrivals["gap"][n]), due, bool(asked[n])
        )


def _extra_water(world: World, sector: IntArray, jobs: FloatArray, real: FloatArray) -> FloatArray:
    factor = path.swing(real[:, path.ENVIRONMENT], world.params.pathway.water_swing)
    out: FloatArray = jobs * world.sectors.water[sector] * (factor - 1.0)
    return out


def follow_up(world: World) -> None:
    """Once a year: compare promises with what companies do, charge gaps, forget those who left."""
    state = world.pathway
    if not state.agreements or world.tick % TICKS_PER_YEAR:
        return
    c, t, p = world.companies, world.size, world.params.pathway
    living = c.rows()
    names = np.array(list(state.agreements), dtype=c.id.dtype)
    rows = living[np.isin(c.id[living], names)]
    here = {int(c.id[row]): int(row) for row in rows}
    cost, income, water = np.zeros(t), np.zeros(t), np.zeros(t)
    for name, a in list(state.agreements.items()):
        row = here.get(name, -1)
        stays = row >= 0 and int(c.territory[row]) == a.territory
        jobs = float(c.jobs[row]) if stays else 0.0
        followed = a.tick < world.tick <= a.due
        if followed:
            cost[a.territory] += p.followup_keur * stays
            income[a.territory] += a.gap * jobs * world.rules.plots.gap_penalty[a.territory]
        if followed and (not stays or world.tick > a.due - TICKS_PER_YEAR):
            _close(world, a, jobs)
        if not stays:
            del state.agreements[name]
            continue
        water[a.territory] += _extra_water(world, c.sector[row : row + 1], np.array([jobs]), a.real[None, :])[
            0
        ]
    state.water[:] = water
    _post(world, cost, income)


def _close(world: World, a: Agreement, jobs: float) -> None:
    """Compare the jobs promised with those there at the end of follow-up, and write it down."""
    state, name = world.pathway, world.places.name[a.territory]
    state.kept_jobs[a.territory] += jobs
    state.due_jobs[a.territory] += a.jobs
    outcome = "kept" if jobs >= a.jobs else "short"
    world.write(
        world.places.code[a.territory], "siting", "followed", amount=jobs, outcome=outcome,
        reason_fr=f"{name} : {a.jobs:.0f} emplois promis, {jobs:.0f} à la fin du suivi ; écart affiché – réel "
        f"{a.gap:.2f}",
        reason_en=f"{name}: {a.jobs:.0f} jobs promised, {jobs:.0f} at the end of follow-up; gap shown – real "
        f"{a.gap:.2f}",
    )  # fmt: skip


def anchored(world: World, rows: IntArray) -> BoolArray:
    """Return which companies that think of moving give it up because they are anchored, shape (n,)."""
    state, c = world.pathway, world.companies
    out = np.zeros(rows.size, np.bool_)
    if not state.agreements:
        return out
    for n, row in enumerate(rows.tolist()):
        a = state.agreements.get(int(c.id[row]))
        if a is not None and a.real[path.ANCHORING] > path.ORDINARY:
            held = world.params.pathway.anchor_swing * (2.0 * a.real[path.ANCHORING] - 1.0)
            draw = uniform(world.seed, Purpose.SITING_ANCHOR, c.id[row : row + 1], world.tick)
            out[n] = draw[0] < held
    return out


def indicators(world: World) -> dict[str, FloatArray]:
    """Return the indicators of the pathway, each (T,)."""
    s, filled = world.pathway, np.maximum(world.people.filled, 1e-9)
    at_home = np.diagonal(world.people.workers)[: world.size]
    return {
        "siting_gap": s.gap_jobs / np.maximum(s.promised, 1e-9),
        "siting_kept_share": np.where(s.due_jobs > 0.0, s.kept_jobs / np.maximum(s.due_jobs, 1e-9), 1.0),
        "siting_refused_jobs": s.refused,
        "siting_contested_jobs": s.contested,
        "siting_cost_keur": s.cost - s.compensation,
        "brought_people": s.brought,
        "local_jobs_share": np.minimum(at_home / filled, 1.0),
        "frugal_land_share": frugal_land(world),
    }


def frugal_land(world: World) -> FloatArray:
    """Return the share of companies' land whose use the priority on public plots asks for, (T,); 0 without one."""
    if not world.rules.plots.priority.any():
        return np.zeros(world.size)
    c = world.companies
    rows = c.rows()
    where, held = c.territory[rows], c.land[rows]
    fit = sum_by(where, held * frugal(world, c.sector[rows], where), world.size)
    out: FloatArray = fit / np.maximum(sum_by(where, held, world.size), 1e-12)
    return np.where(world.rules.plots.priority > 0.0, out, 0.0)
