"""The company step as anyone would write it first: one object per company, one decision after the other.

It is what the compiled kernels of `coopsim.economy.kernels` must equal, and the baseline of their speed. Nothing
is shared with them but the place of each number in the parameter vector: the keyed draws are worked out again
from the published splitmix64 finaliser, normal variates come from the standard library, sums are plain sums.
"""

import math
from dataclasses import dataclass, field
from statistics import NormalDist

from coopsim.economy import kernels as ker

MASK = 2**64 - 1
GOLDEN, SALT, M1, M2 = 0x9E3779B97F4A7C15, 0xD1B54A32D192ED03, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
STANDARD = NormalDist()
UNAWARE, AWARE, CONVINCED, ACTING = range(4)
CONVENTIONAL, SOCIAL, SCOP, SCIC = range(4)
OUTSIDE, LOST = -1, -2


def mix(z: int) -> int:
    """The splitmix64 finaliser (Steele, Lea & Flood 2014)."""
    z = (z ^ (z >> 30)) * M1 & MASK
    z = (z ^ (z >> 27)) * M2 & MASK
    return z ^ (z >> 31)


def stream_key(seed: int, purpose: int, tick: int, index: int = 0) -> int:
    """The key of one decision at one tick."""
    k = mix((seed + GOLDEN) & MASK)
    k = mix(k ^ ((purpose * SALT + GOLDEN) & MASK))
    k = mix(k ^ ((tick * GOLDEN + SALT) & MASK))
    return mix(k ^ ((index * M1 + SALT) & MASK))


def pair(a: int, b: int) -> int:
    """The id of an ordered pair."""
    return mix(mix((a + GOLDEN) & MASK) ^ ((b * SALT + M2) & MASK))


def uniform(key: int, entity: int) -> float:
    """The draw of one entity, in (0, 1): 52 bits and a half."""
    return ((mix(entity ^ key) >> 12) + 0.5) * 2.0**-52


@dataclass
class Settings:
    """Numbers that hold for every company, by name."""

    growth_sd: float
    growth_sd_exponent: float
    min_jobs: float
    margin_sensitivity: float
    exit_young: float
    exit_old: float
    young_ticks: float
    exit_cash: float
    ask_above: float
    release_below: float
    release_speed: float
    growth_floor: float
    cash_min: float
    cash_max: float
    exit_size_exponent: float
    bass_p: float
    bass_q: float
    at_once: float
    radar_small: float
    radar_large: float
    large_jobs: float
    acting_cost: float
    takeover_jobs: float
    cooperative_exit: float
    new_cash: float
    scic_share: float


@dataclass
class Sector:
    value_added: float
    other_cost: float
    reference_margin: float
    exit_factor: float
    noise: float
    private: bool = True


@dataclass
class Market:
    """What a sector meets in a territory."""

    ration: float
    cost_per_job: float
    drift: float
    land_m2: float
    output: float = 0.0
    posts: float = 0.0
    acting: float = 0.0


@dataclass
class Place:
    """A territory as its companies see it, and what they leave behind."""

    filled: float
    heard: float
    meets_small: float
    meets_large: float
    peers: float
    support: float
    successor: float
    takeover: float
    markets: list[Market]
    land_asked: float = 0.0
    leased_freed: float = 0.0
    owned_freed: float = 0.0
    exits: float = 0.0
    exit_jobs: float = 0.0
    young: float = 0.0
    young_exits: float = 0.0
    count: float = 0.0
    land: float = 0.0
    aware: float = 0.0
    acting: float = 0.0
    convinced: float = 0.0
    social_jobs: float = 0.0
    successions: float = 0.0
    takeovers: float = 0.0
    saved_jobs: float = 0.0


@dataclass
class Chance:
    """The keys of a tick."""

    growth: int
    exit: int
    transition: int
    radar: int


