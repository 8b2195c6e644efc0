"""Every word of the viewer, in French and in English; a test finds words of pages that are not from here."""

from coopsim.i18n import Lang, Text

BOARD = {
    "quarter": Text("trimestre", "quarter"),
    "finished": Text("Fin de la simulation", "End of the simulation"),
    "lane": Text("Trajectoire", "Trajectory"),
    "map": Text("Carte", "Map"),
    "plane": Text("Plan attractivité et coopération", "Plane of attractiveness and cooperation"),
    "attractiveness": Text("attractivité", "attractiveness"),
    "cooperation": Text("coopération", "cooperation"),
    "baseline": Text("valeur du départ", "value at the start"),
    "predicted": Text("prévisions de la salle", "predictions of the room"),
    "river": Text("rivières", "rivers"),
    "zero": Text(
        "attractivité × coopération : indices, 0 = moyenne au départ",
        "attractiveness × cooperation: indices, 0 = mean at the start",
    ),
    "beyond": Text("autres mondes : {n} sur {of}…", "other worlds: {n} of {of}…"),
    "story": Text("Ce qui s'est passé", "What happened"),
    "why": Text("Pourquoi ?", "Why?"),
    "more": Text("plus, c'est mieux", "more is better"),
    "less": Text("moins, c'est mieux", "less is better"),
    "higher": Text("B finit plus haut dans {n} mondes sur {of}", "B ends higher in {n} worlds of {of}"),
    "lower": Text("B finit plus bas dans {n} mondes sur {of}", "B ends lower in {n} worlds of {of}"),
    "even": Text("pas d'écart net : {n} contre {m} mondes", "no clear difference: {n} against {m} worlds"),
    "click": Text("Cliquer : pourquoi ?", "Click: why?"),
    "kink": Text("pli : cliquer", "bend: click"),
    "bend": Text("La courbe se plie", "The curve bends"),
    "holds": Text("Pacte", "Pact"),
    "amendment": Text("Règle changée", "Rule changed"),
    "shock": Text("Événement", "Event"),
    "choice": Text("Décision de la salle", "Decision of the room"),
    "win": Text("Résultat visible", "Visible result"),
    "broke": Text("Rupture ou échec", "Break or failure"),
    "loading": Text("La salle se prépare…", "The room is getting ready…"),
}

