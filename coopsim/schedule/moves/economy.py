"""Moves on the local economy: energy works, employment companies, and those that attract people and companies."""

import numpy as np

from coopsim.economy import energy
from coopsim.economy.energy import WORKS
from coopsim.schedule.firms import incentives, loops
from coopsim.schedule.firms.ebe import opened
from coopsim.schedule.moves.effect import Expected, Programme, Raised, add, by_head, effect
from coopsim.society.projection import Outlook, gained_jobs
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def _bill(world: World, council: int, keur: float) -> FloatArray:
    out = np.zeros(world.size)
    out[council] = keur
    return out


@effect(*WORKS)
class EnergyWork:
    """A wood heat network or a loop of shared power for a core of establishments, if they find it worth it."""

    def __init__(self, key: str) -> None:
        self.work = WORKS.index(key)

    def possible(self, world: World) -> BoolArray:
        """Return where enough establishments are not connected and would sign at the prices of today."""
        enough = loops.room(world, self.work) >= world.params.local.energy.core_sites
        out: BoolArray = enough & loops.worthwhile(world)[self.work]
        return out

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return the growth that the lower bill lets companies have, the study and the share of the investment."""
        p, rules = world.params.local.energy, world.rules.local
        cost = loops.offered(world)[self.work]
        spared = p.core_sites * energy.mwh_per_site(p, self.work) / 1000.0
        spared = spared * (energy.usual_price(p, self.work) - cost)
        private = ~look.public
        made = (world.signals.posts * world.sectors.value_added)[:, private].sum(axis=1)
        posts = np.maximum(look.private_posts, 1e-9)
        # margin = value less costs over value: what is spared raises it, and growth with it
        grown = 4.0 * world.params.companies.margin_sensitivity * spared / np.maximum(made / posts, 1e-9)
        rest = (1.0 - rules.energy_grant) * rules.energy_share
        built = p.study_keur + energy.investment(p, self.work, p.core_sites) * rest
        return Expected(
            jobs_per_yr=grown, cost=built / world.params.councils.horizon_years, visible=0.2, delay=1.0
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Build it; who pays what stands in `loops.build`."""
        loops.build(world, council, self.work, times * world.params.local.energy.core_sites)


@effect("ebe")
class EmploymentCompany:
    """A council asks for posts in an employment company, within those that the State pays for."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return where posts paid for are not open yet."""
        out: BoolArray = opened(world) < world.rules.local.ebe_posts
        return out

    def _step(self, world: World) -> FloatArray:
        left = world.rules.local.ebe_posts - opened(world)
        out: FloatArray = np.clip(left, 0.0, world.params.local.moves.ebe_step_posts)
        return out

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return the posts filled at the horizon, and the council's share of the contribution with the team."""
        p, rules = world.params.local.ebe, world.rules.local
        step = np.minimum(self._step(world), look.population)
        owed = p.contribution_keur * rules.ebe_share
        owed = owed + world.params.finance.animation_cost_per_fte * p.team_fte_per_post
        out_of_work = np.maximum(world.people.seekers, 1.0)
        return Expected(
            jobs=step, cost=owed * step, visible=0.2, social=np.minimum(step / out_of_work, 1.0), delay=0.5
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Open the posts; hiring and paying go on in the phase of people."""
        world.local.ebe_granted[council] += times * self._step(world)[council]


@effect("flagship_bid")
class FlagshipBid:
    """A council answers the State's offer of a facility; one candidate wins, all have paid for their file."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return who has no facility and has not answered yet."""
        return incentives.may_bid(world)

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return newcomers won by the image, times the chance to win it, and the file with the running costs."""
        p, sp, years = world.params.local.moves, world.params.siting, world.params.councils.horizon_years
        chance = incentives.expected_chance(world)
        image = np.maximum(p.flagship_image - look.marketing, 0.0)
        won = gained_jobs(look, sp.gamma_marketing * image[:, None] * np.ones_like(look.share), stayers=False)
        cost = p.flagship_bid_keur / years + chance * p.flagship_running_keur
        return Expected(jobs_per_yr=chance * won * look.ration, cost=cost, visible=0.4, delay=2.0)

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Hand the file in; the council pays it."""
        world.local.bids[council] = True
        bill = times * world.params.local.moves.flagship_bid_keur
        world.finance.post("programmes", _bill(world, council, bill))


def _prospecting(world: World, look: Outlook, raised: Raised) -> Expected:
    pull = world.params.siting.gamma_marketing * world.params.local.moves.prospecting_pull * raised.mean
    won = gained_jobs(look, pull[:, None] * np.ones_like(look.share), stayers=False)
    return Expected(jobs_per_yr=won * look.ration, visible=0.1)


def _exemption(world: World, look: Outlook, raised: Raised) -> Expected:
    sp, tax = world.params.siting, incentives.exempt_tax(world)
    pull = sp.gamma_cost * sp.annuity * tax * raised.mean
    won = gained_jobs(look, pull[:, None] * np.ones_like(look.share), stayers=False) * look.ration
    base = (look.share * look.projects).sum(axis=1)
    # every newcomer is exempt, not only those whom it wins
    return Expected(jobs_per_yr=won, cost=tax * raised.mean * (base + won), visible=0.4)


def _welcome(world: World, _look: Outlook, raised: Raised) -> Expected:
    p, crowd = world.params.people, world.people
    moves = p.mobility_rate_per_yr * crowd.population
    come = moves * 2.0 * np.sinh(world.params.local.moves.residential_pull * raised.mean)
    # as many as habitable vacant dwellings let in
    homes = crowd.habitable_share * np.maximum(crowd.dwellings - crowd.occupied, 0.0)
    come = np.minimum(come, homes * crowd.persons_per_dwelling)
    half = 0.5 * world.params.councils.horizon_years
    return Expected(revenue=half * come * world.finance.property_per_head, visible=0.3)


def _cluster(world: World, _look: Outlook, raised: Raised) -> Expected:
    export = world.sectors.export_share * ~world.sectors.public
    grown = world.params.local.moves.cluster_growth_per_yr * raised.mean * (world.signals.posts @ export)
    return Expected(jobs_per_yr=grown, visible=0.2)


def _exporting(world: World) -> FloatArray:
    """Return the price of a cluster, paid by job of the sectors that export, k€, shape (T,)."""
    export = world.sectors.export_share * ~world.sectors.public
    out: FloatArray = world.params.local.moves.cluster_cost_per_job * (world.signals.posts @ export)
    return out


for _programme in (
    Programme("tax_exemption", by_head(lambda p: p.local.moves.exemption_cost_per_head), _exemption),
    Programme("prospecting", by_head(lambda p: p.local.moves.prospecting_cost_per_head), _prospecting),
    Programme("residential_programme", by_head(lambda p: p.local.moves.residential_cost_per_head), _welcome),
    Programme("cluster_subsidy", _exporting, _cluster),
):
    add(_programme.key, _programme)
