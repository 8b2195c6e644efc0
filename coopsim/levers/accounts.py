"""Who has what at the end of a run: the accounts in which a lever's gains and losses are counted."""

from dataclasses import dataclass

import numpy as np

from coopsim.economy.finance import LINES
from coopsim.executors import failing_as
from coopsim.i18n import Text
from coopsim.indicators import SYSTEM
from coopsim.model import CoopModel
from coopsim.scenario import Scenario
from coopsim.types import FloatArray
from coopsim.world import World


@dataclass(frozen=True, slots=True)
class Account:
    """One thing that somebody may gain or lose.

    Attributes
    ----------
    name : str
    text : Text
    unit : Text
    direction : int
        1 when more is a gain, -1 when less is.
    money : bool
        Whether it is money: the money accounts sum to zero.
    """

    name: str
    text: Text
    unit: Text
    direction: int
    money: bool = False


_KEUR = Text("k€/an", "k€/yr")
_JOBS = Text("emplois", "jobs")
_POINTS = Text("points", "points")

ACCOUNTS: tuple[Account, ...] = (
    Account("councils", Text("intercommunalités", "intercommunalités"), _KEUR, 1, money=True),
    Account("firms", Text("entreprises", "companies"), _KEUR, 1, money=True),
    Account("households", Text("ménages", "households"), _KEUR, 1, money=True),
    Account("state", Text("État et Région", "State and Region"), _KEUR, 1, money=True),
    Account("communes", Text("communes", "communes"), _KEUR, 1, money=True),
    Account("others", Text("fournisseurs et banques", "suppliers and banks"), _KEUR, 1, money=True),
    Account("jobs", Text("emplois ici", "jobs here"), _JOBS, 1),
    Account("unemployment", Text("chômage", "unemployment"), _POINTS, -1),
    Account("outside_jobs", Text("emplois pris au dehors", "jobs taken from outside"), _JOBS, -1),
    Account("river", Text("rivière sous le plancher", "river below the floor"), _POINTS, -1),
    Account("drinking", Text("eau potable manquante", "missing drinking water"), _POINTS, -1),
    Account("wood", Text("bois sur pied", "standing wood"), Text("milliers de m³", "thousand m³"), 1),
    Account("land", Text("sols consommés", "land consumed"), Text("ha", "ha"), -1),
)
NAMES: tuple[str, ...] = tuple(account.name for account in ACCOUNTS)
_PAYEES = {"firms": "firms", "households": "households", "state": "state", "communes": "communes"}


@dataclass(frozen=True, slots=True)
class Books:
    """The accounts of one run.

    Attributes
    ----------
    values : FloatArray, shape (len(ACCOUNTS),)
        Money: mean of the run, k€/yr, what each side of the councils' accounts has received net. The rest: at the end.
    councils : FloatArray, shape (T,), k€/yr
        Mean balance of each intercommunalité.
    """

    values: FloatArray
    councils: FloatArray


def books(spec: Scenario, seed: int) -> Books:
    """Live one run and return its accounts."""
    with failing_as(spec.name, seed):
        model = CoopModel(spec, seed, views=False)
        try:
            world: World = model.world
            flows = np.zeros((world.size, len(LINES)))
            while world.tick < spec.ticks:
                model.step()
                flows += world.finance.year[(world.tick - 1) % 4]
            last = dict(zip(SYSTEM, model.recorder.system_values[-1].tolist(), strict=True))
            return Books(_values(flows / spec.years, last), flows.sum(axis=1) / spec.years)
        finally:
            model.release()


def _values(flows: FloatArray, last: dict[str, float]) -> FloatArray:
    """Return the accounts of mean yearly flows (T, LINES) and of the last indicators."""
    found = dict.fromkeys(NAMES, 0.0)
    found["councils"] = float(flows.sum())
    for (_, payee), amount in zip(LINES, flows.sum(axis=0).tolist(), strict=True):
        found[_PAYEES.get(payee, "others")] -= amount
    found["jobs"] = last["jobs"]
    found["unemployment"] = 100.0 * last["unemployment"]
    found["outside_jobs"] = last["arrived_jobs"] - last["departed_jobs"]
    found["river"] = 100.0 * last["low_flow_share"]
    found["drinking"] = 100.0 * last["unmet_drinking_share"]
    found["wood"] = last["standing_wood_m3"] / 1000.0
    found["land"] = last["naf_consumed_ha"]
    return np.array([found[name] for name in NAMES])
