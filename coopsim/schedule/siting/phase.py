"""Phase 7: external projects and footloose companies meet territories."""

import numpy as np

from coopsim.economy import kernels as ker
from coopsim.economy import siting
from coopsim.metrics import sum_by
from coopsim.rng import Purpose, stream_key, text_id
from coopsim.schedule.firms.incentives import aid_worth, newcomer_pull
from coopsim.schedule.firms.leases import lease_pull, sign_leases
from coopsim.schedule.firms.phase import job_cost, settle_new
from coopsim.schedule.land import ground
from coopsim.schedule.siting import boards, functions
from coopsim.schedule.siting import path as siting_path
from coopsim.schedule.siting.aid import claw_back, pay_aid
from coopsim.schedule.siting.path import Files
from coopsim.tables.companies import ACTING
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.state import World

_OUTSIDE = text_id("outside")


def location_utility(world: World, *, newcomers: bool) -> FloatArray:
    """Return the deterministic utility of each territory, shape (T, K), with the aid for newcomers or without."""
    return location_utilities(world)[0 if newcomers else 1]


def location_utilities(world: World) -> tuple[FloatArray, FloatArray]:
    """Return the deterministic utility of each territory for newcomers, who get the aid, and for those there.

    Returns
    -------
    newcomers, settled : FloatArray, each shape (T, K)
    """
    p, people = world.params, world.people
    settled = siting.utility(
        p.siting,
        job_cost(world),
        world.rivers.security,
        world.sectors.water_dependence,
        world.signals.posts,
        people.unemployment - p.companies.unemployment_reference,
        people.habitable_share * people.vacancy
        - p.people.habitable_share_of_vacant * p.siting.housing_reference,
        world.finance.marketing,
        world.places.constant,
    )
    aid: FloatArray = (p.siting.gamma_cost * p.siting.annuity) * world.finance.subsidy
    aid = aid * aid_worth(world) + newcomer_pull(world)
    return settled + aid[:, None] + lease_pull(world), settled


def refusals(world: World, requests: siting.Requests) -> BoolArray:
    """Return which territories screen a request out, shape (R, T).

    The steps of the siting pathway that bind: score of the project against the minimum, and the
    check of resources (peak-day water demand with the project against the services' capacity).
    """
    rules = world.rules
    # without an interview the score is a draw; with one it is what the project shows (`siting_path.open_files`)
    asked = np.where(rules.plots.interviewed, -np.inf, rules.min_score)
    out = requests.score[:, None] < asked[None, :]
    if rules.resource_check.any():
        pressure = world.signals.water.get("pressure", np.zeros(world.size))
        extra = requests.jobs * world.sectors.water[requests.sector] / 365.0
        capacity = np.maximum(world.signals.water.get("capacity", np.full(world.size, np.inf)), 1e-9)
        over = pressure[None, :] + extra[:, None] / capacity[None, :] > 1.0
        out = out | (over & rules.resource_check[None, :])
    external = requests.origin < 0
    result: BoolArray = out & external[:, None]
    return result


def moving_companies(world: World) -> tuple[siting.Requests, IntArray]:
    """Return the companies that reconsider their place this quarter, and their rows; public services never do."""
    p, c = world.params.siting, world.companies
    rate = 2.0 * p.reconsider_per_quarter * world.sectors.mobility * ~world.sectors.public
    buffer = np.zeros(c.used, np.int64)
    n = ker.movers(
        stream_key(world.seed, Purpose.MOVE, world.tick),
        rate, c.id[: c.used], c.sector[: c.used], c.alive[: c.used], buffer,
    )  # fmt: skip
    rows = buffer[:n]
    rows = rows[np.argsort(c.id[rows], kind="stable")]
    if world.pathway.agreements:
        rows = rows[~siting_path.anchored(world, rows)]
        n = rows.size
    home = c.territory[rows]
    requests = siting.Requests(
        c.id[rows], c.sector[rows], c.jobs[rows], c.productivity[rows], home, home, np.ones(n)
    )  # fmt: skip
    return requests, rows


