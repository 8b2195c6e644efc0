"""Help of the commands and of their options, in French and in English, in one place."""

from coopsim.i18n import Text

ROOT = Text(
    "Intercommunalités voisines, eau, bois et sol : comparer des règles du jeu.\n\n"
    "Exemple : coopsim compare figeac-attractiveness figeac-cooperation --report rapport.html",
    "Neighbouring territories, water, wood and land: compare the rules of the game.\n\n"
    "Example: coopsim compare figeac-attractiveness figeac-cooperation --report report.html",
)

COMMANDS: dict[str, Text] = {
    "list": Text(
        "Lister ce qui existe : scénarios, règles, indicateurs, paramètres, laboratoires…\n\n"
        "Exemple : coopsim list parameters economy.siting",
        "List what there is: scenarios, rules, indicators, parameters, labs…\n\n"
        "Example: coopsim list parameters economy.siting",
    ),
    "explain": Text(
        "Expliquer un nom ou une clé : libellé, unité, bornes, valeur par défaut, source, leviers.\n\n"
        "Exemple : coopsim explain governance.payoff.revenue_sharing",
        "Explain a name or a key: label, unit, bounds, default, source, levers.\n\n"
        "Example: coopsim explain governance.payoff.revenue_sharing",
    ),
    "schema": Text(
        "Afficher le schéma JSON des fichiers de scénario, pour les éditeurs.\n\n"
        "Exemple : coopsim schema --out scenario.schema.json",
        "Print the JSON Schema of scenario files, for editors.\n\n"
        "Example: coopsim schema --out scenario.schema.json",
    ),
    "validate": Text(
        "Vérifier des scénarios et des cas sans les lancer : toutes les erreurs à la fois, puis ce qui étonne.\n\n"
        "Exemple : coopsim validate figeac-cooperation mon-scenario.toml mon-cas/",
        "Check scenarios and cases without running them: every mistake at once, then what looks wrong.\n\n"
        "Example: coopsim validate figeac-cooperation my-scenario.toml my-case/",
    ),
    "run": Text(
        "Simuler un scénario une fois.\n\nExemple : coopsim run figeac-status-quo --years 10 --out out/run",
        "Run a scenario once.\n\nExample: coopsim run figeac-status-quo --years 10 --out out/run",
    ),
    "compare": Text(
        "Comparer des scénarios sur les mêmes mondes : écarts appariés, intervalles, verdicts.\n\n"
        "Exemple : coopsim compare figeac-attractiveness figeac-cooperation --replicates 20 --report rapport.html",
        "Compare scenarios on the same worlds: paired differences, intervals, verdicts.\n\n"
        "Example: coopsim compare figeac-attractiveness figeac-cooperation --replicates 20 --report report.html",
    ),
    "factorial": Text(
        "Croiser des facteurs (2×2 ou plus) : effets, interactions, part à somme nulle.\n\n"
        "Exemple : coopsim factorial figeac --sweep --out out/factorial",
        "Cross factors (2×2 or more): effects, interactions, zero-sum share.\n\n"
        "Example: coopsim factorial figeac --sweep --out out/factorial",
    ),
    "report": Text(
        "Écrire le rapport HTML d'une comparaison gardée par compare --out.\n\n"
        "Exemple : coopsim report out/demo --out rapport.html --lang fr",
        "Write the HTML report of a comparison kept by compare --out.\n\n"
        "Example: coopsim report out/demo --out report.html --lang en",
    ),
    "batch": Text(
        "Simuler un plan d'expérience, par milliers de simulations ; la même commande reprend ce qui manque.\n\n"
        "Exemple : coopsim batch outside-share --out out/outside-share --dry-run",
        "Live a plan, thousands of runs; the same command goes on with what is missing.\n\n"
        "Example: coopsim batch outside-share --out out/outside-share --dry-run",
    ),
    "export": Text(
        "Écrire les résultats d'un plan en CSV, parquet, netCDF ou pour l'EMA Workbench.\n\n"
        "Exemple : coopsim export out/outside-share --format csv --out out/tables",
        "Write the results of a plan as CSV, parquet, netCDF or for the EMA Workbench.\n\n"
        "Example: coopsim export out/outside-share --format csv --out out/tables",
    ),
    "stability": Text(
        "Dire si les pactes d'un scénario tiennent : ce que chaque membre gagne à rester plutôt qu'à sortir ou à "
        "ne pas payer, plus petit groupe qui ferait mieux seul, cœur, valeur de Shapley.\n\nExemple : coopsim "
        "stability figeac-cooperation --replicates 10 --figure pacte.svg",
        "Tell whether the pacts of a scenario hold: what each member gains by staying rather than leaving or not "
        "paying, smallest group that would do better alone, core, Shapley value.\n\n"
        "Example: coopsim stability figeac-cooperation --replicates 10 --figure pact.svg",
    ),
    "levers": Text(
        "Dire qui paie et qui gagne, levier par levier : le même monde avec et sans chaque règle.\n\n"
        "Exemple : coopsim levers figeac-cooperation --lever revenue_sharing --save leviers.md",
        "Tell who pays and who gains, lever by lever: the same world with and without each rule.\n\n"
        "Example: coopsim levers figeac-cooperation --lever revenue_sharing --save levers.md",
    ),
    "flip": Text(
        "Chercher le plus petit changement de règles qui renverse un verdict ; B absent : l'attractivité contre la "
        "coopération, dans le cas de A.\n\n"
        "Exemple : coopsim flip figeac-attractiveness figeac-cooperation --indicator jobs --budget 600",
        "Search the smallest change of rules that reverses a verdict; without B: attractiveness against cooperation, "
        "in the case of A.\n\n"
        "Example: coopsim flip figeac-attractiveness figeac-cooperation --indicator jobs --budget 600",
    ),
    "odd": Text(
        "Écrire la description ODD d'un scénario (Grimm et al. 2020), tirée du code : entités, phases, règles, "
        "paramètres, données, sources.\n\n"
        "Exemple : coopsim odd figeac-cooperation --save odd.html",
        "Write the ODD description of a scenario (Grimm et al. 2020), drawn from the code: entities, phases, rules, "
        "parameters, data, sources.\n\n"
        "Example: coopsim odd figeac-cooperation --save odd.html",
    ),
    "patterns": Text(
        "Confronter le modèle aux motifs des sources et aux faits de la littérature : seuils écrits d'avance, "
        "verdict, émergence. Avec --out, la même commande reprend ce qui manque.\n\n"
        "Exemple : coopsim patterns P6 P14 --out out/patterns --page motifs.md",
        "Check the model against the patterns of the sources and the facts of the literature: marks written "
        "beforehand, verdict, emergence. With --out, the same command goes on with what is missing.\n\n"
        "Example: coopsim patterns P6 P14 --out out/patterns --page patterns.md",
    ),
    "resilience": Text(
        "Dire comment des scénarios encaissent un choc : profondeur, surface perdue, temps de retour.\n\n"
        "Exemple : coopsim resilience figeac-attractiveness figeac-cooperation --event firm_closure=0.3@2032-01-01",
        "Tell how scenarios take a shock: depth, area lost, recovery time.\n\n"
        "Example: coopsim resilience figeac-attractiveness figeac-cooperation --event firm_closure=0.3@2032-01-01",
    ),
    "sheet": Text(
        "Écrire la fiche d'une page d'un scénario, en français : question, contraste, résultat, à discuter.\n\n"
        "Exemple : coopsim sheet figeac-cooperation --html",
        "Write the one-page French sheet of a scenario: question, contrast, result, what to discuss.\n\n"
        "Example: coopsim sheet figeac-cooperation --html",
    ),
    "regimes": Text(
        "Dresser la carte des régimes : sur des plans de deux hypothèses, où attirer et où coopérer l'emporte, avec "
        "l'incertitude ; la même commande reprend ce qui manque.\n\n"
        "Exemple : coopsim regimes regimes-cost-mobility --cells 3 --replicates 4 --page carte.md",
        "Draw the map of regimes: on planes of two assumptions, where attracting and where cooperating wins, with "
        "uncertainty; the same command goes on with what is missing.\n\n"
        "Example: coopsim regimes regimes-cost-mobility --cells 3 --replicates 4 --page map.md",
    ),
    "lab": Text(
        "Confronter le moteur à un résultat exact ; sans nom, lister les laboratoires.\n\n"
        "Exemple : coopsim lab fish-war -p n=4 --figure figure.svg --html page.html",
        "Check the engine against an exact result; without a name, list the labs.\n\n"
        "Example: coopsim lab fish-war -p n=4 --figure figure.svg --html page.html",
    ),
    "new": Text(
        "Commencer son propre territoire : un cas tiré d'un autre, trois scénarios dessus, et la liste des chiffres "
        "supposés, à remplir dans un tableur.\n\n"
        "Exemple : coopsim new mon-territoire --territories 200067361 --rings 1",
        "Begin a place of your own: a case taken out of another, three scenarios on it, and the list of assumed "
        "figures, to fill in with a spreadsheet.\n\n"
        "Example: coopsim new my-place --territories 200067361 --rings 1",
    ),
    "import": Text(
        "Lire des fichiers officiels dans les tables d'un cas. Sources : epci (EPCI et populations : DGCL), "
        "comparateur (recensement et employeurs : INSEE), companies (totaux nationaux d'entreprises), forest "
        "(forêt : IGN, ALDO), corine (occupation du sol), outlines (contours : IGN), water (eau, par hypothèse), "
        "assumptions (règles à vous), figures (chiffres à vous), extract (une partie d'un cas). "
        "Sans source : la liste, avec les fichiers et options de chacune.\n\n"
        "Exemple : coopsim import extract france --into mon-cas --set territories=200067361 --set rings=1",
        "Read official files into the tables of a case. Sources: epci (EPCI and populations: DGCL), "
        "comparateur (census and employers: INSEE), companies (national totals of companies), forest "
        "(forest: IGN, ALDO), corine (land cover), outlines (outlines: IGN), water (water, by assumption), "
        "assumptions (rules of your own), figures (figures of your own), extract (part of a case). "
        "Without a source: the list, with the files and options of each.\n\n"
        "Example: coopsim import extract france --into my-case --set territories=200067361 --set rings=1",
    ),
}

