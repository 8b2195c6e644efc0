"""Moves that bind a council until further notice: leasing plots, one account of land, functions split with partners."""

import numpy as np

from coopsim.governance.deliberation import NoDeliberation
from coopsim.resources import land
from coopsim.resources.land import Use
from coopsim.scenario.governance_councils import DEBATE_FORMATS
from coopsim.schedule.firms.leases import expected_cut
from coopsim.schedule.land import ground, tenure
from coopsim.schedule.land.account import capped, land_pact
from coopsim.schedule.moves.effect import Always, Expected, Programme, add, by_head, effect
from coopsim.schedule.siting.functions import groups, kept
from coopsim.society.pacts import PAIR
from coopsim.society.projection import Outlook, shortage
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World


def jobs_on(world: World, look: Outlook, hectares: FloatArray) -> FloatArray:
    """Return jobs a year of the horizon that hectares let in, as far as land is or will be short, shape (T,)."""
    p = world.params.councils
    scarce = np.minimum(shortage(look) + p.land_anticipation, 1.0)
    per_ha = np.where(look.m2_per_job > 0, 1e4 / np.maximum(look.m2_per_job, 1e-9), 0.0)
    out: FloatArray = scarce * hectares * per_ha * 0.6 / p.horizon_years
    return out


def _bill(world: World, council: int, keur: float) -> None:
    out = np.zeros(world.size)
    out[council] = keur
    world.finance.post("programmes", out)


@effect("lease_land", "sell_land")
class Tenure:
    """Public plots are leased from now on, or sold again; who has one keeps it as it is."""

    def __init__(self, key: str) -> None:
        self.sign = 1.0 if key == "lease_land" else -1.0

    def possible(self, world: World) -> BoolArray:
        """Return where plots are sold now, or where the council had stopped selling them."""
        here = tenure.sold(world) if self.sign > 0 else world.commitments.leases & world.rules.sold
        return here & world.spec.submodels.land

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return rents in place of sales, and the plots that come back when a tenant leaves."""
        p, g = world.params, world.land
        years, vacant = p.councils.horizon_years, np.maximum(g.uses[:, Use.VACANT], 1e-9)
        won = (look.share * look.projects).sum(axis=1) * look.ration
        plots = won * look.m2_per_job * 1e-4 * np.minimum(g.public / vacant, 1.0)
        plots = plots * np.where(world.rules.leased, 0.5, 1.0)  # under a mixed tenure half are leased already
        value = plots * look.price * world.rules.plots.price
        # a plot let in the first year pays rent in each of the years, one of the last year once
        kept = 1.0 - expected_cut(world, look.price, look.m2_per_job)
        money = value * (p.land.rent_yield * kept * 0.5 * (years + 1.0) - 1.0)
        gone = world.signals.closing.sum(axis=0) / np.maximum(look.private_posts, 1e-9)
        back = plots * 0.5 * years * np.minimum(gone * years, 1.0) * (1.0 - p.land.resold_share)
        block = np.maximum(p.councils.land_block_ha_per_1000_inhabitants * look.population / 1000.0, 1e-9)
        let = jobs_on(world, look, back)
        return Expected(
            jobs_per_yr=self.sign * let,
            revenue=self.sign * money,
            habit=p.councils.status_quo_bias,
            resources=self.sign * p.councils.land_resource_penalty * back / block,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Change how plots are given from now on; nothing is paid, sales simply end or begin again."""
        del times
        world.commitments.leases[council] = self.sign > 0


