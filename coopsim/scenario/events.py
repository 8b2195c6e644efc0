"""What a scenario may date: events, which happen whatever the rules are, and decisions of people."""

from dataclasses import dataclass

from coopsim.i18n import Text


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event.

    Attributes
    ----------
    text : Text
        What happens.
    unit : str
        Unit of the amount.
    low, high : float
        Bounds of the amount.
    lasts : bool
        Whether it holds for ``duration`` ticks; else it happens once.
    duration : int, ticks
        Ticks it holds when the file says nothing.
    submodel : str
        Switch of ``[submodels]`` without which it changes nothing.
    """

    text: Text
    unit: str
    low: float
    high: float
    lasts: bool
    duration: int
    submodel: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a scenario, its date resolved to a tick.

    Attributes
    ----------
    tick : int
        First tick on which it holds.
    what : str
        Name in `EVENTS`.
    amount : float, in the unit of the kind
    territories : tuple of str
        Codes; every territory of the case when the file names none.
    known : str
        What the players know of it beforehand: yes, range or no.
    duration : int, ticks
    """

    tick: int
    what: str
    amount: float
    territories: tuple[str, ...]
    known: str
    duration: int

    def holds(self, tick: int) -> bool:
        """Return whether the event holds at a tick."""
        return self.tick <= tick < self.tick + self.duration


@dataclass(frozen=True, slots=True)
class Decision:
    """What people decided for a territory, kept until its council's next session.

    Attributes
    ----------
    tick : int
    territory : str
        Code.
    moves : tuple of (str, float)
        Keys of the councils' menu, and how many steps of each.
    strategy : float, optional
        In the unit of the territory's game.
    """

    tick: int
    territory: str
    moves: tuple[tuple[str, float], ...]
    strategy: float | None


EVENTS: dict[str, EventKind] = {
    "drought": EventKind(
        Text("part du débit naturel perdue", "share of the natural flow lost"),
        "1", 0.0, 1.0, lasts=True, duration=1, submodel="water",
    ),
    "storm": EventKind(
        Text("part du bois sur pied perdue", "share of the standing wood lost"),
        "1", 0.0, 1.0, lasts=False, duration=1, submodel="wood",
    ),
    "firm_closure": EventKind(
        Text("part des emplois privés perdue", "share of private jobs lost"),
        "1", 0.0, 1.0, lasts=False, duration=1, submodel="companies",
    ),
    "main_employer_leaves": EventKind(
        Text(
            "fermeture des plus grands établissements privés de chaque territoire nommé : leur nombre",
            "closure of the largest private establishments of each territory named: their number",
        ),
        "establishments", 1.0, 20.0, lasts=False, duration=1, submodel="companies",
    ),
    "demand_shock": EventKind(
        Text("variation relative de la demande extérieure", "relative change of external demand"),
        "1", -1.0, 1.0, lasts=True, duration=4, submodel="companies",
    ),
    "subsidy_cut": EventKind(
        Text("part des financements extérieurs retirée", "share of outside funding withdrawn"),
        "1", 0.0, 1.0, lasts=True, duration=4, submodel="finance",
    ),
    "population_inflow": EventKind(
        Text("habitants qui arrivent dans chaque territoire", "persons who arrive in each territory"),
        "persons", 0.0, 1e6, lasts=False, duration=1, submodel="people",
    ),
    "leader_exit": EventKind(
        Text(
            "départ sans passation de qui préside un pacte dans ces territoires (si quelqu'un préside)",
            "exit without handover of who presides a pact in these territories (where someone presides)",
        ),
        "exit", 1.0, 1.0, lasts=False, duration=1, submodel="pacts",
    ),
    "president_leaves": EventKind(
        Text("départ de la présidence de chaque territoire nommé", "the president of each territory named leaves"),
        "person", 1.0, 1.0, lasts=False, duration=1, submodel="elections",
    ),
    "elections_now": EventKind(
        Text(
            "élections anticipées dans toutes les communes des territoires nommés, avant l'échéance ordinaire",
            "early elections in every commune of the territories named, before the ordinary date",
        ),
        "election", 1.0, 1.0, lasts=False, duration=1, submodel="elections",
    ),
    "pact_founded": EventKind(
        Text(
            "pacte créé sans vote entre les territoires nommés, sur les objets que les règles permettent",
            "pact founded without a vote among the territories named, on the subjects that the rules allow",
        ),
        "pact", 1.0, 1.0, lasts=False, duration=1, submodel="pacts",
    ),
    "energy_price": EventKind(
        Text("hausse relative du prix de l'énergie achetée", "relative rise of the price of energy bought"),
        "1", -0.9, 10.0, lasts=True, duration=8, submodel="companies",
    ),
    "withholding": EventKind(
        Text(
            "part de ce qu'il doit à l'animation de son pacte que chaque territoire nommé ne verse pas",
            "share of what each territory named owes to the animation of its pact that it does not pay",
        ),
        "1", 0.0, 1.0, lasts=True, duration=4, submodel="pacts",
    ),
}  # fmt: skip
