"""Parameters of the moves of councils on attraction and on the local economy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MoveParams:
    """Section ``economy.moves``; units, ranges and sources stand in the parameter file."""

    ebe_step_posts: float
    exemption_years: float
    exemption_cost_per_head: float
    prospecting_pull: float
    prospecting_cost_per_head: float
    residential_pull: float
    residential_cost_per_head: float
    cluster_growth_per_yr: float
    cluster_cost_per_job: float
    flagship_every_years: float
    flagship_bid_keur: float
    flagship_running_keur: float
    flagship_image: float
    compliance_cost_share: float
    lease_compliance_keur: float
    lease_compliance_spread: float
    modulation_response: float
