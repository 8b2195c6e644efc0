"""Moves on amounts: the rate of the business tax, the aid for those who arrive, campaigns."""

import numpy as np

from coopsim.schedule.finance.legal import LEAST_LEGAL_RISE
from coopsim.schedule.moves.effect import Always, Expected, effect
from coopsim.society.moves import INDEX
from coopsim.society.projection import Outlook, gained_jobs
from coopsim.types import BoolArray
from coopsim.world.state import World


@effect("tax_up", "tax_down")
class Tax:
    """The rate of the business tax (CFE) goes a step up or down."""

    def __init__(self, key: str) -> None:
        self.sign = 1.0 if key == "tax_up" else -1.0

    def possible(self, world: World) -> BoolArray:
        """Return where bounds and the law leave room."""
        f, rules, step = world.finance, world.rules, world.params.councils.tax_step_points
        if self.sign < 0:
            down: BoolArray = f.tax_pct - step >= rules.tax_low
            return down
        law = world.params.finance
        # under the French rules a rise is cut to what the law still allows, as long as that is worth a vote
        rise = step if f.french is None else min(step, LEAST_LEGAL_RISE)
        room: BoolArray = f.tax_pct + rise <= np.minimum(rules.tax_high, law.tax_ceiling_pct)
        return room & (step <= law.tax_rise_max_points)

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return jobs kept or lost through the companies' own choice, and the tax on those there."""
        sp = world.params.siting
        point = 0.01 * world.params.councils.tax_step_points * sp.base_keur_per_job
        delta = -self.sign * sp.gamma_cost * point * ~look.public[None, :] * np.ones_like(look.share)
        won = gained_jobs(look, delta, stayers=True)
        return Expected(
            jobs_per_yr=won,
            revenue=self.sign * point * look.private_posts,
            visible=-0.8 if self.sign > 0 else 0.5,
            habit=world.params.councils.status_quo_bias,
        )

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Change the rate inside its bounds."""
        f, rules = world.finance, world.rules
        high = min(rules.tax_high[council], world.params.finance.tax_ceiling_pct)
        rate = f.tax_pct[council] + self.sign * times * world.params.councils.tax_step_points
        f.tax_pct[council] = float(np.clip(rate, rules.tax_low[council], high))


@effect("subsidy_up", "subsidy_down")
class Subsidy:
    """The aid for each job of a company that arrives goes a step up or down."""

    def __init__(self, key: str) -> None:
        self.sign = 1.0 if key == "subsidy_up" else -1.0

    def possible(self, world: World) -> BoolArray:
        """Return where the scenario's bounds and the ceiling of small aids leave room."""
        m = INDEX["subsidy_up"]
        aid, rules = world.finance.subsidy, world.rules
        if self.sign < 0:
            out: BoolArray = aid > rules.low[:, m] + 1e-9
        else:
            out = aid < np.minimum(rules.high[:, m], world.params.finance.de_minimis_keur) - 1e-9
        return out

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return newcomers won; the new rate is paid to every arrival, not only to those that it wins."""
        p, sp = world.params.councils, world.params.siting
        base = (look.share * look.projects).sum(axis=1)
        step = np.maximum(self.sign * p.subsidy_step, -look.subsidy)
        delta = sp.gamma_cost * sp.annuity * step[:, None] * np.ones_like(look.share)
        won = gained_jobs(look, delta, stayers=False) * np.minimum(1.0, look.ration)
        cost = (look.subsidy + step) * (base + won) - look.subsidy * base
        return Expected(jobs_per_yr=won, cost=cost, visible=self.sign * 0.1)

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Change the aid inside its bounds; it is paid when companies arrive."""
        m, f = INDEX["subsidy_up"], world.finance
        low, high = max(world.rules.low[council, m], 0.0), world.rules.high[council, m]
        aid = f.subsidy[council] + self.sign * times * world.params.councils.subsidy_step
        f.subsidy[council] = float(np.clip(aid, low, high))


@effect("marketing")
class Marketing(Always):
    """A campaign raises the image of the territory; it wears off."""

    def __init__(self, key: str) -> None:
        self.key = key

    def expect(self, world: World, look: Outlook) -> Expected:
        """Return newcomers won by the mean image over the horizon."""
        p, sp = world.params.councils, world.params.siting
        years, fade = p.horizon_years, 4.0 * sp.marketing_decay
        level = p.marketing_step * (1.0 - look.marketing) * (1.0 - np.exp(-fade * years))
        level = level / max(fade * years, 1e-9)
        won = gained_jobs(look, sp.gamma_marketing * level[:, None] * np.ones_like(look.share), stayers=False)
        cost = world.params.finance.marketing_cost_per_inhabitant * look.population / years
        return Expected(jobs_per_yr=won * look.ration, cost=cost, visible=0.2)

    def carry_out(self, world: World, council: int, times: float) -> None:
        """Raise the image; the council pays by head."""
        f = world.finance
        f.marketing[council] += world.params.councils.marketing_step * (1.0 - f.marketing[council])
        bill = np.zeros(world.size)
        bill[council] = times
        f.post(
            "marketing", bill * world.params.finance.marketing_cost_per_inhabitant * world.people.population
        )
