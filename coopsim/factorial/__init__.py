"""Factorial comparison: which rule acts, how two of them combine, and who pays for a gain.

Two bundles of rules differ by many keys at once; a factorial design switches each factor on and off in
every combination, on the same worlds, and sweeps the assumptions that no data settle.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from coopsim.comparison.ensemble import Ensemble, run_ensemble
from coopsim.comparison.statistics import differences, summary
from coopsim.comparison.store import save_folder
from coopsim.errors import scenario_error
from coopsim.executors import OnDone, executor
from coopsim.factorial.design import MAX_RUN_LANES, Point, alone, cell, cell_levels, sweep_points
from coopsim.factorial.effects import effect_table, zero_sum
from coopsim.factorial.factors import Factor, check_sides, load_factor, shipped_factors
from coopsim.factorial.table import factorial_tables
from coopsim.i18n import Text
from coopsim.indicators import SYSTEM

if TYPE_CHECKING:
    from coopsim.scenario import Scenario

__all__ = [
    "Factor",
    "Factorial",
    "check_factorial",
    "factorial",
    "factorial_tables",
    "load_factor",
    "shipped_factors",
]

FORMAT = 1
_JOBS = SYSTEM.index("jobs")
Sides = tuple[Mapping[str, Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Factorial:
    """Results of a factorial design.

    Attributes
    ----------
    manifest : dict
        Base, factors, sweep, seeds, versions, duration: what `factorial.json` holds.
    cells : DataFrame
        sweep, one column a swept key, one column a factor (off/on), indicator, unit, median, p05, p95.
    effects : DataFrame
        sweep, one column a swept key, effect, kind (main, interaction, simple), indicator, mean, low, high
        (95 %, paired), share_better, verdict.
    zero_sum : DataFrame
        sweep, one column a swept key, factor, territory, own_gain, system_gain and zero_sum_share, each with
        low and high; empty without such runs.
    """

    manifest: dict[str, Any]
    cells: pd.DataFrame
    effects: pd.DataFrame
    zero_sum: pd.DataFrame

    def save(self, folder: str | Path) -> None:
        """Write factorial.json, cells.parquet, effects.parquet and zero_sum.parquet; nothing half written."""
        tables = {name: getattr(self, name) for name in ("cells", "effects", "zero_sum")}
        save_folder(Path(folder), self.manifest, tables, "factorial.json")


def factorial(
    base: "Scenario",
    factors: Mapping[str, Sides] | Sequence[Factor],
    replicates: int = 20,
    seed: int = 0,
    workers: int | None = None,
    sweep: Mapping[str, Sequence[Any]] | None = None,
    *,
    cross: bool = False,
    player: str | None = None,
    progress: OnDone | None = None,
) -> Factorial:
    """Run every combination of factors on the same worlds and return effects and zero-sum shares.

    The zero-sum share is measured for the first factor: one territory alone has it on, all factors being
    off elsewhere.

    Parameters
    ----------
    base : Scenario
    factors : mapping of name to (off, on), or sequence of Factor
        Each side a table of dotted keys; both set the same ones.
    sweep : mapping of dotted key to values or None
        Assumptions to vary, one at a time.
    cross : bool
        Vary them together, in every combination.
    player : str or None
        Code of the territory that plays alone; the first of the case when None.
    progress : callable or None
        Called with the runs done and their total.

    Raises
    ------
    ScenarioError
        For a refused key, value or factor.
    RunFailure
        When a run breaks.
    """
    from coopsim.outputs import provenance

    started = time.perf_counter()
    switched, points, code, lanes = _designed(base, factors, sweep or {}, player, cross=cross)
    _check(len(lanes), replicates, seed)
    seeds = range(seed, seed + replicates)
    pool = executor(workers, len(lanes) * replicates)
    ensemble = run_ensemble(lanes, seeds, pool, progress, horizon_only=True)
    manifest = {
        "format": FORMAT,
        "base": {"name": base.name, "hash": base.hash, "document": base.document()},
        "factors": {factor.name: {"off": factor.off, "on": factor.on} for factor in switched},
        "sweep": {key: list(values) for key, values in (sweep or {}).items()},
        "player": code,
        "player_name": base.territory_names[code],
        "seeds": list(seeds),
        "year": base.start_year + base.years - 1,
        "versions": provenance(),
        "duration_s": round(time.perf_counter() - started, 3),
    }
    return _result(manifest, ensemble, switched, points, code)


def check_factorial(
    base: "Scenario",
    factors: Sequence[Factor],
    sweep: Mapping[str, Sequence[Any]],
    *,
    replicates: int,
    seed: int,
    player: str | None = None,
    cross: bool = False,
) -> None:
    """Refuse what `factorial` would refuse, before a long compilation.

    Raises
    ------
    ScenarioError
    """
    lanes = _designed(base, factors, sweep, player, cross=cross)[3]
    _check(len(lanes), replicates, seed)


def _designed(
    base: "Scenario",
    factors: Mapping[str, Sides] | Sequence[Factor],
    sweep: Mapping[str, Sequence[Any]],
    player: str | None,
    *,
    cross: bool,
) -> tuple[list[Factor], list[Point], str, list["Scenario"]]:
    switched = _factors(factors)
    points = sweep_points(base, sweep, cross=cross)
    code = _player(base, player)
    return switched, points, code, _lanes(base, switched, points, code)


def _factors(factors: Mapping[str, Sides] | Sequence[Factor]) -> list[Factor]:
    if isinstance(factors, Mapping):
        named = factors.items()
        found = [Factor(name, Text(name, name), dict(off), dict(on)) for name, (off, on) in named]
    else:
        found = list(factors)
    if not found:
        raise scenario_error("il faut au moins un facteur", "at least one factor is needed")
    for factor in found:
        check_sides(factor.name, factor.off, factor.on)
    keys = [key for factor in found for key in factor.on]
    for key in keys:
        if keys.count(key) > 1:
            raise scenario_error("deux facteurs changent cette clé", "two factors change this key", key=key)
    return found


def _player(base: "Scenario", player: str | None) -> str:
    names = base.territory_names
    if player is None:
        return next(iter(names))
    if player not in names:
        allowed = ", ".join(names)
        raise scenario_error(
            "aucun territoire n'a ce code", "no territory has this code", value=player, allowed=allowed
        )
    return player


def _lanes(base: "Scenario", factors: list[Factor], points: list[Point], code: str) -> list["Scenario"]:
    """Return, for each point, the cells and then the scenario where one territory plays alone."""
    lanes: list[Scenario] = []
    for point in points:
        first = len(lanes)
        for levels in cell_levels(factors):
            lanes.append(cell(base, factors, levels, point, len(lanes)))
        lanes.append(alone(lanes[first], factors[0], code, len(lanes)))
    return lanes


def _check(lanes: int, replicates: int, seed: int) -> None:
    from coopsim.scenario.limits import check_seed

    if lanes > MAX_RUN_LANES:
        raise scenario_error(
            "trop de combinaisons", "too many combinations", value=lanes, allowed=f"≤ {MAX_RUN_LANES}"
        )
    if replicates < 2:  # noqa: PLR2004 - an interval needs two worlds
        raise scenario_error(
            "valeur trop petite", "too small", key="replicates", value=replicates, allowed="≥ 2"
        )
    check_seed(seed)


def _result(
    manifest: dict[str, Any], ensemble: Ensemble, factors: list[Factor], points: list[Point], code: str
) -> Factorial:
    levels = cell_levels(factors)
    names = [factor.name for factor in factors]
    place = 1 + ensemble.territories.index(code)
    horizon = ensemble.horizon
    table = summary(ensemble)
    cells, effects, alone_rows = [], [], []
    size = len(levels) + 1
    for rank, point in enumerate(points):
        lanes = slice(rank * size, rank * size + len(levels))
        for lane, level in zip(range(lanes.start, lanes.stop), levels, strict=True):
            part = table[table["scenario"] == ensemble.scenarios[lane]].drop(columns="scenario")
            sides = {name: "on" if on else "off" for name, on in zip(names, level, strict=True)}
            cells.append(_placed(part, point, sides))
        effects.append(_placed(effect_table(names, levels, horizon[lanes, :, 0]), point, {}))
        off, on = horizon[lanes.start], horizon[lanes.stop]
        gains = differences(off[:, :, _JOBS], on[:, :, _JOBS])
        row = zero_sum(gains[:, place], gains[:, 0])
        values = dict(zip(_ZERO_SUM, (*row.own, *row.system, *row.share), strict=True))
        alone_rows.append(_placed(pd.DataFrame([values]), point, {"factor": names[0], "territory": code}))
    return Factorial(manifest, *(pd.concat(rows, ignore_index=True) for rows in (cells, effects, alone_rows)))


_ZERO_SUM = (
    "own_gain", "own_gain_low", "own_gain_high",
    "system_gain", "system_gain_low", "system_gain_high",
    "zero_sum_share", "zero_sum_share_low", "zero_sum_share_high",
)  # fmt: skip


def _placed(frame: pd.DataFrame, point: Point, columns: dict[str, str]) -> pd.DataFrame:
    """Return a table with the point of the sweep, and constant columns, before its own."""
    head = {"sweep": point.label, **point.settings, **columns}
    repeated = {key: np.repeat(value, len(frame)) for key, value in head.items()}
    return pd.concat([pd.DataFrame(repeated), frame.reset_index(drop=True)], axis=1)
