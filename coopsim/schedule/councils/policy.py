"""Phase 9, policy over time: plans that bind the menu, trials that are reviewed, missions that pull towards targets.

Learning economic project (trial and error, hypothesis, stop rule), mission economy (targets at a date): tested with
territories by the research programme that the source catalogue reports (LC68-LC70). Nothing here says what comes of
a move: a plan limits what is proposed, a review changes what is expected, a mission what seats care for.
"""

from dataclasses import dataclass, replace

import numpy as np

from coopsim.economy import kernels as ker
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule.moves import carry_out
from coopsim.schedule.record import territory_values
from coopsim.schedule.resources import timber
from coopsim.society import policy as soc
from coopsim.society.councils import Expectations
from coopsim.society.moves import CANDIDATES, INDEX, KEYS
from coopsim.society.policy import MEASURES, PolicyState, Trial
from coopsim.types import BoolArray, FloatArray
from coopsim.world.state import World

_ENDED = -2  # of `PolicyState.mission_since`
_IN_PLAN = 1e3  # a move of the plan is drafted whatever the year makes of it
_NOTHING = 1e-9  # an expectation that small is none
_SURE = 2.0  # nobody goes on believing in more than twice what the services expect


@dataclass(frozen=True, slots=True)
class Course:
    """The policy of this session.

    Attributes
    ----------
    state : PolicyState
    services : FloatArray, shape (T, M)
        Jobs that the services expect (% over the horizon), before what councils have learnt.
    forbidden : BoolArray, shape (T, M)
        Moves that the policy takes off the menu.
    planned : BoolArray, shape (T, M)
        Moves of a plan in force.
    """

    state: PolicyState
    services: FloatArray
    forbidden: BoolArray
    planned: BoolArray

    def intent(self, executive: FloatArray) -> FloatArray:
        """Return what executives want to draft, shape (T, M): the plan first, whatever they think of it now."""
        out: FloatArray = np.where(self.planned, _IN_PLAN + executive, executive)
        return out


def course(world: World, expected: Expectations, session: BoolArray) -> Course | None:
    """Review what is due, and return the policy of this session; expectations change with what was learnt.

    None where every council decides year by year.
    """
    rules = world.rules.policy
    if not rules.active:
        return None
    state = world.minds.policy
    if state is None:
        state = world.minds.policy = PolicyState.founded(world.size, len(KEYS), world.params.policy)
    adaptive = rules.holds("adaptive") & session
    services = expected.jobs.copy()
    if adaptive.any():
        _review(world, state, adaptive)
        believed = np.where(adaptive[:, None], state.belief, 1.0)
        for term in ("jobs", "resources", "social"):
            getattr(expected, term)[:] *= believed
    bound = rules.holds("plan") & session & (world.tick < state.plan_until)
    forbidden = (bound[:, None] & ~state.planned) | (adaptive[:, None] & (world.tick < state.barred_until))
    mission = rules.holds("mission") & session
    if mission.any():
        forbidden |= _mission(world, state, expected, mission)
    return Course(state, services, forbidden, bound[:, None] & state.planned)


def remember(world: World, now: Course, passed: BoolArray, session: BoolArray) -> None:
    """Keep what was adopted: as the plan of the coming years, or as trials to review.

    Parameters
    ----------
    passed : BoolArray, shape (T, M)
    """
    rules, state = world.rules.policy, now.state
    state.adopted[passed] = world.tick
    fresh = rules.holds("plan") & session & (world.tick >= state.plan_until) & passed.any(axis=1)
    state.planned[fresh] = passed[fresh]
    state.plan_until[fresh] = world.tick + TICKS_PER_YEAR * rules.plan_years[fresh]
    trying = rules.holds("adaptive") & session
    if not (passed & trying[:, None]).any():
        return
    level = measures(world)
    for i, m in np.argwhere(passed & trying[:, None]):
        _try(world, now, level, int(i), int(m))


def measures(world: World) -> FloatArray:
    """Return what councils look at to see whether a move works, shape (number of measures, T); see `MEASURES`.

    Jobs count in shares of the jobs of the first day, the harvest in logarithms.
    """
    s = world.signals
    jobs, count = np.maximum(world.places.jobs, 1.0), np.maximum(s.results[:, ker.R_COUNT], 1.0)
    found = {
        "arrivals": (s.arrived_total - s.departed_total) / jobs,
        "saved": s.saved_total / jobs,
        "created": s.created_total / jobs,
        "acting": s.results[:, ker.R_ACTING] / count,
        "exchanges": world.exchanges.count / count,
        "unfilled": -s.vacancies / jobs,
        "harvest": np.log(np.maximum(timber.harvest_per_yr(world, 0), 1.0)),
    }
    return np.stack([found[name] for name in MEASURES])


def _try(world: World, now: Course, level: FloatArray, i: int, m: int) -> None:
    """Open a trial of a move, or add a dose to the one under way."""
    watched = soc.WATCHED.get(KEYS[m])
    if watched is None:
        return
    rules, state, p = world.rules.policy, now.state, world.params
    per_yr = 0.01 * float(now.services[i, m]) / p.councils.horizon_years
    if watched not in ("arrivals", "saved", "created") or per_yr < _NOTHING:
        per_yr = p.policy.least_effect
    for n, trial in enumerate(state.trials):
        if (trial.council, trial.candidate) == (i, m):
            more = per_yr * (trial.due - world.tick) / TICKS_PER_YEAR
            state.trials[n] = replace(trial, expected=trial.expected + more)
            return
    years = int(max(rules.review_years[i], rules.patience[i]))
    due = world.tick + TICKS_PER_YEAR * years
    row = level[MEASURES.index(watched)].copy()
    state.trials.append(Trial(i, m, world.tick, due, per_yr * years, row))


