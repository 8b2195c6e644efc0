"""``stability``: what holds the members of a pact together."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.cli.commands.options import Json, Replicates, RuleFiles, Seed, Settings, Workers
from coopsim.cli.failures import kept, say
from coopsim.cli.inputs import check_places, checked_seed, scenarios_of, use_rules, write_file
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, plain, table, write_json
from coopsim.cli.progress import progress
from coopsim.errors import scenario_error
from coopsim.i18n import Text

if TYPE_CHECKING:
    from coopsim.comparison.statistics import PairedEffect
    from coopsim.scenario import Scenario
    from coopsim.stability import Pact, PactStability

_RUNNING = Text("Simulations", "Runs")
_NONE = Text(
    "Aucun pacte ne naît dans « {name} », graine {seed}. Essayer une autre graine (--seed), ou supposer un pacte : "
    '--pact "A+B" (codes ou noms).',
    "No pact is born in '{name}', seed {seed}. Try another seed (--seed), or suppose a pact: --pact \"A+B\" "
    "(codes or names).",
)
_FORECAST = Text(
    "{pacts} pacte(s), {runs} simulations : environ {minutes:.1f} min sur {cores} cœur(s).",
    "{pacts} pact(s), {runs} runs: about {minutes:.1f} min on {cores} core(s).",
)
_NOTE = Text(
    "Ces mondes n'ont que ce pacte, aux membres imposés ; les autres règles jouent. Sortir : le pacte continue sans "
    "le membre. Un groupe qui fait le sien laisse les autres sans pacte. Entre crochets : intervalle à 95 %.",
    "These worlds have this pact only, its members imposed; the other rules hold. Leaving: the pact goes on without "
    "the member. A group that makes its own leaves the others without one. In brackets: 95% interval.",
)
_SAVED = Text("Résultats : {place}", "Results: {place}")


def stability(  # noqa: PLR0913, PLR0917 - options of a command
    scenario: Annotated[str, typer.Argument(metavar="FILE|NAME")],
    pact: Annotated[list[str], typer.Option("--pact", metavar="N|A+B...")] = [],  # noqa: B006 - typer copies it
    until: Annotated[int | None, typer.Option("--year", metavar="YEAR")] = None,
    replicates: Replicates = 10,
    first_seed: Seed = 0,
    settings: Settings = [],  # noqa: B006
    most: Annotated[int, typer.Option("--most", metavar="N")] = 10,
    figure: Annotated[Path | None, typer.Option("--figure", metavar="FILE.svg|.png")] = None,
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE")] = None,
    workers: Workers = None,
    rule_files: RuleFiles = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Tell whether the pacts of a scenario hold."""
    check_places(file=save)
    _check(replicates, most, figure)
    checked_seed(first_seed)
    use_rules(rule_files)
    (spec,) = scenarios_of([scenario], settings, None)
    from coopsim.stability import chosen_pacts, pacts_of_run
    from coopsim.stability import stability as of_pact

    chosen_pacts(
        spec, (), [text for text in pact if not text.isdigit()]
    )  # a wrong name is told before any run
    compiled()
    started = time.perf_counter()
    found = pacts_of_run(spec, first_seed)
    a_run = time.perf_counter() - started
    pacts = chosen_pacts(spec, found, pact)
    if not pacts:
        say(str(_NONE.format(name=spec.name, seed=first_seed)))
    lasts = [_last_year(spec, p, until) for p in pacts]
    _forecast(spec, pacts, lasts, replicates, a_run, most, workers)
    seeds = range(first_seed, first_seed + replicates)
    results = []
    for p, last in zip(pacts, lasts, strict=True):
        with progress(_RUNNING) as on_done:
            results.append(of_pact(spec, p, seeds, last, most, workers, on_done))
        if not as_json:
            _tell(results[-1], spec.start_year, most)
    if results and not as_json:
        say(str(_NOTE))
    _keep(spec.name, first_seed, results, save, figure, as_json=as_json)


def _last_year(spec: "Scenario", pact: "Pact", until: int | None) -> int:
    """Return the year at the end of which a pact is judged."""
    from coopsim.stability import YEARS

    founded = spec.start_year + pact.tick // 4
    last = until or founded + YEARS - 1
    _check_year(last, founded)
    return last


def _forecast(
    spec: "Scenario",
    pacts: "list[Pact]",
    lasts: list[int],
    replicates: int,
    a_run: float,
    most: int,
    workers: int | None,
) -> None:
    """Tell how many runs there are and how long they take, by the time of one run of the scenario."""
    from coopsim.executors import cores
    from coopsim.stability import pact_worlds

    if not pacts:
        return
    sizes = [replicates * (len(pact_worlds(p.members, most)[0]) + len(p.members)) for p in pacts]
    years = [last - spec.start_year + 1 for last in lasts]
    used = min(workers or cores(), sum(sizes))
    minutes = sum(n * a_run * y / spec.years for n, y in zip(sizes, years, strict=True)) / used / 60.0
    say(str(_FORECAST.format(pacts=len(pacts), runs=sum(sizes), minutes=minutes, cores=used)))


