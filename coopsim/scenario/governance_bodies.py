"""Choice, for bodies: what the committees of syndicates, river boards, forest charters and PETR may decide."""

from typing import Any

from coopsim.scenario.strict import Strict, lever


class BodyMove(Strict):
    """One move of the menu of bodies: whether it is allowed."""

    allowed: bool = lever("ce choix est permis", "this move is allowed", default=True)


def _move(fr: str, en: str, levers: str) -> Any:
    return lever(fr, en, BodyMove(), levers=levers)


class BodyMoves(Strict):
    """The menu of bodies, where they decide on it: water services, river boards, forest charters, PETR, statutes."""

    reduce_leaks: BodyMove = _move("réduire les fuites", "reduce leaks", "LC19")
    expand_water_supply: BodyMove = _move("accroître la capacité", "expand capacity", "LC19")
    sobriety_plan: BodyMove = _move("plan de sobriété de l'eau", "sobriety plan for water", "LC58")
    interconnect_networks: BodyMove = _move(
        "interconnecter deux services d'eau", "interconnect two water services", "LC1"
    )
    low_flow_support: BodyMove = _move(
        "soutien d'étiage par une réserve", "support of low flow from a store", "LC58"
    )
    abstraction_plan: BodyMove = _move(
        "plan de prélèvements du bassin", "abstraction plan of the basin", "LC58"
    )
    wetland_works: BodyMove = _move("restauration de zones humides", "restoration of wetlands", "LC58")
    group_forest_owners: BodyMove = _move(
        "regroupement de propriétaires forestiers", "grouping of forest owners", "LC52 LC95"
    )
    supply_charter: BodyMove = _move(
        "charte d'approvisionnement en résineux", "supply charter for conifer", "LC58 LC95"
    )
    shared_diagnostic: BodyMove = _move(
        "diagnostic partagé des ressources", "shared diagnostic of resources", "LC12"
    )
    pact_animation: BodyMove = _move("animateur prêté aux pactes", "facilitator lent to pacts", "LC36 LC98")
    pooled_engineering: BodyMove = _move("ingénierie mutualisée", "pooled engineering", "LC9")
    transfer_power: BodyMove = _move(
        "transfert d'une compétence (CGCT L5211-17)", "transfer of a power (CGCT L5211-17)", "LC11"
    )
    merge_bodies: BodyMove = _move("fusion de syndicats", "merger of syndicates", "LC11")
    delegate_to_syndicate: BodyMove = _move(
        "eau confiée à un syndicat (loi du 11 avril 2025)",
        "water entrusted to a syndicate (law of 11 April 2025)",
        "LC11",
    )
