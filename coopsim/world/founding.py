"""The founding of a world: tables of the case and parameters of the scenario become state.

Nothing here draws from the climate or decides: what is random is keyed by the entity, so that two
scenarios of one case and one seed begin in the same world, and what closes an account (fees, services,
the outside option) is computed once from the case at reference policies.
"""

import tomllib
from dataclasses import replace

import numpy as np
import pandas as pd

from coopsim.economy import companies as eco
from coopsim.economy import finance, relays, siting
from coopsim.economy.local import LocalState
from coopsim.economy.siting_pathway import PathwayState
from coopsim.economy.siting_zones import ZoneState
from coopsim.economy.synergies import Exchanges
from coopsim.governance.seats import SeatLaw, seats_by_territory
from coopsim.resources.climate import ClimateParams, climate
from coopsim.resources.wood import WoodParams
from coopsim.rng import entity_ids, text_id
from coopsim.scenario.case import Case
from coopsim.scenario.scenario import Scenario
from coopsim.scenario.shipped import shipped
from coopsim.society import elections, people, ties
from coopsim.society.commitments import Commitments
from coopsim.society.deliberation import starting_opinions
from coopsim.society.elections import ElectionParams, Electorate
from coopsim.society.minds import Minds
from coopsim.society.moves import PROGRAMMES
from coopsim.tables import CompanyTable, ForestTable, PactTable, SectorTable
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray
from coopsim.world import founding_bodies, founding_companies, founding_resources
from coopsim.world.founding_communes import communes
from coopsim.world.founding_finance import business_tax, found_french
from coopsim.world.founding_params import params_of
from coopsim.world.founding_places import roads
from coopsim.world.order import ordered
from coopsim.world.rules import Rules, compile_rules, require_stock
from coopsim.world.state import Params, Places, Rivers, Signals, World


def founded(spec: Scenario, seed: int) -> World:
    """Return the world of a scenario before its first tick."""
    case = ordered(spec.load_case())
    params = params_of(spec)
    places = _places(case)
    sectors = sector_table(case.sectors)
    companies = founding_companies.companies(case, sectors, places, params.companies, seed)
    posts = founding_companies.posts(companies, len(places), len(sectors))
    rules = compile_rules(spec, places.code, 0)
    rivers = founding_resources.rivers(case, places, params.water, rules.ecological_flow)
    wood = founding_resources.forests(case, places, params.wood.grouping_start)
    require_stock(spec, places.code, len(wood))
    crowd = _people(case, places, posts, params.people)
    money = _finance(case, params, posts, sectors, crowd)
    found_french(money, spec, case, params, companies, sectors, crowd)
    money.obey(rules.subsidy_low, rules.subsidy_high)
    together = shared_bodies(case, places, ("petr", "water_syndicate"))
    petr = shared_bodies(case, places, ("petr",))
    dependence = _dependence(places, crowd, rivers, together)
    electorate, law, councils = _councils(spec, case, places, params.elections, rules.council_seats, seed)
    signals = _signals(places, rivers, companies, posts, business_tax(money, params, posts, sectors))
    world = World(
        spec=spec,
        seed=seed,
        params=params,
        places=places,
        sectors=sectors,
        companies=companies,
        relays=relays.founded(params.relays, companies, sectors, places.id, params.transition.large_jobs),
        exchanges=Exchanges.none(len(places), len(sectors)),
        climate=climate(seed, spec.start_year, spec.years + 1, ClimateParams(**spec.section("climate"))),
        rivers=rivers,
        wood=wood,
        land=founding_resources.ground(
            case, companies, places, params.land, params.finance.public_vacant_share
        ),
        people=crowd,
        finance=money,
        electorate=electorate,
        law=law,
        councils=councils,
        competence=np.full(councils.territory.size, params.councils.competence_start),
        minds=Minds.founded(len(places), params.councils),
        ties=ties.founded(params.ties, places.km, places.adjacent, petr),
        pacts=PactTable.empty(len(places)),
        perceived=params.councils.dependence_start * dependence,
        dependence=dependence,
        same_body=together,
        rules=rules,
        outside=np.full(len(sectors), -np.inf),
        other_cost=np.zeros(len(sectors)),
        programmes=np.zeros((len(places), len(PROGRAMMES))),
        strategies=_strategies(wood, rules, params.wood),
        announced=np.zeros(len(places), np.bool_),
        punished_until=np.zeros(len(places), np.int64),
        signals=signals,
        local=LocalState.none(len(places), len(sectors)),
        pathway=PathwayState.founded(len(places)),
        zones=ZoneState.founded(len(places)),
        commitments=Commitments.none(len(places)),
        bodies=founding_bodies.bodies(case, places, rivers, params.bodies, params.water),
    )
    _calibrate(world)
    return world


