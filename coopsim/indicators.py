"""The indicators: one table of names, units, labels, directions and ways to sum over territories.

`outcome` marks the indicators that verdicts may use; the two indices describe a regime and are
never part of a verdict, because a preset sets part of what they measure.
"""

from dataclasses import dataclass
from typing import Literal

from coopsim.i18n import Text

Aggregate = Literal["sum", "mean", "population", "jobs", "max", "system"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column of the results.

    Attributes
    ----------
    direction : int
        1 when more is better, -1 when less is better, 0 when neither.
    aggregate : str
        How territories make the system's value: sum, plain mean, mean weighted by population or
        jobs, maximum; ``system`` for an indicator that exists only for the whole system.
    """

    name: str
    unit: str
    label: Text
    direction: int
    aggregate: Aggregate
    outcome: bool
    group: str
    formula: str


def _i(
    name: str,
    unit: str,
    fr: str,
    en: str,
    direction: int,
    aggregate: Aggregate,
    group: str,
    formula: str,
    *,
    outcome: bool = False,
) -> Indicator:
    return Indicator(name, unit, Text(fr, en), direction, aggregate, outcome, group, formula)


INDICATORS: tuple[Indicator, ...] = (
    _i("population", "persons", "Population", "Population", 1, "sum", "people", "residents"),
    _i("jobs", "jobs", "Emplois au lieu de travail", "Jobs at the workplace", 1, "sum", "economy",
       "filled posts of companies + own-account jobs", outcome=True),
    _i("unemployment", "share", "Taux de chômage", "Unemployment rate", -1, "population", "people",
       "seekers / active", outcome=True),
    _i("vacancies", "jobs", "Emplois non pourvus", "Unfilled jobs", -1, "sum", "people", "posts - filled posts"),
    _i("companies", "count", "Établissements employeurs", "Employer establishments", 0, "sum", "economy",
       "alive rows"),
    _i("arrived_jobs", "jobs", "Emplois venus d'ailleurs (cumul)", "Jobs arrived from elsewhere (cumulated)", 0,
       "sum", "economy", "jobs of external projects and moved companies at arrival"),
    _i("departed_jobs", "jobs", "Emplois partis ailleurs (cumul)", "Jobs moved away (cumulated)", -1, "sum",
       "economy", "jobs of companies that left for another territory or the outside"),
    _i("created_jobs", "jobs", "Emplois de création locale (cumul)", "Jobs of local start-ups (cumulated)", 1, "sum",
       "economy", "jobs of local entrants at entry"),
    _i("closed_jobs", "jobs", "Emplois des fermetures (cumul)", "Jobs of closures (cumulated)", -1, "sum", "economy",
       "jobs of exits"),
    _i("young_exit_rate", "share/yr", "Sorties de jeunes entreprises par an", "Yearly exits of young firms", 0,
       "mean", "economy", "exits under five years of age over the last 4 ticks / young firms"),
    _i("firms_reached", "share", "Entreprises sensibilisées", "Firms reached", 0, "mean", "transition",
       "companies at stage aware or beyond / companies"),
    _i("firms_acting", "share", "Entreprises en transition", "Firms acting", 1, "mean", "transition",
       "companies at stage acting / companies"),
    _i("firms_convinced", "share", "Entreprises convaincues", "Firms convinced", 0, "mean", "transition",
       "companies at stage convinced or beyond / companies"),
    _i("active_relays", "count", "Relais actifs (comptables, banquiers)", "Active relays (accountants, bankers)", 0,
       "sum", "transition", "trained and willing relays of the year"),
    _i("exchanges", "count", "Échanges de coproduits entre entreprises", "Exchanges of by-products between firms", 1,
       "sum", "transition", "companies that give a by-product to another, counted in spring"),
    _i("saved_jobs", "jobs", "Emplois sauvés par une succession ou une reprise (cumul)",
       "Jobs saved by a succession or a takeover (cumulated)", 1, "sum", "economy",
       "jobs of companies that would have closed and found a successor or were taken over by their workers"),
    _i("social_jobs", "jobs", "Emplois des coopératives et de l'économie sociale (formes suivies)",
       "Jobs of cooperatives and the social economy (forms followed)", 0, "sum", "economy",
       "posts of companies whose form is social, SCOP or SCIC"),
    _i("dwellings", "count", "Logements", "Dwellings", 0, "sum", "people", "stock"),
    _i("vacant_dwellings", "share", "Logements vacants", "Vacant dwellings", 0, "mean", "people",
       "vacant / dwellings"),
    _i("naf_consumed_ha", "ha", "Espaces naturels, agricoles et forestiers consommés (cumul)",
       "Natural, farm and forest land consumed (cumulated)", -1, "sum", "land",
       "land opened for firms, dwellings and other uses", outcome=True),
    _i("artificialised_ha", "ha", "Surfaces artificialisées", "Artificialised land", -1, "sum", "land",
       "of the start + sealed shares of consumed land (never mixed with consumption)"),
    _i("economic_opened_ha", "ha", "Foncier économique ouvert (cumul)", "Economic land opened (cumulated)", 0, "sum",
       "land", "land put in the pipeline for firms"),
    _i("economic_vacant_ha", "ha", "Foncier économique disponible", "Vacant economic land", 0, "sum", "land",
       "stock"),
    _i("brownfield_ha", "ha", "Friches économiques", "Brownfield", -1, "sum", "land", "stock"),
    _i("land_price_keur_per_ha", "k€/ha", "Prix du foncier économique", "Price of economic land", 0, "mean", "land",
       "p0·clip((v*/max(v,0.003))^eta)"),
    _i("low_flow_share", "share", "Décades d'été sous le débit plancher", "Summer 10-day steps below the floor", -1,
       "mean", "water", "summer node-dekads below floor, mean of five summers", outcome=True),
    _i("low_flow_caused_share", "share", "… dont causées par les prélèvements", "… of which caused by withdrawals",
       -1, "mean", "water", "below in the run and not in the twin without withdrawals, five summers"),
    _i("unmet_drinking_share", "share", "Besoin en eau potable non satisfait", "Unmet drinking water", -1,
       "population", "water", "1 - supplied / asked, mean of five years", outcome=True),
    _i("unmet_irrigation_share", "share", "Irrigation non satisfaite", "Unmet irrigation", -1, "mean", "water",
       "1 - withdrawn / asked over five years"),
    _i("unmet_industry_share", "share", "Eau des entreprises non satisfaite", "Unmet industrial water", -1, "jobs",
       "water", "1 - supplied / asked"),
    _i("restriction_level", "level", "Niveau moyen de restriction (0–3)", "Mean restriction level (0-3)", -1, "mean",
       "water", "mean over summer node-dekads, five summers"),
    _i("supply_pressure", "ratio", "Pression sur la capacité d'alimentation en eau",
       "Pressure on water-supply capacity", -1, "population", "water", "peak-day demand / capacity of the services",
       outcome=True),
    _i("water_security", "share", "Sécurité de la ressource en eau", "Water security", 1, "mean", "water",
       "0.7·old + 0.3·(1 - share of summer dekads below floor)"),
    _i("broadleaf_harvest_m3", "m3/yr", "Récolte de feuillus", "Broadleaf harvest", 0, "sum", "wood", "4 × quarter"),
    _i("conifer_harvest_m3", "m3/yr", "Récolte de résineux", "Conifer harvest", 0, "sum", "wood", "4 × quarter"),
    _i("broadleaf_ratio", "ratio", "Récolte / accroissement, feuillus", "Broadleaf harvest / increment", 0, "mean",
       "wood", "harvest / increment of the tick"),
    _i("conifer_ratio", "ratio", "Récolte / accroissement, résineux", "Conifer harvest / increment", -1, "mean",
       "wood", "harvest / increment of the tick"),
    _i("standing_wood_m3", "m3", "Bois sur pied", "Standing wood", 1, "sum", "wood", "stock of all strata",
       outcome=True),
    _i("wood_price_eur_per_m3", "€/m3", "Prix du bois résineux bord de route", "Roadside price of conifer wood", 0,
       "mean", "wood", "p0·clip(demand/supply)^eta"),
    _i("wood_unmet_share", "share", "Besoin en bois non couvert localement", "Wood need not met locally", -1, "mean",
       "wood", "1 - local wood / need of the companies"),
    _i("tax_rate_pct", "%", "Taux de CFE", "Business property tax rate", 0, "mean", "finance", "state"),
    _i("subsidy_keur_per_job", "k€/job", "Aide à l'implantation", "Siting subsidy", 0, "mean", "finance", "state"),
    _i("revenue_keur", "k€/yr", "Recettes de fonctionnement", "Running revenue", 0, "sum", "finance", "last 4 ticks"),
    _i("balance_keur", "k€/yr", "Épargne nette", "Net balance", 1, "sum", "finance", "last 4 ticks"),
    _i("net_budget_eur_per_head", "€/head", "Solde public par habitant (cumul)",
       "Net public budget per head (cumulated)", 1, "population", "finance", "- (debt - initial debt) / population",
       outcome=True),
    _i("debt_keur", "k€", "Dette nette", "Net debt", -1, "sum", "finance", "state"),
    _i("centrality_keur", "k€/yr", "Charges de centralité", "Centrality charges", -1, "sum", "finance",
       "kappa·(recent arrivals + in-commuters)"),
    _i("subsidies_keur", "k€", "Aides versées (cumul)", "Subsidies paid (cumulated)", -1, "sum", "finance",
       "cumulated"),
    _i("pact_cost_keur", "k€", "Coût de la coopération (cumul)", "Cost of cooperation (cumulated)", -1, "sum",
       "finance", "animation + coordination + set-up paid by members"),
    _i("shared_revenue_keur", "k€", "Recettes partagées reçues (cumul net)",
       "Shared revenue received (net, cumulated)", 0, "sum", "finance", "sums to zero over members"),
    _i("trust", "0-1", "Confiance", "Trust", 1, "mean", "society", "mean over neighbours"),
    _i("knowledge", "0-1", "Connaissance mutuelle", "Mutual knowledge", 1, "mean", "society", "mean over neighbours"),
    _i("rivalry", "0-1", "Rivalité", "Rivalry", -1, "mean", "society", "mean over neighbours"),
    _i("pact_coverage", "share", "Part des sujets sous pacte", "Share of scopes under a pact", 1, "mean", "society",
       "scopes under a pact / scopes"),
    _i("promises_kept", "share", "Engagements tenus (5 ans)", "Promises kept (5 years)", 1, "mean", "society",
       "moving mean of the yearly promises of the pacts"),
    _i("proposals", "count", "Propositions débattues (cumul)", "Proposals debated (cumulated)", 0, "sum", "decisions",
       "cumulated"),
    _i("passed", "count", "Propositions adoptées (cumul)", "Proposals passed (cumulated)", 0, "sum", "decisions",
       "cumulated"),
    _i("attractiveness_moves", "count", "Décisions d'attractivité (cumul)", "Attractiveness moves (cumulated)", 0,
       "sum", "decisions", "cumulated"),
    _i("attractiveness_index", "IQR", "Indice d'attractivité", "Attractiveness index", 0, "mean", "axes",
       "mean of standardised components, frozen reference"),
    _i("cooperation_index", "IQR", "Indice de coopération", "Cooperation index", 0, "mean", "axes",
       "mean of standardised components, frozen reference"),
    _i("pacts", "count", "Pactes en vigueur", "Pacts in force", 0, "system", "society", "count"),
    _i("pacts_dissolved", "count", "Pactes dissous (cumul)", "Pacts dissolved (cumulated)", 0, "system", "society",
       "cumulated"),
    _i("jobs_gini", "0-1", "Inégalité des emplois par habitant", "Inequality of jobs per head", -1, "system",
       "society", "Gini of jobs / population", outcome=True),
    _i("body_contributions_keur", "k€", "Contributions aux organismes (cumul)", "Contributions to bodies (cumulated)",
       0, "sum", "finance", "paid to river boards, charters and PETR; 0 where bodies do not decide"),
    _i("water_price_eur_per_m3", "EUR/m3", "Prix de l'eau potable", "Price of drinking water", -1, "population",
       "finance", "need of the water services over the water they sell; fixed where bodies do not decide"),
    _i("bodies", "count", "Organismes", "Bodies", 0, "system", "decisions", "count"),
    _i("body_powers", "count", "Compétences exercées par les organismes", "Powers held by bodies", 0, "system",
       "decisions", "count over the bodies"),
    _i("body_proposals", "count", "Propositions votées dans les organismes (cumul)",
       "Proposals voted on in bodies (cumulated)", 0, "system", "decisions", "cumulated"),
    _i("body_adopted", "count", "Décisions des organismes (cumul)", "Moves adopted by bodies (cumulated)", 0,
       "system", "decisions", "cumulated, the vote of communes or members included"),
    _i("body_refused", "count", "Choix refusés faute de compétence (cumul)",
       "Moves refused for want of a power (cumulated)", 0, "system", "decisions", "cumulated"),
    _i("body_debt_keur", "k€", "Dette des organismes", "Debt of bodies", -1, "system", "finance",
       "sum over the bodies"),
)  # fmt: skip

BY_NAME: dict[str, Indicator] = {indicator.name: indicator for indicator in INDICATORS}
TERRITORY: tuple[str, ...] = tuple(i.name for i in INDICATORS if i.aggregate != "system")
SYSTEM: tuple[str, ...] = tuple(i.name for i in INDICATORS)
OUTCOMES: tuple[str, ...] = tuple(i.name for i in INDICATORS if i.outcome)