@dataclass(eq=False)
class Company:
    """One company; a quarter is `live`, then `settle` once the land of the territory is shared out."""

    id: int
    place: Place
    market: Market
    sector: Sector
    jobs: float
    productivity: float
    cash: float
    land: float
    owned: bool
    birth: int
    stage: int
    since: int = 0
    form: int = CONVENTIONAL
    wished_jobs: float = 0.0
    asked_land: float = field(default=0.0)
    alive: bool = True

    def live(self, tick: int, chance: Chance, p: Settings) -> None:
        """Produce, pay, then close or change, and say what size and land are wanted."""
        margin = self.produce(p)
        if self.fails(tick, chance, p) and not self.is_kept(tick, chance, p):
            self.close(tick, p)
            return
        before = self.stage
        self.change(chance, p)
        if self.stage != before:
            self.since = tick
        self.wish(margin, chance, p)

    def produce(self, p: Settings) -> float:
        work = self.jobs * self.place.filled
        output = self.sector.value_added / 4 * self.productivity * work * self.market.ration
        cost = (self.sector.other_cost * work + self.market.cost_per_job * self.jobs) / 4
        if self.stage == ACTING:
            cost += p.acting_cost * self.jobs / 4
        self.market.output += output
        if cost > 0:
            self.cash = min(max(self.cash + (output - cost) / cost, p.cash_min), p.cash_max)
        return (output - cost) / output if output > 0 else -1.0

    def is_young(self, tick: int, p: Settings) -> bool:
        return tick - self.birth < p.young_ticks

    def exit_hazard(self, tick: int, p: Settings) -> float:
        hazard = (p.exit_young if self.is_young(tick, p) else p.exit_old) / 4
        hazard *= min(1.6, (5.0 / max(self.jobs, 0.1)) ** p.exit_size_exponent)
        if self.cash < -1.0:
            hazard += p.exit_cash
        if self.form != CONVENTIONAL:
            hazard *= p.cooperative_exit
        return hazard * self.sector.exit_factor

    def fails(self, tick: int, chance: Chance, p: Settings) -> bool:
        self.place.young += self.is_young(tick, p)
        return uniform(chance.exit, self.id) < self.exit_hazard(tick, p)

    def is_kept(self, tick: int, chance: Chance, p: Settings) -> bool:
        """A buyer for an old, sound company; else its workers take it over."""
        left = uniform(chance.exit, self.id) / self.exit_hazard(tick, p)
        sound = not self.is_young(tick, p) and self.cash >= -1.0
        buyer = self.place.successor if sound else 0.0
        open_to_workers = self.form == CONVENTIONAL and self.sector.private and self.jobs >= p.takeover_jobs
        workers = (1 - buyer) * self.place.takeover if open_to_workers else 0.0
        if left >= buyer + workers:
            return False
        self.place.saved_jobs += self.jobs
        if left < buyer:
            self.place.successions += 1
        else:
            self.place.takeovers += 1
            self.form = SCIC if left < buyer + workers * p.scic_share else SCOP
            self.cash = max(self.cash, p.new_cash)
        return True

    def close(self, tick: int, p: Settings) -> None:
        self.place.exits += 1
        self.place.exit_jobs += self.jobs
        self.place.young_exits += self.is_young(tick, p)
        self.give_back(self.land)
        self.alive, self.jobs, self.land = False, 0.0, 0.0

    def give_back(self, area: float) -> None:
        if self.owned:
            self.place.owned_freed += area
        else:
            self.place.leased_freed += area

    def change(self, chance: Chance, p: Settings) -> None:
        u = uniform(chance.transition, self.id)
        hazards = {
            UNAWARE: self.place.heard + self.met(chance, p),
            AWARE: (p.bass_p + p.bass_q * self.place.peers) / 4,
            CONVINCED: self.place.support * (1 + self.place.peers) / 4,
            ACTING: 0.0,
        }
        if u < hazards[self.stage]:
            at_once = self.stage == AWARE and u < p.at_once * hazards[AWARE]
            self.stage = ACTING if at_once else self.stage + 1

    def met(self, chance: Chance, p: Settings) -> float:
        """Chance to be met directly: nothing outside the radar."""
        large = self.jobs >= p.large_jobs
        if uniform(chance.radar, self.id) >= (p.radar_large if large else p.radar_small):
            return 0.0
        return self.place.meets_large if large else self.place.meets_small

    def wish(self, margin: float, chance: Chance, p: Settings) -> None:
        sd = p.growth_sd * self.sector.noise * max(self.jobs, 1.0) ** -p.growth_sd_exponent
        luck = STANDARD.inv_cdf(uniform(chance.growth, self.id))
        growth = self.market.drift + p.margin_sensitivity * (margin - self.sector.reference_margin)
        self.wished_jobs = max(p.min_jobs, self.jobs * math.exp(growth - sd**2 / 2 + sd * luck))
        need = self.wished_jobs * self.market.land_m2 / 1e4
        self.asked_land = 0.0
        if need > p.ask_above * self.land:
            self.asked_land = need - self.land
            self.place.land_asked += self.asked_land
        elif need < p.release_below * self.land:
            freed = p.release_speed * (self.land - need)
            self.land -= freed
            self.give_back(freed)

    def settle(self, grant: float, growth_floor: float) -> None:
        """Take the share of the asked land that exists; without it only a part of the growth is kept."""
        jobs = self.wished_jobs
        if self.asked_land > 0:
            self.land += self.asked_land * grant
            if jobs > self.jobs:
                jobs = self.jobs + (jobs - self.jobs) * (growth_floor + (1 - growth_floor) * grant)
        self.jobs = jobs
        self.market.posts += jobs
        self.place.count += 1
        self.place.land += self.land
        self.place.aware += self.stage >= AWARE
        self.place.convinced += self.stage >= CONVINCED
        self.place.social_jobs += jobs * (self.form != CONVENTIONAL)
        if self.stage == ACTING:
            self.place.acting += 1
            self.market.acting += jobs


