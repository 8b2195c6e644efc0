"""Names of the sections of parameters and of the tables of a case, for the page Données."""

from coopsim.i18n import Text

SECTIONS: dict[str, Text] = {
    "climate": Text("Climat", "Climate"),
    "economy.boards": Text("Salariés dans les conseils d'administration", "Workers on boards"),
    "economy.citizen_capital": Text("Capital citoyen des ouvrages", "Citizens' capital in works"),
    "economy.companies": Text("Entreprises", "Companies"),
    "economy.ebe": Text("Entreprises à but d'emploi", "Employment companies"),
    "economy.energy": Text("Énergie", "Energy"),
    "economy.finance": Text("Finances des collectivités", "Public finance"),
    "economy.french_finance": Text("Fiscalité française", "French taxes and grants"),
    "economy.funders": Text("Banques, garanties, fonds propres", "Banks, guarantees, own funds"),
    "economy.moves": Text("Décisions économiques", "Economic decisions"),
    "economy.patronage": Text("Mécénat et fondation", "Patronage and foundation"),
    "economy.prices": Text("Prix", "Prices"),
    "economy.procurement": Text("Commande publique", "Public procurement"),
    "economy.reciprocity": Text("Contrats de réciprocité", "Contracts of reciprocity"),
    "economy.relays": Text("Relais vers les petites entreprises", "Relays to small companies"),
    "economy.reuse": Text("Réemploi et réparation", "Re-use and repair"),
    "economy.siting": Text("Choix d'implantation", "Choice of site"),
    "economy.siting_pathway": Text("Parcours d'implantation", "Siting pathway"),
    "economy.synergies": Text("Synergies entre entreprises", "Synergies between companies"),
    "economy.transition": Text("Transition des entreprises", "Transition of companies"),
    "economy.zones": Text("Zones d'activité", "Business zones"),
    "resources.land": Text("Foncier", "Land"),
    "resources.water": Text("Eau", "Water"),
    "resources.wood": Text("Bois", "Wood"),
    "society.bodies": Text("Syndicats, PETR et autres organismes", "Syndicates, PETR and other bodies"),
    "society.commitments": Text("Engagements", "Commitments"),
    "society.councils": Text("Conseils", "Councils"),
    "society.currency": Text("Monnaie locale", "Local currency"),
    "society.deliberation": Text("Délibération", "Deliberation"),
    "society.elections": Text("Élections", "Elections"),
    "society.pact_life": Text("Vie des pactes", "Life of pacts"),
    "society.pacts": Text("Pactes", "Pacts"),
    "society.people": Text("Habitants", "People"),
    "society.policy": Text("Politiques suivies", "Policies"),
    "society.social_moves": Text("Décisions sociales", "Social decisions"),
    "society.ties": Text("Liens et confiance", "Ties and trust"),
}

TABLES: dict[str, Text] = {
    "bodies.csv": Text("Organismes", "Bodies"),
    "body_members.csv": Text("Membres des organismes", "Members of bodies"),
    "communes.csv": Text("Communes", "Communes"),
    "establishments.csv": Text("Établissements", "Establishments"),
    "forest.csv": Text("Forêt", "Forest"),
    "geometry.geojson": Text("Contours", "Outlines"),
    "links.csv": Text("Liens entre territoires", "Links between territories"),
    "observed.csv": Text("Séries observées", "Observed series"),
    "sectors.csv": Text("Secteurs d'activité", "Sectors"),
    "territories.csv": Text("Territoires", "Territories"),
    "water_nodes.csv": Text("Nœuds de rivière", "River nodes"),
    "water_regimes.csv": Text("Régimes des rivières", "River regimes"),
}


def section_of(name: str) -> str:
    """Return the section of a parameter: its first two words, its first where that is a section of its own."""
    head, _, rest = name.partition(".")
    return head if head in SECTIONS else f"{head}.{rest.partition('.')[0]}"
