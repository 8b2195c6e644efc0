"""``flip``: the smallest change of rules that reverses a verdict."""

from typing import TYPE_CHECKING, Annotated

import typer

from coopsim.cli.commands.options import Json, Replicates, RuleFiles, Seed, Settings, Workers, Years
from coopsim.cli.failures import say
from coopsim.cli.inputs import scenarios_of, use_rules
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, shown, write_json
from coopsim.cli.progress import progress
from coopsim.errors import scenario_error
from coopsim.i18n import Text
from coopsim.indicators import BY_NAME, SYSTEM
from coopsim.registry import nearest

if TYPE_CHECKING:
    from coopsim.flip import Flip, Judged
    from coopsim.flip.changes import Change
    from coopsim.scenario import Scenario

_RUNNING = Text("Simulations (au plus)", "Runs (at most)")
_BEFORE = Text("Verdict : {b} contre {a} – {words}", "Verdict: {b} against {a} – {words}")
_AFTER = Text("Après le changement – {words}", "After the change – {words}")
_WORDS = Text(
    "{label} : {verdict} ({mean}, intervalle {interval}, {worlds} mondes appariés)",
    "{label}: {verdict} ({mean}, interval {interval}, {worlds} paired worlds)",
)
_IN_A = Text("dans {a} : {key} : {old} → {new}", "in {a}: {key}: {old} → {new}")
_IN_BOTH = Text("dans les deux : {key} : {old} → {new}", "in both: {key}: {old} → {new}")
_PASTE = Text("à coller : --set '{line}'", "to paste: --set '{line}'")
_FLIP = Text("Changement n° {n} qui renverse le verdict", "Change no. {n} that reverses the verdict")
_NO_VERDICT = Text(
    "Il n'y a pas de verdict net à renverser pour cet indicateur : augmenter --replicates, ou en choisir un autre.",
    "There is no clear verdict to reverse for this indicator: raise --replicates, or choose another.",
)
_NONE = Text(
    "Aucun changement essayé ne renverse le verdict ({tried} essayés, {untried} laissés faute de budget).",
    "No change that was tried reverses the verdict ({tried} tried, {untried} left for want of budget).",
)
_NEAREST = Text("Le plus proche", "The nearest")
_COST = Text("{runs} simulations, {seconds} s.", "{runs} runs, {seconds} s.")


def flip(  # noqa: PLR0913, PLR0917 - options of a command
    first: Annotated[str, typer.Argument(metavar="A")],
    second: Annotated[str, typer.Argument(metavar="[B]", show_default=False)] = "",
    verdict_on: Annotated[str, typer.Option("--indicator", metavar="NAME")] = "jobs",
    max_changes: Annotated[int, typer.Option("--max-changes", metavar="K")] = 2,
    with_parameters: Annotated[bool, typer.Option("--parameters")] = False,
    budget: Annotated[int, typer.Option("--budget", metavar="RUNS")] = 1000,
    replicates: Replicates = 10,
    first_seed: Seed = 0,
    years: Years = None,
    settings: Settings = [],  # noqa: B006 - typer copies it
    workers: Workers = None,
    rule_files: RuleFiles = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Search the smallest change that reverses a verdict."""
    _check(verdict_on, max_changes, budget, replicates)
    use_rules(rule_files)
    a, b = _two(first, second, settings, years)
    from coopsim.comparison import check_comparable
    from coopsim.flip import Search
    from coopsim.flip import flip as search_flip
    from coopsim.flip.changes import from_difference, from_levers, from_parameters

    check_comparable([a, b], replicates, first_seed)
    compiled()
    close = from_difference(a, b)
    sources: list[list[Change]] = [close, from_levers(a, close)]
    if with_parameters:
        sources.append(from_parameters(a))
    seeds = tuple(range(first_seed, first_seed + replicates))
    with progress(_RUNNING) as on_done:
        search = Search(a, b, verdict_on, seeds, budget, workers, on_done)
        found = search_flip(search, sources, max_changes)
    if as_json:
        write_json(found.to_json())
    else:
        _tell(found)


def _two(first: str, second: str, settings: list[str], years: int | None) -> "tuple[Scenario, Scenario]":
    if second:
        a, b = scenarios_of([first, second], settings, years)
        return a, b
    from coopsim.flip import regimes

    (spec,) = scenarios_of([first], settings, years)
    a, b = regimes(spec)
    return (b, a) if spec.name == b.name else (a, b)


def _check(indicator: str, most: int, budget: int, replicates: int) -> None:
    if indicator not in SYSTEM:
        raise scenario_error(
            "indicateur inconnu (voir : coopsim list indicators)",
            "unknown indicator (see: coopsim list indicators)",
            key="--indicator",
            value=indicator,
            nearest=nearest(indicator, list(SYSTEM)),
        )
    for key, value, low, high in (
        ("--replicates", replicates, 2, 10_000),
        ("--max-changes", most, 1, 5),
        ("--budget", budget, 2 * max(replicates, 1), 1_000_000),
    ):
        if not low <= value <= high:
            allowed = f"{low} – {high}"
            raise scenario_error("hors des bornes", "out of bounds", key=key, value=value, allowed=allowed)


def _tell(found: "Flip") -> None:
    from rich.text import Text as Cell

    screen = console()
    words = _BEFORE.format(a=found.a, b=found.b, words=_words(found, found.before))
    screen.print(Cell(str(words), "bold"))
    if found.before.verdict == "no clear difference":
        screen.print(Cell(str(_NO_VERDICT)))
    for n, judged in enumerate(found.found, start=1):
        screen.print("")
        screen.print(Cell(str(_FLIP.format(n=n)), "bold"))
        _show(found, judged)
    if found.nearest is not None or (not found.found and found.tried):
        screen.print("")
        screen.print(Cell(str(_NONE.format(tried=found.tried, untried=found.untried))))
    if found.nearest is not None:
        screen.print(Cell(str(_NEAREST), "bold"))
        _show(found, found.nearest)
    say(str(_COST.format(runs=found.runs, seconds=round(found.seconds))))


def _show(found: "Flip", judged: "Judged") -> None:
    from rich.text import Text as Cell

    from coopsim.flip import set_text

    screen = console()
    for c in judged.changes:
        place = _IN_BOTH if c.both else _IN_A
        screen.print(Cell(f"- {place.format(a=found.a, key=c.key, old=shown(c.old), new=shown(c.new))}"))
        screen.print(Cell(f"  {_PASTE.format(line=set_text(c.key, c.new))}"))
    screen.print(Cell(str(_AFTER.format(words=_words(found, judged)))))


def _words(found: "Flip", judged: "Judged") -> str:
    from coopsim.comparison.words import VERDICTS, interval, quantity, verdict_words

    indicator = BY_NAME[found.indicator]
    told = verdict_words(indicator, judged.verdict) if judged.verdict in VERDICTS else judged.verdict
    return str(
        _WORDS.format(
            label=str(indicator.label),
            verdict=told,
            mean=quantity(judged.mean, indicator.unit, sign=True, difference=True),
            interval=interval(judged.low, judged.high, indicator.unit, sign=True),
            worlds=judged.worlds,
        )
    )
