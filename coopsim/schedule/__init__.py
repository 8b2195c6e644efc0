"""The quarter: named phases in the order of the model page (ODD, process overview)."""

from collections.abc import Callable
from typing import NamedTuple

from coopsim.schedule.bodies.phase import bodies_phase
from coopsim.schedule.climate import climate_phase
from coopsim.schedule.councils.phase import councils_phase
from coopsim.schedule.elections import elections_phase
from coopsim.schedule.finance.phase import public_finance
from coopsim.schedule.firms.phase import entry, labour, production_and_growth
from coopsim.schedule.land.ground import land_phase
from coopsim.schedule.pacts.phase import pacts_phase
from coopsim.schedule.resources.timber import wood_phase
from coopsim.schedule.resources.water import water_phase
from coopsim.schedule.siting.phase import siting_phase
from coopsim.schedule.ties import ties_phase
from coopsim.world.state import World


class Phase(NamedTuple):
    """One named moment of the quarter."""

    name: str
    run: Callable[[World], None]


QUARTER: tuple[Phase, ...] = (
    Phase("climate", climate_phase),
    Phase("land renewal", land_phase),
    Phase("water: renewal, demand, allocation", water_phase),
    Phase("wood: renewal, demand, allocation", wood_phase),
    Phase("production and growth of companies", production_and_growth),
    Phase("entry of companies", entry),
    Phase("people", labour),
    Phase("siting", siting_phase),
    Phase("public finance", public_finance),
    Phase("councils", councils_phase),
    Phase("pacts", pacts_phase),
    Phase("bodies", bodies_phase),
    Phase("ties", ties_phase),
    Phase("elections", elections_phase),
)