def _finance(
    case: Case, params: Params, posts: FloatArray, sectors: SectorTable, crowd: people.PeopleState
) -> finance.FinanceState:
    t = case.territories
    rate, residents, debt = _column(t, "cfe_rate_pct"), _column(t, "population"), _column(t, "debt_share")
    return finance.founded(
        params.finance,
        rate,
        _column(t, "budget_keur_per_head") * residents,
        residents,
        finance.cfe_per_yr(rate, params.siting.base_keur_per_job, posts, sectors.public),
        np.where(np.isnan(debt), params.finance.reference_debt_share, debt),
        crowd.in_commuters,
    )


def _signals(
    places: Places, rivers: Rivers, companies: CompanyTable, posts: FloatArray, tax: FloatArray
) -> Signals:
    signals = Signals.zeros(len(places), posts.shape[1], len(rivers.body))
    signals.posts, signals.posts_start = posts.copy(), posts.copy()
    signals.results = founding_companies.results(companies, len(places))
    signals.cfe = tax
    return signals


def _strategies(wood: ForestTable, rules: Rules, p: WoodParams) -> FloatArray:
    """Return the strategies that makers start from: the observed harvest, as a share of the stock or as an effort."""
    share = founding_resources.harvest_shares(wood)
    objective = np.array([getattr(maker, "objective", "") for maker in rules.makers])
    start = np.where(objective == "rent", share / p.catchability, share)
    out: FloatArray = np.where(np.isin(objective, ("net_benefit", "water_benefit")), 0.0, start)
    return out


def _column(table: pd.DataFrame, name: str) -> FloatArray:
    out: FloatArray = table[name].to_numpy(dtype=np.float64)
    return out


def _optional(table: pd.DataFrame, name: str) -> FloatArray:
    return _column(table, name) if name in table else np.zeros(len(table))


def _blank_as_one(table: pd.DataFrame, name: str) -> FloatArray:
    return np.nan_to_num(_column(table, name), nan=1.0)


def _places(case: Case) -> Places:
    t = case.territories
    codes = tuple(str(c) for c in t["code"])
    km, minutes, adjacent = roads(case, codes)
    jobs = _column(t, "salaried_jobs")
    return Places(
        code=codes,
        name=tuple(str(x) for x in t["name"]),
        id=entity_ids("territory", codes),
        lon=_column(t, "lon"),
        lat=_column(t, "lat"),
        area=_column(t, "area_ha"),
        minutes=minutes,
        km=km,
        adjacent=adjacent,
        constant=_optional(t, "site_constant"),
        land_intensity=_blank_as_one(t, "land_intensity"),
        market_weight=np.maximum(jobs, 1e-9),
        population=_column(t, "population"),
        jobs=_column(t, "jobs"),
        effort_benefit=_optional(t, "effort_benefit"),
        water_benefit=_optional(t, "water_benefit"),
        water_saturation=_optional(t, "water_saturation"),
    )