PAGES = {
    "atelier": Text("Atelier", "Workshop"),
    "animation": Text("Animation", "Facilitation"),
    "play": Text("Lecture", "Play"),
    "pause": Text("Pause", "Pause"),
    "quarter_step": Text("Un trimestre", "One quarter"),
    "year_step": Text("Un an", "One year"),
    "five_years": Text("Cinq ans", "Five years"),
    "speed": Text("Trimestres par seconde", "Quarters a second"),
    "undo": Text("Annuler la décision", "Undo the decision"),
    "redo": Text("Rétablir", "Redo"),
    "back": Text("Revenir à l'année", "Go back to year"),
    "go_back": Text("Revenir", "Go back"),
    "compare": Text("Comparer deux branches", "Compare two branches"),
    "explorer": Text("Explorer", "Explorer"),
    "drive": Text("Conduire", "Drive"),
    "other_pages": Text("Autres pages", "Other pages"),
    "labs": Text("Laboratoire", "Laboratory"),
    "data": Text("Données et limites", "Data and limits"),
    "report": Text("Bilan de séance", "Report of the session"),
    "report_pdf": Text("Bilan en PDF", "Report as PDF"),
    "robust": Text("Est-ce la chance ? Voir dans 30 autres mondes", "Is it luck? See in 30 other worlds"),
    "end": Text("Finir la séance", "End the session"),
    "end_sure": Text("Finir pour de bon ?", "End for good?"),
    "amend": Text("Changer une règle", "Amend a rule"),
    "rule": Text("Règle", "Rule"),
    "value": Text("Nouvelle valeur", "New value"),
    "now": Text("aujourd'hui", "today"),
    "applies_to": Text("Trajectoires", "Trajectories"),
    "both": Text("A et B", "A and B"),
    "apply": Text("Appliquer", "Apply"),
    "shock": Text("Un événement", "An event"),
    "other_event": Text("Un autre événement", "Another event"),
    "amount": Text("Ampleur", "Size"),
    "where": Text("Territoires (aucun : tous)", "Territories (none: all)"),
    "happen": Text("Faire arriver", "Let it happen"),
    "ask": Text("Poser une question", "Ask a question"),
    "question": Text("Question", "Question"),
    "answers": Text(
        "Réponses, une par ligne ; la dernière peut porter un changement",
        "Answers, one a line; the last may bring a change",
    ),
    "brings": Text(
        "Si la dernière réponse l'emporte, appliquer ce qui est choisi dans « Changer une règle »",
        "If the last answer wins, apply what is chosen under “Amend a rule”",
    ),
    "voting_rule": Text("Règle de décision", "Decision rule"),
    "weights": Text("Poids des voix", "Weight of votes"),
    "quorum": Text("Quorum (part des téléphones)", "Quorum (share of phones)"),
    "absent": Text("Les absents", "Absentees"),
    "secret": Text("Vote secret", "Secret ballot"),
    "seconds": Text("Durée (secondes)", "Time (seconds)"),
    "open_vote": Text("Ouvrir le vote", "Open the vote"),
    "close_vote": Text("Clore le vote", "Close the vote"),
    "voted": Text("{voted} sur {invited} ont voté", "{voted} of {invited} have voted"),
    "screen": Text("Écran projeté", "Projected screen"),
    "map_shows": Text("La carte montre", "The map shows"),
    "charts": Text("Les courbes montrent", "The charts show"),
    "big": Text("Grands caractères (deux courbes)", "Large type (two charts)"),
    "dark": Text("Fond sombre", "Dark background"),
    "show_join": Text("Montrer le code pour rejoindre", "Show the code to join"),
    "join": Text("Rejoindre la salle", "Join the room"),
    "join_how": Text(
        "Avec l'appareil photo du téléphone, ou à l'adresse :", "With the phone's camera, or at the address:"
    ),
    "phones": Text("Téléphones dans la salle : {n}", "Phones in the room: {n}"),
    "tree": Text("Ce qui a été essayé", "What was tried"),
    "name_branch": Text("Nom de la branche", "Name of the branch"),
    "branch": Text("Branche", "Branch"),
    "rename": Text("Nommer", "Name it"),
    "from_year": Text("depuis {year}", "from {year}"),
    "here": Text("ici", "here"),
    "visit": Text("Aller sur cette branche", "Go to this branch"),
    "visit_help": Text(
        "La trajectoire passe sur cette branche à la même date ; rien n'est perdu. Pour deux branches de la même "
        "trajectoire : « Comparer deux branches ».",
        "The trajectory moves to this branch at the same date; nothing is lost. For two branches of the same "
        'trajectory: "Compare two branches".',
    ),
    "trunk": Text("sans changement", "unchanged"),
    "stability": Text("Le pacte tient-il ?", "Does the pact hold?"),
    "around": Text("Ce qui entoure ce point", "What happened around this point"),
    "point": Text("{label}, trajectoire {lane}, {year}", "{label}, trajectory {lane}, {year}"),
    "year_before": Text("un an avant", "a year before"),
    "that_quarter": Text("ce trimestre-là", "that quarter"),
    "year_after": Text("un an après", "a year after"),
    "quarter_of": Text("trimestre {n}", "quarter {n}"),
    "rule_in_force": Text("Règle de décision : {rule}", "Decision rule: {rule}"),
    "nothing_then": Text(
        "Le journal ne dit rien de cette année-là : la courbe suit ce qui avait été décidé avant.",
        "The journal says nothing of that year: the curve follows what had been decided before.",
    ),
    "more_lines": Text("… et {n} autres votes cette année-là", "… and {n} more votes in that year"),
    "result": Text("Résultat", "Result"),
    "adopted": Text("Adopté : {label}", "Adopted: {label}"),
    "nothing": Text("Rien n'est adopté", "Nothing is adopted"),
    "heads": Text("téléphones : {n}", "phones: {n}"),
    "no_quorum": Text("Quorum non atteint", "No quorum"),
    "close": Text("Fermer", "Close"),
    "why": Text("Pourquoi ?", "Why?"),
    "error": Text("Refusé", "Refused"),
    "display_error": Text("Une erreur d'affichage est survenue.", "A display error occurred."),
    "retry": Text("Réessayer", "Try again"),
    "no_room": Text("Aucune salle n'est ouverte.", "No room is open."),
    "no_token": Text(
        "Cette page demande le jeton écrit au démarrage dans le terminal.",
        "This page needs the token written in the terminal at the start.",
    ),
    "language": Text("English", "Français"),
    "keys": Text(
        "Clavier : espace = lecture ou pause, → un trimestre, ↑ un an, z annuler, y rétablir",
        "Keyboard: space = play or pause, → one quarter, ↑ one year, z undo, y redo",
    ),
}

