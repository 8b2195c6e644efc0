"""Values of keys as people read them: the words that scenario files use, by name, and units in both languages."""

import re
from typing import Any

from coopsim.i18n import Lang, Text
from coopsim.scenario.rules import all_rules

_RULE = "rule"  # the key under which a rule with parameters bears its name

VALUE_NAMES: dict[str, Text] = {
    "actor": Text("acteur", "actor"),
    "adaptive": Text("ajusté en chemin", "adaptive"),
    "adjacent": Text("voisins seulement", "neighbours only"),
    "advisory": Text("consultative", "advisory"),
    "all": Text("tout", "all"),
    "aside": Text("sans rôle", "without a part"),
    "assessed": Text("fixée d'office", "assessed"),
    "associated": Text("associée dès la conception", "associated from the design"),
    "avoid": Text("éviter", "avoid"),
    "avoid_reduce": Text("éviter, réduire", "avoid, reduce"),
    "avoid_reduce_adapt": Text("éviter, réduire, s'adapter", "avoid, reduce, adapt"),
    "b2b": Text("entre entreprises", "between companies"),
    "best_reply": Text("meilleure réponse", "best reply"),
    "brownfield_first": Text("friches d'abord", "brownfield first"),
    "budget": Text("budgets des membres", "budgets of the members"),
    "by_colleges": Text("par collèges", "by colleges"),
    "cap": Text("enveloppe plafonnée", "capped envelope"),
    "charter": Text("charte commune", "common charter"),
    "civil": Text("société civile", "civil society"),
    "co_construction": Text("co-construction", "co-construction"),
    "co_decider": Text("codécideurs", "co-deciders"),
    "co_funder": Text("cofinanceurs", "co-funders"),
    "committee": Text("commission", "committee"),
    "common_cut": Text("coupe commune", "common cut"),
    "commons": Text("pour les communs", "for commons"),
    "competitive": Text("concurrentiels", "competitive"),
    "concentration": Text("concentration", "concentration"),
    "consent": Text("consentement", "consent"),
    "constrained_equal_awards": Text("volumes égaux", "equal awards"),
    "constrained_equal_losses": Text("pertes égales", "equal losses"),
    "consulted": Text("consultés", "consulted"),
    "contribution": Text("contribution", "contribution"),
    "cooperative": Text("coopératifs", "cooperative"),
    "debate_space": Text("espace de débat", "debate space"),
    "deciding": Text("délibérative", "deciding"),
    "deffuant": Text("rencontres deux à deux", "pairwise meetings"),
    "diffusion": Text("diffusion", "diffusion"),
    "double_majority": Text("double majorité", "double majority"),
    "downstream": Text("vers l'aval", "downstream"),
    "effort": Text("effort constant", "constant effort"),
    "election_without_candidate": Text("élection sans candidat", "election without candidates"),
    "energy_loop": Text("boucle énergétique", "energy loop"),
    "engineering": Text("ingénierie", "engineering"),
    "epci": Text("l'intercommunalité", "the intermunicipality"),
    "equal": Text("à parts égales", "in equal parts"),
    "equal_per_capita": Text("dotation par habitant", "allowance per inhabitant"),
    "exclusion": Text("exclusion", "exclusion"),
    "facilitated_debate": Text("débat animé", "facilitated debate"),
    "financer": Text("financeur", "funder"),
    "fine": Text("amende", "fine"),
    "fixed": Text("plan fixé", "fixed plan"),
    "founder": Text("fondateur", "founder"),
    "free": Text("libre", "free"),
    "full": Text("complet", "full"),
    "gemapi_tax": Text("taxe GEMAPI", "GEMAPI tax"),
    "governance": Text("à la gouvernance", "in governance"),
    "grid": Text("grille de synergies", "grid of synergies"),
    "guided": Text("entretien guidé", "guided interview"),
    "heat_network": Text("réseau de chaleur", "heat network"),
    "hegselmann_krause": Text("moyenne des avis proches", "mean of near opinions"),
    "heuristic": Text("le conseil délibère", "the council deliberates"),
    "hired": Text("animateur recruté", "hired facilitator"),
    "household": Text("ménages", "households"),
    "human": Text("personnes de la salle", "people of the room"),
    "hybrid": Text("public et civil", "public and civil"),
    "imitate": Text("imitation du voisin", "imitation of the neighbour"),
    "increment_cap": Text("plafond sur l'accroissement", "cap on the increment"),
    "initiator": Text("initiateur", "initiator"),
    "internal_grid": Text("grille interne", "internal grid"),
    "joint": Text("somme des gains", "sum of payoffs"),
    "land": Text("foncier", "land"),
    "large_first": Text("les grandes d'abord", "large ones first"),
    "large_only": Text("les grandes seulement", "large ones only"),
    "lease": Text("bail", "lease"),
    "legal": Text("sièges légaux", "legal seats"),
    "majority": Text("majorité simple", "simple majority"),
    "map": Text("carte", "map"),
    "mission": Text("par mission", "by mission"),
    "mixed": Text("vente et bail", "sale and lease"),
    "moving_debate": Text("débat mouvant", "moving debate"),
    "need": Text("besoin", "need"),
    "networking": Text("mise en réseau", "networking"),
    "new": Text("nouvelle", "new"),
    "none": Text("aucun", "none"),
    "notice": Text("avec préavis", "with notice"),
    "on_request": Text("sur demande", "on request"),
    "open": Text("ouverte", "open"),
    "open_access": Text("accès libre", "open access"),
    "organisation": Text("une organisation", "an organisation"),
    "outside_option": Text("option de sortie", "outside option"),
    "own": Text("chacun le sien", "each its own"),
    "pact": Text("le pacte", "the pact"),
    "pacts": Text("les pactes", "pacts"),
    "partner": Text("partenaire", "partner"),
    "penalty": Text("avec pénalité", "with a penalty"),
    "plan": Text("plan", "plan"),
    "population": Text("population", "population"),
    "priority": Text("priorités de l'État", "priorities of the State"),
    "proportional": Text("même part pour tous", "the same share for all"),
    "public": Text("public", "public"),
    "quorum": Text("majorité avec quorum", "majority with quorum"),
    "quota": Text("quota", "quota"),
    "race": Text("chacun pour soi", "each for itself"),
    "raw": Text("chiffres bruts", "raw figures"),
    "regulator": Text("régulateur", "regulator"),
    "report": Text("rapport", "report"),
    "revenue": Text("fiscalité", "revenue"),
    "rotating": Text("tournante", "rotating"),
    "same_basin": Text("du même bassin", "of the same basin"),
    "sale": Text("vente", "sale"),
    "separable_costs": Text("coûts séparables", "separable costs"),
    "served": Text("membres desservis", "members served"),
    "services": Text("services séparés", "separate services"),
    "shapley": Text("valeur de Shapley", "Shapley value"),
    "shared": Text("partagé", "shared"),
    "shared_analysis": Text("analyse partagée", "shared analysis"),
    "shared_reserve": Text("réserve commune", "shared reserve"),
    "siting": Text("implantations", "siting"),
    "small_first": Text("les petites d'abord", "small ones first"),
    "solidarity": Text("solidarité", "solidarity"),
    "statutory": Text("statuts", "statutes"),
    "supermajority": Text("majorité qualifiée", "qualified majority"),
    "supply_charter": Text("charte d'approvisionnement", "supply charter"),
    "talmud": Text("règle du Talmud", "rule of the Talmud"),
    "territories": Text("les territoires", "territories"),
    "territory": Text("un territoire", "a territory"),
    "theatre_forum": Text("théâtre-forum", "forum theatre"),
    "told": Text("informée après coup", "told afterwards"),
    "tradable_quota": Text("quota échangeable", "tradable quota"),
    "treaty": Text("traité", "treaty"),
    "trigger": Text("parole tenue tant que tous la tiennent", "word kept while all keep it"),
    "unanimity": Text("unanimité", "unanimity"),
    "upstream_first": Text("l'amont d'abord", "upstream first"),
    "voluntary": Text("volontaire", "voluntary"),
    "warning": Text("avertissement", "warning"),
    "water": Text("eau", "water"),
    "water_works": Text("travaux sur l'eau", "water works"),
    "weighed": Text("chiffres pesés", "weighed figures"),
    "weighted": Text("majorité pondérée", "weighted majority"),
    "with_relays": Text("par des relais aussi", "through relays too"),
    "wood": Text("bois", "wood"),
    "yearly": Text("année par année", "year by year"),
}

