"""Texts of the report's page, in both languages."""

from coopsim.i18n import Text

PAGE: dict[str, Text] = {
    "report": Text("Comparaison de règles du jeu", "Comparison of rules of the game"),
    "contents": Text("Sommaire", "Contents"),
    "skip": Text("Aller au contenu", "Skip to content"),
    "lanes": Text("Les règles comparées", "The rules compared"),
    "answer": Text("La réponse", "The answer"),
    "outcomes": Text("Résultats", "Outcomes"),
    "outcomes_note": Text(
        "Valeurs de fin {year}. Médiane des mondes et, dessous, intervalle qui en contient 90 % ; écart "
        "moyen entre les mêmes mondes et, dessous, son intervalle à 95 %. Le verdict demande un intervalle "
        "qui exclut 0 et au moins 4 mondes sur 5 d'accord.",
        "Values at the end of {year}. Median of worlds and, below, the interval that holds 90% of them; "
        "mean difference between the same worlds and, below, its 95% interval. A verdict needs an interval "
        "that excludes 0 and at least 4 worlds in 5 that agree.",
    ),
    "indicator": Text("Indicateur", "Indicator"),
    "verdict": Text("Verdict", "Verdict"),
    "better_in": Text("{b} fait mieux dans", "{b} does better in"),
    "worlds_of": Text("{share} mondes sur {n}", "{share} worlds of {n}"),
    "others": Text(
        "Les autres indicateurs : ils décrivent le régime, sans verdict",
        "The other indicators: they describe the regime, no verdict",
    ),
    "map": Text("Carte", "Map"),
    "map_note": Text(
        "État de fin {year}, médiane des mondes, même échelle de couleurs pour toutes les règles. "
        "Contour vrai quand le cas le donne, sinon un cercle de même superficie. Un trait relie deux "
        "membres d'un pacte en vigueur dans au moins un monde sur quatre, d'autant plus large que plus "
        "de mondes l'ont.",
        "State at the end of {year}, median of worlds, one colour scale for all rules. True outline "
        "where the case gives one, else a circle of the same area. A line joins two members of a pact in "
        "force in at least one world in four, the wider the more worlds have it.",
    ),
    "choose": Text("Indicateur montré", "Indicator shown"),
    "territory": Text("Territoire", "Territory"),
    "no_map": Text("Le cas ne donne pas de coordonnées.", "The case gives no coordinates."),
    "phase": Text("Attractivité et coopération", "Attractiveness and cooperation"),
    "phase_note": Text(
        "Une trace par territoire, du début (cercle vide) à {year} (point plein, numéro du territoire), "
        "médiane des mondes, en écarts interquartiles de la référence du cas. Ces deux indices décrivent "
        "un régime : une règle en fixe une partie, aucun verdict ne s'en sert.",
        "A trail per territory, from the start (hollow circle) to {year} (full dot, number of the "
        "territory), median of worlds, in interquartile ranges of the case's reference. These two "
        "indices describe a regime: a rule sets part of what they measure, no verdict uses them.",
    ),
    "no_phase": Text(
        "Les indices n'ont pas de valeur dans ces simulations.", "The indices have no value in these runs."
    ),
    "fans": Text("Trajectoires", "Trajectories"),
    "fans_note": Text(
        "En haut : médiane (trait), moitié des mondes (foncé) et 90 % des mondes (clair). En bas : l'écart "
        "dans un même monde. Deux éventails qui se recouvrent peuvent différer nettement : le hasard y est "
        "commun, seul l'écart montre l'effet des règles. Valeurs de fin d'année.",
        "Above: median (line), half of the worlds (dark) and 90% of them (light). Below: the difference "
        "inside one world. Two fans that overlap may still differ clearly: their luck is shared, only the "
        "difference shows what the rules do. Values at the end of each year.",
    ),
    "donut": Text("Le Donut : planchers et plafonds", "The Donut: floors and ceilings"),
    "donut_note": Text(
        "Fin {year}, médiane des mondes, le système entier : il ne classe aucun territoire. Au dedans, les planchers "
        "sociaux : le besoin est couvert quand la part colorée touche l'anneau. Au dehors, les plafonds écologiques : "
        "la limite est le trait pointillé. Hachuré : non modélisé.",
        "End of {year}, median of worlds, the whole system: it ranks no territory. Inside, the social floors: a need "
        "is met where the coloured part reaches the ring. Outside, the ecological ceilings: the limit is the dotted "
        "line. Hatched: not modelled.",
    ),
    "theory": Text("Théorie du changement : promesse et preuve", "Theory of change: promise and proof"),
    "theory_note": Text(
        "Ce que la mission promet, étape par étape, et dans combien de mondes la simulation le montre à la date "
        "promise. Une étape ne compte qu'une fois tenu tout ce dont elle a besoin. Dessous : dans combien de mondes "
        "elle est tenue à une date ou une autre, l'année médiane, et la valeur à l'échéance (médiane, 90 % des "
        "mondes). Les autres règles sont lues à la même aune, sans avoir rien promis.",
        "What the mission promises, step by step, and in how many worlds the run shows it by the date promised. A "
        "step counts only once all that it needs is met. Below: in how many worlds it is met at any date, the median "
        "year, and the value at the date promised (median, 90% of worlds). Other rules are read by the same measure, "
        "though they promised nothing.",
    ),
    "promised_by": Text("Promis par {lanes}", "Promised by {lanes}"),
    "step": Text("Étape", "Step"),
    "promise": Text("Promesse", "Promise"),
    "needs": Text("après : {steps}", "after: {steps}"),
    "mark": Text("Plancher ou plafond", "Floor or ceiling"),
    "not_modelled": Text(
        "Ce que le modèle ne calcule pas, et pourquoi", "What the model does not compute, and why"
    ),
    "journal": Text("Ce qui s'est passé dans un monde", "What happened in one world"),
    "journal_note": Text(
        "Le monde de graine {seed}, le plus proche de l'écart médian. Ce n'est qu'une histoire parmi {n}.",
        "The world of seed {seed}, the closest to the median difference. It is one story among {n}.",
    ),
    "no_journal": Text("Aucune décision dans le journal.", "No decision in the journal."),
    "rules": Text("Ce qui diffère dans les règles", "What differs in the rules"),
    "rules_note": Text(
        "Seules ces clés diffèrent ; tout le reste, hasard compris, est commun.",
        "Only these keys differ; all the rest, luck included, is common.",
    ),
    "no_rules": Text("Aucune clé ne diffère.", "No key differs."),
    "rule": Text("Règle", "Rule"),
    "grades": Text("Ce que valent les données", "What the data are worth"),
    "grades_note": Text(
        "Part des chiffres mesurés, tirés de la littérature, ou supposés. Chaque chiffre et sa source "
        "sont dans le dossier du cas et dans les fichiers de paramètres.",
        "Share of figures that are measured, from the literature, or assumed. Each figure and its source "
        "are in the folder of the case and in the parameter files.",
    ),
    "grade_case": Text("Chiffres du cas", "Figures of the case"),
    "grade_parameters": Text("Paramètres du modèle", "Parameters of the model"),
    "measured": Text("mesuré", "measured"),
    "literature": Text("littérature", "literature"),
    "assumption": Text("hypothèse", "assumption"),
    "assumptions": Text(
        "Les hypothèses qui pèsent le plus, à faire varier d'abord",
        "The assumptions that weigh most, to vary first",
    ),
    "value": Text("Valeur", "Value"),
    "range": Text("Plage plausible", "Plausible range"),
    "source": Text("Source", "Source"),
    "limits": Text("Limites", "Limits"),
    "provenance": Text("Provenance", "Provenance"),
    "command": Text("Commande qui refait cette comparaison", "Command that repeats this comparison"),
    "hash": Text(
        "Empreinte du scénario et du cas (SHA-256)",
        "Digest of the scenario and the case (SHA-256)",
    ),
    "seeds": Text("Graines", "Seeds"),
    "case": Text("Cas", "Case"),
    "horizon": Text("Période simulée", "Period simulated"),
    "versions": Text("Versions", "Versions"),
    "machine": Text("Machine", "Machine"),
    "duration": Text("Durée du calcul", "Computing time"),
    "runs": Text("{n} simulations de {years} ans en {seconds} s", "{n} runs of {years} years in {seconds} s"),
    "colon": Text(" : ", ": "),
    "yes": Text("oui", "yes"),
    "no": Text("non", "no"),
    "none": Text("aucun", "none"),
}

