"""State variables whose code gives a name, a shape and a unit only, in words."""

from coopsim.i18n import Text

VARIABLES: dict[str, Text] = {
    "id": Text("identité sur 64 bits : la clé des tirages", "64-bit identity: the key of draws"),
    "cash": Text("trésorerie", "cash"),
    "alive": Text("existe encore", "still exists"),
    "used": Text("lignes occupées depuis le début", "rows used since the start"),
    "start_year": Text("année du premier trimestre", "year of the first quarter"),
    "drinking_profile": Text("répartition de l'année par décade", "share of the year by ten-day step"),
    "irrigation_profile": Text("répartition de l'année par décade", "share of the year by ten-day step"),
    "served": Text(
        "part des habitants que chaque service d'eau dessert",
        "share of the inhabitants that each service supplies",
    ),
    "module": Text("débit moyen de l'année, m³/s", "mean flow of the year, m³/s"),
    "graph": Text("qui coule vers qui", "what runs into what"),
    "groundwater": Text("réserve qui soutient l'étiage", "store that feeds low flow"),
    "security": Text("sécurité de la ressource, 0 à 1", "security of the resource, 0 to 1"),
    "rate": Text("taux de croissance", "growth rate"),
    "base_volume": Text("volume du premier jour, m³", "volume of the first day, m³"),
    "active_rate": Text("part d'actifs", "share of active people"),
    "own_account_rate": Text("part d'indépendants", "share of self-employed"),
    "habitable_share": Text("part habitable des logements vacants", "habitable share of vacant dwellings"),
    "persons_per_dwelling": Text("habitants par logement occupé", "inhabitants of an occupied dwelling"),
    "tax_pct": Text("taux de CFE", "business tax rate"),
    "subsidy": Text("aide à l'implantation", "siting subsidy"),
    "marketing": Text("campagne d'attraction", "campaign to attract"),
    "debt": Text("dette nette, k€", "net debt, k€"),
    "debt_start": Text("dette du premier jour, k€", "debt of the first day, k€"),
    "service_per_head": Text("dépense de services par habitant, k€/an", "spending on services a head, k€/yr"),
    "fees_per_head": Text("redevances par habitant, k€/an", "fees a head, k€/yr"),
    "property_per_head": Text("impôts fonciers par habitant, k€/an", "property taxes a head, k€/yr"),
    "vat": Text("fraction de TVA nationale, k€/an", "fraction of national VAT, k€/yr"),
    "grant_per_head": Text("dotation de l'État par habitant, k€/an", "State grant a head, k€/yr"),
    "fpic": Text("fonds de péréquation (FPIC), k€/an", "equalisation fund (FPIC), k€/yr"),
    "attribution": Text("attribution de compensation aux communes, k€/an", "compensation to communes, k€/yr"),
    "solidarity": Text("dotation de solidarité aux communes, k€/an", "solidarity grant to communes, k€/yr"),
    "centrality_stock": Text("charges des arrivées récentes, k€/an", "charges of recent arrivals, k€/yr"),
    "commuters_start": Text("navetteurs entrants du premier jour", "in-commuters of the first day"),
    "population_start": Text("habitants du premier jour", "inhabitants of the first day"),
    "subsidies_paid": Text("aides versées depuis le début, k€", "subsidies paid since the start, k€"),
    "pact_cost": Text(
        "coût de la coopération depuis le début, k€", "cost of cooperation since the start, k€"
    ),
    "shared": Text("recettes partagées reçues, net, k€", "shared revenue received, net, k€"),
    "ideal": Text(
        "préférences du siège : croissance, coopération, long terme",
        "preferences of the seat: growth, cooperation, long term",
    ),
    "members": Text("membres", "members"),
    "stage": Text("étape du pacte", "stage of the pact"),
    "founder": Text(
        "ligne du fondateur, dont les règles valent pour le pacte", "row of the founder, whose rules hold"
    ),
    "posts": Text("postes par secteur", "posts by sector"),
    "posts_start": Text("postes du premier jour par secteur", "posts of the first day by sector"),
    "acting": Text("postes des entreprises en transition", "posts of companies in transition"),
    "water_ration": Text(
        "part de l'eau demandée qui est servie", "share of the water asked for that is supplied"
    ),
    "wood_ration": Text(
        "part du bois demandé qui est livrée", "share of the wood asked for that is delivered"
    ),
    "land_ration": Text(
        "part du sol demandé qui est disponible", "share of the land asked for that is available"
    ),
    "demand": Text("choc de demande extérieure", "shock of external demand"),
    "output": Text("production du trimestre par secteur", "output of the quarter by sector"),
    "results": Text("sommes de la phase des entreprises", "sums of the companies' phase"),
    "arrived": Text("emplois venus d'ailleurs ce trimestre", "jobs arrived from elsewhere this quarter"),
    "departed": Text("emplois partis ce trimestre", "jobs moved away this quarter"),
    "arrived_total": Text("emplois venus d'ailleurs, cumul", "jobs arrived from elsewhere, cumulated"),
    "departed_total": Text("emplois partis, cumul", "jobs moved away, cumulated"),
    "created_total": Text("emplois créés sur place, cumul", "jobs created locally, cumulated"),
    "closed_total": Text("emplois des fermetures, cumul", "jobs of closures, cumulated"),
    "saved_total": Text("emplois sauvés par une reprise, cumul", "jobs saved by a succession, cumulated"),
    "young": Text(
        "jeunes entreprises des quatre derniers trimestres", "young companies of the last four quarters"
    ),
    "young_exits": Text(
        "sorties de jeunes entreprises, quatre trimestres", "exits of young companies, four quarters"
    ),
    "rivals": Text("se dispute une entreprise avec un voisin", "competes with a neighbour for a company"),
    "salience": Text("souvenir d'une crise, 0 à 1", "memory of a crisis, 0 to 1"),
    "jobs_at_election": Text("emplois à la dernière élection", "jobs at the last election"),
    "crisis_ticks": Text("trimestres de crise depuis l'élection", "quarters of crisis since the election"),
    "attractiveness": Text("décisions d'attractivité, cumul", "attractiveness moves, cumulated"),
    "kept": Text("promesses tenues, cinq ans", "promises kept, five years"),
    "water_works": Text("travaux de l'eau par service", "water works by service"),
    "water_years": Text("bilans d'eau des cinq dernières années", "water accounts of the last five years"),
    "built": Text("logements bâtis", "dwellings built"),
    "leases": Text("loyers de sol, k€/an", "land leases, k€/yr"),
    "calls_held": Text("appels à projets dont le solde reste dû", "calls whose balance is still due"),
    "dissolved": Text("pactes dissous, cumul", "pacts dissolved, cumulated"),
    "price": Text("prix de l'eau", "price of water"),
    "store": Text("réserve d'eau", "water in store"),
    "store_capacity": Text("capacité de la réserve", "capacity of the store"),
    "seed": Text("graine", "seed"),
    "competence": Text("compétence du siège, 0 à 1", "competence of the seat, 0 to 1"),
    "perceived": Text(
        "dépendance perçue envers chaque autre, 0 à 1", "perceived dependence on each other, 0 to 1"
    ),
    "dependence": Text(
        "dépendance vraie envers chaque autre, 0 à 1", "true dependence on each other, 0 to 1"
    ),
    "same_body": Text("siègent ensemble dans un organisme", "sit together in a body"),
    "outside": Text("utilité de l'option extérieure par secteur", "utility of the outside option by sector"),
    "other_cost": Text("autres coûts par emploi et secteur, k€", "other costs per job by sector, k€"),
    "programmes": Text("niveau de chaque programme, 0 à 1", "level of each programme, 0 to 1"),
    "strategies": Text(
        "stratégie de chaque conseil qui joue un jeu", "strategy of each council that plays a game"
    ),
    "announced": Text("a annoncé sa stratégie", "has announced its strategy"),
    "punished_until": Text("trimestre de fin d'une punition", "quarter in which a punishment ends"),
    "tick": Text("trimestre, depuis 0", "quarter, from 0"),
    "pending": Text(
        "décisions adoptées qui attendent leur effet", "adopted moves that wait for their effect"
    ),
    "notices": Text("préavis de sortie d'un pacte", "notices of leaving a pact"),
    "shocks": Text("événements en cours", "events in force"),
    "journal": Text("journal des décisions", "journal of decisions"),
    "decisions": Text("stratégies que des personnes ont décidées", "strategies decided by people"),
    "decided_moves": Text("choix que des personnes ont décidés", "moves decided by people"),
}
