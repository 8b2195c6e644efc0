"""The menu of council moves: names, family and effect kind, one row per candidate.

A *move* is what a council may do inside the rules; each names its cost and who pays it. The scenario
allows and bounds moves under ``governance.choice.moves``; the candidates below are steps of them.
"""

from dataclasses import dataclass

from coopsim.i18n import Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate the executive may draft.

    Attributes
    ----------
    move : str
        Name in ``governance.choice.moves``.
    sign : int
        Direction of the step.
    family : str
        ``attractiveness``, ``cooperation`` or ``own``.
    payer : str
        Who pays: ``council``, ``members``, ``none``.
    """

    key: str
    move: str
    sign: int
    family: str
    payer: str
    label: Text


CANDIDATES: tuple[Candidate, ...] = (
    Candidate(
        "tax_down",
        "tax_change",
        -1,
        "attractiveness",
        "council",
        Text("baisser la CFE", "cut the business tax"),
    ),
    Candidate("tax_up", "tax_change", 1, "own", "none", Text("augmenter la CFE", "raise the business tax")),
    Candidate(
        "subsidy_up",
        "subsidy",
        1,
        "attractiveness",
        "council",
        Text("augmenter l'aide à l'implantation", "raise the siting subsidy"),
    ),
    Candidate(
        "subsidy_down",
        "subsidy",
        -1,
        "own",
        "none",
        Text("réduire l'aide à l'implantation", "lower the siting subsidy"),
    ),
    Candidate(
        "marketing",
        "marketing",
        1,
        "attractiveness",
        "council",
        Text("lancer une campagne de promotion", "run a promotion campaign"),
    ),
    Candidate(
        "open_land",
        "open_land",
        1,
        "attractiveness",
        "council",
        Text("ouvrir une zone d'activités", "open a business zone"),
    ),
    Candidate(
        "housing_programme",
        "housing_programme",
        1,
        "own",
        "council",
        Text("remettre des logements vacants sur le marché", "bring vacant dwellings back"),
    ),
    Candidate(
        "recycle_brownfield",
        "recycle_brownfield",
        1,
        "own",
        "council",
        Text("recycler une friche", "recycle brownfield"),
    ),
    Candidate(
        "wood_mobilisation",
        "wood_mobilisation",
        1,
        "own",
        "council",
        Text("regrouper des propriétaires forestiers", "group forest owners"),
    ),
    Candidate(
        "firm_support",
        "firm_support",
        1,
        "own",
        "council",
        Text("accompagner la transition des entreprises", "support the transition of firms"),
    ),
    Candidate(
        "eit_animation",
        "eit_animation",
        1,
        "own",
        "council",
        Text("animer l'écologie industrielle", "animate industrial ecology"),
    ),
    Candidate(
        "propose_pact",
        "propose_pact",
        1,
        "cooperation",
        "members",
        Text("proposer un pacte aux voisins", "propose a pact to neighbours"),
    ),
    Candidate(
        "coop_takeover",
        "coop_takeover",
        1,
        "own",
        "council",
        Text(
            "soutenir la reprise d'entreprises par un successeur ou par les salariés",
            "support takeovers by a successor or by the workers",
        ),
    ),
    Candidate(
        "ess_foundation",
        "ess_foundation",
        1,
        "own",
        "council",
        Text("soutenir la création dans l'économie sociale", "support start-ups of the social economy"),
    ),
    Candidate(
        "skills_programme",
        "skills_programme",
        1,
        "own",
        "council",
        Text("former aux métiers recherchés", "train for the skills looked for"),
    ),
    Candidate(
        "mobility_programme",
        "mobility_programme",
        1,
        "own",
        "council",
        Text("aider à se déplacer vers l'emploi", "help people to get to work"),
    ),
    Candidate(
        "heat_network",
        "heat_network",
        1,
        "own",
        "council",
        Text(
            "raccorder des établissements à un réseau de chaleur au bois",
            "connect establishments to a wood heat network",
        ),
    ),
    Candidate(
        "energy_loop",
        "energy_loop",
        1,
        "own",
        "council",
        Text("monter une boucle locale d'énergie", "set up a local energy loop"),
    ),
    Candidate(
        "ebe",
        "ebe",
        1,
        "own",
        "council",
        Text("ouvrir des postes en entreprise à but d'emploi", "open posts in an employment company"),
    ),
    Candidate(
        "tax_exemption",
        "tax_exemption",
        1,
        "attractiveness",
        "council",
        Text(
            "exonérer de CFE les entreprises qui arrivent", "exempt arriving companies from the business tax"
        ),
    ),
    Candidate(
        "prospecting",
        "prospecting",
        1,
        "attractiveness",
        "council",
        Text("prospecter des entreprises", "prospect for companies"),
    ),
    Candidate(
        "residential_programme",
        "residential_programme",
        1,
        "attractiveness",
        "council",
        Text("accueillir de nouveaux habitants", "welcome new residents"),
    ),
    Candidate(
        "cluster_subsidy",
        "cluster_subsidy",
        1,
        "attractiveness",
        "council",
        Text("aider les réseaux d'entreprises exportatrices", "support networks of exporting companies"),
    ),
    Candidate(
        "flagship_bid",
        "flagship_bid",
        1,
        "attractiveness",
        "council",
        Text("candidater à un équipement phare", "bid for a flagship facility"),
    ),
    Candidate(
        "local_currency",
        "local_currency",
        1,
        "cooperation",
        "council",
        Text("animer une monnaie locale", "animate a local currency"),
    ),
    Candidate(
        "conviviality",
        "conviviality",
        1,
        "cooperation",
        "council",
        Text("organiser fêtes et chantiers avec les voisins", "hold festivals and work days with neighbours"),
    ),
    Candidate(
        "visits",
        "visits",
        1,
        "cooperation",
        "council",
        Text("organiser des visites apprenantes chez les voisins", "hold learning visits at neighbours"),
    ),
    Candidate(
        "narrative",
        "narrative",
        1,
        "cooperation",
        "council",
        Text("mettre en récit le territoire commun", "tell the story of the common territory"),
    ),
    Candidate(
        "third_party",
        "third_party",
        1,
        "cooperation",
        "council",
        Text("jouer le tiers de confiance", "act as a trusted third party"),
    ),
    Candidate(
        "training",
        "training",
        1,
        "own",
        "council",
        Text("former les élus et les agents", "train councillors and staff"),
    ),
    Candidate(
        "share_zone",
        "share_zone",
        1,
        "own",
        "council",
        Text("animer le partage d'espaces dans les zones", "help companies of a zone share space"),
    ),
    Candidate(
        "temporary_use",
        "temporary_use",
        1,
        "own",
        "council",
        Text("prêter des friches pour un temps", "lend brownfield for a time"),
    ),
    Candidate(
        "fonciere",
        "fonciere",
        1,
        "own",
        "council",
        Text("racheter des terrains économiques (foncière)", "buy business plots (public land company)"),
    ),
    Candidate(
        "lease_land",
        "lease_land",
        1,
        "own",
        "council",
        Text("louer les terrains publics plutôt que les vendre", "lease public plots rather than sell them"),
    ),
    Candidate(
        "sell_land",
        "lease_land",
        -1,
        "own",
        "none",
        Text("revendre les terrains publics", "sell public plots again"),
    ),
    Candidate(
        "shared_reserve",
        "shared_reserve",
        1,
        "cooperation",
        "council",
        Text("mettre le foncier en compte commun", "put land in one account with partners"),
    ),
    Candidate(
        "function_split",
        "function_split",
        1,
        "cooperation",
        "council",
        Text("répartir les fonctions entre partenaires", "split functions between partners"),
    ),
    Candidate(
        "debate",
        "debate",
        1,
        "own",
        "council",
        Text("tenir un débat public avant de voter", "hold a public debate before voting"),
    ),
    Candidate(
        "mission_coalition",
        "mission_coalition",
        1,
        "cooperation",
        "council",
        Text("entrer dans une coalition de mission", "join a coalition on a mission"),
    ),
    Candidate(
        "reuse_support",
        "reuse_support",
        1,
        "own",
        "council",
        Text("soutenir le réemploi et la réparation", "support re-use and repair"),
    ),
)

KEYS: tuple[str, ...] = tuple(c.key for c in CANDIDATES)
INDEX: dict[str, int] = {key: i for i, key in enumerate(KEYS)}
ATTRACTIVENESS: tuple[int, ...] = tuple(i for i, c in enumerate(CANDIDATES) if c.family == "attractiveness")
# Levels that a programme move raises and that fade each quarter (columns of the programme state).
PROGRAMMES: tuple[str, ...] = (
    "firm_support",
    "eit_animation",
    "housing_programme",
    "coop_takeover",
    "ess_foundation",
    "skills_programme",
    "mobility_programme",
    "tax_exemption",
    "prospecting",
    "residential_programme",
    "cluster_subsidy",
    "local_currency",
    "conviviality",
    "visits",
    "narrative",
    "third_party",
    "training",
    "share_zone",
    "temporary_use",
    "mission_coalition",
    "reuse_support",
)
PACT_LABEL = {
    "join": Text("entrer dans un pacte", "join a pact"),
    "admit": Text("admettre un nouveau membre", "admit a new member"),
    "leave": Text("quitter le pacte", "leave the pact"),
    "deepen": Text("mettre un objet de plus en commun", "pool one more subject"),
    "federate": Text("se fédérer avec un autre pacte", "federate with another pact"),
}
