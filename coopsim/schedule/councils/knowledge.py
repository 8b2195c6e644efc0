"""Phase 9, information: diagnostics sink in and age, competence grows, costs are evaluated, crises fade."""

import numpy as np

from coopsim.metrics import sum_by
from coopsim.rng import Purpose, normal, pair_ids
from coopsim.scenario.dates import TICKS_PER_YEAR
from coopsim.schedule import coalition
from coopsim.society import councils as soc
from coopsim.society import minds
from coopsim.types import BoolArray, FloatArray
from coopsim.world.rules import DIAGNOSTICS
from coopsim.world.state import World


def learn(world: World, session: BoolArray) -> None:
    """Let diagnostics sink in, crises fade and competence grow in the councils that meet (rates are yearly)."""
    p, rules = world.params.councils, world.rules
    years = np.where(session, rules.period / TICKS_PER_YEAR, 0.0)
    form = np.array([p.uptake_report, p.uptake_map, p.uptake_debate])[rules.form]
    _edit(world, session)
    shared = rules.diagnostic == DIAGNOSTICS["shared"]
    if shared.any():
        # what is not exact does not convince
        uptake = np.where(shared, form * rules.alignment * rules.council.accuracy, 0.0)
        world.perceived = soc.perceive(p, world.perceived, shown(world), np.minimum(uptake * years, 1.0))
    if p.diagnostic_uptake == "taken_in":
        rate = np.where(rules.diagnostic > 0, p.uptake_per_yr * form * rules.alignment, 0.0)
        rate = np.minimum(rate * years, 1.0)
        world.minds.taken_in = world.minds.taken_in + rate * (1.0 - world.minds.taken_in)
    world.signals.salience *= (1.0 - p.salience_fading_per_yr) ** years
    gain = 1.0 - (1.0 - p.competence_gain_per_yr) ** years[world.councils.territory]
    world.competence = world.competence + gain * (1.0 - world.competence)
    if rules.council.learns or world.programme("training").any() or world.programme("visits").any():
        _taught(world, years)
        _evaluate(world, session)
    coalition.learn_together(world, session, years)


def _edit(world: World, session: BoolArray) -> None:
    """Publish the diagnostics that are due in the councils that meet."""
    old, rules = world.minds.edition, world.rules
    due = (old < 0) | (world.tick - old >= TICKS_PER_YEAR * rules.council.refresh)
    new = np.where(session & due & (rules.diagnostic > 0), world.tick, old)
    world.minds.edition = np.where(rules.diagnostic > 0, new, -1)


def shown(world: World) -> FloatArray:
    """Return the dependence that the diagnostics show, shape (T, T): the true one, or near it."""
    error = world.params.councils.diagnostic_error * (1.0 - world.rules.council.accuracy)
    if not error.any():
        return world.dependence
    ids = pair_ids(world.places.id[:, None], world.places.id[None, :])
    out = world.dependence.copy()
    for edition in np.unique(world.minds.edition):  # an error stays what it is until the next edition
        rows = world.minds.edition == edition
        draw = normal(world.seed, Purpose.DIAGNOSTIC, ids[rows], int(edition))
        sd = error[rows, None]
        out[rows] = np.clip(out[rows] * np.exp(sd * draw - 0.5 * sd**2), 0.0, 1.0)
    return out


def _taught(world: World, years: FloatArray) -> None:
    """Let training, peers and a scientist in residence act on competence; whoever is trained pays."""
    p, rules = world.params.councils, world.rules.council
    where = world.councils.territory
    seats = np.bincount(where, minlength=world.size)
    course = rules.training + world.params.social_moves.training_keur * world.programme("training")
    learnt = 1.0 - (1.0 - minds.trained(p, course, seats)) ** years
    peers = np.maximum(rules.peers, world.programme("visits"))
    if peers.any():
        mean = sum_by(where, world.competence, world.size) / np.maximum(seats, 1)
        # the most competent of the neighbours; "chez nous c'est pas pareil" does not look at them
        best = np.where(world.ties.adjacent, mean[None, :], 0.0).max(axis=1)
        rate = np.minimum(p.peer_learning_per_yr * peers * (1.0 - p.singularity) * years, 1.0)
        gap = np.maximum(best[where] - world.competence, 0.0)
        world.competence = world.competence + rate[where] * gap
    world.competence = world.competence + learnt[where] * (1.0 - world.competence)
    spent = (rules.training + p.resident_cost_keur * rules.resident) * years
    world.finance.post("programmes", spent)


def _evaluate(world: World, session: BoolArray) -> None:
    """Look back at what decisions cost, where it is time to: part of the bias goes."""
    period = world.rules.council.evaluation
    due = session & (period > 0) & (world.tick - world.minds.evaluated >= TICKS_PER_YEAR * period)
    cut = np.where(due, world.params.councils.evaluation_learning, 0.0)
    world.minds.bias = world.minds.bias * (1.0 - cut)
    world.minds.evaluated = np.where(due, world.tick, world.minds.evaluated)


def error_cut(world: World, good: FloatArray) -> FloatArray:
    """Return by what share diagnostic and resident scientist lower the error of expectations, shape (T,)."""
    p = world.params.councils
    shared = p.shared_error_cut * (world.rules.diagnostic == DIAGNOSTICS["shared"]) * good
    out: FloatArray = 1.0 - (1.0 - shared) * (1.0 - p.resident_error_cut * world.rules.council.resident)
    return out
