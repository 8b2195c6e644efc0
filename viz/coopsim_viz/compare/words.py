"""Words of the page Comparer."""

from coopsim.i18n import Text

COMPARE = {
    "compare": Text("Comparer", "Compare"),
    "skip": Text("Aller au contenu", "Skip to content"),
    "other_language": Text("English", "Français"),
    "what": Text(
        "Deux jeux de règles dans les mêmes mondes tirés au sort, jusqu'au bout : ce qui change, de combien, et dans "
        "combien de mondes. Le calcul se fait à côté de la salle, sans la ralentir.",
        "Two sets of rules in the same worlds drawn at random, to the end: what changes, by how much, and in how many "
        "worlds. The work is done beside the room, without slowing it.",
    ),
    "first": Text("A : premier jeu de règles", "A: first set of rules"),
    "second": Text("B : second jeu de règles", "B: second set of rules"),
    "branches": Text("Branches de la séance", "Branches of the session"),
    "shipped": Text("Scénarios livrés", "Shipped scenarios"),
    "from": Text("depuis {year}", "from {year}"),
    "worlds": Text("Mondes (2 à 200)", "Worlds (2 to 200)"),
    "worlds_short": Text("Mondes", "Worlds"),
    "seed": Text("Graine du premier monde", "Seed of the first world"),
    "start": Text("Comparer", "Compare"),
    "again": Text("Lancer ce calcul", "Start this work"),
    "not_yet": Text(
        "Cette comparaison n'est pas encore calculée sur cet ordinateur.",
        "This comparison has not been worked out on this computer yet.",
    ),
    "waiting": Text("En attente : une comparaison à la fois.", "Waiting: one comparison at a time."),
    "running": Text("En cours : {done} vies sur {total}.", "Running: {done} lives of {total}."),
    "drawing": Text("Dernière étape : les figures.", "Last step: the pictures."),
    "failed": Text("N'a pas abouti :", "Did not end well:"),
    "cancelled": Text("Arrêtée.", "Stopped."),
    "done": Text("Finie.", "Finished."),
    "cancel": Text("Arrêter", "Stop"),
    "progress": Text("Avancement", "Progress"),
    "answer": Text("En quelques phrases", "In a few sentences"),
    "fans": Text("Trajectoires", "Trajectories"),
    "fans_note": Text(
        "Ligne : médiane des mondes ; bande foncée : la moitié des mondes ; bande claire : 90 %. Sous chaque figure, "
        "l'écart B − A, monde par monde : zéro veut dire que les règles n'y changent rien.",
        "Line: median of worlds; dark band: half of the worlds; light band: 90%. Under each picture the difference "
        "B − A, world by world: zero means that the rules change nothing there.",
    ),
    "phase": Text("Attractivité × coopération", "Attractiveness × cooperation"),
    "phase_note": Text(
        "Une trace par territoire, du cercle vide au point plein ; médiane des mondes, mêmes échelles à gauche et à "
        "droite. Zéro est la moyenne des territoires au départ.",
        "A trail for each territory, from the empty circle to the full point; median of worlds, the same scales left "
        "and right. Zero is the mean of the territories at the start.",
    ),
    "no_phase": Text(
        "Les indices n'ont pas de valeur dans ce cas.", "The indices have no value in this case."
    ),
    "donut": Text("Le Donut", "The Donut"),
    "donut_note": Text(
        "Fin {year}, médiane des mondes. Au dedans, les planchers sociaux : couvert quand la couleur touche l'anneau. "
        "Au dehors, les plafonds écologiques : la limite est le trait pointillé. Hachuré : non modélisé. Repères et "
        "sources : rapport complet.",
        "End of {year}, median of worlds. Inside, the social floors: met where the colour reaches the ring. Outside, "
        "the ecological ceilings: the limit is the dotted line. Hatched: not modelled. Marks and sources: full report.",
    ),
    "table": Text("Différences appariées", "Paired differences"),
    "table_note": Text(
        "Valeurs en {year}, médiane et 90 % des {n} mondes. B − A : moyenne et intervalle à 95 % des écarts monde par "
        "monde. Un écart est dit net si l'intervalle exclut zéro et si quatre mondes sur cinq vont dans le même sens.",
        "Values in {year}, median and 90% of {n} worlds. B − A: mean and 95% interval of the differences world by "
        "world. A difference is called clear when the interval excludes zero and four worlds in five agree.",
    ),
    "others": Text("Tous les autres indicateurs", "All other indicators"),
    "indicator": Text("Indicateur", "Indicator"),
    "verdict": Text("Verdict", "Verdict"),
    "better_in": Text("B fait mieux", "B does better"),
    "indicators": Text("Choisir les trajectoires", "Choose the trajectories"),
    "show": Text("Montrer", "Show"),
    "rules": Text("Ce qui diffère dans les règles", "What differs in the rules"),
    "rule": Text("Règle", "Rule"),
    "no_rules": Text("Les règles sont les mêmes.", "The rules are the same."),
    "export": Text("Emporter", "Take away"),
    "report": Text("Rapport complet (une page)", "Full report (one page)"),
    "csv_summary": Text("Résumé (CSV)", "Summary (CSV)"),
    "csv_paired": Text("Différences (CSV)", "Differences (CSV)"),
    "csv_trajectories": Text("Trajectoires de l'ensemble (CSV)", "Trajectories of the whole (CSV)"),
    "scenario": Text("Scénario {letter} (TOML)", "Scenario {letter} (TOML)"),
    "svg": Text("SVG", "SVG"),
    "png": Text("PNG", "PNG"),
    "save": Text("Enregistrer la figure", "Save the picture"),
    "before": Text("Déjà demandé", "Asked before"),
    "pair": Text("Côtés", "Sides"),
    "state": Text("État", "State"),
    "read": Text("Voir", "Look"),
    "how": Text(
        "Les mêmes chiffres en ligne de commande, avec les deux scénarios enregistrés :",
        "The same figures on the command line, with both scenarios saved:",
    ),
    "explorer": Text("Explorer", "Explorer"),
    "data": Text("Données", "Data"),
    "lab": Text("Laboratoire", "Laboratory"),
}