@dataclass
class Project:
    """A company that looks for a site; ``home`` is -1 when it comes from elsewhere."""

    id: int
    sector: int
    need: float
    home: int
    market: int

    def utilities(self, key, stay, utility, stayer_utility, travel, territory_ids, seen) -> list[float]:
        out = []
        for j, code in enumerate(territory_ids):
            gumbel = -math.log(-math.log(uniform(key, pair(self.id, code))))
            if j == self.home:
                out.append(stayer_utility[j][self.sector] + stay + travel[self.market][j] + gumbel)
            elif seen[j]:
                out.append(utility[j][self.sector] + travel[self.market][j] + gumbel)
            else:
                out.append(-math.inf)
        return out

    def settle(self, scores, outside, tries, refused, redirect, vacant) -> tuple[int, int]:
        """Return the chosen territory and the first choice; vacant land is taken at once."""
        first = OUTSIDE
        for attempt in range(min(tries, len(scores))):
            best = max(range(len(scores)), key=lambda j: scores[j])
            if outside >= scores[best] or scores[best] == -math.inf:
                return (OUTSIDE if self.home < 0 or attempt == 0 else self.home), first
            if attempt == 0:
                first = best
            if best == self.home:
                return best, first
            if not refused[best] and vacant[best] >= self.need:
                vacant[best] -= self.need
                return best, first
            # a partner is offered, not imposed
            least = max(outside, scores[self.home]) if self.home >= 0 else outside
            partners = [
                j
                for j in range(len(scores))
                if redirect[best][j] and not refused[j] and vacant[j] >= self.need and scores[j] > least
            ]
            if partners:
                partner = max(partners, key=lambda j: vacant[j])
                if partner != self.home:
                    vacant[partner] -= self.need
                    return partner, first
            scores[best] = -math.inf
        return (LOST if self.home < 0 else self.home), first


# --- the same calls as the kernels: arrays in, arrays changed in place -------------------------------------------


def companies_of(
    ids,
    territory,
    sector,
    jobs,
    productivity,
    cash,
    land,
    owned,
    birth,
    stage,
    since,
    form,
    alive,
    places,
    sectors,
):
    """One object per living row; None in free rows."""
    out = []
    for f, on in enumerate(alive.tolist()):
        if not on:
            out.append(None)
            continue
        place, kind = places[territory[f]], int(sector[f])
        out.append(
            Company(
                int(ids[f]), place, place.markets[kind], sectors[kind], float(jobs[f]), float(productivity[f]),
                float(cash[f]), float(land[f]), bool(owned[f]), int(birth[f]), int(stage[f]),
                int(since[f]), int(form[f]),
            )
        )  # fmt: skip
    return out