def sector_table(table: pd.DataFrame) -> SectorTable:
    """Return the sectors of a case as arrays."""
    groups = {"broadleaf": 0, "conifer": 1}
    return SectorTable(
        name=tuple(table["sector"]),
        id=np.array([text_id(str(name)) for name in table["sector"]], dtype=np.uint64),
        label_fr=tuple(table["label_fr"]),
        label_en=tuple(table["label_en"]),
        value_added=_column(table, "value_added_keur_per_job"),
        wage=_column(table, "wage_keur_per_job"),
        water=_column(table, "water_m3_per_job"),
        wood=_column(table, "wood_m3_per_job"),
        land=_column(table, "land_m2_per_job"),
        wood_group=np.array([groups.get(str(g), -1) for g in table["wood_group"]], dtype=np.int64),
        water_dependence=_column(table, "water_dependence"),
        wood_dependence=_column(table, "wood_dependence"),
        mobility=_column(table, "mobility"),
        export_share=_column(table, "export_share"),
        local_purchase=_column(table, "local_purchase_share"),
        offered=_by_products(table, "by_product_offered"),
        wanted=_by_products(table, "by_product_wanted"),
        project_weight=_column(table, "project_weight"),
        entry_weight=_column(table, "entry_weight"),
        exit_factor=_column(table, "exit_factor"),
        public=table["public"].to_numpy(dtype=np.bool_),
    )


def _by_products(table: pd.DataFrame, column: str) -> IntArray:
    """Return the by-product of each sector as a number, -1 without; only what some sector offers has one."""
    offered = sorted({str(x) for x in table["by_product_offered"] if isinstance(x, str) and x})
    number = {name: i for i, name in enumerate(offered)}
    return np.array([number.get(str(x), -1) for x in table[column]], dtype=np.int64)


def _people(case: Case, places: Places, posts: FloatArray, p: people.PeopleParams) -> people.PeopleState:
    t = case.territories
    population, active = _column(t, "population"), _column(t, "active")
    own = np.maximum(_column(t, "jobs") - _column(t, "salaried_jobs"), 0.0)
    own = np.minimum(own, active - _column(t, "unemployed"))
    employed = np.maximum(active - _column(t, "unemployed") - own, 0.0)
    if len(case.commuting):
        workers = _observed_flows(case, places, employed, posts.sum(axis=1), p)
    else:
        workers = people.gravity(
            employed, posts.sum(axis=1), places.minutes, p.commuting_decay_minutes, p.outside_commuting_share
        )
    dwellings = _column(t, "dwellings")
    occupied = np.maximum(dwellings - _column(t, "vacant_dwellings"), 1e-9)
    pop = np.maximum(population, 1e-9)
    return people.PeopleState(
        population=population.copy(),
        active_rate=active / pop,
        workers=workers,
        commuting=people.search_shares(workers, places.minutes, p.commuting_decay_minutes),
        own_account=own,
        own_account_rate=own / pop,
        natural_growth=_column(t, "natural_growth_per_yr"),
        net_migration=_column(t, "net_migration_per_yr"),
        dwellings=dwellings,
        habitable_share=np.full(population.size, p.habitable_share_of_vacant),
        persons_per_dwelling=pop / occupied,
        building=np.zeros((p.dwelling_lag_ticks, population.size)),
        balance=np.zeros((4, population.size)),
        sheltered=np.zeros(population.size),
    )


def _observed_flows(
    case: Case, places: Places, employed: FloatArray, posts: FloatArray, p: people.PeopleParams
) -> FloatArray:
    """Return the census flows, scaled to the margins by the gravity routine's proportional fitting."""
    n = len(places)
    row = {code: i for i, code in enumerate(places.code)} | {"outside": n}
    flows = np.zeros((n + 1, n + 1))
    for line in case.commuting.to_dict("records"):
        flows[row[str(line["from"])], row[str(line["to"])]] += float(line["workers"])
    share = flows[:n, :n] / np.maximum(flows[:n, :n].sum(axis=1, keepdims=True), 1e-9)
    minutes = -p.commuting_decay_minutes * np.log(np.maximum(share, 1e-6))
    return people.gravity(employed, posts, minutes, p.commuting_decay_minutes, p.outside_commuting_share)


