"""A case described by a few numbers, for laboratories and tests."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import CoreSchema, core_schema

from coopsim.errors import Problem, ScenarioError, scenario_error
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.strict import Strict, key

# Keys that take one value for all territories, or one for each.
EACH = (
    "population",
    "area_ha",
    "active_share",
    "unemployed_share",
    "companies",
    "site_constant",
    "effort_benefit",
    "water_benefit",
    "water_saturation",
    "vacant_ha",
    "budget_keur_per_head",
    "cfe_rate_pct",
)
MAX_TERRITORIES = 2000
_HUGE = 1e12
_ONE_EACH = Text("une valeur par territoire est attendue", "one value for each territory is expected")


def _each(value: Any) -> float | tuple[float, ...]:
    """Return one number for all territories, or one for each."""
    items = value if isinstance(value, list | tuple) else [value]
    for x in items:
        number = isinstance(x, int | float) and not isinstance(x, bool)
        if not number or not -_HUGE <= x <= _HUGE:
            raise scenario_error(
                "un nombre, ou une liste d'un nombre par territoire, est attendu",
                "a number, or a list of one number for each territory, is expected",
                value=value,
            )
    return tuple(float(x) for x in items) if isinstance(value, list | tuple) else float(value)


class _EachTerritory:
    """Marks a key that takes one number, or a list of one number for each territory."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_each)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "number"}, {"type": "array", "items": {"type": "number"}}]}


Each = Annotated[float | tuple[float, ...], _EachTerritory()]
NonNegative = Annotated[float, Field(ge=0, le=_HUGE)]
Share = Annotated[float, Field(ge=0, le=1)]


class NodeSpec(Strict):
    """One water node of a synthetic case."""

    node: str = key("nom du nœud", "name of the node", min_length=1)
    territory: str = key("code du territoire", "code of the territory", "T01")
    downstream: str = key("nœud aval, vide à l'exutoire", "node downstream, empty at the outlet", "")
    local_module_m3s: NonNegative = key("débit moyen local", "local mean flow", 0.0, unit="m³/s")
    boundary_module_m3s: NonNegative = key(
        "débit moyen reçu de l'extérieur", "mean flow received from outside", 0.0, unit="m³/s"
    )
    doe_m3s: NonNegative = key("débit objectif d'étiage", "low-flow target", 0.0, unit="m³/s")
    floor_share: Share = key("plancher, en part du module", "floor, as a share of the mean flow", 0.0)
    floor_m3s: NonNegative | None = key("plancher absolu", "absolute floor", None, unit="m³/s")
    irrigated_ha: NonNegative = key("surface irriguée", "irrigated area", 0.0, unit="ha")
    intake_share: Share | None = key(
        "part des prélèvements du territoire", "share of the territory's intake", None
    )
    other_demand_m3s: NonNegative = key(
        "autre demande, constante", "other demand, constant", 0.0, unit="m³/s"
    )
    other_consumed_share: Share = key("part consommée de l'autre demande", "share of it consumed", 0.0)


class StockSpec(Strict):
    """One stock of wood of a synthetic case."""

    group: Literal["broadleaf", "conifer"] = key("groupe d'essences", "species group", "conifer")
    territory: str = key("code du territoire", "code of the territory", "T01")
    ownership: Literal["public", "large_private", "fragmented_private"] = key(
        "propriété", "ownership", "public"
    )
    volume_m3: NonNegative = key("volume sur pied", "standing volume", unit="m³")
    capacity_m3: float = key(
        "volume à l'équilibre sans récolte", "volume without harvest", unit="m³", gt=0, le=_HUGE
    )
    growth_rate_per_yr: float = key("taux de croissance", "growth rate", unit="1/yr", ge=0, le=10)
    area_ha: NonNegative = key("surface", "area", 0.0, unit="ha")
    harvest_m3_per_yr: NonNegative = key("récolte observée", "observed harvest", 0.0, unit="m³/yr")
    owners_per_unit: float = key(
        "propriétaires par unité de récolte", "owners per harvest unit", 1.0, ge=1, le=1e6
    )
    access: str = key(
        "qui y récolte : all, vide (le territoire) ou des codes séparés par ;",
        "who harvests it: all, empty (the territory) or codes separated by ;",
        "all",
    )


class BodySpec(Strict):
    """One body of a synthetic case; every territory is a member."""

    body: str = key("code de l'organisme", "code of the body", min_length=1)
    kind: Literal["petr", "water_syndicate", "river_board", "forest_charter"] = key(
        "sorte d'organisme", "kind of body", "water_syndicate"
    )
    population_share: Share = key(
        "part de la population de chaque membre qu'il dessert", "share of each member's people it serves", 1.0
    )
    seats: int = key("délégués de chaque membre", "delegates of each member", 1, ge=0, le=1000)
    powers: str = key("compétences, séparées par ;", "powers, separated by ;", "")
    capacity_m3_per_day: NonNegative | None = key(
        "capacité d'un service d'eau (absente : jamais atteinte)",
        "capacity of a water service (absent: never reached)",
        None,
        unit="m³/d",
    )