def _sent_on(world: World, requests: siting.Requests, refused: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Return who sends which request away, (R, T), and to whom it may, (T, T): pacts, and functions that they split."""
    redirect = world.pacts.together("siting") | world.pacts.together("land")
    redirect &= world.rules.redirect[:, None] & world.rules.redirect[None, :]
    shared = functions.split(world, requests)
    return (refused, redirect) if shared is None else (refused | shared[0], redirect | shared[1])


def place(
    world: World, requests: siting.Requests, purpose: Purpose, files: Files | None = None
) -> tuple[IntArray, IntArray, FloatArray]:
    """Choose a territory for each request; vacant land is taken at once, as much as its price lets one want.

    With ``files`` requests know what each territory asks of them, and the land is taken by who opened them.

    Returns
    -------
    chosen, first : IntArray, shape (R,)
        Territory, -1 for the outside, and the first choice.
    land : FloatArray, shape (R,), ha
        Land of each request in its territory; 0 outside.
    """
    p = world.params.siting
    n, t = len(requests), world.size
    chosen, first = np.zeros(n, np.int64), np.zeros(n, np.int64)
    if n == 0:
        return chosen, first, np.zeros(0)
    seen = siting.visible(
        p, world.seed, world.tick, requests.id, world.places.id, 1.0 + world.places.population
    )
    if p.project_stream == "per_territory" and purpose is Purpose.PROJECT_TASTE:
        seen = np.zeros_like(seen)
        seen[np.arange(n), requests.market] = True
    need = requests.jobs * world.sectors.land[requests.sector] * 1e-4
    if not world.spec.submodels.land:
        need = np.zeros(n)
    travel, market = -p.gamma_travel_per_minute * world.places.minutes, requests.market
    refused = refusals(world, requests)
    if files is not None:
        need = need * files.land
        travel, market = travel[market] - p.gamma_cost * files.cost, np.arange(n)
        refused = refused | files.refused
    workers = boards.votes(world, requests)
    if workers is not None:
        travel, market = travel[market] + workers, np.arange(n)
    refused, redirect = _sent_on(world, requests, refused)
    dense = ground.density(world)
    vacant = ground.vacant(world) / dense  # in hectares at the reference price, as ``need``
    asked = np.zeros(t)
    if world.rules.plots.priority.any():
        kept = need[:, None] > (ground.vacant(world) - world.land.public) / dense
        every = np.broadcast_to(np.arange(t), (n, t))
        refused = refused | (kept & ~siting_path.frugal(world, requests.sector[:, None], every))
    ker.place(
        stream_key(world.seed, purpose, world.tick),
        p.tries,
        p.stay_utility,
        requests.id, requests.sector, need, requests.origin, market,
        *location_utilities(world),
        travel,
        world.outside, world.places.id, _OUTSIDE,
        seen, refused, redirect, vacant, chosen, first, asked,
    )  # fmt: skip
    area = np.where(chosen >= 0, need * dense[chosen], 0.0)
    if files is None:
        take(world, requests, chosen, area)
    return chosen, first, area


def take(world: World, requests: siting.Requests, chosen: IntArray, area: FloatArray) -> None:
    """Give their plots to the requests that moved to a territory of the system."""
    moved = (chosen >= 0) & (chosen != requests.origin)
    where, plots = chosen[moved], area[moved]
    frugal = None
    if world.rules.plots.priority.any():
        fit = siting_path.frugal(world, requests.sector[moved], where)
        frugal = sum_by(where, plots * fit, world.size)
    ground.occupy(world, sum_by(where, plots, world.size), frugal)


def siting_phase(world: World) -> None:
    """Site external projects first, then companies that reconsider their place."""
    world.signals.arrived[:] = 0.0
    world.signals.departed[:] = 0.0
    if not world.spec.submodels.companies:
        return
    projects = siting.external_projects(
        world.params.siting,
        world.seed,
        world.tick,
        world.places.id,
        world.places.market_weight,
        world.places.population,
        world.sectors.project_weight,
    )
    world.pathway.people[:] = 0.0
    siting_path.follow_up(world)
    for row in siting_path.due_files(world):
        _arrive(world, row)
    files = siting_path.open_files(world, projects)
    chosen, first, area = place(world, projects, Purpose.PROJECT_TASTE, files)
    _welcome(world, projects, files, first, chosen, area)
    for r in np.flatnonzero((first >= 0) & (chosen != first)):
        _write_refusal(world, projects, int(r), int(first[r]), int(chosen[r]))
    movers, rows = moving_companies(world)
    chosen, _, area = place(world, movers, Purpose.MOVE_TASTE)
    _relocate(world, movers, rows, chosen, area)
    s = world.signals
    s.arrived_total += s.arrived
    s.departed_total += s.departed


def _welcome(
    world: World,
    requests: siting.Requests,
    files: Files | None,
    first: IntArray,
    chosen: IntArray,
    area: FloatArray,
) -> None:
    """Let chosen projects arrive, those that wait for the end of their file excepted."""
    won = chosen >= 0
    if files is not None:
        won &= siting_path.settle_files(world, requests, files, first, chosen, area)
        take(world, requests, np.where(won, chosen, -1), area)
    row: dict[str, np.ndarray] = {
        name: getattr(requests, name)[won] for name in ("id", "sector", "jobs", "productivity")
    }
    row |= {"territory": chosen[won], "land": area[won]}
    if files is not None:
        row |= siting_path.promise(files, np.flatnonzero(won), chosen[won])
    _arrive(world, row)


def _arrive(world: World, row: dict[str, np.ndarray]) -> None:
    """Settle companies whose plot is theirs, pay the aid promised, and note what they promised."""
    where, jobs = row["territory"], row["jobs"]
    settle_new(
        world, row["id"], where, row["sector"], jobs, row["productivity"], external=True, land=row["land"]
    )  # fmt: skip
    ground.provide(world, where, row["land"])
    arrived = sum_by(where, jobs, world.size)
    world.signals.arrived += arrived
    pay_aid(world, row["id"], where, jobs, arrived)
    if "real" in row:
        siting_path.sign(world, row)


def _relocate(
    world: World, movers: siting.Requests, places: IntArray, chosen: IntArray, area: FloatArray
) -> None:
    c = world.companies
    moved = chosen != movers.origin
    if not moved.any():
        return
    rows = places[moved]
    to, home, sector = chosen[moved], movers.origin[moved], movers.sector[moved]
    claw_back(world, c.id[rows], home)
    jobs, stage = c.jobs[rows], c.stage[rows]
    freed = c.land[rows]
    ground.vacate(world, home, freed, c.owned[rows])
    np.add.at(world.signals.departed, home, jobs)
    np.add.at(world.signals.posts, (home, sector), -jobs)
    gone = to < 0
    c.remove(rows[gone])
    kept, where = rows[~gone], to[~gone]
    c.territory[kept] = where
    c.land[kept] = area[moved][~gone]
    np.add.at(world.signals.posts, (where, sector[~gone]), jobs[~gone])
    np.maximum(world.signals.posts, 0.0, out=world.signals.posts)
    acting = jobs * (stage == ACTING)
    np.add.at(world.signals.acting, (home, sector), -acting)
    np.add.at(world.signals.acting, (where, sector[~gone]), acting[~gone])
    np.maximum(world.signals.acting, 0.0, out=world.signals.acting)
    np.add.at(world.signals.results, (home, ker.R_COUNT), -1.0)
    np.add.at(world.signals.results, (where, ker.R_COUNT), 1.0)
    arrived = sum_by(where, jobs[~gone], world.size)
    world.signals.arrived += arrived
    pay_aid(world, c.id[kept], where, jobs[~gone], arrived)
    sign_leases(world, c.id[kept], where, jobs[~gone], c.land[kept])


def _write_refusal(world: World, requests: siting.Requests, r: int, first: int, chosen: int) -> None:
    where = world.places.name[chosen] if chosen >= 0 else ""
    sector = int(requests.sector[r])
    world.write(
        world.places.code[first],
        "siting",
        "redirected" if chosen >= 0 else "lost",
        amount=float(requests.jobs[r]),
        outcome=where or "outside",
        reason_fr=f"projet de {requests.jobs[r]:.0f} emplois ({world.sectors.label_fr[sector]}) non accueilli"
        + (f", installé à {where}" if where else ", perdu"),
        reason_en=f"project of {requests.jobs[r]:.0f} jobs ({world.sectors.label_en[sector]}) not welcomed"
        + (f", settled in {where}" if where else ", lost"),
    )
