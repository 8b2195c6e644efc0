"""Which parameters move which figures: Morris on the model, Sobol on its emulator with the emulator's error added."""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import sobol as sobol_sample

from coopsim.batch.design import unit_sample
from coopsim.types import FloatArray
from coopsim_calibration.emulator import Emulator

LEVELS = 4
_FUNCTIONS = 20  # drawn from the emulator
_TAIL = 0.05


def _problem(keys: Sequence[str]) -> dict[str, object]:
    return {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}


def morris_points(dimensions: int, trajectories: int, seed: int) -> FloatArray:
    """Return trajectories in the unit cube (Morris 1991), shape (trajectories × (dimensions + 1), dimensions)."""
    return unit_sample("morris", dimensions, trajectories, seed + 1, LEVELS)  # SALib takes 0 for no seed


def morris(keys: Sequence[str], u: FloatArray, y: FloatArray, scale: float) -> pd.DataFrame:
    """Return elementary effects over the whole range of each prior.

    Parameters
    ----------
    keys : sequence of str
    u : ndarray, shape (points, parameters)
        Of `morris_points`.
    y : ndarray, shape (points,)
    scale : float
        Effects are also given in this unit: the error that a fit allows.

    Returns
    -------
    DataFrame
        parameter, mu_star (Campolongo et al. 2007), mu_star_conf (95 %), sigma, mu_star_in_errors.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SALib's own, about pandas
        found = morris_analysis.analyze(_problem(keys), u, y, num_levels=LEVELS, seed=1, conf_level=0.95)
    frame = pd.DataFrame({"parameter": list(keys), "mu_star": np.asarray(found["mu_star"], float)})
    frame["mu_star_conf"] = np.asarray(found["mu_star_conf"], float)
    frame["sigma"] = np.asarray(found["sigma"], float)
    frame["mu_star_in_errors"] = frame["mu_star"] / scale
    return frame


def saltelli_points(dimensions: int, base: int, seed: int) -> FloatArray:
    """Return Saltelli's points without second order, shape (base × (dimensions + 2), dimensions)."""
    names = [f"x{n}" for n in range(dimensions)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out: FloatArray = sobol_sample.sample(_problem(names), base, calc_second_order=False, seed=seed + 1)
    return out


def indices(dimensions: int, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return first-order and total indices (Saltelli et al. 2010, Jansen 1999) of results at Saltelli's points."""
    names = [f"x{n}" for n in range(dimensions)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = sobol_analysis.analyze(_problem(names), y, calc_second_order=False, num_resamples=2, seed=1)
    return np.asarray(found["S1"], float), np.asarray(found["ST"], float)


def sobol(keys: Sequence[str], emulator: Emulator, base: int, seed: int) -> pd.DataFrame:
    """Return Sobol indices of the emulated figure.

    Indices of each of 20 functions drawn jointly from the emulator (Le Gratiet, Cannamela and Iooss 2014): their spread
    is what is not known of the indices because the emulator is not the model.

    Returns
    -------
    DataFrame
        parameter, then S1 and ST, each with mean, ``_low`` and ``_high`` (5 and 95 % of the functions).
    """
    dimensions = len(keys)
    points = saltelli_points(dimensions, base, seed)
    functions = emulator.draws(points, _FUNCTIONS, np.random.default_rng(seed))
    found = np.array([indices(dimensions, y) for y in functions])  # functions × (S1, ST) × parameters
    frame = pd.DataFrame({"parameter": list(keys)})
    for n, name in enumerate(("S1", "ST")):
        frame[name] = found[:, n].mean(axis=0)
        frame[f"{name}_low"] = np.quantile(found[:, n], _TAIL, axis=0)
        frame[f"{name}_high"] = np.quantile(found[:, n], 1.0 - _TAIL, axis=0)
    return frame
