"""The parameters of a run, from the sections of its scenario."""

from coopsim.economy import companies as eco
from coopsim.economy import finance, relays, siting
from coopsim.economy.boards import BoardParams
from coopsim.economy.citizen_capital import CitizenCapitalParams
from coopsim.economy.ebe import EbeParams
from coopsim.economy.energy import EnergyParams
from coopsim.economy.funders import FunderParams
from coopsim.economy.local import LocalParams
from coopsim.economy.moves import MoveParams
from coopsim.economy.patronage import PatronageParams
from coopsim.economy.prices import PriceParams
from coopsim.economy.procurement import ProcurementParams
from coopsim.economy.reciprocity import ReciprocityParams
from coopsim.economy.reuse import ReuseParams
from coopsim.economy.siting_pathway import PathwayParams
from coopsim.economy.siting_zones import ZoneParams
from coopsim.economy.synergies import SynergyParams
from coopsim.economy.transition import TransitionParams
from coopsim.resources.land import LandParams
from coopsim.resources.water import WaterParams
from coopsim.resources.wood import WoodParams
from coopsim.scenario.scenario import Scenario
from coopsim.society import people, ties
from coopsim.society.bodies import BodyParams
from coopsim.society.commitments import CommitmentParams
from coopsim.society.councils import CouncilParams
from coopsim.society.crowding import CrowdingParams
from coopsim.society.currency import CurrencyParams
from coopsim.society.deliberation import DeliberationParams
from coopsim.society.elections import ElectionParams
from coopsim.society.pact_life import LifeParams
from coopsim.society.pacts import PactParams
from coopsim.society.policy import PolicyParams
from coopsim.society.social_moves import SocialMoveParams
from coopsim.world.state import Params


def params_of(spec: Scenario) -> Params:
    """Return the parameters of every sub-model."""
    return Params(
        companies=eco.CompanyParams(**spec.section("economy.companies")),
        siting=siting.SitingParams(**spec.section("economy.siting")),
        pathway=PathwayParams(**spec.section("economy.siting_pathway")),
        zones=ZoneParams(**spec.section("economy.zones")),
        transition=TransitionParams(**spec.section("economy.transition")),
        relays=relays.RelayParams(**spec.section("economy.relays")),
        synergies=SynergyParams(**spec.section("economy.synergies")),
        finance=finance.FinanceParams(**spec.section("economy.finance")),
        people=people.PeopleParams(**spec.section("society.people")),
        councils=CouncilParams(**spec.section("society.councils")),
        elections=ElectionParams(**spec.section("society.elections")),
        deliberation=DeliberationParams(**spec.section("society.deliberation")),
        ties=ties.TiesParams(**spec.section("society.ties")),
        pacts=PactParams(**spec.section("society.pacts")),
        pact_life=LifeParams(**spec.section("society.pact_life")),
        water=WaterParams(**spec.section("resources.water")),
        wood=WoodParams(**spec.section("resources.wood")),
        land=LandParams(**spec.section("resources.land")),
        bodies=BodyParams(**spec.section("society.bodies")),
        local=LocalParams(
            ebe=EbeParams(**spec.section("economy.ebe")),
            energy=EnergyParams(**spec.section("economy.energy")),
            procurement=ProcurementParams(**spec.section("economy.procurement")),
            moves=MoveParams(**spec.section("economy.moves")),
            reciprocity=ReciprocityParams(**spec.section("economy.reciprocity")),
            prices=PriceParams(**spec.section("economy.prices")),
        ),
        policy=PolicyParams(**spec.section("society.policy")),
        patronage=PatronageParams(**spec.section("economy.patronage")),
        currency=CurrencyParams(**spec.section("society.currency")),
        social_moves=SocialMoveParams(**spec.section("society.social_moves")),
        funders=FunderParams(**spec.section("economy.funders")),
        reuse=ReuseParams(**spec.section("economy.reuse")),
        commitments=CommitmentParams(**spec.section("society.commitments")),
        boards=BoardParams(**spec.section("economy.boards")),
        citizen_capital=CitizenCapitalParams(**spec.section("economy.citizen_capital")),
        crowding=CrowdingParams(**spec.section("society.crowding")),
    )
