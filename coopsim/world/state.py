"""All state of one run: tables of actors, states of the sub-models, and signals between phases."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coopsim.economy import kernels as ker
from coopsim.economy.boards import BoardParams
from coopsim.economy.citizen_capital import CitizenCapitalParams
from coopsim.economy.companies import CompanyParams
from coopsim.economy.finance import FinanceParams, FinanceState
from coopsim.economy.funders import FunderParams
from coopsim.economy.local import LocalParams, LocalState
from coopsim.economy.patronage import FoundationState, PatronageParams
from coopsim.economy.relays import RelayParams, Relays
from coopsim.economy.reuse import ReuseParams
from coopsim.economy.siting import SitingParams
from coopsim.economy.siting_pathway import PathwayParams, PathwayState
from coopsim.economy.siting_zones import ZoneParams, ZoneState
from coopsim.economy.synergies import Exchanges, SynergyParams
from coopsim.economy.transition import TransitionParams
from coopsim.governance.seats import SeatLaw
from coopsim.resources.climate import Climate
from coopsim.resources.land import LandParams
from coopsim.resources.water import Graph, WaterParams
from coopsim.resources.wood import WoodParams
from coopsim.scenario.scenario import Scenario
from coopsim.society.bodies import BodyParams
from coopsim.society.commitments import CommitmentParams, Commitments
from coopsim.society.councils import CouncilParams
from coopsim.society.crowding import CrowdingParams
from coopsim.society.currency import CurrencyParams, CurrencyState
from coopsim.society.deliberation import DeliberationParams
from coopsim.society.elections import Councils, ElectionParams, Electorate
from coopsim.society.minds import Minds
from coopsim.society.moves import PROGRAMMES
from coopsim.society.pact_life import LifeParams
from coopsim.society.pacts import PactParams
from coopsim.society.people import PeopleParams, PeopleState
from coopsim.society.policy import PolicyParams
from coopsim.society.social_moves import SocialMoveParams
from coopsim.society.ties import TiesParams, TiesState
from coopsim.tables import BodyTable, CompanyTable, ForestTable, GroundTable, PactTable, SectorTable
from coopsim.types import BoolArray, FloatArray, IdArray, IntArray
from coopsim.world.rules import Rules


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters of every sub-model, from the scenario."""

    companies: CompanyParams
    siting: SitingParams
    pathway: PathwayParams
    zones: ZoneParams
    transition: TransitionParams
    relays: RelayParams
    synergies: SynergyParams
    finance: FinanceParams
    people: PeopleParams
    councils: CouncilParams
    elections: ElectionParams
    deliberation: DeliberationParams
    ties: TiesParams
    pacts: PactParams
    pact_life: LifeParams
    water: WaterParams
    wood: WoodParams
    land: LandParams
    bodies: BodyParams
    local: LocalParams
    policy: PolicyParams
    currency: CurrencyParams
    patronage: PatronageParams
    social_moves: SocialMoveParams
    funders: FunderParams
    reuse: ReuseParams
    commitments: CommitmentParams
    boards: BoardParams
    citizen_capital: CitizenCapitalParams
    crowding: CrowdingParams


@dataclass(frozen=True, slots=True)
class Places:
    """What never changes about the territories; shape (T,) unless said otherwise.

    Attributes
    ----------
    lon, lat : FloatArray, degrees
    area : FloatArray, ha
    minutes, km : FloatArray, shape (T, T)
    constant : FloatArray
        Alternative-specific constant of the siting utility.
    land_intensity : FloatArray
        Land per job over that of the sectors; below 1 in dense cities.
    market_weight, population : FloatArray
        Jobs and population of the start, frozen, so that projects are the same in every lane.
    effort_benefit : FloatArray
        Yearly benefit of one unit of everybody's effort for a common good; read by ``net_benefit`` makers.
    water_benefit, water_saturation : FloatArray
        Benefit *a* of the first m3/s taken from the river, and its fall *b* per m3/s; ``water_benefit`` makers.
    """

    code: tuple[str, ...]
    name: tuple[str, ...]
    id: IdArray
    lon: FloatArray
    lat: FloatArray
    area: FloatArray
    minutes: FloatArray
    km: FloatArray
    adjacent: BoolArray
    constant: FloatArray
    land_intensity: FloatArray
    market_weight: FloatArray
    population: FloatArray
    jobs: FloatArray
    effort_benefit: FloatArray
    water_benefit: FloatArray
    water_saturation: FloatArray

    def __len__(self) -> int:
        return len(self.code)


@dataclass(slots=True)
class Rivers:
    """Water nodes and services.

    Attributes
    ----------
    territory, downstream : IntArray, shape (W,)
    runoff, boundary : FloatArray, shape (36, W), m3/s
        Mean regime of each dekad.
    intake_share, irrigated, other : FloatArray, shape (W,)
    drinking_profile, irrigation_profile : FloatArray, shape (36,)
    floor_share, floor_absolute : FloatArray, shape (W,)
        The case's own; the rules' ecological flow replaces the share.
    served : FloatArray, shape (B, T)
    yield_start : FloatArray, shape (T,)
        Network yield of the first day, by territory served.
    capacity, network_yield : FloatArray, shape (B,), m3/day, 1
    """

    node: tuple[str, ...]
    territory: IntArray
    downstream: IntArray
    runoff: FloatArray
    boundary: FloatArray
    module: FloatArray
    intake_share: FloatArray
    irrigated: FloatArray
    other: FloatArray
    drinking_profile: FloatArray
    irrigation_profile: FloatArray
    floor_share: FloatArray
    floor_absolute: FloatArray
    doe: FloatArray
    other_consumed: FloatArray
    graph: Graph
    groundwater: FloatArray
    served: FloatArray
    capacity: FloatArray
    network_yield: FloatArray
    yield_start: FloatArray
    body: tuple[str, ...]
    security: FloatArray