# in the list of commands: those of the outer packages, which are not imported for it
OUTER: dict[str, Text] = {
    "calibrate": Text("Ajuster une étude aux données publiques.", "Fit a study to public data."),
    "replay": Text(
        "Rejouer une séance : tables, et chaque branche comme fichier de scénario.",
        "Live a session again: tables, and each branch as a scenario file.",
    ),
    "sensitivity": Text(
        "Dire quelles hypothèses comptent : Morris sur le modèle, Sobol sur un émulateur.",
        "Tell which assumptions matter: Morris on the model, Sobol on an emulator.",
    ),
    "session": Text(
        "Ce qu'une séance a laissé sur cet ordinateur : bilan, effacement.",
        "What a session left on this computer: report, removal.",
    ),
    "view": Text(
        "Ouvrir une salle : deux trajectoires en direct, et les votes des téléphones.",
        "Open a room: two trajectories live, and votes from phones.",
    ),
}

OPTIONS: dict[str, Text] = {
    "lang": Text(
        "Langue, avant ou après la commande (par défaut celle du système).",
        "Language, before or after the command (the system's by default).",
    ),
    "version": Text("Afficher la version.", "Show the version."),
    "help": Text("Afficher cette aide.", "Show this help."),
    "place_folder": Text("Dossier à créer.", "Folder to make."),
    "territories": Text(
        "Codes SIREN ou noms des intercommunalités, séparés par « ; ».",
        "SIREN codes or names of the intercommunalités, separated by ';'.",
    ),
    "departements": Text("Départements entiers, séparés par « ; ».", "Whole départements, separated by ';'."),
    "rings": Text(
        "Nombre de couronnes de voisins à prendre autour.", "How many rings of neighbours to take around."
    ),
    "base_case": Text(
        "Cas d'où les tirer : nom livré ou dossier.", "Case to take them from: shipped name or folder."
    ),
    "place_title": Text(
        "Nom du territoire (par défaut celui du dossier).",
        "Name of the place (that of the folder by default).",
    ),
    "place_years": Text("Durée des scénarios, en années.", "Length of the scenarios, in years."),
    "kind": Text("Ce qu'il faut lister.", "What to list."),
    "part": Text(
        "Seulement les noms qui contiennent ce texte ; à défaut, les libellés.",
        "Only names that contain this text; where none does, labels.",
    ),
    "as_json": Text("Écrire du JSON.", "Write JSON."),
    "name": Text("Nom, ou clé pointée d'un scénario.", "Name, or dotted key of a scenario."),
    "write": Text("Récrire le schéma livré avec coopsim.", "Write the schema that coopsim ships again."),
    "files": Text(
        "Fichiers de scénario, noms livrés ou dossiers de cas.",
        "Scenario files, shipped names or case folders.",
    ),
    "scenario": Text("Nom livré ou fichier de scénario.", "Shipped name or scenario file."),
    "scenarios": Text(
        "Deux scénarios ou plus : noms livrés ou fichiers.", "Two scenarios or more: shipped names or files."
    ),
    "settings": Text(
        "Change une clé, comme governance.payoff.revenue_sharing.share=0.3 ; répétable.",
        "Change one key, such as governance.payoff.revenue_sharing.share=0.3; repeatable.",
    ),
    "seed": Text("Graine ; 0 en est une.", "Seed; 0 is one."),
    "first_seed": Text(
        "Graine du premier monde ; les autres suivent.", "Seed of the first world; the others follow."
    ),
    "years": Text(
        "Durée en années (par défaut celle du scénario).", "Length in years (the scenario's by default)."
    ),
    "replicates": Text("Nombre de mondes.", "Number of worlds."),
    "ensemble": Text(
        "Mondes aux paramètres tirés d'un ajustement : calibrated (celui du cas, dans out/) ou dossier de calibrate.",
        "Worlds with parameters drawn from a fit: calibrated (that of the case, in out/) or a folder of calibrate.",
    ),
    "workers": Text(
        "Processus de calcul (par défaut tous les cœurs).", "Worker processes (all cores by default)."
    ),
    "out": Text("Dossier où garder les tables.", "Folder where tables are kept."),
    "out_file": Text("Fichier à écrire.", "File to write."),
    "html": Text("Rapport HTML à écrire.", "HTML report to write."),
    "everything": Text(
        "Montrer aussi les indicateurs qui décrivent le régime, sans verdict.",
        "Show the indicators that describe the regime too, without a verdict.",
    ),
    "base": Text(
        "Cas (son scénario status-quo sert de base), ou scénario.",
        "Case (its status-quo scenario is the base), or scenario.",
    ),
    "factors": Text(
        "Facteur livré ou fichier ; répétable (par défaut attractiveness et pacts).",
        "Shipped factor or file; repeatable (attractiveness and pacts by default).",
    ),
    "sweep": Text(
        "Faire varier les hypothèses qu'aucune donnée ne fixe.", "Vary the assumptions that no data settle."
    ),
    "vary": Text(
        "Fait varier une clé, comme economy.siting.gamma_cost=[0.02,0.1] ; répétable.",
        "Vary one key, such as economy.siting.gamma_cost=[0.02,0.1]; repeatable.",
    ),
    "cross": Text("Croiser toutes les hypothèses.", "Cross all assumptions with one another."),
    "player": Text(
        "Territoire qui joue seul le premier facteur (code).",
        "Territory that plays the first factor alone (code).",
    ),
    "indicator": Text("Indicateur montré selon les hypothèses.", "Indicator shown by assumption."),
    "folder": Text("Dossier écrit par compare --out.", "Folder written by compare --out."),
    "rule_files": Text(
        "Fichier Python de règles à vous ; répétable.", "Python file of rules of your own; repeatable."
    ),
    "plan_file": Text(
        "Nom d'un plan livré (coopsim list plans) ou fichier de plan.",
        "Name of a shipped plan (coopsim list plans) or plan file.",
    ),
    "dask": Text(
        "Ordonnanceur Dask, comme tcp://machine:8786 ; local : une grappe sur cette machine.",
        "Dask scheduler, such as tcp://host:8786; local: a cluster on this machine.",
    ),
    "fresh": Text(
        "Tout recommencer : efface les résultats du dossier.", "Start over: deletes the folder's results."
    ),
    "dry_run": Text(
        "Dire le nombre de simulations, la durée et la place attendues, sans rien écrire.",
        "Tell the number of runs, the expected time and size; writes nothing.",
    ),
    "batch_folder": Text("Dossier écrit par batch --out.", "Folder written by batch --out."),
    "form": Text(
        "csv et parquet font un dossier, netcdf un fichier .nc, ema un fichier .tar.gz.",
        "csv and parquet make a folder, netcdf a .nc file, ema a .tar.gz file.",
    ),
    "destination": Text("Dossier ou fichier à écrire.", "Folder or file to write."),
    "laboratory": Text("Nom du laboratoire.", "Name of the lab."),
    "figure": Text(
        "Figure à écrire : la théorie et les points simulés.", "Figure to write: theory and simulated points."
    ),
    "lab_page": Text(
        "Page à écrire, qui s'ouvre sans rien installer ; sans nom de laboratoire, dossier où les écrire toutes.",
        "Page to write, which opens without any installation; without the name of a lab, folder for all of them.",
    ),
    "pact": Text(
        "Pacte : son numéro dans la simulation, ou ses membres (codes ou noms) joints par + ; répétable "
        "(par défaut tous ceux de la simulation).",
        "Pact: its number in the run, or its members (codes or names) joined by +; repeatable (all of the run by "
        "default).",
    ),
    "until": Text(
        "Année à la fin de laquelle on juge (par défaut dix ans de pacte).",
        "Year at the end of which to judge (ten years of the pact by default).",
    ),
    "most": Text(
        "Membres jusqu'auxquels toutes les coalitions sont simulées.",
        "Members up to which every coalition is run.",
    ),
    "lever": Text("Seulement les clés qui contiennent ce texte.", "Only keys that contain this text."),
    "every_value": Text(
        "Une ligne par valeur possible, pas seulement la première.",
        "One line for every possible value, not only the first.",
    ),
    "moves": Text(
        "Comparer aussi ce que le conseil attend de chaque choix et ce qui se réalise.",
        "Compare too what the council expects of each move and what comes of it.",
    ),
    "mover": Text(
        "Territoire qui fait ces choix (par défaut le premier du cas).",
        "Territory that makes these moves (the first of the case by default).",
    ),
    "pattern_names": Text("Motifs (tous sans nom).", "Patterns (all without a name)."),
    "seeds": Text(
        "Mondes de chaque essai (par défaut le nombre écrit avec le motif).",
        "Worlds of each test (by default the number written with the pattern).",
    ),
    "pattern_file": Text(
        "Fichier de motifs à vous, à la place de ceux livrés ; répétable.",
        "File of patterns of your own, instead of the shipped ones; repeatable.",
    ),
    "plan_names": Text(
        "Plans livrés ou fichiers ; les quatre plans livrés sans nom.",
        "Shipped plans or files; the four shipped planes without a name.",
    ),
    "place": Text("Dossier où les simulations sont gardées.", "Folder where runs are kept."),
    "worlds": Text(
        "Mondes de chaque case (par défaut ceux du plan).", "Worlds of each cell (the plan's by default)."
    ),
    "cells": Text(
        "Valeurs gardées sur chaque axe (par défaut toutes).", "Values kept on each axis (all by default)."
    ),
    "page_file": Text("Page Markdown à écrire.", "Markdown page to write."),
    "no_flip": Text(
        "Ne pas essayer le paramètre qui pourrait écrire chaque motif.",
        "Do not try the parameter that could write each pattern.",
    ),
    "first": Text("Scénario dont on change les règles.", "Scenario whose rules are changed."),
    "second": Text(
        "Scénario auquel on le compare (absent : l'autre régime du même cas).",
        "Scenario that it is compared with (absent: the other regime of the same case).",
    ),
    "max_changes": Text("Clés changées au plus.", "Keys changed at most."),
    "with_parameters": Text(
        "Essayer aussi les paramètres du modèle, dans leur plage plausible et des deux côtés.",
        "Try the parameters of the model too, in their plausible range and on both sides.",
    ),
    "budget": Text("Simulations au plus.", "Runs at most."),
    "verdict_on": Text(
        "Indicateur dont on renverse le verdict.", "Indicator whose verdict is to be reversed."
    ),
    "events": Text(
        "Choc, comme drought=0.6@2032-07-01+1 ; répétable (par défaut les événements du scénario).",
        "Shock, such as drought=0.6@2032-07-01+1; repeatable (the scenario's own events by default).",
    ),
    "every_sheet": Text("Tous les scénarios livrés.", "Every shipped scenario."),
    "html_too": Text(
        "Écrire aussi une page HTML qui s'imprime sur une feuille A4.",
        "Write an HTML page too, which prints on one sheet of A4.",
    ),
    "save": Text("Fichier de résultats à écrire.", "File of results to write."),
    "values": Text(
        "Paramètre en JSON, comme n=4 ; répétable.", "Parameter in JSON, such as n=4; repeatable."
    ),
    "source": Text("Nom de la source ; sans elle, la liste.", "Name of the source; without it, the list."),
    "sources_files": Text("Fichiers téléchargés, ou cas.", "Files you downloaded, or a case."),
    "sheets": Text("Scénarios, par leur nom livré.", "Scenarios, by their shipped names."),
    "sheet_folder": Text("Dossier des fiches.", "Folder of the sheets."),
    "into": Text("Dossier du cas à écrire ou compléter.", "Folder of the case to write or complete."),
    "source_settings": Text("Option de la source ; répétable.", "Option of the source; repeatable."),
    "encoding": Text(
        "Encodage des fichiers (latin-1 si leur producteur l'écrit ainsi).",
        "Encoding of the files (latin-1 if their producer writes it so).",
    ),
}

PANELS: dict[str, Text] = {
    "ARGUMENTS_PANEL_TITLE": Text("Arguments", "Arguments"),
    "OPTIONS_PANEL_TITLE": Text("Options", "Options"),
    "COMMANDS_PANEL_TITLE": Text("Commandes", "Commands"),
    "DEFAULT_STRING": Text("[par défaut : {}]", "[default: {}]"),
    "REQUIRED_LONG_STRING": Text("[nécessaire]", "[required]"),
}
