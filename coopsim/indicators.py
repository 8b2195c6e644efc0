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
    source : str
        Where the measure comes from; empty for a plain count, sum or share of the model's own state.
    """

    name: str
    unit: str
    label: Text
    direction: int
    aggregate: Aggregate
    outcome: bool
    group: str
    formula: str
    source: str = ""

    @property
    def baseline(self) -> Text:
        """What a value is to be held against in a run without a partner."""
        if self.unit == "IQR":
            return Text("0 : médiane du statu quo du cas", "0: median of the status quo of the case")
        if "cumul" in self.label.fr:
            return Text("0 au premier jour", "0 on the first day")
        return Text("valeur de la fin du premier trimestre", "value at the end of the first quarter")


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
    source: str = "",
) -> Indicator:
    return Indicator(name, unit, Text(fr, en), direction, aggregate, outcome, group, formula, source)


INDICATORS: tuple[Indicator, ...] = (
    _i("population", "persons", "Population", "Population", 1, "sum", "people", "residents"),
    _i("jobs", "jobs", "Emplois au lieu de travail", "Jobs at the workplace", 1, "sum", "economy",
       "filled posts of companies + own-account jobs + employment companies", outcome=True),
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
       "land opened for firms, dwellings and other uses", outcome=True,
       source="loi 2021-1104 (Climat et résilience), art. 194"),
    _i("artificialised_ha", "ha", "Surfaces artificialisées", "Artificialised land", -1, "sum", "land",
       "of the start + sealed shares of consumed land (never mixed with consumption)",
       source="code de l'urbanisme, L101-2-1"),
    _i("economic_opened_ha", "ha", "Foncier économique ouvert (cumul)", "Economic land opened (cumulated)", 0, "sum",
       "land", "land put in the pipeline for firms"),
    _i("economic_vacant_ha", "ha", "Foncier économique disponible", "Vacant economic land", 0, "sum", "land",
       "stock"),
    _i("brownfield_ha", "ha", "Friches économiques", "Brownfield", -1, "sum", "land", "stock"),
    _i("land_needs_met_share", "share", "Besoins de terrain servis (logements, équipements ; cumul)",
       "Needs of land met (dwellings, facilities; cumulated)", 1, "mean", "land",
       "needs met, on land of their own or of another use / needs asked for"),
    _i("land_needs_per_ha", "ratio", "Besoins couverts par hectare ouvert ou recyclé (cumul)",
       "Needs covered by each hectare opened or recycled (cumulated)", 1, "mean", "land",
       "needs met / land opened and recycled; 1 without shared plots"),
    _i("land_price_keur_per_ha", "k€/ha", "Prix du foncier économique", "Price of economic land", 0, "mean", "land",
       "p0·clip((v*/max(v,0.003))^eta)"),
    _i("siting_gap", "0-1", "Écart entre conduite affichée et réelle des projets accueillis",
       "Gap between shown and real conduct of welcomed projects", -1, "mean", "siting",
       "sum of gap × jobs / jobs over arrivals that had to reach a score (cumulated)"),
    _i("siting_kept_share", "share", "Emplois trouvés à la fin du suivi sur emplois promis",
       "Jobs found at the end of follow-up over jobs promised", 1, "mean", "siting",
       "jobs at the end of follow-up / jobs at arrival (cumulated); 1 before any"),
    _i("siting_refused_jobs", "jobs", "Emplois de projets qui n'atteignent pas la note (cumul)",
       "Jobs of projects that cannot reach the score (cumulated)", 0, "sum", "siting",
       "jobs of first choices refused by the pathway"),
    _i("siting_contested_jobs", "jobs", "Emplois de projets abandonnés faute d'acceptation (cumul)",
       "Jobs of projects abandoned for protest (cumulated)", -1, "sum", "siting", "jobs of first choices contested"),
    _i("siting_cost_keur", "k€", "Coût net du parcours d'implantation (cumul)",
       "Net cost of the siting pathway (cumulated)", -1, "sum", "siting",
       "staff of files and follow-up - compensations and penalties received"),
    _i("brought_people", "persons", "Habitants venus avec les entreprises (cumul)",
       "People who came with companies (cumulated)", 0, "sum", "siting",
       "brought_share × jobs × (1 - jobs filled locally)"),
    _i("local_jobs_share", "share", "Emplois pourvus par des habitants du territoire",
       "Posts filled by residents of the territory", 0, "jobs", "siting", "workers at home / filled posts"),
    _i("frugal_land_share", "share", "Terrains des entreprises conformes à la priorité",
       "Companies' land whose use the priority asks for", 0, "mean", "siting",
       "land of sectors within the priority on public plots / land of companies; 0 without a priority"),
    _i("zone_members_share", "share", "Emplois des zones gérées en commun", "Jobs in zones managed in common", 0,
       "mean", "siting", "private jobs that take part / private jobs"),
    _i("zone_saving_keur_per_job", "k€/job/yr", "Économie de services partagés, contribution déduite",
       "Saving from shared services, fee deducted", 1, "mean", "siting", "saving - fee of a mean private job"),
    _i("low_flow_share", "share", "Décades d'été sous le débit plancher", "Summer 10-day steps below the floor", -1,
       "mean", "water", "summer node-dekads below floor, mean of five summers", outcome=True,
       source="code de l'environnement, R211-21-1 and L214-18 (flows to be kept)"),
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
       "society", "Gini of jobs / population", outcome=True,
       source="Gini (1912), Variabilità e mutabilità"),
    _i("body_contributions_keur", "k€", "Contributions aux organismes (cumul)", "Contributions to bodies (cumulated)",
       0, "sum", "finance", "paid to river boards, charters and PETR; 0 where bodies do not decide"),
    _i("water_price_eur_per_m3", "EUR/m3", "Prix de l'eau potable", "Price of drinking water", -1, "population",
       "finance", "need of the water services, less what volumes above a threshold bring, over the water they sell; "
       "fixed where bodies do not decide"),
    _i("contracts", "count", "Contrats de réciprocité en vigueur", "Contracts of reciprocity in force", 0, "sum",
       "society", "signed and not ended; each counts for both sides"),
    _i("water_traded_m3", "m3/yr", "Droits d'eau achetés (douze mois)", "Water quotas bought (twelve months)", 0, "sum",
       "water", "m3 consumed, bought by the users of the territory in the last 4 quarters"),
    _i("water_rights_keur", "k€", "Droits d'eau vendus moins achetés (cumul)",
       "Water quotas sold less bought (cumulated)", 0, "sum", "water",
       "received - paid by companies and farmers; the sum over the system is what transactions cost, below 0"),
    _i("ebe_jobs", "jobs", "Emplois en entreprise à but d'emploi", "Jobs in employment companies", 0, "sum", "economy",
       "residents hired by EBE"),
    _i("ebe_paid_keur", "k€", "Contributions aux entreprises à but d'emploi (cumul)",
       "Contributions to employment companies (cumulated)", -1, "sum", "economy",
       "posts × contribution, by State, département and intercommunalité"),
    _i("ebe_avoided_keur", "k€", "Dépenses publiques évitées, telles que comptées (cumul)",
       "Public spending avoided, as booked (cumulated)", 1, "sum", "economy",
       "posts × what the experiment books; not what a paired run measures"),
    _i("energy_sites", "count", "Établissements raccordés (chaleur, boucles d'énergie)",
       "Establishments connected (heat, energy loops)", 0, "sum", "economy", "heat networks + loops"),
    _i("energy_saved_keur", "k€", "Économies d'énergie des raccordés (cumul)",
       "Energy bill saved by those connected (cumulated)", 1, "sum", "economy",
       "MWh × (usual price - price of the work); negative when the work turns out dearer"),
    _i("heat_wood_m3", "m3/yr", "Bois des réseaux de chaleur", "Wood burnt by heat networks", 0, "sum", "wood",
       "heat delivered / heat of a m3"),
    _i("reused_t", "t/yr", "Objets et matériaux réemployés grâce au soutien", "Goods and materials used again", 1,
       "sum", "economy", "what support opens, as far as the jobs gained in re-use can sort and repair it"),
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
    _i("resident_jobs_share", "share", "Emplois occupés par des habitants du territoire",
       "Jobs held by residents of the territory", 1, "jobs", "people",
       "(filled posts of residents + own account) / (filled posts + own account)"),
    _i("local_creation_share", "share", "Part des emplois nouveaux nés sur place (cumul)",
       "New jobs born on the territory (cumulated)", 0, "mean", "economy",
       "jobs of start-ups / (jobs of start-ups + jobs arrived from elsewhere)"),
    _i("diversity", "nats", "Diversité des activités (Shannon)", "Diversity of activities (Shannon)", 1, "mean",
       "economy", "-sum p ln p over the posts of the sectors; 0 one sector, ln K for K equal ones",
       source="Shannon (1948), Bell System Technical Journal 27"),
    _i("local_sales_share", "share", "Valeur ajoutée vendue sur place", "Value added sold locally", 0, "jobs",
       "economy", "value added weighted by 1 - export share; stands for the local fabrication index, whose "
       "household demand by chain is not modelled"),
    _i("wood_need_m3", "m3/yr", "Bois demandé par les entreprises", "Wood needed by companies", 0, "sum", "wood",
       "posts x wood per job, before what transition and exchanges save; the only modelled part of the material "
       "footprint"),
    _i("land_m2_per_job", "m2/job", "Foncier occupé par emploi", "Land occupied per job", -1, "jobs", "land",
       "occupied economic land / posts of companies"),
    _i("land_pace", "ratio", "Rythme de consommation d'espaces / décennie de référence",
       "Pace of land consumption / reference decade", -1, "mean", "land",
       "yearly natural, farm and forest land consumed since the start / that of the law's reference decade",
       source="loi 2021-1104 (Climat et résilience), art. 191: half of the pace of 2011-2021"),
    _i("groundwater_m3", "m3", "Réserve des nappes", "Groundwater", 1, "sum", "water", "stock of the nodes"),
    _i("tax_base_keur_per_head", "k€/head", "Base de CFE par habitant", "Business tax base per head", 1, "population",
       "finance", "business tax of the year / rate / population"),
    _i("revenue_eur_per_head", "€/head", "Recettes de fonctionnement par habitant", "Running revenue per head", 1,
       "population", "finance", "revenue of the last 4 ticks / population"),
    _i("subsidy_keur_per_arrived_job", "k€/job", "Aide versée par emploi venu d'ailleurs (cumul)",
       "Aid paid per job arrived from elsewhere (cumulated)", -1, "mean", "finance",
       "subsidies paid / jobs arrived, 0 while none arrived"),
    _i("decision_delay_ticks", "ticks", "Délai entre le vote et l'effet", "Delay from vote to effect", 0, "mean",
       "decisions", "rule in force"),
    _i("participation_level", "0-4", "Niveau de participation (0–4)", "Level of participation (0-4)", 0, "mean",
       "decisions", "0 nobody, 1 informed, 2 consulted, 3 seats that advise, 4 seats that vote; by the rules in force",
       source="after Arnstein (1969), Journal of the American Institute of Planners 35"),
    _i("joint_resources_share", "share", "Ressources sous règles communes", "Resources under joint rules", 0, "mean",
       "society", "of water, wood and land, those on which the territory has a pact in force"),
    _i("sanction_steps", "count", "Échelons de sanction atteints", "Steps of sanction reached", 0, "sum", "society",
       "steps of the ladder over the pacts in force"),
    _i("network_density", "share", "Densité du réseau de pactes", "Density of the network of pacts", 0, "system",
       "society", "pairs of territories with a pact in force together / pairs",
       source="Wasserman & Faust (1994), Social Network Analysis, ch. 4"),
    _i("awareness_reciprocity", "share", "Réciprocité des dépendances perçues",
       "Reciprocity of perceived dependences", 0, "system", "society", "sum min(d_ij, d_ji) / sum d_ij",
       source="Squartini, Picciolo, Ruzzenenti & Garlaschelli (2013), Scientific Reports 3:2729"),
    _i("joint_actions_delivered", "count", "Actions communes réussies (cumul)",
       "Joint actions delivered (cumulated)", 0, "system", "society", "over all pacts"),
    _i("joint_actions_failed", "count", "Actions communes manquées (cumul)", "Joint actions failed (cumulated)", 0,
       "system", "society", "over all pacts"),
    _i("pacts_as_system", "count", "Pactes qui font système", "Pacts that have become a system", 0, "system", "society",
       "pacts in force at their last stage"),
    _i("co_decided_share", "share", "Décisions prises à plusieurs (cumul)", "Decisions taken together (cumulated)", 0,
       "system", "decisions", "(joint actions + moves of bodies) / (these + moves passed by councils)"),
    _i("years_to_first_win", "yr", "Années jusqu'à la première action commune réussie",
       "Years to the first joint action delivered", 0, "system", "society", "years lived so far while there is none"),
    _i("jobs_spread", "ratio", "Écart-type des emplois par habitant", "Standard deviation of jobs per head", -1,
       "system", "society", "between territories, unweighted"),
    _i("unemployment_spread", "share", "Écart-type du chômage", "Standard deviation of unemployment", -1, "system",
       "society", "between territories, unweighted"),
    _i("net_budget_spread", "€/head", "Écart-type du solde public par habitant",
       "Standard deviation of the net budget per head", -1, "system", "society", "between territories, unweighted"),
)  # fmt: skip

BY_NAME: dict[str, Indicator] = {indicator.name: indicator for indicator in INDICATORS}
TERRITORY: tuple[str, ...] = tuple(i.name for i in INDICATORS if i.aggregate != "system")
SYSTEM: tuple[str, ...] = tuple(i.name for i in INDICATORS)
OUTCOMES: tuple[str, ...] = tuple(i.name for i in INDICATORS if i.outcome)
