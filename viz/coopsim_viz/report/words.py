"""Words of the session's report."""

from coopsim.i18n import Text

WORDS = {
    "report": Text("Bilan de séance", "Report of the session"),
    "until": Text("simulé jusqu'en", "simulated until"),
    "world": Text("monde n°", "world no."),
    "lanes": Text("Les deux trajectoires", "The two trajectories"),
    "maps": Text("À la fin", "At the end"),
    "curves": Text("Comment on y est arrivé", "How it came about"),
    "circles": Text(
        "Traits (A plein, B tireté) : simulation, un seul monde. Pointillé : valeur du départ. Cercles : médiane de ce "
        "que la salle prévoyait.",
        "Lines (A solid, B dashed): simulation, one world only. Dots: value at the start. Circles: median of what the "
        "room predicted.",
    ),
    "story": Text("Ce qui s'est passé", "What happened"),
    "marks": Text(
        "★ premier résultat visible ; ✕ rupture ou échec. Le journal complet est dans les tables de la séance.",
        "★ first visible result; ✕ break or failure. The whole journal is in the tables of the session.",
    ),
    "gap": Text("B − A à l'horizon, moyenne [95 %]", "B − A at the horizon, mean [95 %]"),
    "so": Text("Lecture", "Reading"),
    "sure": Text("différence nette", "clear difference"),
    "luck": Text("peut être le hasard", "may be luck"),
    "promises": Text("Théorie du changement : promesse et preuve", "Theory of change: promise and proof"),
    "step": Text("Étape", "Step"),
    "promise": Text("Promesse", "Promise"),
    "after": Text("Après", "After"),
    "proof": Text("Preuve", "Proof"),
    "decisions": Text(
        "Ce que la salle a changé, décisions annulées comprises", "What the room changed, undone decisions too"
    ),
    "none": Text("Rien.", "Nothing."),
    "year": Text("Année", "Year"),
    "lane": Text("Trajectoire", "Trajectory"),
    "what": Text("Quoi", "What"),
    "where": Text("Où", "Where"),
    "everywhere": Text("partout", "everywhere"),
    "votes": Text("Les votes", "The votes"),
    "adopted": Text("Réponse retenue", "Answer taken"),
    "not_adopted": Text("Rien n'est adopté", "Nothing is adopted"),
    "turnout": Text("téléphones ont voté", "phones voted"),
    "phones": Text("téléphones", "phones"),
    "secret": Text("vote secret", "secret ballot"),
    "predictions": Text("Ce que la salle prévoyait", "What the room expected"),
    "said": Text("Médiane prévue", "Median expected"),
    "came": Text("Simulé", "Simulated"),
    "later": Text("pas encore atteint", "not reached yet"),
    "people": Text("Prévisions", "Predictions"),
    "branches": Text("Ce qui a été essayé", "What was tried"),
    "branch": Text("Branche", "Branch"),
    "from": Text("Depuis", "From"),
    "to": Text("Jusqu'en", "Until"),
    "difference": Text("A ou B : que reste-t-il dans d'autres mondes ?", "A or B: what remains in other worlds?"),
    "beyond": Text(
        "mondes rejoués avec d'autres hasards, jusqu'à l'horizon. Colonnes A et B : le monde de la séance, là où elle "
        "s'est arrêtée",
        "worlds lived again with other luck, up to the horizon. Columns A and B: the world of the session, where it "
        "stopped",
    ),
    "b_higher": Text("B finit plus haut", "B ends higher"),
    "b_lower": Text("B finit plus bas", "B ends lower"),
    "not_beyond": Text(
        "Les autres mondes n'ont pas été rejoués : une différence d'un seul monde peut être de la chance.",
        "Other worlds were not lived: a difference in one world may be luck.",
    ),
    "indicator": Text("Indicateur", "Indicator"),
    "limits": Text("Ce que cette simulation ne dit pas", "What this simulation does not say"),
    "limits_text": Text(
        "C'est un modèle, non une prévision. Il compare des règles du jeu toutes choses égales par ailleurs ; "
        "il ne connaît ni les personnes ni les projets réels. Une différence qui ne se retrouve pas dans la grande "
        "majorité des mondes n'est pas un résultat. Aucun classement des territoires n'en découle.",
        "This is a model, not a forecast. It compares rules of the game, other things equal; it knows neither the "
        "real people nor the real projects. A difference that is not found in the great majority of worlds is no "
        "result. No ranking of territories follows.",
    ),
    "grades": Text("Données du cas : mesurées {measured}, de la littérature {literature}, supposées {assumption}.",
                   "Data of the case: measured {measured}, from the literature {literature}, assumed {assumption}."),
    "again": Text(
        "La séance peut être rejouée : coopsim replay DOSSIER --out TABLES",
        "The session can be lived again: coopsim replay DIR --out TABLES",
    ),
}  # fmt: skip
