"""The menu of bodies: what each kind of body may do, the power that it needs and who pays.

Effects and costs stand in `coopsim.schedule.bodies`: `outlook` (expected) and `effects` (realised).
A move changes rules, works or perimeters; what comes of it is for the ordinary sub-models to find.
"""

from dataclasses import dataclass

from coopsim.i18n import Text
from coopsim.tables.bodies import FOREST_CHARTER, PETR, RIVER_BOARD, WATER_SYNDICATE


@dataclass(frozen=True, slots=True)
class BodyMove:
    """One move of the menu of bodies.

    Attributes
    ----------
    kind : int
        Which bodies draft it (row of `coopsim.tables.bodies.KINDS`); -1 for all.
    power : str
        Power without which the law refuses it; empty for a change of statutes.
    payer : str
        ``users`` (price of water), ``members`` (contributions) or ``none``.
    statutes : bool
        Whether members or communes decide too, by the legal double majority.
    terms : tuple of str
        Parts of the councils' utility that delegates may weigh here: those that the power covers.
    """

    key: str
    kind: int
    power: str
    payer: str
    label: Text
    statutes: bool = False
    terms: tuple[str, ...] = ("resources", "social", "cost", "visible", "jobs", "revenue", "ceded", "delay")


_WATER = ("social", "cost", "visible", "delay")
_RIVER = ("resources", "social", "cost", "visible", "delay")
_WOOD = ("jobs", "cost", "resources", "visible", "delay")

BODY_MOVES: tuple[BodyMove, ...] = (
    BodyMove("reduce_leaks", WATER_SYNDICATE, "water_supply", "users",
             Text("réduire les fuites", "reduce leaks"), terms=_WATER),
    BodyMove("expand_water_supply", WATER_SYNDICATE, "water_supply", "users",
             Text("accroître la capacité", "expand capacity"), terms=_WATER),
    BodyMove("sobriety_plan", WATER_SYNDICATE, "water_supply", "users",
             Text("lancer un plan de sobriété", "launch a sobriety plan"), terms=_WATER),
    BodyMove("interconnect_networks", WATER_SYNDICATE, "water_supply", "users",
             Text("s'interconnecter avec un service voisin", "interconnect with a neighbouring service"),
             terms=_WATER),
    BodyMove("low_flow_support", RIVER_BOARD, "water_quantity", "members",
             Text("soutenir l'étiage par une réserve", "support low flow from a store"), terms=_RIVER),
    BodyMove("abstraction_plan", RIVER_BOARD, "water_quantity", "none",
             Text("partager un plan de prélèvements", "share an abstraction plan"), terms=_RIVER),
    BodyMove("wetland_works", RIVER_BOARD, "river_works", "members",
             Text("restaurer des zones humides", "restore wetlands"), terms=_RIVER),
    BodyMove("group_forest_owners", FOREST_CHARTER, "forest_charter", "members",
             Text("regrouper les propriétaires forestiers", "group forest owners"), terms=_WOOD),
    BodyMove("supply_charter", FOREST_CHARTER, "forest_charter", "members",
             Text("plafonner la coupe des résineux par une charte d'approvisionnement",
                  "cap the conifer harvest by a supply charter"), terms=_WOOD),
    BodyMove("shared_diagnostic", PETR, "territorial_project", "members",
             Text("partager un diagnostic des ressources", "share a diagnostic of resources"),
             terms=("resources", "social", "cost", "visible", "delay")),
    BodyMove("pact_animation", PETR, "territorial_project", "members",
             Text("prêter un animateur aux pactes", "lend a facilitator to the pacts"),
             terms=("revenue", "social", "cost", "visible", "delay")),
    BodyMove("pooled_engineering", PETR, "territorial_project", "members",
             Text("mutualiser l'ingénierie", "pool engineering"),
             terms=("revenue", "cost", "visible", "ceded", "delay")),
    BodyMove("transfer_power", -1, "", "none",
             Text("demander une compétence", "ask for a power"), statutes=True),
    BodyMove("merge_bodies", WATER_SYNDICATE, "water_supply", "users",
             Text("fusionner avec un service voisin", "merge with a neighbouring service"), statutes=True,
             terms=(*_WATER, "ceded")),
    BodyMove("delegate_to_syndicate", WATER_SYNDICATE, "water_supply", "users",
             Text("confier l'eau à un syndicat voisin", "entrust water to a neighbouring syndicate"),
             statutes=True, terms=(*_WATER, "ceded")),
)  # fmt: skip

BODY_KEYS: tuple[str, ...] = tuple(move.key for move in BODY_MOVES)
BODY_INDEX: dict[str, int] = {key: m for m, key in enumerate(BODY_KEYS)}