LIMITS: tuple[Text, ...] = (
    Text(
        "Le modèle compare des règles dans des mondes possibles ; il ne prévoit l'avenir d'aucun lieu.",
        "The model compares rules in possible worlds; it forecasts the future of no place.",
    ),
    Text(
        "La part des entreprises qui peuvent aller hors du système et leur mobilité décident en grande "
        "partie de qui l'emporte sur l'emploi, et aucune donnée ne les fixe : refaire la comparaison "
        "avec d'autres valeurs (coopsim factorial) avant d'en tirer une conclusion.",
        "The share of firms that may go outside the system and their mobility largely decide who wins on "
        "jobs, and no data settle them: repeat the comparison with other values (coopsim factorial) "
        "before concluding.",
    ),
    Text(
        "Deux ensembles de règles diffèrent souvent par plusieurs clés à la fois : cette page ne dit pas "
        "laquelle agit. Un plan factoriel le dit (coopsim factorial).",
        "Two sets of rules often differ by several keys at once: this page does not say which one acts. "
        "A factorial design does (coopsim factorial).",
    ),
    Text(
        "Les indices d'attractivité et de coopération décrivent les règles autant que leurs effets : une "
        "règle qui permet les pactes relève l'indice de coopération, et la surenchère ne peut "
        "qu'accroître la rivalité, par construction.",
        "The attractiveness and cooperation indices describe the rules as much as their effects: a rule "
        "that allows pacts raises the cooperation index, and bidding can only raise rivalry, by "
        "construction.",
    ),
    Text(
        "Les entreprises sont reconstituées à partir d'effectifs par secteur et par taille : aucune "
        "entreprise réelle n'est représentée, ni aucune personne.",
        "Companies are rebuilt from counts by sector and size: no real company or person is represented.",
    ),
    Text(
        "L'état final des rivières est une moyenne de cinq ans : quelques étés secs ou humides y pèsent "
        "encore. Les trajectoires montrent les autres années.",
        "The final state of rivers is a mean of five years: a few dry or wet summers still weigh in it. The "
        "trajectories show the other years.",
    ),
    Text(
        "Les intervalles tiennent compte du hasard dans le modèle, pas de l'incertitude sur ses "
        "paramètres ni de ce qu'il ignore.",
        "The intervals account for luck inside the model, not for uncertainty about its parameters nor "
        "for what it leaves out.",
    ),
)
