"""Stability of pacts: what each member gains by staying, and what holds the group together."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from coopsim.comparison.statistics import PairedEffect, paired_effect
from coopsim.executors import OnDone, executor
from coopsim.i18n import Text
from coopsim.scenario import Scenario
from coopsim.stability.game import Blocking, PactGame, bits, blocking_without_transfers
from coopsim.stability.imposed import Pact, chosen_pacts, imposed, pacts_of_run
from coopsim.stability.play import COST, JOBS, MONEY, WATER, Lived, lived, seat_utility
from coopsim.types import FloatArray

__all__ = ["MOST", "Pact", "PactStability", "chosen_pacts", "pact_worlds", "pacts_of_run", "stability"]

MOST = 10  # members up to which every coalition is lived: 1,023
YEARS = 10  # of a pact that are looked at when the user names no year
GAINS = ("money", "money_pct", "jobs", "water_security", "utility")

LABELS: dict[str, Text] = {
    "money": Text("budget, k€/an", "budget, k€/yr"),
    "money_pct": Text("budget, % par an", "budget, % a year"),
    "jobs": Text("emplois", "jobs"),
    "water_security": Text("sécurité de l'eau, points", "water security, points"),
    "utility": Text("utilité des sièges, % du budget", "utility of seats, % of the budget"),
}


@dataclass(frozen=True, slots=True)
class PactStability:
    """What is known of the stability of one pact.

    Attributes
    ----------
    pact : Pact
    names : tuple of str, length n
        Names of the members.
    last_year : int
        Calendar year at the end of which worlds are compared.
    seeds : tuple of int, length R
    over_leaving, over_riding, over_nothing : dict of str to PairedEffect
        By name of `GAINS`: the gain of each member, shape (n,), of keeping to the pact over leaving it, over staying
        without paying, and over a world without the pact.
    favour : FloatArray, shape (n,)
        Share of the seats that find staying better than leaving.
    game : PactGame or None
        None for a pact of more than the members allowed.
    blocked : Blocking or None
        Smallest group of which each member's council would be better off in a pact of its own.
    paid : FloatArray, shape (n,), k€/yr
        What each pays for the pact now.
    held : float, 0-1
        Share of worlds in which the members were still the same at the end.
    runs : int
    seconds : float
    """

    pact: Pact
    names: tuple[str, ...]
    last_year: int
    seeds: tuple[int, ...]
    over_leaving: dict[str, PairedEffect]
    over_riding: dict[str, PairedEffect]
    over_nothing: dict[str, PairedEffect]
    favour: FloatArray
    game: PactGame | None
    blocked: Blocking | None
    paid: FloatArray
    held: float
    runs: int
    seconds: float

    @property
    def shapley_payment(self) -> FloatArray | None:
        """What each member would have to pay, k€/yr, for its net gain to be its Shapley value; they sum to ``paid``."""
        if self.game is None:
            return None
        out: FloatArray = self.paid + self.game.received.mean(axis=0) - self.game.shapley()
        return out

    def to_json(self) -> dict[str, Any]:
        """Return everything in JSON types."""
        game = self.game
        gains = {
            "over_leaving": self.over_leaving,
            "over_free_riding": self.over_riding,
            "over_no_pact": self.over_nothing,
        }
        members = [
            {
                "code": code,
                "name": name,
                "favour": float(self.favour[i]),
                "pays_keur_per_yr": float(self.paid[i]),
            }
            | {key: {g: _one(e, i) for g, e in effects.items()} for key, effects in gains.items()}
            for i, (code, name) in enumerate(zip(self.pact.members, self.names, strict=True))
        ]
        out: dict[str, Any] = {
            "pact": self.pact.number,
            "members": members,
            "founded_tick": self.pact.tick,
            "ended_tick": self.pact.ended,
            "times_in_run": self.pact.times,
            "last_year": self.last_year,
            "seeds": list(self.seeds),
            "membership_held": self.held,
            "runs": self.runs,
            "seconds": round(self.seconds, 1),
            "blocking_by_utility": self._named(self.blocked),
            "money_game": None,
        }
        if game is not None:
            value, payment = game.shapley(), self.shapley_payment
            out["money_game"] = {
                "in_core": game.in_core(),
                "core_is_empty": bool(
                    game.least_core() > 1e-9 * max(abs(float(game.mean_worth()[-1])), 1e-9)
                ),
                "least_core_slack": game.least_core(),
                "slack_of_actual_key": game.slack(),
                "blocking": self._named(game.blocking()),
                "worth_of_all": float(game.mean_worth()[-1]),
                "received": game.received.mean(axis=0).tolist(),
                "shapley": value.tolist(),
                "pays": self.paid.tolist(),
                "pays_for_shapley": [] if payment is None else payment.tolist(),
                "coalitions": [
                    {"members": [self.pact.members[i] for i in np.flatnonzero(row)], "worth": float(v)}
                    for row, v in zip(bits(game.members)[1:], game.mean_worth()[1:], strict=True)
                ],
            }
        return out

    def _named(self, found: Blocking | None) -> dict[str, Any] | None:
        if found is None:
            return None
        codes = [self.pact.members[i] for i in found.members]
        return {
            "members": codes,
            "gain": found.gain,
            "low": found.low,
            "high": found.high,
            "clear": found.clear,
        }


def _one(effect: PairedEffect, i: int) -> dict[str, float]:
    return {"mean": float(effect.mean[i]), "low": float(effect.low[i]), "high": float(effect.high[i])}


def pact_worlds(members: Sequence[str], most: int = MOST) -> tuple[list[int], bool]:
    """Return the coalitions that are lived, as bit masks with nobody first, and whether they are all.

    Of a large pact only those that show who would leave. A lone member is in no pact: its world is that of nobody.
    """
    n = len(members)
    everybody = (1 << n) - 1
    whole = n <= most
    masks = range(1, everybody + 1) if whole else [everybody ^ (1 << i) for i in range(n)] + [everybody]
    return [0, *dict.fromkeys(m for m in masks if m.bit_count() > 1)], whole


def stability(
    spec: Scenario,
    pact: Pact,
    seeds: Sequence[int],
    last_year: int | None = None,
    most: int = MOST,
    workers: int | None = None,
    on_done: OnDone | None = None,
) -> PactStability:
    """Return the stability of one pact, in worlds that share their luck.

    Parameters
    ----------
    spec : Scenario
    pact : Pact
        Its members and its first tick; see `pacts_of_run`.
    seeds : sequence of int, length R
    last_year : int, optional
        Calendar year at the end of which worlds are compared; ten years of the pact when None.
    most : int
        Members up to which every coalition is lived.
    workers : int, optional

    Raises
    ------
    ScenarioError
        When the scenario refuses the worlds, as with a year before the pact.
    """
    started = time.perf_counter()
    last_year = last_year or spec.start_year + pact.tick // 4 + YEARS - 1
    masks, whole = pact_worlds(pact.members, most)
    groups = [tuple(code for i, code in enumerate(pact.members) if mask >> i & 1) for mask in masks]
    worlds = [(imposed(spec, group, pact.tick, last_year), group) for group in groups]
    worlds += [
        (imposed(spec, pact.members, pact.tick, last_year, withholds=code), pact.members)
        for code in pact.members
    ]
    tasks = list(product(range(len(worlds)), seeds))
    runs = executor(workers, len(tasks)).map(partial(_live, tuple(worlds), pact.tick), tasks, on_done)
    table = [runs[k * len(seeds) : (k + 1) * len(seeds)] for k in range(len(worlds))]
    rows = _rows(table[0][0].codes, pact.members)
    seen = {mask: table[k] for k, mask in enumerate(masks)}
    riding = table[len(masks) :]
    return _told(spec, pact, tuple(seeds), last_year, seen, riding, rows, whole=whole, started=started)


def _live(worlds: tuple[tuple[Scenario, tuple[str, ...]], ...], tick: int, task: tuple[int, int]) -> Lived:
    (spec, members), seed = worlds[task[0]], task[1]
    return lived(spec, seed, tick, members)


def _rows(codes: tuple[str, ...], members: Sequence[str]) -> list[int]:
    return [codes.index(code) for code in members]


def _told(
    spec: Scenario,
    pact: Pact,
    seeds: tuple[int, ...],
    last_year: int,
    seen: dict[int, list[Lived]],
    riding: list[list[Lived]],
    rows: list[int],
    *,
    whole: bool,
    started: float,
) -> PactStability:
    n = len(pact.members)
    everybody = (1 << n) - 1
    full, nobody = seen[everybody], seen[0]
    left = [seen.get(everybody ^ (1 << i), nobody) for i in range(n)]
    game = blocked = None
    if whole:
        worlds = [seen.get(mask, nobody) for mask in range(everybody + 1)]
        game = PactGame.of(_by_world(worlds, rows, MONEY))
        blocked = blocking_without_transfers(_utilities(worlds, nobody, rows))
    judged = [_gains(full, worlds_of, rows) for worlds_of in (left, riding, [nobody] * n)]
    return PactStability(
        pact=pact,
        names=tuple(spec.territory_names[code] for code in pact.members),
        last_year=last_year,
        seeds=seeds,
        over_leaving=_effects(judged[0][0]),
        over_riding=_effects(judged[1][0]),
        over_nothing=_effects(judged[2][0]),
        favour=judged[0][1].mean(axis=0),
        game=game,
        blocked=blocked,
        paid=np.mean([one.values[rows, COST] for one in full], axis=0),
        held=float(np.mean([one.held for one in full])),
        runs=(len(seen) + n) * len(seeds),
        seconds=time.perf_counter() - started,
    )


def _by_world(worlds: list[list[Lived]], rows: list[int], measure: int) -> FloatArray:
    """Return a measure of the members, shape (R, worlds, n)."""
    out: FloatArray = np.array([[one.values[rows, measure] for one in runs] for runs in worlds])
    return out.transpose(1, 0, 2)


def _utilities(worlds: list[list[Lived]], nobody: list[Lived], rows: list[int]) -> FloatArray:
    """Return the mean utility of each member's seats in each world over that without the pact, (R, worlds, n)."""
    found = [
        [seat_utility(b.minds, b.values, one.values)[0][rows] for b, one in zip(nobody, runs, strict=True)]
        for runs in worlds
    ]
    out: FloatArray = np.array(found)
    return out.transpose(1, 0, 2)


def _gains(full: list[Lived], others: list[list[Lived]], rows: list[int]) -> tuple[FloatArray, FloatArray]:
    """Return each member's gain of the whole pact over another world, (R, n, 5), and the share of seats for it."""
    n = len(rows)
    out, favour = np.zeros((len(full), n, len(GAINS))), np.zeros((len(full), n))
    for r, whole in enumerate(full):
        for i, row in enumerate(rows):
            other = others[i][r]
            change = (whole.values - other.values)[row]
            utility, yes = seat_utility(whole.minds, other.values, whole.values)
            percent = 100.0 * change[MONEY] / max(float(whole.minds.budget[row]), 1e-9)
            out[r, i] = (change[MONEY], percent, change[JOBS], 100.0 * change[WATER], utility[row])
            favour[r, i] = yes[row]
    return out, favour


def _effects(gains: FloatArray) -> dict[str, PairedEffect]:
    return {name: paired_effect(gains[:, :, k]) for k, name in enumerate(GAINS)}
