"""Rivers, forests and land of the first day."""

from dataclasses import replace

import numpy as np
import pandas as pd

from coopsim.metrics import sum_by
from coopsim.resources import land, water, wood
from coopsim.resources.land import LandParams, Use
from coopsim.resources.water import WaterParams
from coopsim.resources.water.kernel import FLOOR
from coopsim.scenario.case import Case
from coopsim.tables import CompanyTable, ForestTable, GroundTable
from coopsim.types import BoolArray, FloatArray, IntArray
from coopsim.world.founding_communes import communes, counts
from coopsim.world.state import Places, Rivers

_DEKADS = 36
_DEFAULT_FLOOR = 0.10


def _column(table: pd.DataFrame, name: str) -> FloatArray:
    out: FloatArray = table[name].to_numpy(dtype=np.float64)
    return out


def rivers(case: Case, places: Places, p: WaterParams, ecological_flow: FloatArray) -> Rivers:
    """Return the water nodes, their regimes and the services.

    Parameters
    ----------
    ecological_flow : FloatArray, shape (T,)
        Floor of the rules, as a share of the natural module; it replaces the case's where it differs from 0.10.
    """
    n = case.water_nodes
    node = tuple(str(x) for x in n["node"])
    row = {name: i for i, name in enumerate(node)}
    home = {code: i for i, code in enumerate(places.code)}
    territory = np.array([home[str(c)] for c in n["territory"]], dtype=np.int64)
    downstream = np.array([row.get(str(d), -1) for d in n["downstream"]], dtype=np.int64)
    profiles = _profiles(case)
    shape = np.array([profiles[("runoff", str(r))] for r in n["regime"]]).reshape(len(node), _DEKADS).T
    local, boundary = _column(n, "local_module_m3s"), _column(n, "boundary_module_m3s")
    module = np.zeros(0)
    if node:
        module = water.accumulate(water.topology(downstream)[0], downstream, local + boundary)
    intake = _column(n, "intake_share")
    served, capacity, network, bodies = _services(case, places, p)
    graph = water.river_graph(
        downstream, np.zeros(len(node)), _column(n, "doe_m3s"), places.population[territory] * intake,
        _column(n, "other_consumed_share"), p,
    )  # fmt: skip
    runoff = shape * local[None, :]
    people = np.maximum(served.sum(axis=0), 1e-12)
    found = Rivers(
        node=node,
        territory=territory,
        downstream=downstream,
        runoff=runoff,
        boundary=shape * boundary[None, :],
        module=module,
        intake_share=intake,
        irrigated=_column(n, "irrigated_ha"),
        other=_column(n, "other_demand_m3s"),
        drinking_profile=profiles.get(("drinking", ""), np.ones(_DEKADS)),
        irrigation_profile=profiles.get(("irrigation", ""), np.ones(_DEKADS)),
        floor_share=_column(n, "floor_share"),
        floor_absolute=_column(n, "floor_m3s"),
        doe=_column(n, "doe_m3s"),
        other_consumed=_column(n, "other_consumed_share"),
        graph=graph,
        groundwater=water.periodic_groundwater(
            runoff,
            np.full(len(node), p.groundwater_share),
            np.full(len(node), water.release_share(p.reservoir_days)),
        ),
        served=served,
        capacity=capacity,
        network_yield=network,
        yield_start=np.where(served.sum(axis=0) > 0, network @ served / people, 1.0),
        body=bodies,
        security=np.ones(len(places)),
    )
    set_floor(found, p, ecological_flow)
    return found


def set_floor(r: Rivers, p: WaterParams, ecological_flow: FloatArray) -> None:
    """Set the ecological floor of every node from the rules in force (share of the natural module, (T,))."""
    share = np.where(
        ecological_flow[r.territory] == _DEFAULT_FLOOR, r.floor_share, ecological_flow[r.territory]
    )
    traits = r.graph.traits.copy()
    traits[FLOOR] = water.legal_floor(r.module, share, r.floor_absolute, p)
    r.graph = replace(r.graph, traits=traits)


def _profiles(case: Case) -> dict[tuple[str, str], FloatArray]:
    """Return profiles by (kind, regime); drinking and irrigation have one profile, under the empty name."""
    out: dict[tuple[str, str], FloatArray] = {}
    if not len(case.water_regimes):
        return out
    for (kind, regime), rows in case.water_regimes.groupby(["kind", "regime"]):
        values = rows.sort_values("dekad")["value"].to_numpy(dtype=np.float64)
        out[(str(kind), str(regime))] = water.unit_profile(values)
        if kind != "runoff":
            out[(str(kind), "")] = out[(str(kind), str(regime))]
    return out


def _services(
    case: Case, places: Places, p: WaterParams
) -> tuple[FloatArray, FloatArray, FloatArray, tuple[str, ...]]:
    """Return served shares (B, T), capacities, yields and names of the water services."""
    table = case.bodies[case.bodies["kind"] == "water_syndicate"] if len(case.bodies) else case.bodies
    names = tuple(str(b) for b in table["body"])
    served = np.zeros((len(names), len(places)))
    home = {code: i for i, code in enumerate(places.code)}
    for line in case.body_members.to_dict("records"):
        if str(line["body"]) in names:
            row = names.index(str(line["body"]))
            served[row, home[str(line["territory"])]] = float(line["population_share"])
    network = _column(table, "network_yield")
    return (
        served,
        _column(table, "capacity_m3_per_day").copy(),  # services invest in it; the case stays as it was read
        np.where(np.isnan(network), p.default_network_yield, network),
        names,
    )


