"""Laboratories of chance: growth of companies, and trust between those who keep their word or not.

Both compare a mean over many keyed draws with its expectation. A result outside its three standard errors is
looked at again with three more seeds, the four pooled: a real gap stays, bad luck (one run in 370) mostly goes.
"""

import math

import numpy as np

from coopsim.errors import Problem
from coopsim.i18n import Text
from coopsim.lab import formulas
from coopsim.lab.engine import ROUND, STILL, Bench, Changes, play
from coopsim.lab.results import ERRORS, TOLERANCE, Estimate, Value
from coopsim.lab.values import Values
from coopsim.types import FloatArray

_COMPANIES = "case.synthetic.companies"
_LEAST, _USUAL, _MOST = 100_000, 200_000, 1_000_000
_WORK = 40_000_000  # companies × ticks of one run: about five seconds
_SPREAD = 9.0  # most variance of log size: beyond, too few companies carry the mean for any run to show it
_MORE_SEEDS = (1, 2, 3)

_START = "society.ties.trust_start"
_YEARS = 20  # promises of each pair


def growth_refused(v: Values) -> list[Problem]:
    """Refuse a part of a quarter, and a spread of sizes that no run can show."""
    problems = []
    if (ROUND * v["t"]) % 1.0:
        message = Text("le temps avance par trimestres", "time goes by quarters")
        allowed = str(Text("un multiple de 0,25", "a multiple of 0.25"))
        problems.append(Problem(message, key="t", value=v["t"], allowed=allowed))
    if v["sigma"] ** 2 * v["t"] > _SPREAD:
        most = math.floor(1e4 * math.sqrt(_SPREAD / v["t"])) / 1e4
        message = Text(
            "au-delà de sigma²·t = 9, trop peu d'entreprises portent la moyenne",
            "beyond sigma²·t = 9 too few companies carry the mean",
        )
        allowed = f"0 – {most:g} ({Text('pour', 'for')} t = {v['t']:g})"
        problems.append(Problem(message, key="sigma", value=v["sigma"], allowed=allowed))
    return problems


def companies_of(v: Values) -> int:
    """Return how many companies one run follows: more where few of them carry the mean."""
    wanted = _USUAL if v["sigma"] ** 2 * v["t"] <= 1.0 else _MOST
    return int(min(wanted, max(_WORK / max(ROUND * v["t"], 1.0), _LEAST)))


def growth_changes(v: Values) -> Changes:
    """Return the scenario keys of growth alone; rates of a quarter from those of a year."""
    return {
        "economy.companies.growth_per_quarter": v["g"] / ROUND,
        "economy.companies.growth_sd": v["sigma"] / math.sqrt(ROUND),
        _COMPANIES: companies_of(v),
    }


def growth_measured(bench: Bench, v: Values) -> dict[str, Value | Estimate]:
    """Return log mean size, mean log size and variance of log size over the start's."""
    found = growth_estimates(bench, v, (0,))
    if _doubtful(found, growth_exact(v)):
        found = growth_estimates(bench, v, (0, *_MORE_SEEDS))
    return dict(found)


def growth_estimates(bench: Bench, v: Values, seeds: tuple[int, ...]) -> dict[str, Estimate]:
    """Return the three growths over the companies of some seeds, pooled."""
    looks = np.array([_look(bench, v, seed) for seed in seeds])
    ratio, log_mean, variance, _ = looks.mean(axis=0)
    errors = formulas.gibrat_errors(v["sigma"], v["t"], int(looks[:, 3].sum()))
    names = ("mean_growth", "mean_log_growth", "var_log_growth")
    means = (math.log(ratio), float(log_mean), float(variance))
    return {name: Estimate(mean, error) for name, mean, error in zip(names, means, errors, strict=True)}


def _look(bench: Bench, v: Values, seed: int) -> tuple[float, float, float, int]:
    """Return the mean of sizes over the start's, the mean and variance of their logarithm, and how many."""
    with bench.model(seed=seed) as model:
        table = model.world.companies
        start = table.jobs[table.rows()].copy()
        play(model, round(ROUND * v["t"]))
        table = model.world.companies
        ratio = table.jobs[table.rows()] / start
    logs = np.log(ratio)
    return float(ratio.mean()), float(logs.mean()), float(logs.var(ddof=1)), ratio.size


def growth_exact(v: Values) -> dict[str, Value]:
    """Return Gibrat's three growths."""
    mean, log_mean, variance = formulas.gibrat(v["g"], v["sigma"], v["t"])
    return {"mean_growth": mean, "mean_log_growth": log_mean, "var_log_growth": variance}


def _doubtful(found: dict[str, Estimate], exact: dict[str, Value]) -> bool:
    """Return whether some result lies outside its tolerance."""
    for name, estimate in found.items():
        expected = exact[name]
        if not isinstance(expected, float):
            return False
        if abs(estimate.value - expected) > max(ERRORS * estimate.standard_error, TOLERANCE):
            return True
    return False


def trust_changes(v: Values) -> Changes:
    """Return the scenario keys of promises kept with a constant rate."""
    return {
        "society.ties.trust_gain": v["eta_plus"],
        "society.ties.trust_loss": v["eta_minus"],
        "society.ties.violation_base": 1.0 - v["p"],
    }


def trust_measured(bench: Bench, v: Values) -> dict[str, Value | Estimate]:
    """Return the trust that the engine, on average over all pairs, gives back as it found it."""
    found = trust_estimate(bench, v, (0,))
    if found is not None and _doubtful({"steady_trust": found}, trust_exact(v)):
        found = trust_estimate(bench, v, (0, *_MORE_SEEDS))
    return {"steady_trust": found}


def trust_estimate(bench: Bench, v: Values, seeds: tuple[int, ...]) -> Estimate | None:
    """Return the trust that stands still over some years of promises; None when the engine does not confirm it.

    With the same draws the trust of a pair is a straight line in its start, so that runs from no trust and from
    full trust give the start that comes back unchanged on average; a last run starts there, and must come back.
    """
    low = np.concatenate([_after(bench, 0.0, seed) for seed in seeds])
    high = np.concatenate([_after(bench, 1.0, seed) for seed in seeds])
    kept = float((high - low).mean())
    if kept >= 1.0:
        return None
    level = min(max(float(low.mean()) / (1.0 - kept), 0.0), 1.0)
    again = np.concatenate([_after(bench, level, seed) for seed in seeds])
    if abs(float(again.mean()) - level) > STILL:
        return None
    return Estimate(level, formulas.trust_error(v["eta_plus"], v["eta_minus"], v["p"], _YEARS, low.size))


def _after(bench: Bench, start: float, seed: int) -> FloatArray:
    """Return the trust of every pair after some years, shape (pairs,)."""
    with bench.model({_START: start}, seed) as model:
        trust = play(model, ROUND * _YEARS).ties.trust
    out: FloatArray = trust[np.triu_indices_from(trust, 1)]
    return out


def trust_exact(v: Values) -> dict[str, Value]:
    """Return where gains and losses balance."""
    return {"steady_trust": formulas.steady_trust(v["eta_plus"], v["eta_minus"], v["p"])}