def _keep(
    name: str,
    seed: int,
    results: "list[PactStability]",
    save: Path | None,
    figure: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write what was asked for."""
    head = {"scenario": name, "seed": seed, "pacts": [result.to_json() for result in results]}
    if as_json:
        write_json(head)
    if save is not None:
        write_file(save, json.dumps(plain(head), ensure_ascii=False, indent=1) + "\n")
        kept(save)
        say(str(_SAVED.format(place=save)))
    if figure is not None:
        _draw(results, figure)


def _check(replicates: int, most: int, figure: Path | None) -> None:
    for key, value, low, high in (("--replicates", replicates, 1, 10_000), ("--most", most, 1, 12)):
        if not low <= value <= high:
            allowed = f"{low} – {high}"
            raise scenario_error("hors des bornes", "out of bounds", key=key, value=value, allowed=allowed)
    if figure is not None:
        from coopsim.lab.figure import check_figure_place

        check_figure_place(figure)


def _check_year(last: int, founded: int) -> None:
    if last < founded:
        raise scenario_error(
            "année avant la fondation du pacte",
            "year before the pact is founded",
            key="--year",
            value=last,
            allowed=f"≥ {founded}",
        )


def _draw(results: "list[PactStability]", figure: Path) -> None:
    """Write one picture a pact; of several, each file bears the number of its pact."""
    from coopsim.stability.figure import draw

    for result in results:
        place = (
            figure
            if len(results) == 1
            else figure.with_stem(f"{figure.stem}-{result.pact.number or 'supposed'}")
        )
        draw(result, place)
        kept(place)
        say(str(Text("Figure : {place}", "Figure: {place}").format(place=place)))


def _tell(result: "PactStability", start_year: int, most: int) -> None:
    """Show one pact, as soon as it is known."""
    from rich.text import Text as Cell

    from coopsim.stability.words import sentences, setting, title

    screen = console()
    screen.print(Cell.assemble((title(result), "bold")))
    screen.print(Cell(setting(result, start_year)))
    screen.print(table(_heads(), _rows(result), _TITLE_GAINS))
    if result.game is not None:
        screen.print(table(_MONEY, _money(result), _TITLE_SHARES))
    for sentence in sentences(result, most):
        screen.print(Cell(f"- {sentence}"))
    screen.print("")


_TITLE_GAINS = Text(
    "Ce que chacun gagne à tenir le pacte plutôt qu'à en sortir",
    "What each gains by keeping to the pact rather than leaving it",
)
_TITLE_SHARES = Text(
    "Qui gagne et qui paie, et ce que donnerait la valeur de Shapley",
    "Who gains and who pays, and what the Shapley value would give",
)


def _heads() -> list[Text]:
    from coopsim.stability import GAINS, LABELS

    return [
        Text("Membre", "Member"),
        *(LABELS[gain] for gain in GAINS),
        Text("sièges pour, %", "seats in favour, %"),
        Text(
            "plutôt que rester sans payer : budget, k€/an", "rather than stay without paying: budget, k€/yr"
        ),
    ]


_MONEY = [
    Text("Membre", "Member"),
    Text("gagne au pacte, k€/an", "gains by the pact, k€/yr"),
    Text("valeur de Shapley, k€/an", "Shapley value, k€/yr"),
    Text("paie, k€/an", "pays, k€/yr"),
    Text("paierait pour sa valeur de Shapley, k€/an", "would pay for its Shapley value, k€/yr"),
]


def _rows(result: "PactStability") -> list[list[Any]]:
    from coopsim.comparison.words import number
    from coopsim.stability import GAINS

    return [
        [
            name,
            *(_effect(result.over_leaving[g], i, 2 if g in ("money_pct", "utility") else 1) for g in GAINS),
            number(100.0 * float(result.favour[i]), "", 0),
            _effect(result.over_riding["money"], i, 1),
        ]
        for i, name in enumerate(result.names)
    ]


def _money(result: "PactStability") -> list[list[Any]]:
    from coopsim.comparison.words import number

    game, payment = result.game, result.shapley_payment
    if game is None or payment is None:
        return []
    received, value = game.received.mean(axis=0), game.shapley()
    columns = (received, value, result.paid, payment)
    return [
        [name, *(number(float(c[i]), "", 1, sign=k < 2) for k, c in enumerate(columns))]  # noqa: PLR2004 - gains
        for i, name in enumerate(result.names)
    ]


def _effect(effect: "PairedEffect", i: int, places: int) -> str:
    from coopsim.comparison.words import number

    mean, low, high = (float(x[i]) for x in (effect.mean, effect.low, effect.high))
    text = number(mean, "", places, sign=True)
    if mean == low == high:
        return text
    return f"{text} [{number(low, '', places)} ; {number(high, '', places)}]"
