"""Decisions of people: what a room decides for a territory, kept until its council's next session."""

import math
from collections.abc import Sequence

from coopsim.errors import scenario_error
from coopsim.governance.makers import Human
from coopsim.registry import nearest
from coopsim.society.moves import KEYS
from coopsim.world.state import World


def decided(world: World, territory: str, strategy: float | None, moves: Sequence[tuple[str, float]]) -> None:
    """Keep a decision for the next session of a territory whose maker is ``human``.

    Raises
    ------
    ScenarioError
        For an unknown territory or move, a refused amount, or a territory that decides otherwise.
    """
    codes = list(world.places.code)
    if territory not in codes:
        raise scenario_error(
            "territoire inconnu", "unknown territory", value=territory, allowed=", ".join(codes),
            nearest=nearest(territory, codes),
        )  # fmt: skip
    row = codes.index(territory)
    if not isinstance(world.rules.makers[row], Human):
        raise scenario_error(
            "ce territoire ne décide pas par « human »", "this territory does not decide by 'human'",
            key="governance.choice.decision_maker", value=territory,
        )  # fmt: skip
    for key, times in moves:
        _sound(key, times)
    if moves:
        world.decided_moves[row] = [(key, float(times)) for key, times in moves]
    if strategy is not None:
        if not math.isfinite(strategy):
            raise scenario_error(
                "nombre fini attendu", "finite number expected", key="strategy", value=strategy
            )
        world.decisions[row] = float(strategy)


def _sound(key: str, times: float) -> None:
    """Refuse a move that is not on the menu, or a number of steps that is none."""
    if key not in KEYS:
        raise scenario_error(
            "choix inconnu",
            "unknown move",
            value=key,
            allowed=", ".join(KEYS),
            nearest=nearest(key, list(KEYS)),
        )
    if not (math.isfinite(times) and times > 0.0):
        raise scenario_error(
            "le nombre de pas est positif",
            "the number of steps is positive",
            key=key,
            value=times,
            allowed="> 0",
        )