_OF_A_KEY: dict[tuple[str, str], Text] = {  # where the same word is said otherwise
    ("citizens", "none"): Text("absents", "absent"),
    ("outside_level", "none"): Text("absents", "absent"),
    ("position.catalyst", "territory"): Text("un territoire membre", "a member territory"),
    ("pool_guarantee", "none"): Text("gardé par chaque commune", "kept by each commune"),
    ("position.pact_presidency", "none"): Text("aucune", "none"),
    ("position.pact_presidency", "shared"): Text("partagée", "shared"),
    ("firms_addressed", "all"): Text("toutes", "all"),
    ("revenue_sharing.base", "all"): Text("toute", "all"),
    ("joint_actions", "none"): Text("aucune", "none"),
    ("compensation", "none"): Text("aucune", "none"),
    ("deliberation", "none"): Text("sans débat", "no debate"),
}

_UNITS: dict[str, Text] = {  # whole units; others are said word by word
    "EUR": Text("€", "€"),
    "persons": Text("personnes", "people"),
    "seats": Text("sièges", "seats"),
    "posts": Text("postes", "posts"),
    "tick": Text("trimestres", "quarters"),
    "ticks": Text("trimestres", "quarters"),
    "unit of the move": Text("unité de la décision", "unit of the move"),
    "unit of the indicator": Text("unité de l'indicateur", "unit of the indicator"),
    "true or false": Text("oui ou non", "yes or no"),
    "rule": Text("règle", "rule"),
    "name": Text("nom", "name"),
    "position": Text("position", "position"),
    "calendar year": Text("année civile", "calendar year"),
    "yr": Text("ans", "years"),
    "year": Text("année", "year"),
    "share": Text("part", "share"),
    "ratio": Text("rapport", "ratio"),
    "count": Text("nombre", "number"),
    "0-1": Text("0 à 1", "0 to 1"),
    "utils": Text("utilité", "utils"),
    "degree WGS84": Text("degrés (WGS84)", "degrees (WGS84)"),
    "FA or FPU": Text("FA ou FPU", "FA or FPU"),
    "relative": Text("relatif", "relative"),
    "exponent 0–1": Text("exposant 0 à 1", "exponent 0–1"),
    "0–1": Text("0 à 1", "0 to 1"),
    "0/1": Text("0 ou 1", "0 or 1"),
    "multiplier": Text("multiplicateur", "multiplier"),
    "need/held": Text("besoin sur détenu", "need over held"),
    "peak/mean": Text("pointe sur moyenne", "peak over mean"),
    "flow/target": Text("débit sur objectif", "flow over target"),
    "log-odds": Text("log des chances", "log-odds"),
}
_FRENCH = {
    "yr": "an", "year": "an", "years": "ans", "job": "emploi", "jobs": "emplois", "quarter": "trimestre",
    "quarters": "trimestres", "tick": "trimestre", "ticks": "trimestres", "inhabitant": "habitant",
    "inhabitants": "habitants", "person": "personne", "persons": "personnes", "share": "part", "of": "de",
    "over": "sur", "the": "le", "member": "membre", "members": "membres", "dwelling": "logement",
    "dwellings": "logements", "head": "hab.",
    "posts": "postes", "day": "jour", "d": "jours", "min": "min", "unit": "unité", "companies": "entreprises",
    "establishments": "établissements", "revenue": "recettes", "yearly": "annuel", "per": "par", "point": "point",
    "tax": "fiscal", "rate": "taux", "squared": "au carré", "distance": "distance", "kEUR": "k€", "EUR": "€",
    "FTE": "ETP", "and": "et", "in": "en", "low": "bas", "communes": "communes", "exit": "sortie",
    "election": "élection", "owners": "propriétaires", "pact": "pacte", "points": "points",
}  # fmt: skip
_PHRASES = {
    "% of the budget": "% du budget",
    "% of the yearly budget": "% du budget annuel",
    "share of budget": "part du budget",
    "share of budget/yr": "part du budget/an",
    "share of yearly budget": "part du budget annuel",
    "share of establishments": "part des établissements",
    "share of output": "part de la production",
    "share of purchases": "part des achats",
    "share of projects": "part des projets",
    "share of creations": "part des créations",
    "share of jobs": "part des emplois",
    "share of mean flow": "part du débit moyen",
    "k€ over 3 years": "k€ sur 3 ans",
    "persons or jobs": "personnes ou emplois",
    "dwellings or jobs": "logements ou emplois",
    "share of revenue": "part des recettes",
    "share of the low-flow target": "part du débit objectif d'étiage",
    "log-odds per point of tax rate": "log des chances par point de taux",
    "log-odds per share of the mandate in crisis": "log des chances par part du mandat en crise",
    "log-odds per squared distance": "log des chances par distance au carré",
    "log-odds per unit of relative growth over the mandate": "log des chances par unité de croissance du mandat",
    "log-odds per unit of the services index": "log des chances par unité de l'indice des services",
}
_WORD = re.compile(r"[A-Za-z]+")


