"""Worlds of Figeac in which bodies decide."""

from coopsim.model import CoopModel
from coopsim.scenario import load_scenario
from coopsim.world.founding import founded

FULL = {"governance.choice.body_decisions": "full", "governance.position.body_seats": "statutory"}


def world_of(changes=None, name="figeac-status-quo", seed=0):
    return founded(load_scenario(name).but(FULL | (changes or {})), seed)


def lived(years, changes=None, seed=0):
    """A world at the end of some years of Figeac in which bodies decide."""
    model = CoopModel(load_scenario("figeac-status-quo").but(FULL | (changes or {})), seed, views=False)
    for _ in range(4 * years):
        model.step()
    model.release()
    return model.world


def row(world, code):
    return world.bodies.code.index(code)
