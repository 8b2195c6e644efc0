"""Words of the page Explorer."""

from coopsim.i18n import Text

EXPLORE = {
    "explorer": Text("Explorer", "Explorer"),
    "compare": Text("Comparer", "Compare"),
    "data": Text("Données", "Data"),
    "lab": Text("Laboratoire", "Laboratory"),
    "skip": Text("Aller au contenu", "Skip to content"),
    "other_language": Text("English", "Français"),
    "what": Text(
        "Une campagne fait vivre les mêmes règles sous beaucoup d'hypothèses. Cette page dit ce qui compte, où chaque "
        "régime l'emporte, à quelles conditions, et montre les pires cas.",
        "A batch lives the same rules under many assumptions. This page says what matters, where each regime wins, "
        "under which conditions, and shows the worst cases.",
    ),
    "none": Text("Aucune campagne ici pour l'instant", "No batch here yet"),
    "none_how": Text(
        "Une campagne se lance d'une commande. Celle-ci est un exemple prêt (environ deux minutes sur deux cœurs) ; "
        "le dossier qu'elle écrit paraîtra ici au rechargement de la page :",
        "A batch is started by one command. This one is a ready example (about two minutes on two cores); the folder "
        "that it writes will show here when the page is loaded again:",
    ),
    "none_else": Text(
        "Une campagne ailleurs sur cet ordinateur : ouvrir la salle avec",
        "A batch elsewhere on this computer: open the room with",
    ),
    "none_where": Text("Dossiers regardés :", "Folders searched:"),
    "plans": Text(
        "Autres plans livrés : coopsim list plans. Le vôtre : docs/batches.md.",
        "Other plans that come along: coopsim list plans. Your own: docs/batches.md.",
    ),
    "batch": Text("Campagne", "Batch"),
    "outcome": Text("Résultat regardé", "Outcome looked at"),
    "look": Text("De qui", "Of whom"),
    "difference": Text("{b} moins {a}", "{b} minus {a}"),
    "alone": Text("{a} seul", "{a} alone"),
    "dir_1": Text("plus haut, c'est mieux", "higher is better"),
    "dir_-1": Text("plus bas, c'est mieux", "lower is better"),
    "dir_0": Text("ni bon ni mauvais", "neither good nor bad"),
    "x": Text("Plan des régimes : en largeur", "Plane of regimes: across"),
    "y": Text("Plan des régimes : en hauteur", "Plane of regimes: upwards"),
    "aim": Text("Conditions cherchées", "Conditions searched for"),
    "aim_b": Text("où B fait mieux que A", "where B does better than A"),
    "aim_a": Text("où A fait mieux que B", "where A does better than B"),
    "aim_worst": Text("où l'on est dans le cinquième le plus mauvais", "where one is in the worst fifth"),
    "aim_best": Text("où l'on est dans le meilleur cinquième", "where one is in the best fifth"),
    "show": Text("Montrer", "Show"),
    "state": Text(
        "{done} vies sur {total} ; {points} points du plan × {worlds} mondes × {scenarios} scénarios.",
        "{done} lives of {total}; {points} points of the design × {worlds} worlds × {scenarios} scenarios.",
    ),
    "going": Text(
        "La campagne n'est pas finie : la page lit ce qui est là.",
        "The batch goes on: the page reads what is there.",
    ),
    "failed": Text("{n} vies ont échoué et manquent ici.", "{n} lives failed and are missing here."),
    "matters": Text("Ce qui compte", "What matters"),
    "m_morris": Text(
        "Méthode de Morris : effet moyen d'un grand pas de chaque hypothèse sur « {name} » ; trait : intervalle à "
        "95 %. Flèche : sens de l'effet.",
        "Method of Morris: mean effect of one large step of each assumption on “{name}”; line: 95% interval. Arrow: "
        "direction of the effect.",
    ),
    "m_sobol": Text(
        "Indices de Sobol : part de la variance de « {name} » due à chaque hypothèse seule (barre, intervalle à 95 %) "
        "et avec ses interactions (losange). Flèche : sens de l'effet.",
        "Sobol indices: share of the variance of “{name}” due to each assumption alone (bar, 95% interval) and with "
        "its interactions (diamond). Arrow: direction of the effect.",
    ),
    "m_share": Text(
        "Part de la variance de « {name} » entre points du plan que chaque hypothèse explique à elle seule (rapport "
        "de corrélation ajusté). Ce qui reste à gauche du tiretage ne se distingue pas du hasard. Flèche : sens de "
        "l'effet.",
        "Share of the variance of “{name}” between points of the design that each assumption explains alone (adjusted "
        "correlation ratio). What stays left of the dashes cannot be told from luck. Arrow: direction of the effect.",
    ),
    "regimes": Text("Où chaque régime l'emporte", "Where each regime wins"),
    "r_note": Text(
        "Chaque case : quel jeu de règles fait mieux, et l'écart moyen B − A ({unit}). Net si l'intervalle à 95 % "
        "exclut zéro et si quatre cas sur cinq vont dans le même sens ; les autres hypothèses varient à l'intérieur "
        "des cases.",
        "Each cell: which set of rules does better, and the mean difference B − A ({unit}). Clear when the 95% "
        "interval excludes zero and four cases in five agree; the other assumptions vary within cells.",
    ),
    "r_note_level": Text(
        "Cet indicateur n'est ni bon ni mauvais : la lettre dit qui est plus haut.",
        "This indicator is neither good nor bad: the letter says who is higher.",
    ),
    "r_none": Text(
        "Il faut deux scénarios et deux hypothèses variées pour ce plan.",
        "This plane needs two scenarios and two assumptions that vary.",
    ),
    "r_table": Text("Les mêmes cases en chiffres", "The same cells in figures"),
    "cell": Text("Case", "Cell"),
    "winner": Text("L'emporte", "Wins"),
    "mean": Text("B − A et intervalle à 95 %", "B − A and 95% interval"),
    "size": Text("Points, mondes", "Points, worlds"),
    "conditions": Text("À quelles conditions", "Under which conditions"),
    "c_lead": Text("{aim} : surtout quand", "{aim}: mostly when"),
    "c_and": Text("et", "and"),
    "c_low": Text("{label} ≥ {low}", "{label} ≥ {low}"),
    "c_high": Text("{label} ≤ {high}", "{label} ≤ {high}"),
    "c_both": Text("{label} entre {low} et {high}", "{label} between {low} and {high}"),
    "c_words": Text("{label} : {words}", "{label}: {words}"),
    "c_proof": Text(
        "Vrai dans {density} % des {n} points qui remplissent ces conditions, contre {base} % de tous les points ; ces "
        "conditions couvrent {coverage} % des cas vrais. Chaque condition serait due au hasard avec une probabilité "
        "inférieure à {chance} %.",
        "It holds at {density}% of the {n} points that meet these conditions, against {base}% of all points; they "
        "cover {coverage}% of where it holds. Each condition would be luck with a probability below {chance}%.",
    ),
    "c_none": Text(
        "Aucune condition sur ces hypothèses ne dit plus que l'ensemble ({base} % des points).",
        "No condition on these assumptions says more than the whole ({base}% of points).",
    ),
    "c_always": Text("C'est vrai à tous les points du plan.", "It holds at every point of the design."),
    "c_never": Text("Ce n'est vrai à aucun point du plan.", "It holds at no point of the design."),
    "c_method": Text(
        "Méthode PRIM (Friedman et Fisher 1999). Une condition trouvée décrit ce plan d'expérience : à vérifier par "
        "une campagne à d'autres points.",
        "Method PRIM (Friedman and Fisher 1999). A condition that is found describes this design: to be checked by a "
        "batch at other points.",
    ),
    "worst": Text("Les pires cas", "Worst cases"),
    "w_note": Text(
        "Un monde par point du plan. « Ouvrir » recrée ce monde dans l'Atelier, avec les deux jeux de règles et la "
        "même chance : on peut y regarder chaque décision.",
        "One world for each point of the design. “Open” makes this world again in the workshop, with both sets of "
        "rules and the same luck: every decision can be looked at there.",
    ),
    "w_point": Text("Point, monde", "Point, world"),
    "w_values": Text("Hypothèses", "Assumptions"),
    "w_open": Text("Ouvrir", "Open"),
    "w_sure": Text("fermer la séance en cours", "close the session under way"),
    "w_token": Text(
        "Pour ouvrir un cas, prendre l'adresse avec le jeton d'animation.",
        "To open a case, take the address with the facilitation token.",
    ),
    "w_file": Text("Scénario {letter}", "Scenario {letter}"),
    "w_again": Text("Comment le rouvrir ailleurs", "How to open it elsewhere"),
    "svg": Text("SVG", "SVG"),
    "png": Text("PNG", "PNG"),
    "save": Text("Enregistrer la figure", "Save the picture"),
    "here_only": Text(
        "L'Explorer ne s'ouvre que sur l'ordinateur de la salle.",
        "The Explorer opens on the room's own computer only.",
    ),
    "unknown": Text("Cette campagne n'est pas dans la liste.", "This batch is not in the list."),
}