EVENT_NAMES = {
    "drought": Text("Sécheresse", "Drought"),
    "storm": Text("Tempête en forêt", "Storm in the forest"),
    "firm_closure": Text("Fermetures d'entreprises", "Companies close"),
    "main_employer_leaves": Text("Le plus gros employeur ferme", "The largest employer closes"),
    "demand_shock": Text("Variation de la demande extérieure", "External demand changes"),
    "subsidy_cut": Text("Baisse des financements extérieurs", "Outside funding is cut"),
    "population_inflow": Text("Arrivée d'habitants", "People arrive"),
    "leader_exit": Text("Départ de qui préside un pacte", "Who presides a pact leaves"),
    "president_leaves": Text("Départ d'une présidence", "A president leaves"),
    "elections_now": Text("Élections anticipées", "Early elections"),
    "pact_founded": Text("Pacte créé sans vote", "Pact founded without a vote"),
    "energy_price": Text("Hausse du prix de l'énergie", "The price of energy rises"),
    "withholding": Text(
        "Un membre ne paie pas sa part du pacte", "A member does not pay its share of the pact"
    ),
}

QUICK = {
    "drought": Text(
        "Sécheresse : la moitié du débit manque, un an", "Drought: half of the flow is missing, a year"
    ),
    "closure": Text("Fermetures : un emploi privé sur dix", "Closures: one private job in ten"),
    "opportunity": Text("Opportunité : demande +20 %, un an", "Opportunity: demand +20 %, a year"),
    "subsidy_cut": Text("Subventions : la moitié retirée, un an", "Funding: half withdrawn, a year"),
    "founder": Text("Départ de qui a fondé le pacte", "The founder of the pact leaves"),
    "elections": Text("Élections maintenant", "Elections now"),
}

PHONE = {
    "title": Text("Votre siège", "Your seat"),
    "choose": Text("Choisissez votre siège", "Choose your seat"),
    "take": Text("Prendre ce siège", "Take this seat"),
    "privacy": Text(
        "Aucun nom n'est demandé. Vos votes publics et vos prévisions restent sur l'ordinateur de la salle "
        "jusqu'à ce que l'animateur les efface ; un vote secret ne laisse que le total.",
        "No name is asked. Your open votes and predictions stay on the room's computer until the facilitator "
        "removes them; a secret ballot leaves only its total.",
    ),
    "wait": Text("Pas de question pour l'instant.", "No question for now."),
    "vote": Text("Votez", "Vote"),
    "sent": Text("Votre voix est prise.", "Your vote is taken."),
    "secret": Text("Vote secret", "Secret ballot"),
    "open": Text("Vote public", "Open ballot"),
    "left": Text("Il reste {s} s", "{s} s left"),
    "year": Text("Année", "Year"),
    "lost": Text("La salle ne répond pas ; nouvel essai…", "The room does not answer; trying again…"),
    "refused": Text("Refusé", "Refused"),
    "change": Text("Changer de siège", "Change seat"),
    "predict": Text("Que prévoyez-vous ?", "What do you expect?"),
    "predict_help": Text(
        "{label}, tous les territoires, en {year}, trajectoire {lane} (aujourd'hui {now})",
        "{label}, all territories, in {year}, trajectory {lane} (today {now})"),
    "send": Text("Envoyer", "Send"),
    "noted": Text("Votre prévision est notée.", "Your prediction is noted."),
    "lane": Text("Trajectoire", "Trajectory"),
    "closed": Text("Ce vote est clos.", "This vote is closed."),
    "already_voted": Text("Vous avez déjà voté.", "You have already voted."),
    "unknown_phone": Text("Prenez d'abord un siège.", "Take a seat first."),
    "unknown_seat": Text("Ce siège n'existe pas.", "There is no such seat."),
    "unknown_option": Text("Cette réponse n'existe pas.", "There is no such answer."),
    "full": Text("La salle est pleine.", "The room is full."),
    "too_many": Text("Trop de demandes : attendez un instant.", "Too many requests: wait a moment."),
    "not_found": Text("Cette salle n'existe pas : vérifiez le code.", "There is no such room: check the code."),
    "not_number": Text("Un nombre est attendu.", "A number is expected."),
}  # fmt: skip

