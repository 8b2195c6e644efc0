"""Companies, their sites, the local economy and money: everything is somewhere once, every payment has two ends."""

import numpy as np

from coopsim.economy import kernels as ker
from coopsim.economy.finance import COUNTERPARTS, LINE
from coopsim.resources.land import Use
from tests.system.balance import EXACT, LAND, Before, require, same


def check_companies(world, before: Before) -> None:
    """The tallies that phases hand over are those of the table; each id is there once."""
    del before
    c, s = world.companies, world.signals
    rows = c.rows()
    posts = np.zeros_like(s.posts)
    np.add.at(posts, (c.territory[rows], c.sector[rows]), c.jobs[rows])
    same(posts, s.posts, world, "posts of companies")
    count = np.bincount(c.territory[rows], minlength=world.size)
    require(
        count == s.results[:, ker.R_COUNT],
        world,
        "number of companies",
        (count - s.results[:, ker.R_COUNT]).tolist(),
    )
    require(np.unique(c.id[rows]).size == rows.size, world, "two companies share an id")
    require((c.territory[rows] >= 0) & (c.territory[rows] < world.size), world, "a company is nowhere")
    require(c.birth[rows] <= world.tick, world, "a company is born tomorrow")
    require((c.stage[rows] >= 0) & (c.stage[rows] <= 3), world, "unknown stage of transition")
    require(c.since[rows] <= world.tick, world, "a stage reached tomorrow")
    require((c.form[rows] >= 0) & (c.form[rows] <= 3), world, "unknown form of ownership")
    _exchanges(world, rows)
    require(
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
    require((other < c.used) & (other != tied), world, "a partner that cannot be")
    back = c.partner[other] - 1
    require((back == tied) | ~c.alive[other] | (back < 0), world, "a partner that has another")
    offers, wants = world.sectors.offered[c.sector[tied]], world.sectors.wanted[c.sector[tied]]
    fits = (offers >= 0) & (offers == world.sectors.wanted[c.sector[other]])
    fits |= (wants >= 0) & (wants == world.sectors.offered[c.sector[other]])
    require(fits | (back != tied), world, "an exchange without a by-product")
    require(x.taking <= x.linked * (1 + EXACT) + EXACT, world, "more takers than partners")
    for resource in ("water", "wood"):
        share = np.asarray(world.exchanged(resource))
        require((share >= 0.0) & (share <= 1.0), world, f"{resource} replaced outside 0-1")
    require(world.relays.active_count() <= world.relays.count.sum(axis=0), world, "too many relays")


def check_local_economy(world, before: Before) -> None:
    """Employment companies pay by the head; orders move and none is made; contracts are between two and have an end."""
    del before
    state, rules, p = world.local, world.rules.local, world.params.local
    crowd = world.people
    require(crowd.sheltered >= 0.0, world, "negative employment company")
    require(
        crowd.sheltered + crowd.own_account <= crowd.active * (1 + EXACT) + EXACT,
        world,
        "EBE above the active",
    )
    for name, amount in (("ebe_paid", p.ebe.contribution_keur), ("ebe_avoided", p.ebe.avoided_keur)):
        same(getattr(state, name), amount * state.ebe_years, world, f"{name} is not by the head")
    require(state.sites >= 0.0, world, "negative establishments connected")
    require((state.given >= 0.0) & (state.given <= 1.0 + EXACT), world, "given outside 0-1")
    require(np.isfinite(state.energy_saved), world, "energy saved is not finite")
    require(np.isfinite(state.purchased), world, "orders are not finite")
    require(state.fuel >= 0.0, world, "negative fuel")
    won = state.flagship.sum()
    require(won == np.round(won), world, "half a facility")
    require(np.array([jobs.min(initial=0.0) for _, jobs in state.exempt]) >= 0.0, world, "negative exemption")
    for contract in state.contracts:
        o = contract.offer
        require(o.giver != o.taker, world, "a contract with oneself")
        require(
            contract.ended < 0 or contract.ended >= contract.signed, world, "a contract ends before it begins"
        )
        require(
            world.tick - contract.signed <= 4 * o.years or contract.ended >= 0,
            world,
            "a contract without end",
        )
    if rules.buys:
        from coopsim.schedule.firms.procurement import moved, orders

        flow = moved(world)
        require(flow.sum(axis=1) <= orders(world) * (1 + EXACT), world, "more orders moved than bought")


def check_funders(world, before: Before) -> None:
    """Guarantee funds and own funds of pacts pay what they hold; water quotas that are sold are bought."""
    market = world.local.water_market
    if market is not None:
        require(market.bought >= 0.0, world, "negative purchase of water")
        turned = np.abs(market.balance).sum()
        same(market.balance.sum(), -market.lost.sum(), world, "sales of water do not balance", scale=turned)
    state, pacts = world.local.funders, world.pacts
    if state is None:
        same(pacts.capital.sum(), 0.0, world, "own funds from nowhere")
        return
    require(state.capital >= 0.0, world, "guarantee fund below nothing")
    same(state.capital + state.claims, state.endowed, world, "guarantee fund", scale=state.endowed)
    require(state.claims <= state.endowed * (1 + EXACT), world, "more claims than the fund had")
    kept = pacts.capital.sum() + state.drawn + state.returned
    same(kept, state.put, world, "own funds of pacts", scale=state.put)
    require(pacts.capital >= 0.0, world, "negative own funds")
    require(state.drawn >= before.drawn, world, "own funds come back")
    require((state.met >= 0.0) & (state.met <= 1.0), world, "targets met outside 0-1")
    require(state.signed <= world.tick, world, "a contract signed tomorrow")
    require((state.guaranteed >= 0.0) & (state.guaranteed <= 1.0), world, "guaranteed outside 0-1")
    require(state.shared_sites <= world.local.sites + EXACT, world, "more sites shared than built")


def check_siting(world, before: Before) -> None:
    """Plots kept for companies are the reserve; promises are those of companies; shares stay within 0 and 1."""
    s = world.pathway
    kept = np.zeros(world.size)
    for due, row in s.waiting:
        require(due > world.tick, world, "a company is late", due)
        kept[row["territory"][0]] += float(row["land"][0])
        require(row["public"][0] <= row["land"][0] * (1 + LAND) + LAND, world, "more public than plot")
    if world.spec.submodels.land:
        same(world.land.uses[:, Use.RESERVE], kept, world, "reserved land is not that of files", LAND)
    for a in s.agreements.values():
        inside = (a.real >= 0.0) & (a.real <= 1.0) & (0.0 <= a.gap <= 1.0)
        require(inside, world, "conduct outside 0-1", (a.real, a.gap))
    require(s.gap_jobs <= s.promised * (1 + EXACT) + EXACT, world, "mean gap above 1")
    require(s.compensation >= before.charged - EXACT, world, "charges fall")
    for name in ("people", "kept_jobs", "due_jobs", "refused", "cost", "brought", "contested"):
        require(getattr(s, name) >= 0.0, world, f"negative {name}")


def check_money(world, before: Before) -> None:
    """Δdebt = −Σ flows; what territories pay each other sums to zero; calls stay within their envelope."""
    f, rules = world.finance, world.rules
    if not world.spec.submodels.finance:
        require(f.debt == before.debt, world, "debt moves while finance is switched off")
        return
    flows = f.year[world.tick % 4]
    # one side is a stock: rounding is relative to the stock
    same(
        f.debt - before.debt,
        -flows.sum(axis=1),
        world,
        "debt",
        scale=np.abs(f.debt) + np.abs(flows).sum(axis=1),
    )
    for line in ("shared_revenue", "fines", "compensation"):
        turned = np.abs(flows[:, LINE[line]]).sum()
        same(flows[:, LINE[line]].sum(), 0.0, world, f"{line} does not sum to zero", scale=turned)
        late = f.flows[:, LINE[line]]
        same(late.sum(), 0.0, world, f"{line} to come does not sum to zero", scale=np.abs(late).sum())
    # everything that leaves a territory reaches an account outside, and "territories" owes itself nothing
    turned = np.abs(f.outside).sum() + np.abs(flows).sum()
    same(f.outside.sum() - before.outside.sum(), -flows.sum(), world, "accounts outside", scale=turned)
    owed = f.outside[COUNTERPARTS.index("territories")]
    same(owed, 0.0, world, "territories do not settle among themselves", scale=turned)
    check_french_rules(world, flows)
    charged = world.pathway.compensation - before.charged
    if world.finance.french is None:  # nothing is paid back but what the siting pathway charges
        same(flows[:, LINE["clawback"]], charged, world, "charges of the siting pathway", scale=turned)
    else:
        require(flows[:, LINE["clawback"]] >= charged * (1 - EXACT) - EXACT, world, "charges not received")
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
        require(flows[:, LINE[line]] >= 0.0, world, f"negative revenue {line}")
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
        require(flows[:, LINE[line]] <= 0.0, world, f"negative spending {line}", flows[:, LINE[line]].max())
    same(
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
        * rules.pacts.funded.max()
    )
    envelope = 0.25 * rules.pacts.call_envelope * (rules.pacts.call_type != "none")
    outside = flows[:, LINE["outside_funding"]].sum()
    funders = world.local.funders
    # contracts and large programmes; what own funds of pacts give back of the outside money kept before
    more = 0.0 if funders is None else funders.posted.sum() + funders.drawn - before.drawn
    require(
        outside <= (envelope + posts + more) * (1 + EXACT),
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
        same(flows[:, LINE[tax]], -flows[:, LINE[spent]], world, f"{tax} is not spent on {spent}")
    law = state.book.of(world.year)
    require(
        state.amounts["river_tax"] <= law.river_tax_ceiling * state.inhabitants * (1 + EXACT) + EXACT,
        world,
        "river tax above its ceiling",
    )
    ceiling = np.maximum(law.ceiling_multiple * law.mean_rate_pct, state.rate_january)
    require(state.rate_high <= ceiling + EXACT, world, "legal rate above the ceiling")
    rules = world.rules
    require(
        rules.tax_high <= np.maximum(state.rate_high, rules.tax_low) + EXACT, world, "rate not bound by law"
    )
    for aids in state.aids.values():
        for tick, _, _ in aids:
            last = [a for t, _, a in aids if tick - 4 * law.de_minimis_years < t <= tick]
            require(sum(last) <= law.de_minimis * (1 + EXACT), world, "aid above de minimis", sum(last))