def _review(world: World, state: PolicyState, adaptive: BoolArray) -> None:
    """Compare expected and realised for the trials that are due, and keep, stop or reverse."""
    due = [t for t in state.trials if t.due <= world.tick and adaptive[t.council]]
    if not due:
        return
    state.trials = [t for t in state.trials if not (t.due <= world.tick and adaptive[t.council])]
    rules, level, bill = world.rules.policy, measures(world), np.zeros(world.size)
    for trial in due:
        i, m = trial.council, trial.candidate
        now = level[MEASURES.index(soc.WATCHED[KEYS[m]])]
        elsewhere = (state.adopted[:, m] < trial.since) & (np.arange(world.size) != i)
        effect, spread = soc.realised(trial, now, elsewhere)
        belief, state.doubt[i, m] = soc.reviewed(
            float(state.belief[i, m]), float(state.doubt[i, m]), effect / trial.expected, spread / trial.expected,
            weighed=bool(rules.weighed[i]),
        )  # fmt: skip
        bill[i] += world.params.policy.review_keur
        stopped = belief < rules.stop_below[i]
        if stopped:
            state.barred_until[i, m] = world.tick + TICKS_PER_YEAR * int(rules.stopped_years[i])
        state.belief[i, m] = float(np.clip(belief, 0.0, _SURE))
        undo = soc.UNDONE.get(KEYS[m]) if stopped else None
        if undo is not None and world.rules.allowed[i, INDEX[undo]]:
            carry_out(world, i, undo)
            _tell_review(world, trial, effect, spread, "reversed")
        else:
            _tell_review(world, trial, effect, spread, "stopped" if stopped else "kept")
    world.finance.post("programmes", bill)


def _mission(world: World, state: PolicyState, expected: Expectations, mission: BoolArray) -> BoolArray:
    """Let targets still far away count among the needs, and return the moves that ceilings forbid, shape (T, M)."""
    rules, weight = world.rules.policy, world.params.councils.weight_social
    state.mission_since = np.where(mission & (state.mission_since == -1), world.tick, state.mission_since)
    forbidden = np.zeros((world.size, len(KEYS)), np.bool_)
    values = territory_values(world)
    for i in np.flatnonzero(mission & (state.mission_since >= 0)):
        since, length = int(state.mission_since[i]), TICKS_PER_YEAR * int(rules.horizon_years[i])
        missed = []
        for target in rules.targets[i]:
            value = values[target.indicator][i : i + 1].astype(np.float64)
            far = float(soc.gap(value, target.floor, target.ceiling)[0])
            if far:
                missed.append(target.indicator)
            sign = soc.served(target.indicator, KEYS)
            if weight > 0.0:
                expected.social[i] += float(rules.commitment[i]) * far * sign / weight
            if rules.ceilings_bind[i] and far < 0.0:
                forbidden[i] |= sign > 0
        ends = world.tick >= since + length
        _tell_mission(world, int(i), missed, (world.tick - since) // TICKS_PER_YEAR, ends=ends)
        if ends:
            state.mission_since[i] = _ENDED
    return forbidden


def _tell_review(world: World, trial: Trial, effect: float, spread: float, outcome: str) -> None:
    label, name = CANDIDATES[trial.candidate].label, world.places.name[trial.council]
    found = [f"{100.0 * x:+.2f}" for x in (effect, trial.expected)]
    chance = f"{100.0 * spread:.2f}"
    verb = {
        "kept": ("on continue", "it goes on"),
        "stopped": ("on arrête", "it stops"),
        "reversed": ("on revient en arrière", "it is undone"),
    }[outcome]
    fr = f"{found[0]} points mesurés, {found[1]} attendus, ±{chance} par hasard".replace(".", ",")
    en = f"{found[0]} points measured, {found[1]} expected, ±{chance} by chance"
    world.write(
        world.places.code[trial.council], "review", KEYS[trial.candidate], amount=effect, outcome=outcome,
        reason_fr=f"{name}, revue de l'essai « {label.fr} » : {fr} ; {verb[0]}",
        reason_en=f"{name}, review of the trial '{label.en}': {en}; {verb[1]}",
    )  # fmt: skip


def _tell_mission(world: World, i: int, missed: list[str], years: int, *, ends: bool) -> None:
    number = len(world.rules.policy.targets[i])
    met, name = number - len(missed), world.places.name[i]
    left = ", ".join(missed)
    fr, en = ("au terme de la mission", "at the end of the mission") if ends else (
        f"année {years} de la mission", f"year {years} of the mission"
    )  # fmt: skip
    world.write(
        world.places.code[i], "mission", "mission", amount=met / max(number, 1),
        outcome="ended" if ends else "under_way",
        reason_fr=f"{name}, {fr} : {met} cibles tenues sur {number}" + (f" (manquent : {left})" if left else ""),
        reason_en=f"{name}, {en}: {met} of {number} targets met" + (f" (missing: {left})" if left else ""),
    )  # fmt: skip