@dataclass(slots=True)
class Signals:
    """What one phase tells the next inside a tick, and yearly tallies; (T,) unless said otherwise."""

    posts: FloatArray
    posts_start: FloatArray
    acting: FloatArray
    water_ration: FloatArray
    wood_ration: FloatArray
    demand: FloatArray
    output: FloatArray
    results: FloatArray
    land_ration: FloatArray
    vacancies: FloatArray
    arrived: FloatArray
    departed: FloatArray
    arrived_total: FloatArray
    departed_total: FloatArray
    created_total: FloatArray
    closed_total: FloatArray
    saved_total: FloatArray
    closing: FloatArray
    young: FloatArray
    young_exits: FloatArray
    cfe: FloatArray
    water: dict[str, FloatArray]
    wood: dict[str, FloatArray]
    rivals: BoolArray
    salience: FloatArray
    jobs_at_election: FloatArray
    crisis_ticks: FloatArray
    proposals: FloatArray
    passed: FloatArray
    attractiveness: FloatArray
    kept: FloatArray
    water_works: FloatArray
    water_years: FloatArray
    built: FloatArray
    leases: FloatArray
    calls_held: FloatArray
    dissolved: int = 0
    first_win: int = -1

    @classmethod
    def zeros(cls, t: int, k: int, bodies: int) -> "Signals":
        """Return signals of a world that has not lived yet."""
        flat: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            flat[name] = np.zeros(t)
        flat |= {
            "posts": np.zeros((t, k)),
            "posts_start": np.zeros((t, k)),
            "acting": np.zeros((t, k)),
            "output": np.zeros((t, k)),
            "demand": np.zeros(k),
            "water_ration": np.ones(t),
            "wood_ration": np.ones((t, 2)),
            "land_ration": np.ones(t),
            "results": np.zeros((t, ker.N_RESULTS)),
            "young": np.zeros((4, t)),
            "closing": np.zeros((4, t)),
            "young_exits": np.zeros((4, t)),
            "kept": np.ones((5, t)),
            "calls_held": np.zeros((4, t)),
            "water_years": np.zeros((20, 7, t)),
            "water": {},
            "wood": {},
            "rivals": np.zeros(t, np.bool_),
            "water_works": np.zeros(bodies),
            "dissolved": 0,
            "first_win": -1,
        }
        return cls(**flat)


@dataclass(slots=True)
class World:
    """One world at one tick."""

    spec: Scenario
    seed: int
    params: Params
    places: Places
    sectors: SectorTable
    companies: CompanyTable
    relays: Relays
    exchanges: Exchanges
    climate: Climate
    rivers: Rivers
    wood: ForestTable
    land: GroundTable
    people: PeopleState
    finance: FinanceState
    electorate: Electorate
    law: SeatLaw
    councils: Councils
    competence: FloatArray
    minds: Minds
    ties: TiesState
    pacts: PactTable
    perceived: FloatArray
    dependence: FloatArray
    same_body: BoolArray
    rules: Rules
    outside: FloatArray
    other_cost: FloatArray
    programmes: FloatArray
    strategies: FloatArray
    announced: BoolArray
    punished_until: IntArray
    signals: Signals
    local: LocalState
    tick: int = 0
    pending: list[tuple[int, int, int]] = field(default_factory=list)
    notices: list[tuple[int, int, int]] = field(default_factory=list)
    shocks: list[tuple[int, str, float, IntArray]] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)
    decisions: dict[int, float] = field(default_factory=dict)
    decided_moves: dict[int, list[tuple[str, float]]] = field(default_factory=dict)
    trade: FloatArray = field(default_factory=lambda: np.zeros(0))
    bodies: BodyTable = field(default_factory=BodyTable.empty)
    currency: CurrencyState | None = None
    foundation: FoundationState | None = None
    pathway: PathwayState = field(default_factory=lambda: PathwayState.founded(0))
    zones: ZoneState = field(default_factory=lambda: ZoneState.founded(0))
    commitments: Commitments = field(default_factory=lambda: Commitments.none(0))

    @property
    def size(self) -> int:
        """Number of territories."""
        return len(self.places)

    @property
    def year(self) -> int:
        """Calendar year of the tick."""
        return self.spec.start_year + self.tick // 4

    @property
    def quarter(self) -> int:
        """Quarter of the tick, 1 to 4."""
        return self.tick % 4 + 1

    def programme(self, name: str) -> FloatArray:
        """Return the level of a programme, shape (T,), 0-1."""
        out: FloatArray = self.programmes[:, PROGRAMMES.index(name)]
        return out

    def exchanged(self, resource: str) -> FloatArray | float:
        """Return the share of the companies' need of wood or water that exchanges cover, shape (T, K), or 0."""
        if not self.exchanges.linked.any():
            return 0.0
        p = self.params.synergies
        taking = resource == "wood"
        saving = p.wood_saving_share if taking else p.water_saving_share
        return saving * self.exchanges.share(self.signals.posts, taking=taking)

    def write(self, body: str, kind: str, move: str, **facts: Any) -> None:
        """Add a line to the journal, unless the scenario keeps none."""
        if self.spec.journal:
            line = {"tick": self.tick, "year": self.year, "body": body, "kind": kind, "move": move}
            self.journal.append(line | {"pact": "", "members": ""} | facts)
