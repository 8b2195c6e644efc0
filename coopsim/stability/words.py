"""What a stable or unstable pact is told as, in the language in force."""

from coopsim.comparison.words import number
from coopsim.i18n import Text
from coopsim.stability import PactStability
from coopsim.stability.game import Blocking

_HEAD = Text("Pacte {n} : {names}", "Pact {n}: {names}")
_ASKED = Text("Pacte supposé : {names}", "Supposed pact: {names}")
_DATES = Text(
    "fondé au début de {year}, jugé à la fin de {last}, sur {worlds} mondes appariés ({runs} simulations)",
    "founded at the start of {year}, judged at the end of {last}, over {worlds} paired worlds ({runs} runs)",
)
_LEAVERS = Text(
    "Gagneraient à sortir (budget, écart net) : {names}", "Would gain by leaving (budget, clear): {names}"
)
_NO_LEAVER = Text("Aucun membre ne gagne nettement à sortir.", "No member clearly gains by leaving.")
_RIDERS = Text(
    "Gagneraient à rester sans payer (budget, écart net) : {names}",
    "Would gain by staying without paying (budget, clear): {names}",
)
_NO_RIDER = Text(
    "Aucun membre ne gagne nettement à rester sans payer.",
    "No member clearly gains by staying without paying.",
)
_TOO_MANY = Text(
    "{n} membres : au-delà de {most}, les {all} coalitions ne sont pas simulées ; ni cœur, ni valeur de Shapley.",
    "{n} members: above {most} the {all} coalitions are not run; neither core nor Shapley value.",
)
_CORE = Text(
    "Le partage actuel est dans le cœur : aucun groupe de membres ne gagne à faire son propre pacte.",
    "The actual shares are in the core: no group of members gains by a pact of its own.",
)
_OUT = Text(
    "Le partage actuel n'est pas dans le cœur : {names} gagneraient ensemble {gain} k€/an de plus dans leur propre "
    "pacte{sure}.",
    "The actual shares are not in the core: {names} would together gain {gain} k€/yr more in a pact of their "
    "own{sure}.",
)
_UNSURE = Text(" (l'intervalle contient 0)", " (the interval contains 0)")
_EMPTY = Text(
    "Aucun partage ne le peut : le cœur est vide, il manque {slack} k€/an à chaque groupe.",
    "No sharing can: the core is empty, every group lacks {slack} k€/yr.",
)
_SOME = Text(
    "Un autre partage le pourrait : le cœur n'est pas vide (marge de {slack} k€/an par groupe).",
    "Another sharing can: the core is not empty (a margin of {slack} k€/yr for every group).",
)
_SEATS = Text(
    "Sans paiements entre eux, {names} seraient tous plus satisfaits dans leur propre pacte (utilité des sièges).",
    "Without payments among them, {names} would all be more satisfied in a pact of their own (utility of seats).",
)
_ALONE = Text(
    "Sans paiements, {names} serait plus satisfait hors de tout pacte (utilité des sièges).",
    "Without payments, {names} would be more satisfied outside any pact (utility of seats).",
)
_NO_SEATS = Text(
    "Sans paiements, aucun groupe n'est plus satisfait ailleurs (utilité des sièges).",
    "Without payments, no group is more satisfied elsewhere (utility of seats).",
)
_HELD = Text(
    "Dans {share} % des mondes les membres ont changé avant la fin (exclusion).",
    "In {share}% of the worlds the members changed before the end (exclusion).",
)


def title(found: PactStability) -> str:
    """Return the members and, of a pact of the run, its number."""
    names = ", ".join(found.names)
    return str((_HEAD if found.pact.number else _ASKED).format(n=found.pact.number, names=names))


def setting(found: PactStability, start_year: int) -> str:
    """Return dates, worlds and runs."""
    year = start_year + found.pact.tick // 4
    worlds = len(found.seeds)
    return str(_DATES.format(year=year, last=found.last_year, worlds=worlds, runs=found.runs))


def sentences(found: PactStability, most: int) -> list[str]:
    """Return what the numbers say, one sentence each."""
    out = [
        _who(found, "over_leaving", _LEAVERS, _NO_LEAVER),
        _who(found, "over_riding", _RIDERS, _NO_RIDER),
    ]
    n = len(found.names)
    if found.game is None:
        out.append(str(_TOO_MANY.format(n=n, most=most, all=2**n - 1)))
    else:
        out += _core(found)
        out.append(_satisfied(found, found.blocked))
    if found.held < 1.0:
        out.append(str(_HELD.format(share=number(100.0 * (1.0 - found.held), "", 0))))
    return out


def _who(found: PactStability, what: str, some: Text, nobody: Text) -> str:
    effect = getattr(found, what)["money"]
    names = [name for name, high in zip(found.names, effect.high, strict=True) if high < 0.0]
    return str(some.format(names=", ".join(names)) if names else nobody)


def _core(found: PactStability) -> list[str]:
    game = found.game
    if game is None or game.in_core():
        return [str(_CORE)]
    block, least = game.blocking(), game.least_core()
    out = []
    if block is not None:
        sure = "" if block.clear else str(_UNSURE)
        names = _named(found, block)
        out.append(str(_OUT.format(names=names, gain=number(block.gain, "", 1), sure=sure)))
    empty = least > 0.0
    out.append(str((_EMPTY if empty else _SOME).format(slack=number(abs(least), "", 1))))
    return out


def _satisfied(found: PactStability, block: Blocking | None) -> str:
    if block is None:
        return str(_NO_SEATS)
    return str((_ALONE if len(block.members) == 1 else _SEATS).format(names=_named(found, block)))


def _named(found: PactStability, block: Blocking) -> str:
    return ", ".join(found.names[i] for i in block.members)