DATA = {
    "data": Text("Données", "Data"),
    "counts": Text(
        "Chiffres du cas : {measured} mesurés, {literature} de la littérature, {assumption} supposés.",
        "Figures of the case: {measured} measured, {literature} from the literature, {assumption} assumed.",
    ),
    "limits": Text(
        "Un chiffre supposé n'est pas un fait : il porte une étendue à parcourir. Le modèle compare des règles, "
        "il ne prévoit pas ; ce qui n'est pas dans ces tables n'y est pas.",
        "An assumed figure is no fact: it bears a range to sweep. The model compares rules, it does not forecast; "
        "what is not in these tables is not in it.",
    ),
    "passport": Text("Passeport de calage", "Calibration passport"),
    "no_passport": Text(
        "Ce cas n'a pas été calé sur cet ordinateur : ses paramètres sont ceux des tables ci-dessous. Pour le caler :",
        "This case was not calibrated on this computer: its parameters are those of the tables below. To calibrate it:",
    ),
    "bad_passport": Text(
        "Ce fichier ne se lit pas, ou est d'un autre cas ou d'un format plus récent :",
        "This file cannot be read, or is of another case or of a newer format:",
    ),
    "fitted": Text(
        "{inside} chiffres observés sur {figures} sont dans l'intervalle du modèle calé ({runs} simulations).",
        "{inside} observed figures of {figures} are inside the interval of the fitted model ({runs} runs).",
    ),
    "outside": Text(
        "Chiffres jamais montrés au calage : le modèle fait mieux qu'une simple prolongation pour {wins} sur {n}.",
        "Figures never shown to the fit: the model does better than plain continuation for {wins} of {n}.",
    ),
    "loses": Text("Il perd pour :", "It loses for:"),
    "open": Text(
        "{n} paramètres sur {of} ne sont pas fixés par les données.",
        "{n} parameters of {of} are not settled by the data.",
    ),
    "recovered": Text(
        "Des vérités connues, simulées, sont retrouvées.", "Known truths, simulated, are found again."
    ),
    "not_recovered": Text(
        "Des vérités connues ne sont pas retrouvées : ces intervalles ne se citent pas.",
        "Known truths are not found again: do not quote these intervals.",
    ),
    "figures": Text("Chiffres du cas", "Figures of the case"),
    "table": Text("Table", "Table"),
    "column": Text("Colonne", "Column"),
    "scope": Text("Où", "Where"),
    "all": Text("partout", "everywhere"),
    "unit": Text("Unité", "Unit"),
    "year": Text("Année", "Year"),
    "grade": Text("Valeur de la preuve", "Grade"),
    "source": Text("Source (en anglais)", "Source"),
    "parameters": Text("Paramètres du modèle", "Parameters of the model"),
    "find": Text("Chercher dans les chiffres et les paramètres", "Search figures and parameters"),
    "found": Text("Lignes trouvées : {n}", "Lines found: {n}"),
    "found_none": Text("Rien de tel ici.", "Nothing like that here."),
    "parameter": Text("Paramètre", "Parameter"),
    "value": Text("Valeur", "Value"),
    "range": Text("Étendue plausible", "Plausible range"),
}

LAB = {
    "labs": Text("Laboratoire", "Laboratory"),
    "what": Text(
        "Chaque expérience réduit le moteur ordinaire à un cas dont la théorie donne la réponse exacte. Changez un "
        "paramètre, regardez les points sur la ligne, cherchez ce qui la ferait mentir.",
        "Each experiment reduces the ordinary engine to a case whose exact answer theory gives. Change a parameter, "
        "look at the points on the line, search what would break it.",
    ),
    "change": Text("Que changer", "What to change"),
    "look": Text("À regarder", "What to look at"),
    "run": Text("Simuler", "Run"),
    "result": Text("Résultat", "Result"),
    "simulated": Text("Simulé", "Simulated"),
    "exact": Text("Exact", "Exact"),
    "agrees": Text("Accord", "Agrees"),
    "yes": Text("oui", "yes"),
    "no": Text("non", "no"),
    "proved": Text("Démontré dans :", "Proved in:"),
    "here_only": Text(
        "Le laboratoire ne s'ouvre que sur l'ordinateur de la salle.",
        "The laboratory opens on the room's own computer only.",
    ),
}


STABILITY = {
    "stability": Text("Le pacte tient-il ?", "Does the pact hold?"),
    "what": Text(
        "Pour chaque pacte en vigueur : ses membres gagneraient-ils à sortir, à rester sans payer, à faire un pacte "
        "entre eux ? Chaque groupe possible est simulé dans huit mondes appariés, en arrière-plan.",
        "For each pact in force: would its members gain by leaving, by staying without paying, by a pact of their "
        "own? Every possible group is run in eight paired worlds, in the background.",
    ),
    "since": Text("depuis", "since"),
    "ask": Text("Tient-il ?", "Does it hold?"),
    "none": Text("Aucun pacte n'est en vigueur en ce moment.", "No pact is in force now."),
    "running": Text("en cours… la page se recharge seule", "running… the page loads again by itself"),
    "failed": Text("n'a pas abouti :", "did not end well:"),
    "figure": Text("gains et paiements de chaque membre", "gains and payments of each member"),
    "unknown": Text("Ce pacte n'est plus en vigueur.", "This pact is no longer in force."),
    "limits": Text(
        "Ces mondes n'ont que ce pacte, avec ses membres d'aujourd'hui dès sa fondation ; les autres règles jouent. "
        "Entre crochets : intervalle à 95 %.",
        "These worlds have this pact only, with its members of today from its founding; the other rules hold. "
        "In brackets: 95% interval.",
    ),
}


def said(words: dict[str, Text], lang: Lang) -> dict[str, str]:
    """Return a table of words in one language."""
    return {name: text.said(lang) for name, text in words.items()}