@effect("shared_reserve")
class SharedAccount:
    """A council puts what is left of its envelope of land in one account with its partners who do so too."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return who has an envelope, and a partner with one, in a pact on land."""
        pact, own = land_pact(world), capped(world) & (world.land.period >= 0)
        out = np.zeros(world.size, np.bool_)
        for row in np.unique(pact[pact >= 0]):
            members = (pact == row) & own
            out |= members & (int(members.sum()) >= PAIR)
        return out & ~world.commitments.reserve & world.spec.submodels.land

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return the land won or lost when all partners with an envelope share, as far as their word is trusted."""
        p, g = world.params, world.land
        left = np.maximum(ground.period_envelope(world) - g.period_consumed, 0.0)
        left = np.where(np.isfinite(left), left, 0.0)
        homes = land.housing_request(g.uses, p.land.housing_rate) + land.other_request(
            world.places.area, p.land
        )
        wants = np.minimum(g.wish + 4.0 * p.councils.horizon_years * homes, g.uses[:, Use.NAF])
        pact, got = land_pact(world), np.minimum(wants, left)
        won, trust = np.zeros(world.size), np.zeros(world.size)
        for row in np.unique(pact[pact >= 0]):
            m = (pact == row) & capped(world)
            total = max(float(wants[m].sum()), 1e-9)
            won[m] = (wants * min(1.0, float(left[m].sum()) / total) - got)[m]
            trust[m] = (world.ties.trust[m][:, m]).sum(axis=1) / max(int(m.sum()) - 1, 1)
        won = np.where(won > 0.0, won * trust, won)
        firms = np.divide(g.wish, wants, out=np.zeros_like(wants), where=wants > 0.0)
        return Expected(
            jobs_per_yr=jobs_on(world, look, won * np.minimum(firms, 1.0)),
            cost=p.commitments.reserve_keur / p.councils.horizon_years,
            ceded=p.councils.ceded_share / world.rules.pacts.scopes.shape[1],
            delay=0.5,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Enter the account, and pay the council's part of the work on it."""
        world.commitments.reserve[council] = True
        _bill(world, council, times * world.params.commitments.reserve_keur)


@effect("function_split")
class FunctionSplit:
    """A council leaves to its partners the sectors that weigh more with them, if they do the same."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return who is in a pact on siting and has not decided so yet."""
        out = np.zeros(world.size, np.bool_)
        for group in groups(world, np.ones(world.size, np.bool_)):
            out |= group
        return out & ~world.commitments.split & world.spec.submodels.companies

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return projects that partners send, by the chance that these accept and by trust, less those left to them."""
        jobs, trust = np.zeros(world.size), world.ties.trust
        project = np.broadcast_to(look.projects, look.share.shape)
        outside = np.maximum(1.0 - look.share.sum(axis=0), 1e-9)
        # a project sent on takes the partner or the outside, with the odds of the choice between these two
        accepts = look.share / (look.share + outside)
        for group in groups(world, np.ones(world.size, np.bool_)):
            keeps = kept(world, group)
            gives = group[:, None] & ~keeps
            jobs -= (look.share * project * gives).sum(axis=1)
            takers = np.maximum((group[:, None] & keeps).sum(axis=0), 1)
            for j in np.flatnonzero(group):
                sent = np.where(gives[j], look.share[j] * project[j], 0.0) / takers
                jobs += trust[:, j] * (sent * accepts * (group[:, None] & keeps)).sum(axis=1)
        p = world.params
        return Expected(
            jobs_per_yr=jobs * look.ration,
            cost=p.commitments.split_keur / p.councils.horizon_years,
            visible=0.1,
            ceded=p.councils.ceded_share / world.rules.pacts.scopes.shape[1],
            delay=0.5,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Take part in the split; it begins with the second partner."""
        world.commitments.split[council] = True
        _bill(world, council, times * world.params.commitments.split_keur)


@effect("debate")
class PublicDebate(Always):
    """The next session begins with a debate in the format of the rules, open to the inhabitants."""

    def __init__(self, key: str) -> None:
        self.key = key

    def possible(self, world: World) -> BoolArray:
        """Return where none is called yet, and the rules hold none before every session."""
        every = np.array([not isinstance(rule, NoDeliberation) for rule in world.rules.deliberation])
        out: BoolArray = ~(world.commitments.debate | every)
        return out

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return what a session costs and what is seen of it; nobody can say to what it will lead."""
        del look
        p = world.params
        cost = np.array([p.deliberation.cost(DEBATE_FORMATS[k]) for k in world.rules.council.debate])
        return Expected(cost=cost / p.councils.horizon_years, visible=0.1)

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Call it; it is paid when it is held."""
        del times
        world.commitments.debate[council] = True


add(
    "mission_coalition",
    Programme(
        "mission_coalition",
        by_head(lambda p: p.commitments.coalition_keur_per_head),
        # as festivals or visits, meetings and what is learnt have no price in a council's accounts
        lambda _world, _look, _raised: Expected(visible=0.1),
    ),
)
