"""What holds at the end of every tick of every run, whatever the rules; and a way to live a run under watch.

The functions state the balance of each stock in its own words: they read the world's state and never call
the sub-models, so that a bug of a sub-model cannot excuse itself. Tolerances are those of rounding:
sums of thousands of terms to 1e-9 relative, land tables that convert clips against each other to 1e-6.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from coopsim.economy import kernels as ker
from coopsim.economy.finance import COUNTERPARTS, LINE
from coopsim.model import CoopModel
from coopsim.resources.land import Use
from coopsim.schedule import QUARTER, Phase
from coopsim.tables import SCOPES
from coopsim.tables.bodies import ACCOUNT

EXACT = 1e-9
LAND = 1e-6
# How each scope of a pact may be held: a territory sits in one pact at a time.
assert len(SCOPES) == 6


class Broken(AssertionError):  # noqa: N818 - a verdict
    """An invariant that does not hold; says which, when and by how much."""


@dataclass(frozen=True, slots=True)
class Before:
    """The stocks at the end of the last tick."""

    tick: int
    naf: np.ndarray
    protected: np.ndarray
    consumed: np.ndarray
    volume: np.ndarray
    lost: np.ndarray
    debt: np.ndarray
    outside: np.ndarray
    groundwater: np.ndarray
    tax: np.ndarray
    subsidies_paid: np.ndarray
    fte: np.ndarray
    population: np.ndarray
    dwellings: np.ndarray
    building: np.ndarray
    body_accounts: np.ndarray
    body_contributions: np.ndarray
    shielded: np.ndarray
    charged: np.ndarray


def snapshot(world) -> Before:
    """Return copies of the stocks that the next tick is measured against."""
    return Before(
        tick=world.tick,
        naf=world.land.uses[:, Use.NAF].copy(),
        protected=world.land.uses[:, Use.PROTECTED].copy(),
        consumed=world.land.consumed.copy(),
        volume=world.wood.volume.copy(),
        lost=world.wood.lost.copy(),
        debt=world.finance.debt.copy(),
        outside=world.finance.outside.copy(),
        groundwater=world.rivers.groundwater.copy(),
        tax=world.finance.tax_pct.copy(),
        subsidies_paid=world.finance.subsidies_paid.copy(),
        fte=world.pacts.fte.copy(),
        population=world.people.population.copy(),
        dwellings=world.people.dwellings.copy(),
        building=world.people.building.copy(),
        body_accounts=world.bodies.total.copy(),
        body_contributions=world.finance.flows[:, LINE["body_contributions"]].copy(),
        shielded=world.land.shielded.copy(),
        charged=world.pathway.compensation.copy(),
    )


def check_world(world, before: Before) -> None:
    """Raise `Broken` with the first invariant that the tick just lived does not respect."""
    for check in (
        check_finite,
        check_no_negative_stock,
        check_water,
        check_land,
        check_wood,
        check_companies,
        check_people,
        check_money,
        check_pacts_and_ties,
        check_bodies,
        check_local_economy,
        check_siting,
        check_society,
    ):
        check(world, before)


def _require(holds, world, what: str, value: object = "") -> None:
    if not np.all(holds):
        raise Broken(f"{world.spec.name}, seed {world.seed}, tick {world.tick}: {what} {value}")


def _same(a, b, world, what: str, tolerance: float = EXACT, scale=None) -> None:
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    size = np.maximum(np.abs(a), np.abs(b)) if scale is None else np.asarray(scale, dtype=float)
    gap = np.abs(a - b) - tolerance * np.maximum(size, 1.0)
    _require(gap <= 0, world, what, f"{a} {b}" if a.size < 12 else float(np.max(np.abs(a - b))))


def check_finite(world, before: Before) -> None:
    """No stock, flow or signal is NaN; infinite is nothing but an absent bound."""
    del before
    for name in ("people", "finance", "land", "wood", "companies", "ties", "pacts", "signals"):
        table = getattr(world, name)
        for field in fields(table):
            value = getattr(table, field.name)
            if isinstance(value, np.ndarray) and value.dtype.kind == "f":
                _require(np.isfinite(value), world, f"{name}.{field.name} is not finite")


def check_no_negative_stock(world, before: Before) -> None:
    """Nothing that is counted, stored or owed to nature is negative; shares stay within 0 and 1."""
    del before
    crowd, f, c = world.people, world.finance, world.companies
    living = c.rows()
    stocks = {
        "land uses": world.land.uses,
        "pipeline": world.land.ring,
        "public vacant land": world.land.public,
        "consumed land": world.land.consumed,
        "standing wood": world.wood.volume,
        "harvest": world.wood.harvest,
        "groundwater": world.rivers.groundwater,
        "network yield": world.rivers.network_yield,
        "population": crowd.population,
        "dwellings": crowd.dwellings,
        "workers": crowd.workers,
        "own-account": crowd.own_account,
        "posts": world.signals.posts,
        "acting posts": world.signals.acting,
        "vacancies": world.signals.vacancies,
        "output": world.signals.output,
        "jobs of a company": c.jobs[living],
        "land of a company": c.land[living],
        "productivity": c.productivity[living],
        "subsidy": f.subsidy,
        "tax": f.tax_pct,
        "subsidies paid": f.subsidies_paid,
        "pact cost": f.pact_cost,
        "leases": world.signals.leases,
        "centrality": f.centrality_stock,
        "animation posts": world.pacts.fte,
        "calls held back": world.signals.calls_held,
    }
    for name, value in stocks.items():
        _require(value >= 0.0, world, f"negative {name}", float(np.min(value, initial=0.0)))
    shares = {
        "marketing": f.marketing,
        "programmes": world.programmes,
        "water ration": world.signals.water_ration,
        "land ration": world.signals.land_ration,
        "water security": world.rivers.security,
        "habitable share": crowd.habitable_share,
        "competence": world.competence,
        "salience": world.signals.salience,
        "perceived dependence": world.perceived,
        "kept promises": world.signals.kept,
        "ideal point": world.councils.ideal,
        "network yield": world.rivers.network_yield,
        **{
            k: world.signals.water[k]
            for k in world.signals.water
            if k.startswith(("unmet", "below", "caused"))
        },
    }
    for name, value in shares.items():
        inside = (value >= 0.0) & (value <= 1.0 + EXACT)
        _require(inside, world, f"share {name} outside 0-1", value[~inside])


def check_water(world, before: Before) -> None:
    """At each node: inflow + boundary + runoff = outflow + consumption + change of groundwater."""
    del before
    gap = world.signals.water.get("imbalance", np.zeros(1))
    _require(gap < EXACT, world, "water balance", float(np.max(gap, initial=0.0)))
    caused = world.signals.water.get("caused")
    if caused is not None:
        _require(caused <= world.signals.water["below"] + EXACT, world, "more low flow caused than seen")


def check_land(world, before: Before) -> None:
    """Uses sum to the area and equal what companies hold; natural land only falls, and only as booked."""
    uses, g = world.land.uses, world.land
    _same(uses.sum(axis=1), world.places.area, world, "uses do not sum to the area")
    if not world.spec.submodels.land:
        return
    c = world.companies
    rows = c.rows()
    held = np.bincount(c.territory[rows], weights=c.land[rows], minlength=world.size)
    _same(held, uses[:, Use.OCCUPIED], world, "companies' land is not the occupied land", LAND)
    _same(g.ring.sum(axis=1), uses[:, Use.PIPELINE], world, "pipeline is not its ring", LAND)
    _require(uses[:, Use.NAF] <= before.naf, world, "natural land rose")
    shielded = g.shielded - before.shielded
    _require(shielded >= 0.0, world, "protection falls")
    _same(
        uses[:, Use.PROTECTED] - before.protected,
        shielded,
        world,
        "protected land moved",
        scale=world.places.area,
    )
    _require(g.met[:, 1:] <= g.asked[:, 1:] * (1 + EXACT) + EXACT, world, "more needs met than asked for")
    _require(g.met.sum(axis=1) >= g.taken * (1 - EXACT) - EXACT, world, "land taken for nothing")
    _same(g.lent.sum(), 0.0, world, "rights lent are not rights got", scale=np.abs(g.lent).sum())
    fallen = before.naf - uses[:, Use.NAF] - shielded
    booked = (g.consumed - before.consumed).sum(axis=1)
    _same(fallen, booked, world, "consumed land is not the fall of natural land", scale=world.places.area)
    _require(
        g.public <= uses[:, Use.VACANT] * (1 + LAND) + LAND,
        world,
        "more public plots than vacant land",
        (g.public - uses[:, Use.VACANT]).max(),
    )


def check_wood(world, before: Before) -> None:
    """ΔV = increment − harvest − losses, stratum by stratum; no cut above the stock."""
    f = world.wood
    lost = f.lost - before.lost
    _require(lost >= 0.0, world, "wood comes back from the dead")
    if not world.spec.submodels.wood or not len(f):
        _same(f.volume, before.volume - lost, world, "wood moves while switched off")
        return
    _require(f.harvest <= (before.volume - lost) * (1 + EXACT) + EXACT, world, "harvest above the stock")
    if world.params.wood.growth == "logistic":
        _same(f.volume, before.volume + f.increment - f.harvest - lost, world, "wood balance")
    if world.signals.wood.get("delivered") is not None:
        _require(
            world.signals.wood["delivered"] <= f.harvest.sum() * (1 + EXACT),
            world,
            "deliveries above harvest",
        )


def check_companies(world, before: Before) -> None:
    """The tallies that phases hand over are those of the table; each id is there once."""
    del before
    c, s = world.companies, world.signals
    rows = c.rows()
    posts = np.zeros_like(s.posts)
    np.add.at(posts, (c.territory[rows], c.sector[rows]), c.jobs[rows])
    _same(posts, s.posts, world, "posts of companies")
    count = np.bincount(c.territory[rows], minlength=world.size)
    _require(
        count == s.results[:, ker.R_COUNT],
        world,
        "number of companies",
        (count - s.results[:, ker.R_COUNT]).tolist(),
    )
    _require(np.unique(c.id[rows]).size == rows.size, world, "two companies share an id")
    _require((c.territory[rows] >= 0) & (c.territory[rows] < world.size), world, "a company is nowhere")
    _require(c.birth[rows] <= world.tick, world, "a company is born tomorrow")
    _require((c.stage[rows] >= 0) & (c.stage[rows] <= 3), world, "unknown stage of transition")
    _require(c.since[rows] <= world.tick, world, "a stage reached tomorrow")
    _require((c.form[rows] >= 0) & (c.form[rows] <= 3), world, "unknown form of ownership")
    _exchanges(world, rows)
    _require(
        s.acting <= s.posts * (1 + EXACT) + EXACT,
        world,
        "more acting posts than posts",
        float((s.acting - s.posts).max()),
    )


def _exchanges(world, rows: np.ndarray) -> None:
    """Partners have each other, or the other one has closed since spring; relays are as many as there are."""
    c, x = world.companies, world.exchanges
    tied = rows[c.partner[rows] > 0]
    other = c.partner[tied] - 1
    _require((other < c.used) & (other != tied), world, "a partner that cannot be")
    back = c.partner[other] - 1
    _require((back == tied) | ~c.alive[other] | (back < 0), world, "a partner that has another")
    offers, wants = world.sectors.offered[c.sector[tied]], world.sectors.wanted[c.sector[tied]]
    fits = (offers >= 0) & (offers == world.sectors.wanted[c.sector[other]])
    fits |= (wants >= 0) & (wants == world.sectors.offered[c.sector[other]])
    _require(fits | (back != tied), world, "an exchange without a by-product")
    _require(x.taking <= x.linked * (1 + EXACT) + EXACT, world, "more takers than partners")
    for resource in ("water", "wood"):
        share = np.asarray(world.exchanged(resource))
        _require((share >= 0.0) & (share <= 1.0), world, f"{resource} replaced outside 0-1")
    _require(world.relays.active_count() <= world.relays.count.sum(axis=0), world, "too many relays")


def check_people(world, before: Before) -> None:
    """Employed + seekers = active; filled posts are the workers of the column; people and dwellings are booked."""
    crowd = world.people
    if world.spec.submodels.people:
        moved = crowd.balance.sum(axis=0)
        _same(crowd.population - before.population, moved, world, "population", scale=before.population)
        built = (
            crowd.dwellings - before.dwellings + (crowd.building.sum(axis=0) - before.building.sum(axis=0))
        )
        _same(built, world.signals.built, world, "dwellings", scale=before.dwellings)
        _require(crowd.employed <= crowd.active * (1 + EXACT) + EXACT, world, "more employed than active")
    _same(crowd.employed + crowd.seekers, crowd.active, world, "employed + seekers is not active")
    _same(crowd.workers[:, :-1].sum(axis=0), crowd.filled, world, "filled posts are not the workers")
    own = np.diagonal(crowd.workers)[:-1]
    _same(crowd.in_commuters, crowd.filled - own, world, "in-commuters")
    _require(crowd.in_commuters >= -EXACT * np.maximum(crowd.filled, 1.0), world, "negative in-commuters")
    _same(crowd.commuting.sum(axis=1), 1.0, world, "search shares do not sum to one")
    _require(crowd.unemployment <= 1.0, world, "unemployment above one")


def check_local_economy(world, before: Before) -> None:
    """Employment companies pay by the head; orders move and none is made; contracts are between two and have an end."""
    del before
    state, rules, p = world.local, world.rules.local, world.params.local
    crowd = world.people
    _require(crowd.sheltered >= 0.0, world, "negative employment company")
    _require(
        crowd.sheltered + crowd.own_account <= crowd.active * (1 + EXACT) + EXACT,
        world,
        "EBE above the active",
    )
    for name, amount in (("ebe_paid", p.ebe.contribution_keur), ("ebe_avoided", p.ebe.avoided_keur)):
        _same(getattr(state, name), amount * state.ebe_years, world, f"{name} is not by the head")
    _require(state.sites >= 0.0, world, "negative establishments connected")
    _require((state.given >= 0.0) & (state.given <= 1.0 + EXACT), world, "given outside 0-1")
    _require(np.isfinite(state.energy_saved), world, "energy saved is not finite")
    _require(np.isfinite(state.purchased), world, "orders are not finite")
    _require(state.fuel >= 0.0, world, "negative fuel")
    won = state.flagship.sum()
    _require(won == np.round(won), world, "half a facility")
    _require(
        np.array([jobs.min(initial=0.0) for _, jobs in state.exempt]) >= 0.0, world, "negative exemption"
    )
    for contract in state.contracts:
        o = contract.offer
        _require(o.giver != o.taker, world, "a contract with oneself")
        _require(
            contract.ended < 0 or contract.ended >= contract.signed, world, "a contract ends before it begins"
        )
        _require(
            world.tick - contract.signed <= 4 * o.years or contract.ended >= 0,
            world,
            "a contract without end",
        )
    if rules.buys:
        from coopsim.schedule.procurement import moved, orders

        flow = moved(world)
        _require(flow.sum(axis=1) <= orders(world) * (1 + EXACT), world, "more orders moved than bought")


def check_money(world, before: Before) -> None:
    """Δdebt = −Σ flows; what territories pay each other sums to zero; calls stay within their envelope."""
    f, rules = world.finance, world.rules
    if not world.spec.submodels.finance:
        _require(f.debt == before.debt, world, "debt moves while finance is switched off")
        return
    flows = f.year[world.tick % 4]
    # one side is a stock: rounding is relative to the stock
    _same(
        f.debt - before.debt,
        -flows.sum(axis=1),
        world,
        "debt",
        scale=np.abs(f.debt) + np.abs(flows).sum(axis=1),
    )
    for line in ("shared_revenue", "fines", "compensation"):
        turned = np.abs(flows[:, LINE[line]]).sum()
        _same(flows[:, LINE[line]].sum(), 0.0, world, f"{line} does not sum to zero", scale=turned)
        late = f.flows[:, LINE[line]]
        _same(late.sum(), 0.0, world, f"{line} to come does not sum to zero", scale=np.abs(late).sum())
    # everything that leaves a territory reaches an account outside, and "territories" owes itself nothing
    turned = np.abs(f.outside).sum() + np.abs(flows).sum()
    _same(f.outside.sum() - before.outside.sum(), -flows.sum(), world, "accounts outside", scale=turned)
    owed = f.outside[COUNTERPARTS.index("territories")]
    _same(owed, 0.0, world, "territories do not settle among themselves", scale=turned)
    check_french_rules(world, flows)
    charged = world.pathway.compensation - before.charged
    if world.finance.french is None:  # nothing is paid back but what the siting pathway charges
        _same(flows[:, LINE["clawback"]], charged, world, "charges of the siting pathway", scale=turned)
    else:
        _require(flows[:, LINE["clawback"]] >= charged * (1 - EXACT) - EXACT, world, "charges not received")
    received = (
        "cfe",
        "property_tax",
        "second_home_tax",
        "shop_tax",
        "network_tax",
        "compensation_grant",
        "river_tax",
        "waste_tax",
        "clawback",
        "vat_fraction",
        "grant",
        "fees",
        "land_sales",
        "leases",
        "outside_funding",
    )
    for line in received:
        _require(flows[:, LINE[line]] >= 0.0, world, f"negative revenue {line}")
    paid = (
        "equipment",
        "river_works",
        "waste",
        "attribution",
        "solidarity",
        "centrality",
        "land_development",
        "remediation",
        "subsidies",
        "marketing",
        "programmes",
        "animation",
        "interest",
    )
    for line in paid:
        _require(flows[:, LINE[line]] <= 0.0, world, f"negative spending {line}", flows[:, LINE[line]].max())
    _same(
        f.subsidies_paid - before.subsidies_paid,
        -flows[:, LINE["subsidies"]],
        world,
        "subsidies paid",
        scale=f.subsidies_paid,
    )
    # what the outside pays: its share of the animators of the pacts in force, and the envelope of the calls
    in_force = (world.pacts.ended < 0) | (world.pacts.ended >= world.tick)
    posts = (
        0.25
        * world.params.finance.animation_cost_per_fte
        * world.pacts.fte[in_force].sum()
        * rules.funded.max()
    )
    envelope = 0.25 * rules.call_envelope * (rules.call_type != "none")
    outside = flows[:, LINE["outside_funding"]].sum()
    _require(
        outside <= (envelope + posts) * (1 + EXACT),
        world,
        "outside funding above calls and posts",
        (float(outside), envelope, float(posts)),
    )


def check_french_rules(world, flows) -> None:
    """Earmarked taxes are spent on their purpose; the rate and the aid stay within the law of the year."""
    state = world.finance.french
    if state is None:
        assert not flows[:, [LINE[n] for n in ("river_tax", "waste_tax", "equipment")]].any()
        return
    for tax, spent in (("river_tax", "river_works"), ("waste_tax", "waste")):
        _same(flows[:, LINE[tax]], -flows[:, LINE[spent]], world, f"{tax} is not spent on {spent}")
    law = state.book.of(world.year)
    _require(
        state.amounts["river_tax"] <= law.river_tax_ceiling * state.inhabitants * (1 + EXACT) + EXACT,
        world,
        "river tax above its ceiling",
    )
    ceiling = np.maximum(law.ceiling_multiple * law.mean_rate_pct, state.rate_january)
    _require(state.rate_high <= ceiling + EXACT, world, "legal rate above the ceiling")
    rules = world.rules
    _require(
        rules.tax_high <= np.maximum(state.rate_high, rules.tax_low) + EXACT, world, "rate not bound by law"
    )
    for aids in state.aids.values():
        for tick, _, _ in aids:
            last = [a for t, _, a in aids if tick - 4 * law.de_minimis_years < t <= tick]
            _require(sum(last) <= law.de_minimis * (1 + EXACT), world, "aid above de minimis", sum(last))


def check_pacts_and_ties(world, before: Before) -> None:
    """A pact has two members or has ended; a territory is in one pact; ties are symmetric and within 0-1."""
    del before
    pacts, ties = world.pacts, world.ties
    active = pacts.active
    members = pacts.members[active]
    _require(members.sum(axis=1) >= 2, world, "a pact with fewer than two members")
    _require(members.sum(axis=0) <= 1, world, "a territory in two pacts")
    if all(event.what != "pact_founded" for event in world.spec.events):  # the State may impose a larger one
        most = max(
            world.rules.growth.most_members(world.params.pacts.max_members),
            world.params.pact_life.start_members,
        )
        _require(members.sum(axis=1) <= most, world, "a pact above its size")
    _require(np.unique(pacts.id).size == len(pacts), world, "two pacts share an id")
    ended = pacts.ended[pacts.ended >= 0]
    _require(
        world.signals.dissolved == ended.size, world, "dissolved pacts", (world.signals.dissolved, ended.size)
    )
    for name in ("held", "vacancy", "mismatch", "size", "wins"):
        values = getattr(pacts, name)
        _require((values >= 0.0) & (values <= 1.0 + EXACT), world, f"{name} of a pact outside 0-1", values)
    tried = (pacts.delivered.sum(axis=1) + pacts.failed)[active]
    _require(
        tried <= 1 + (world.tick - pacts.founded[active]) // 4, world, "more joint actions than years", tried
    )
    _require((pacts.stage >= 0) & (pacts.stage <= 3), world, "unknown stage of a pact")
    for name in ("trust", "knowledge", "rivalry", "identity"):
        matrix = getattr(ties, name)
        _require((matrix >= 0.0) & (matrix <= 1.0), world, f"{name} outside 0-1")
        _require(np.diagonal(matrix) == 0.0, world, f"{name} of a territory with itself")
        _same(matrix, matrix.T, world, f"{name} is not symmetric")


def check_bodies(world, before: Before) -> None:
    """Accounts of bodies balance, line by line and with those of their members; people and seats are counted once."""
    b, r = world.bodies, world.rivers
    turned = np.abs(b.total).sum(axis=1)
    _same(b.debt, -b.total.sum(axis=1), world, "debt of a body is not its account", scale=turned)
    lines = [name for name, _ in ACCOUNT]
    taken = b.total[:, lines.index("taken_over")]
    _same(taken.sum(), 0.0, world, "a debt taken over is lost", scale=np.abs(taken).sum())
    got = (b.total - before.body_accounts)[:, lines.index("contributions")]
    left = 0.0 if world.spec.submodels.finance else before.body_contributions
    gave = -(world.finance.flows[:, LINE["body_contributions"]] - left)
    _same(got.sum(), gave.sum(), world, "contributions paid are not contributions received", scale=got.sum())
    _require(gave >= -EXACT, world, "a body pays its members")
    raised = world.finance.flows[:, LINE["river_levy"]]
    if world.spec.submodels.finance:
        _require(
            (raised >= 0.0) & (raised <= gave * (1 + EXACT) + EXACT),
            world,
            "a levy beyond what is contributed",
        )
    _same(
        b.paid.sum(),
        b.total[:, lines.index("contributions")].sum(),
        world,
        "contributions since the first day",
    )
    _require(b.total[:, : lines.index("operation")] >= 0.0, world, "negative revenue of a body")
    _require(b.total[:, lines.index("operation") : -1] <= 0.0, world, "negative spending of a body")
    gone = ~b.alive
    _require((b.seats >= 0) & ~((b.seats > 0) & gone[:, None]), world, "a seat in a body that is no more")
    services = b.service >= 0
    _same(
        b.share[services],
        r.served[b.service[services]],
        world,
        "a service and its body serve different people",
    )
    _require(b.share[services].sum(axis=0) <= 1.0 + EXACT, world, "people served twice")
    _require(r.capacity[b.service[gone & services]] == 0.0, world, "capacity of a service that is no more")
    full = b.store_capacity * (1.0 + EXACT) + EXACT
    _require((b.store >= 0.0) & (b.store <= full), world, "a store holds more than it can")
    _require((b.saving >= 0.0) & (b.saving <= 1.0), world, "share spared outside 0-1")
    _require((b.price >= 0.0) & np.isfinite(b.price), world, "price of water")
    _require(b.passed <= b.drafted, world, "more moves adopted than proposed")


def check_siting(world, before: Before) -> None:
    """Plots kept for companies are the reserve; promises are those of companies; shares stay within 0 and 1."""
    s = world.pathway
    kept = np.zeros(world.size)
    for due, row in s.waiting:
        _require(due > world.tick, world, "a company is late", due)
        kept[row["territory"][0]] += float(row["land"][0])
        _require(row["public"][0] <= row["land"][0] * (1 + LAND) + LAND, world, "more public than plot")
    if world.spec.submodels.land:
        _same(world.land.uses[:, Use.RESERVE], kept, world, "reserved land is not that of files", LAND)
    for a in s.agreements.values():
        inside = (a.real >= 0.0) & (a.real <= 1.0) & (0.0 <= a.gap <= 1.0)
        _require(inside, world, "conduct outside 0-1", (a.real, a.gap))
    _require(s.gap_jobs <= s.promised * (1 + EXACT) + EXACT, world, "mean gap above 1")
    _require(s.compensation >= before.charged - EXACT, world, "charges fall")
    for name in ("people", "kept_jobs", "due_jobs", "refused", "cost", "brought", "contested"):
        _require(getattr(s, name) >= 0.0, world, f"negative {name}")


def check_society(world, before: Before) -> None:
    """A foundation spends what it gets; users of a currency are shares, credit is owed; beliefs stay inside bounds."""
    del before
    f = world.foundation
    if f is not None:
        _same(f.spent, f.given + f.matched + f.levied, world, "a foundation spends what it gets")
        for name in ("given", "matched", "levied", "lent"):
            _require(getattr(f, name) >= 0.0, world, f"foundation.{name} is negative")
        _require((f.first >= 0.0) & (f.first <= 1.0 + EXACT), world, "the first donor gives more than all")
    c = world.currency
    if c is not None:
        for name in ("households", "companies", "level"):
            share = getattr(c, name)
            _require((share >= 0.0) & (share <= 1.0), world, f"currency.{name} is no share")
        _require(c.credit >= -EXACT, world, "more credit paid back than lent")
    p = world.minds.policy
    if p is not None:
        _require((p.belief >= 0.0) & (p.belief <= 2.0) & (p.doubt >= 0.0), world, "belief out of bounds")
        _require(
            [t.due >= t.since and t.expected > 0.0 for t in p.trials], world, "a trial without a hypothesis"
        )


def _hires(world, vacant: np.ndarray) -> None:
    posts = world.signals.posts.sum(axis=1)
    filled = world.people.filled
    _require(
        filled <= posts * (1 + EXACT) + EXACT, world, "more filled posts than posts", (filled - posts).max()
    )
    del vacant


def watched(each: Callable[[object, Before], None] = check_world) -> tuple[Phase, ...]:
    """Return the quarter with a snapshot before it, a bound on hires after the labour market, checks at its end."""
    held: list[Before] = []

    def begin(world) -> None:
        held[:] = [snapshot(world)]

    def hires(world) -> None:
        if world.spec.submodels.people:
            _hires(world, np.zeros(0))

    def end(world) -> None:
        each(world, held[0])

    phases: list[Phase] = [Phase("snapshot", begin)]
    for phase in QUARTER:
        phases.append(phase)
        if phase.name == "people":
            phases.append(Phase("bound on hires", hires))
    return (*phases, Phase("invariants", end))


def live(spec, seed: int = 0, ticks: int | None = None):
    """Live a run with every invariant checked at every tick; return the model at its end, released."""
    model = CoopModel(spec, seed, phases=watched(), views=False)
    try:
        for _ in range(spec.ticks if ticks is None else ticks):
            model.step()
            _require(
                np.isfinite(model.recorder.territory[: model.recorder.ticks]),
                model.world,
                "an indicator is not finite",
            )
    finally:
        model.release()
    return model