class SyntheticSpec(Strict):
    """A case of alike territories; a list gives one value for each of them."""

    territories: int = key("nombre de territoires", "number of territories", ge=1, le=MAX_TERRITORIES)
    population: Each = key("habitants de chacun", "inhabitants of each", 10000.0, unit="persons")
    area_ha: Each = key("surface de chacun", "area of each", 50000.0, unit="ha")
    active_share: Each = key("part d'actifs", "share of active people", 0.45)
    unemployed_share: Each = key("part de chômeurs parmi les actifs", "share of the active out of work", 0.1)
    companies: Each = key("entreprises de chacun", "companies of each", 0.0)
    company_jobs: float = key(
        "emplois de chaque entreprise", "jobs of each company", 10.0, unit="FTE", gt=0, le=1e6
    )
    site_constant: Each = key("constante d'utilité du lieu", "constant in the utility of the site", 0.0)
    effort_benefit: Each = key(
        "gain par unité d'effort commun de tous, par an",
        "benefit of one unit of everybody's common effort, a year",
        0.0,
        unit="k€/unit",
    )
    water_benefit: Each = key(
        "gain du premier m³/s pris à la rivière",
        "benefit of the first m³/s taken from the river",
        0.0,
        unit="k€/(m³/s)",
    )
    water_saturation: Each = key(
        "baisse de ce gain par m³/s", "fall of that benefit per m³/s", 0.0, unit="k€/(m³/s)²"
    )
    land_m2_per_job: NonNegative = key("sol par emploi", "land per job", 0.0, unit="m²/job")
    water_m3_per_job: NonNegative = key(
        "eau par emploi et par an", "water per job and year", 0.0, unit="m³/job/yr"
    )
    wood_m3_per_job: NonNegative = key(
        "bois par emploi et par an", "wood per job and year", 0.0, unit="m³/job/yr"
    )
    vacant_ha: Each = key(
        "foncier économique libre de chacun", "vacant economic land of each", 0.0, unit="ha"
    )
    budget_keur_per_head: Each = key("budget par habitant", "budget per inhabitant", 1.0, unit="k€/person")
    cfe_rate_pct: Each = key("taux de CFE", "business tax rate", 25.0, unit="%")
    road_km: NonNegative = key(
        "distance entre deux territoires", "distance between two territories", 20.0, unit="km"
    )
    nodes: tuple[NodeSpec, ...] = key("nœuds d'eau", "water nodes", (), strict=False)
    stocks: tuple[StockSpec, ...] = key("stocks de bois", "stocks of wood", (), strict=False)
    bodies: tuple[BodySpec, ...] = key("organismes", "bodies", (), strict=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the territories, T01 first."""
        return tuple(f"T{n + 1:02d}" for n in range(self.territories))

    def each(self, name: str) -> tuple[float, ...]:
        """Return one value for each territory of a key that may be a single number."""
        value = getattr(self, name)
        return value if isinstance(value, tuple) else (float(value),) * self.territories

    @model_validator(mode="after")
    def _consistent(self) -> "SyntheticSpec":
        problems = [p for name in EACH for p in self._value_mistakes(name)]
        problems += [*self._references(), *self._rivers()]
        if problems:
            raise ScenarioError(problems)
        return self

    def _value_mistakes(self, name: str) -> Iterator[Problem]:
        value = getattr(self, name)
        items = self.each(name)
        if len(items) != self.territories:
            yield Problem(_ONE_EACH, key=name, value=len(value), allowed=str(self.territories))
        if name != "site_constant" and min(items, default=0.0) < 0:
            yield Problem(
                Text("valeur négative", "negative value"), key=name, value=min(items), allowed="≥ 0"
            )
        if name.endswith("_share") and max(items, default=0.0) > 1:
            yield Problem(
                Text("part supérieure à 1", "share above 1"), key=name, value=max(items), allowed="0 – 1"
            )

    def _rivers(self) -> Iterator[Problem]:
        """Return what is wrong in the course of the rivers."""
        names = [node.node for node in self.nodes]
        below = {node.node: node.downstream for node in self.nodes}
        if len(below) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            yield Problem(Text("nœud donné deux fois", "node given twice"), key="nodes", value=twice)
        for n, node in enumerate(self.nodes):
            if node.downstream and node.downstream not in below:
                close = nearest(node.downstream, names)
                where = f"nodes[{n + 1}].downstream"
                yield Problem(
                    Text("nœud inconnu", "unknown node"), key=where, value=node.downstream, nearest=close
                )
        seen: set[str] = set()
        for start in names:
            path = [start]
            while (step := below.get(path[-1], "")) and step not in path:
                path.append(step)
            if step and not seen.intersection(path):
                loop = " → ".join([*path[path.index(step) :], step])
                message = Text("la rivière tourne en rond : {loop}", "the river flows in a circle: {loop}")
                yield Problem(message.format(loop=loop), key="nodes")
            seen.update(path)

    def _references(self) -> list[Problem]:
        out = []
        unknown = Text("territoire inconnu", "unknown territory")
        codes = list(self.codes)
        named = [("nodes", n, node.territory) for n, node in enumerate(self.nodes)]
        named += [("stocks", n, stock.territory) for n, stock in enumerate(self.stocks)]
        for table, n, code in named:
            if code not in codes:
                where = f"{table}[{n + 1}].territory"
                out.append(Problem(unknown, key=where, value=code, nearest=nearest(code, codes)))
        for n, stock in enumerate(self.stocks):
            for code in stock.access.split(";"):
                if code not in {"", "all", *codes}:
                    where = f"stocks[{n + 1}].access"
                    out.append(Problem(unknown, key=where, value=code, nearest=nearest(code, codes)))
        return out