def shared_bodies(case: Case, places: Places, kinds: tuple[str, ...]) -> BoolArray:
    """Return which pairs of territories sit together in a body of these kinds, shape (T, T)."""
    n = len(places)
    out = np.zeros((n, n), np.bool_)
    row = {code: i for i, code in enumerate(places.code)}
    wanted = set(case.bodies.loc[case.bodies["kind"].isin(kinds), "body"]) if len(case.bodies) else set()
    for body, members in case.body_members.groupby("body") if len(case.body_members) else ():
        if body in wanted:
            rows = [row[str(code)] for code in members["territory"]]
            out[np.ix_(rows, rows)] = True
    np.fill_diagonal(out, val=False)
    return out


def _dependence(places: Places, crowd: people.PeopleState, rivers: Rivers, together: BoolArray) -> FloatArray:
    """Return the true dependence of each territory on each other, 0-1, shape (T, T).

    ``1 - (1 - w)(1 - c)(1 - s)``: *w* the share of the water at its intakes that comes down from the
    other, *c* the share of its workers who work there, *s* one half when both share a water service or PETR.
    """
    n = len(places)
    water = founding_resources.upstream_shares(rivers, n)
    employed = np.maximum(crowd.workers[:n].sum(axis=1, keepdims=True), 1e-9)
    commuting = crowd.workers[:n, :n] / employed
    out: FloatArray = 1.0 - (1.0 - water) * (1.0 - commuting) * (1.0 - 0.5 * together)
    np.fill_diagonal(out, 0.0)
    return out


def _councils(
    spec: Scenario, case: Case, places: Places, p: ElectionParams, size: IntArray, seed: int
) -> tuple[Electorate, SeatLaw, elections.Councils]:
    table = tomllib.loads((shipped("law") / "councils.toml").read_text(encoding="utf-8"))
    tick = elections.founding_tick(spec.start_year, p)
    law = SeatLaw.from_table(table, elections.election_day(max(tick, elections.first_tick(spec.start_year, p)),
                                                           spec.start_year))  # fmt: skip
    code, territory, population, given = communes(case, places.code, places.population)
    ids: IdArray = entity_ids("commune", code)
    legal = seats_by_territory(territory, population, ids, law, size)
    forced = size[territory] != 0
    seats = np.where((given > 0) & ~forced, given, legal)
    electorate = Electorate(
        commune=ids,
        territory=territory,
        population=population,
        municipal_seats=law.municipal_council(population),
        community_seats=seats,
        voters=elections.territory_voter_position(ids, places.id[territory], p, seed),
    )
    councils = elections.elect(electorate, law, p, seed, tick)
    start = str(spec.section("society.councils")["opinions_start"])
    return electorate, law, replace(councils, ideal=starting_opinions(start, councils, seed))


def _calibrate(world: World) -> None:
    """Set the other costs and the outside option at the case's own rates: the same number in every lane."""
    p, sectors = world.params, world.sectors
    price = np.full(world.size, 10.0 * p.land.price_reference)  # EUR/m2 to k€/ha
    cost = siting.cost_per_job(
        p.siting, p.land.rent_yield, world.finance.tax_pct, price, sectors.land, sectors.public
    )
    world.other_cost = eco.other_costs(p.companies, sectors, cost.mean(axis=0))
    aid = siting.cost_per_job(
        p.siting,
        p.land.rent_yield,
        world.finance.tax_pct,
        price,
        sectors.land,
        sectors.public,
        p.siting.reference_subsidy,
    )
    crowd = world.people
    v = siting.utility(
        p.siting,
        aid,
        world.rivers.security,
        sectors.water_dependence,
        world.signals.posts,
        crowd.unemployment - p.companies.unemployment_reference,
        crowd.habitable_share * crowd.vacancy
        - p.people.habitable_share_of_vacant * p.siting.housing_reference,
        np.zeros(world.size),
        world.places.constant,
    )
    weight = world.places.market_weight / world.places.market_weight.sum()
    travel = -p.siting.gamma_travel_per_minute * world.places.minutes
    world.outside = siting.calibrated_outside(p.siting, v, travel, weight)