def company_quarter(
    tick, key_growth, key_exit, key_transition, key_radar, par, ids, territory, sector, jobs, productivity, cash,
    land, owned, birth, stage, since, form, alive, value_added, other_cost, margin_ref, land_m2, exit_factor,
    noise_factor, private, filled, ration, cost_per_job, drift, channels, jobs_next, land_need, output, results,
):  # fmt: skip
    """Advance all companies; the same call as `kernels.company_quarter`."""
    settings = Settings(*par.tolist())
    columns = (value_added, other_cost, margin_ref, exit_factor, noise_factor, private)
    sectors = [Sector(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]
    places = [
        Place(float(filled[i]), *channels[i].tolist(),
              [Market(*(float(t[i, k]) for t in (ration, cost_per_job, drift, land_m2))) for k in range(len(sectors))])
        for i in range(filled.size)
    ]  # fmt: skip
    chance = Chance(int(key_growth), int(key_exit), int(key_transition), int(key_radar))
    everyone = companies_of(
        ids,
        territory,
        sector,
        jobs,
        productivity,
        cash,
        land,
        owned,
        birth,
        stage,
        since,
        form,
        alive,
        places,
        sectors,
    )
    for f, company in enumerate(everyone):
        if company is None:
            continue
        company.live(int(tick), chance, settings)
        jobs[f], cash[f], land[f] = company.jobs, company.cash, company.land
        stage[f], alive[f] = company.stage, company.alive
        since[f], form[f] = company.since, company.form
        if company.alive:
            jobs_next[f], land_need[f] = company.wished_jobs, company.asked_land
    for i, place in enumerate(places):
        output[i] += [market.output for market in place.markets]
        _tally(results, i, place)


def company_settle(
    grant,
    damp,
    territory,
    sector,
    jobs,
    land,
    stage,
    form,
    alive,
    jobs_next,
    land_need,
    posts,
    acting,
    results,
):
    """Grant land and settle sizes; the same call as `kernels.company_settle`."""
    nowhere = [0.0] * ker.N_CHANNELS
    places = [Place(1.0, *nowhere, [Market(1.0, 0.0, 0.0, 0.0) for _ in row]) for row in posts]
    nothing = Sector(0.0, 0.0, 0.0, 0.0, 0.0)
    for f in range(alive.size):
        if not alive[f]:
            continue
        place = places[territory[f]]
        company = Company(0, place, place.markets[sector[f]], nothing, float(jobs[f]), 1.0, 0.0, float(land[f]),
                          False, 0, int(stage[f]), 0, int(form[f]), float(jobs_next[f]),
                          float(land_need[f]))  # fmt: skip
        company.settle(float(grant[territory[f]]), damp)
        jobs[f], land[f] = company.jobs, company.land
    for i, place in enumerate(places):
        posts[i] += [market.posts for market in place.markets]
        acting[i] += [market.acting for market in place.markets]
        _tally(results, i, place)


def _tally(results, i, place):
    for column, name in (
        (ker.R_LAND_ASKED, "land_asked"), (ker.R_LEASED_FREED, "leased_freed"), (ker.R_OWNED_FREED, "owned_freed"),
        (ker.R_EXITS, "exits"), (ker.R_EXIT_JOBS, "exit_jobs"), (ker.R_YOUNG, "young"),
        (ker.R_YOUNG_EXITS, "young_exits"), (ker.R_COUNT, "count"), (ker.R_LAND, "land"), (ker.R_AWARE, "aware"),
        (ker.R_ACTING, "acting"), (ker.R_CONVINCED, "convinced"), (ker.R_SOCIAL_JOBS, "social_jobs"),
        (ker.R_SUCCESSIONS, "successions"), (ker.R_TAKEOVERS, "takeovers"), (ker.R_SAVED_JOBS, "saved_jobs"),
    ):  # fmt: skip
        results[i, column] += getattr(place, name)


def movers(key, rate, ids, sector, alive, out):
    """List the rows that reconsider their place; the same call as `kernels.movers`."""
    rows = [f for f in range(ids.size) if alive[f] and uniform(int(key), int(ids[f])) < rate[sector[f]]]
    out[: len(rows)] = rows
    return len(rows)


def place(
    key, tries, stay, ids, sector, land_need, origin, market, utility, stayer_utility, travel, outside, territory_ids,
    outside_id, seen, refused, redirect, vacant, chosen, first, asked,
):  # fmt: skip
    """Site requests one after the other; the same call as `kernels.place` (``asked`` apart)."""
    del asked
    codes = [int(code) for code in territory_ids]
    for r in range(ids.size):
        request = Project(int(ids[r]), int(sector[r]), float(land_need[r]), int(origin[r]), int(market[r]))
        scores = request.utilities(int(key), stay, utility, stayer_utility, travel, codes, seen[r])
        gumbel = -math.log(-math.log(uniform(int(key), pair(request.id, int(outside_id)))))
        chosen[r], first[r] = request.settle(
            scores, outside[request.sector] + gumbel, tries, refused[r], redirect, vacant
        )