def upstream_shares(r: Rivers, territories: int) -> FloatArray:
    """Return the share of the water at each territory's intakes that comes down from each other, shape (T, T)."""
    out = np.zeros((territories, territories))
    if not r.node:
        return out
    order = water.topology(r.downstream)[0]
    origin = np.zeros((territories + 1, len(r.node)))
    origin[r.territory, np.arange(len(r.node))] = r.runoff.mean(axis=0)
    origin[territories] = r.boundary.mean(axis=0)
    flow = water.accumulate(order, r.downstream, origin)
    share = flow / np.maximum(flow.sum(axis=0), 1e-12)
    for w in range(len(r.node)):
        out[r.territory[w]] += r.intake_share[w] * share[:territories, w]
    return out


def forests(case: Case, places: Places, grouping_start: float = 1.0) -> ForestTable:
    """Return the strata of the case, fragmented private owners grouped from the start by a factor."""
    f = case.forest
    home = {code: i for i, code in enumerate(places.code)}
    territory = np.array([home[str(c)] for c in f["territory"]], dtype=np.int64)
    access = np.zeros((len(f), len(places)), np.bool_)
    for s, text in enumerate(f["access"]):
        codes = [c for c in str(text).split(";") if c and c != "nan"]
        access[s, [home[c] for c in codes] or [territory[s]]] = True
    volume, capacity, rate = (_column(f, c) for c in ("volume_m3", "capacity_m3", "growth_rate_per_yr"))
    group: IntArray = np.array([0 if g == "broadleaf" else 1 for g in f["group"]], dtype=np.int64)
    private: BoolArray = np.array([o == "fragmented_private" for o in f["ownership"]], dtype=np.bool_)
    return ForestTable(
        territory=territory,
        group=group,
        private=private,
        volume=volume.copy(),
        capacity=capacity,
        rate=rate,
        base_harvest=_column(f, "harvest_m3_per_yr"),
        base_increment=wood.increment(volume, capacity, rate),
        base_volume=volume.copy(),
        owners=np.maximum(_column(f, "owners_per_unit"), 1.0),
        grouping=np.where(private, grouping_start, 1.0),
        access=access,
        harvest=0.25 * _column(f, "harvest_m3_per_yr"),
        increment=wood.increment(volume, capacity, rate),
        wanted=np.zeros(len(f)),
        lost=np.zeros(len(f)),
    )


def harvest_shares(f: ForestTable) -> FloatArray:
    """Return the share of the stock that each council may draw on that it takes a year, as observed, shape (T,).

    What is cut in a stratum is split equally among those who have access to it; strategies start there.
    """
    holders = np.maximum(f.access.sum(axis=1), 1)
    taken = (f.base_harvest / holders) @ f.access
    stock = f.base_volume @ f.access
    out: FloatArray = np.divide(taken, stock, out=np.zeros(stock.size), where=stock > 0.0)
    return out


def ground(
    case: Case, companies: CompanyTable, places: Places, p: LandParams, public_share: float
) -> GroundTable:
    """Return the land of the case; occupied land is what the companies hold.

    The law's reference decade is not in the case: it is taken as ``reference_years`` of the model's own
    requests for dwellings and other uses at the start, plus 1 % a year of economic land (an assumption).
    """
    t = case.territories
    rows = companies.rows()
    occupied = sum_by(companies.territory[rows], companies.land[rows], len(places))
    uses = land.land_table(
        places.area,
        protected=_column(t, "protected_ha"),
        housing=_column(t, "housing_land_ha"),
        other=_column(t, "other_artificial_ha"),
        occupied=occupied,
        vacant=_column(t, "economic_vacant_ha"),
        brownfield=_column(t, "brownfield_ha"),
    )
    yearly = (
        4.0 * (land.housing_request(uses, p.housing_rate) + land.other_request(places.area, p))
        + 0.01 * uses[:, Use.OCCUPIED]
    )
    flat = np.zeros(len(places))
    _, home, people, _ = communes(case, places.code, places.population)
    return GroundTable(
        uses=uses,
        ring=land.start_pipeline(len(places), p.opening_lag),
        consumed=np.zeros((len(places), 3)),
        period_consumed=flat.copy(),
        reference=yearly * p.reference_years,
        communes=counts(case),
        period=-1,
        opened=flat.copy(),
        wish=flat.copy(),
        leased=flat.copy(),
        artificial_start=uses.sum(axis=1) - uses[:, Use.NAF] - uses[:, Use.PROTECTED],
        public=public_share * uses[:, Use.VACANT],
        held=np.zeros((len(places), 3)),
        asked=np.zeros((len(places), 3)),
        met=np.zeros((len(places), 3)),
        taken=flat.copy(),
        lent=flat.copy(),
        shielded=flat.copy(),
        provisioned=flat.copy(),
        let_share=flat.copy(),
        let_rent=flat.copy(),
        commune_share=people / np.maximum(sum_by(home, people, len(places)), 1e-12)[home],
        commune_of=home,
    )
