"""Sentences of the pages of laboratories."""

from coopsim.i18n import Text

PAGE: dict[str, Text] = {
    "kind": Text("Laboratoire coopsim", "coopsim lab"),
    "what": Text(
        "Un petit monde où la théorie donne la réponse exacte. La courbe est la théorie ; les points sont le même "
        "moteur que celui des simulations de territoires, réduit à ce cas.",
        "A small world where theory gives the exact answer. The curve is theory; the points are the engine that "
        "simulates territories, reduced to this case.",
    ),
    "offline": Text(
        "Cette page se suffit : ni installation, ni internet. Rien de ce que vous y écrivez n'en sort.",
        "This page needs nothing: no installation, no internet. Nothing that you write in it leaves it.",
    ),
    "guess": Text("1. Votre pari d'abord", "1. Your guess first"),
    "guess_how": Text(
        "Avant d'ouvrir la suite, écrivez une phrase : que va-t-il se passer, et pourquoi ?",
        "Before you open what follows, write one sentence: what will happen, and why?",
    ),
    "move": Text("2. Faire varier, regarder", "2. Move it, look"),
    "see": Text("2. Regarder", "2. Look"),
    "open": Text("Ouvrir la figure", "Open the figure"),
    "look": Text("À regarder", "What to look at"),
    "result": Text("Résultat", "Result"),
    "simulated": Text("Simulation", "Simulation"),
    "exact": Text("Théorie", "Theory"),
    "agrees": Text("Accord", "Agrees"),
    "discuss": Text("3. En parler", "3. Talk about it"),
    "surprise": Text(
        "Votre pari tenait-il ? Qu'est-ce qui vous a surpris ?", "Did your guess hold? What surprised you?"
    ),
    "assumption": Text(
        "Quelle hypothèse fait tenir ce résultat ? Est-elle vraie chez vous ?",
        "Which assumption makes this result hold? Is it true where you live?",
    ),
    "rule": Text(
        "Quelle règle changerait la fin de l'histoire ?", "Which rule would change the end of the story?"
    ),
    "next": Text("Que changer ensuite", "What to change next"),
    "again": Text(
        "Avec coopsim installé, cette page se refait, avec d'autres valeurs après -p :",
        "Where coopsim is installed, this page is made again, with other values after -p:",
    ),
    "all": Text("Toutes les simulations de cette page", "Every run of this page"),
    "value": Text("Valeur", "Value"),
    "held": Text("Tenus fixes", "Held fixed"),
    "given": Text("Paramètres", "Parameters"),
    "source": Text("Source du résultat exact", "Source of the exact result"),
    "made": Text("Page faite par coopsim {version}.", "Page made by coopsim {version}."),
    "labs": Text("Les laboratoires", "The labs"),
    "labs_what": Text(
        "Chacun est une page qui se suffit : copiez ce dossier sur une clé, ouvrez une page dans un navigateur.",
        "Each is a page that needs nothing: copy this folder to a USB key, open a page in a browser.",
    ),
}
