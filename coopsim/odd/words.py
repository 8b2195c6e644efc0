"""The fixed texts of an ODD description, in French and in English."""

from coopsim.i18n import Text

PROTOCOL = Text(
    "Description selon le protocole ODD (Grimm et al. 2020, JASSS 23(2) 7), tirée du code et du scénario : ce "
    "qui n'est écrit nulle part y manque, et ce qui n'a pas de source le dit.",
    "Description by the ODD protocol (Grimm et al. 2020, JASSS 23(2) 7), drawn from the code and the scenario: what "
    "stands nowhere is missing here, and what has no source says so.",
)
LANGUAGE = Text(
    "Les phrases tirées du code (variables, processus, équations, sources) sont en anglais, sa langue.",
    "Sentences drawn from the code (variables, processes, equations, sources) are in English, its language.",
)
PURPOSE = Text("1. But et motifs", "1. Purpose and patterns")
PURPOSE_TEXT = Text(
    "Sous quelles règles, et dans quelles conditions, un groupe d'intercommunalités voisines fait-il mieux en se "
    "disputant les entreprises (attractivité) ou en gérant ensemble l'eau, le bois et le sol (coopération) ? Le "
    "modèle compare les trajectoires d'un même monde sous des règles différentes ; il ne prévoit pas. Les règles "
    "sont données, les conseils et les entreprises agissent dans ces règles, les indicateurs mesurent : aucune "
    "règle n'écrit un résultat.",
    "Under which rules, and in which conditions, does a group of neighbouring intercommunalités do better by "
    "competing for companies (attractiveness) or by managing water, wood and land together (cooperation)? The "
    "model compares trajectories of one world under different rules; it does not forecast. Rules are given, "
    "councils and companies act inside them, indicators measure: no rule writes an outcome.",
)
QUESTION = Text("Question de ce scénario : {question}", "Question of this scenario: {question}")
PATTERNS_TEXT = Text(
    "Le modèle est jugé sur des motifs observés et sur des résultats exacts : `coopsim list labs` donne les "
    "laboratoires, où le moteur ordinaire est confronté à une formule ; la page « measured » de la documentation "
    "donne les motifs, leurs seuils et ce qui a échoué.",
    "The model is judged by observed patterns and by exact results: `coopsim list labs` gives the laboratories, "
    "where the ordinary engine is checked against a formula; the page 'measured' of the documentation gives the "
    "patterns, their thresholds and what failed.",
)
ENTITIES = Text("2. Entités, variables d'état, échelles", "2. Entities, state variables, scales")
ENTITIES_TEXT = Text(
    "Les entités sont des tables (une colonne par variable, une ligne par individu). Lettres des formes : T "
    "territoires, K secteurs, C sièges, P pactes, W nœuds de rivière, B organismes.",
    "Entities are tables (one column a variable, one row an individual). Letters of shapes: T territories, K "
    "sectors, C seats, P pacts, W river nodes, B bodies.",
)
TIME_STEP, EXTENT, SPACE = (
    Text("Pas de temps", "Time step"),
    Text("Durée", "Time span"),
    Text("Espace", "Space"),
)
QUARTER = Text(
    "le trimestre ; l'eau en neuf décades à l'intérieur", "the quarter; water in nine ten-day steps inside it"
)
YEARS = Text(
    "{years} ans ({ticks} trimestres) depuis {start}", "{years} years ({ticks} quarters) from {start}"
)
TERRITORIES = Text(
    "{n} territoires, {area} ha, {people} habitants au premier jour",
    "{n} territories, {area} ha, {people} inhabitants on the first day",
)
PROCESS = Text("3. Processus et ordonnancement", "3. Process overview and scheduling")
CALENDAR = Text(
    "Chaque trimestre vit ces phases, dans cet ordre ; dans une phase tous les territoires sont traités ensemble "
    "et leur ordre ne change rien. Les conseils se réunissent tous les {period} trimestres et votent au plus "
    "{slots} propositions par an ; les liens et les élections ont leur propre date.",
    "Every quarter lives these phases, in this order; within a phase all territories are treated together and "
    "their order changes nothing. Councils meet every {period} quarters and vote on at most {slots} proposals a "
    "year; ties and elections have dates of their own.",
)
CONCEPTS = Text("4. Principes de conception", "4. Design concepts")
ADAPTATION = Text("Adaptation", "Adaptation")
STOCHASTICITY = Text("Hasard", "Stochasticity")
OBSERVATION = Text("Observation", "Observation")
THEORY = Text("Théorie du changement", "Theory of change")
THEORY_TEXT = Text(
    "Ce que le scénario promet, lu dans la trajectoire à la fin de chaque année ; rien ici ne change la simulation. "
    "Une étape est tenue depuis la première année à partir de laquelle son seuil tient jusqu'à la date promise, une "
    "fois tenu tout ce dont elle a besoin.",
    "What the scenario promises, read from the trajectory at the end of each year; nothing here changes the run. A "
    "step is met from the first year from which its threshold holds up to the date promised, once all that it needs "
    "is met.",
)
MAKERS = Text("Qui décide ici : {makers}.", "Who decides here: {makers}.")
CONCEPT_TEXTS: tuple[tuple[Text, Text], ...] = (
    (
        Text("Principes", "Basic principles"),
        Text(
            "Choix discret d'un site avec une option extérieure (logit) ; concurrence fiscale ; communs et "
            "anticommuns ; les sept sortes de règles d'Ostrom (2005) ; vote de sièges aux préférences diverses. "
            "Les équations et leurs sources sont dans les sous-modèles.",
            "Discrete choice of a site with an outside option (logit); tax competition; commons and anticommons; "
            "the seven kinds of rules of Ostrom (2005); votes of seats with diverse preferences. Equations and "
            "their sources stand in the submodels.",
        ),
    ),
    (
        Text("Émergence", "Emergence"),
        Text(
            "Emplois, budgets, étiages, récoltes, sols consommés, confiance et pactes résultent des décisions et des "
            "ressources. Les règles sont imposées : ce qu'elles permettent n'émerge pas, ce qui en sort, si.",
            "Jobs, budgets, low flows, harvests, land consumed, trust and pacts result from decisions and "
            "resources. Rules are imposed: what they allow does not emerge, what comes of it does.",
        ),
    ),
    (
        ADAPTATION,
        Text(
            "Les conseils choisissent dans un menu (aides, taux, sol, programmes, pactes) ; les entreprises "
            "grandissent, ferment, se transforment ou changent de lieu ; les actifs cherchent un emploi où la "
            "navette les mène.",
            "Councils choose from a menu (aids, rates, land, programmes, pacts); companies grow, close, change "
            "their ways or move; workers look for jobs where commuting takes them.",
        ),
    ),
    (
        Text("Objectifs", "Objectives"),
        Text(
            "Un siège approuve ce dont l'utilité est positive : emplois, argent, ressources, visibilité, pouvoir "
            "cédé, pesés par ses préférences. Une entreprise choisit le site de plus grande utilité.",
            "A seat approves what has a positive utility: jobs, money, resources, visibility, power ceded, "
            "weighed by its preferences. A company chooses the site of largest utility.",
        ),
    ),
    (
        Text("Apprentissage", "Learning"),
        Text(
            "La compétence des conseils croît avec les séances et retombe aux élections ; un diagnostic partagé "
            "rapproche la dépendance perçue de la vraie ; la confiance suit les promesses tenues.",
            "The competence of councils grows with sessions and falls at elections; a shared diagnostic brings "
            "perceived dependence nearer to the true one; trust follows promises kept.",
        ),
    ),
    (
        Text("Prédiction", "Prediction"),
        Text(
            "Un conseil projette d'un pas, avec les fonctions mêmes du moteur, et se trompe d'autant moins qu'il est "
            "compétent ; `coopsim levers NOM --moves` compare l'attendu au réalisé.",
            "A council projects one step ahead with the engine's own functions, and errs the less the more "
            "competent it is; `coopsim levers NAME --moves` compares what was expected with what came.",
        ),
    ),
    (
        Text("Perception", "Sensing"),
        Text(
            "Un conseil connaît ses comptes, ses emplois et son sol ; il voit la part des ressources que la règle "
            "d'information lui montre, et ses voisins par la confiance et la connaissance mutuelle.",
            "A council knows its accounts, jobs and land; it sees the share of resources that the information "
            "rule shows it, and its neighbours through trust and mutual knowledge.",
        ),
    ),
    (
        Text("Interactions", "Interaction"),
        Text(
            "Par les entreprises que tous se disputent, la rivière qui coule de l'un à l'autre, le bois, le marché du "
            "travail, le partage de la fiscalité, les votes et les promesses des pactes.",
            "Through the companies that all compete for, the river that runs from one to the next, wood, the labour "
            "market, tax sharing, votes and the promises of pacts.",
        ),
    ),
    (
        STOCHASTICITY,
        Text(
            "Un tirage est une fonction de (graine, but, identité, trimestre, rang) : deux scénarios de même "
            "graine ont la même chance pour une même chose. Buts et modules :",
            "A draw is a function of (seed, purpose, identity, quarter, index): two scenarios of one seed have "
            "the same luck for the same thing. Purposes and modules:",
        ),
    ),
    (
        Text("Collectifs", "Collectives"),
        Text(
            "Les conseils (sièges de communes), les syndicats et autres organismes, les pactes : ceux-ci naissent, "
            "admettent, révisent, sanctionnent et disparaissent pendant la simulation.",
            "Councils (seats of communes), syndicates and other bodies, pacts: these are born, admit, review, "
            "sanction and end during the run.",
        ),
    ),
    (
        OBSERVATION,
        Text(
            "À chaque trimestre, pour chaque territoire et pour le système ; les décisions sont écrites au "
            "journal. Seuls les indicateurs marqués entrent dans un verdict.",
            "Every quarter, for every territory and for the system; decisions are written in the journal. Only the "
            "indicators so marked enter a verdict.",
        ),
    ),
)
INITIALISATION = Text("5. Initialisation", "5. Initialisation")
INITIALISATION_TEXT = Text(
    "Le monde du premier jour est le cas : territoires, entreprises, rivières, forêts, sols, comptes. Ce qui "
    "ferme un compte (redevances, services, option extérieure) est calculé une fois, le même dans tous les "
    "scénarios. Deux scénarios de même cas et de même graine commencent par le même monde ; les tailles "
    "d'entreprises et les préférences des élus sont tirées par la graine.",
    "The world of the first day is the case: territories, companies, rivers, forests, land, accounts. What "
    "closes an account (fees, services, the outside option) is computed once, the same in all scenarios. Two "
    "scenarios of one case and one seed begin in the same world; sizes of companies and preferences of "
    "councillors are drawn by the seed.",
)
START_COLUMNS = (
    Text("Code", "Code"),
    Text("Territoire", "Territory"),
    Text("Habitants", "Inhabitants"),
    Text("Emplois", "Jobs"),
    Text("Surface, ha", "Area, ha"),
    Text("Recettes, k€/an", "Revenue, k€/yr"),
    Text("Taux de CFE, %", "Business tax, %"),
)
MORE = Text("… et {n} autres territoires.", "… and {n} more territories.")
INPUT = Text("6. Données d'entrée", "6. Input data")
INPUT_TEXT = Text(
    "{case}, données de {year}. Le climat est engendré par la graine ; rien d'autre n'entre pendant la "
    "simulation, hors les événements.",
    "{case}, data of {year}. Climate is generated by the seed; nothing else enters during the run, events apart.",
)
LICENCE = Text("Licence des données : {licence}.", "Licence of the data: {licence}.")
EVENTS = Text("Événements", "Events")
NO_EVENT = Text("Aucun événement.", "No event.")
DATA = Text("Données du cas, avec leurs sources", "Data of the case, with their sources")
SUBMODELS = Text("7. Sous-modèles", "7. Submodels")
SUBMODELS_TEXT = Text(
    "Parties du modèle, puis règles du jeu, puis, section par section, ce que chaque sous-modèle calcule et ses "
    "paramètres.",
    "Parts of the model, then the rules of the game, then, section by section, what each submodel computes and its "
    "parameters.",
)
RULES = Text("Règles du jeu en vigueur", "Rules of the game in force")
RULES_TEXT = Text(
    "« choix du scénario » : la valeur est celle que le scénario met à l'épreuve et n'a pas à être observée. Les "
    "autres sont celles du modèle, avec leur indice de preuve.",
    "'choice of the scenario': the value is what the scenario puts to the test and need not be observed. The "
    "others are the model's, with their grade of evidence.",
)
EQUATIONS = Text("Sous-modèles et paramètres", "Submodels and parameters")
EVIDENCE = Text(
    "{n} paramètres : {counts} ; sans source : {missing}. En gras : valeur changée par le scénario.",
    "{n} parameters: {counts}; without a source: {missing}. In bold: value changed by the scenario.",
)