def value_name(key: str, value: str) -> Text:
    """Return what a word of a scenario file is called.

    Parameters
    ----------
    key : str
        Dotted key whose value it is, such as ``governance.position.catalyst``; some words are said by key.
    value : str
        The word; one that nobody names, such as a text of the user's own, is returned as it stands. A rule of an
        installed package is called by its summary.
    """
    for (end, word), text in _OF_A_KEY.items():
        if word == value and key.endswith(end):
            return text
    if value in VALUE_NAMES:
        return VALUE_NAMES[value]
    for rules in all_rules()[0].values():
        if value in rules:
            named: Text = rules[value].traits.summary
            return named
    return Text(value, value)


def value_said(key: str, value: Any, lang: Lang) -> str:
    """Return any value of a key as people read it, without its unit.

    Yes and no, decimal commas, names of words, lists in order; a rule with parameters is its name and these.
    """
    if value is None:
        return Text("aucun", "none").said(lang)
    if isinstance(value, bool):
        return (Text("oui", "yes") if value else Text("non", "no")).said(lang)
    if isinstance(value, int | float):
        return f"{value:g}".replace(".", ",") if lang == "fr" else f"{value:g}"
    if isinstance(value, dict):
        more = [f"{name} = {value_said(name, part, lang)}" for name, part in value.items() if name != _RULE]
        return ", ".join([value_said(key, value[_RULE], lang), *more] if _RULE in value else more)
    if isinstance(value, list | tuple):
        return ", ".join(value_said(key, part, lang) for part in value) or Text("aucun", "none").said(lang)
    return value_name(key, str(value)).said(lang)


def unit_said(unit: str, lang: Lang) -> str:
    """Return the unit of a key or parameter as people read it; nothing for a plain number."""
    if unit in ("", "1", "-"):
        return ""
    if unit in _UNITS:
        return _UNITS[unit].said(lang)
    if lang == "en":
        return unit
    if unit in _PHRASES:
        return _PHRASES[unit]
    return _WORD.sub(lambda match: _FRENCH.get(match[0], match[0]), unit)
