"""``patterns``: the patterns of the sources and the facts of the literature, against marks written beforehand."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopsim.cli.commands.options import Json, Out, RuleFiles, Workers
from coopsim.cli.failures import kept, say
from coopsim.cli.inputs import check_places, make_room, use_rules, write_file
from coopsim.cli.kernels import compiled
from coopsim.cli.output import console, table, write_json
from coopsim.cli.progress import progress
from coopsim.errors import scenario_error
from coopsim.i18n import Text

if TYPE_CHECKING:
    from coopsim.patterns import Pattern, PatternResult

_RUNNING = Text("Simulations", "Runs")
_HEADS = [
    Text("N°", "Id"),
    Text("Motif", "Pattern"),
    Text("Essai", "Test"),
    Text("Moyenne et intervalle à 95 %", "Mean and 95% interval"),
    Text("Seuil", "Mark"),
    Text("Mondes", "Worlds"),
    Text("Verdict", "Verdict"),
    Text("Origine", "Origin"),
]
_COUNT = Text(
    "{passed} vérifiés, {failed} non vérifiés, {idle} impossibles à essayer, sur {total}.",
    "{passed} pass, {failed} fail, {idle} cannot be run, of {total}.",
)
_PAGE = Text("Page : {place}", "Page: {place}")
_FORECAST = Text("{patterns} motifs, {runs} simulations.", "{patterns} patterns, {runs} runs.")
_LIST = [Text("N°", "Id"), Text("Motif", "Pattern"), Text("Sert à", "Used for"), Text("Mondes", "Worlds"),
         Text("Peut être essayé", "Can be run")]  # fmt: skip


def patterns(
    pattern_names: Annotated[list[str], typer.Argument(metavar="[P1 P2…]", show_default=False)] = [],  # noqa: B006 - typer copies it
    seeds: Annotated[int | None, typer.Option("--seeds", metavar="N")] = None,
    workers: Workers = None,
    out: Out = None,
    pattern_file: Annotated[list[Path], typer.Option("--file", metavar="FILE.toml")] = [],  # noqa: B006
    page_file: Annotated[Path | None, typer.Option("--page", metavar="FILE.md")] = None,
    no_flip: Annotated[bool, typer.Option("--no-flip")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    rule_files: RuleFiles = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Judge patterns against their marks."""
    check_places(out, page_file)
    if page_file is not None:
        make_room(page_file)
    use_rules(rule_files)
    if seeds is not None and seeds < 2:  # noqa: PLR2004 - an interval needs two worlds
        raise scenario_error("valeur trop petite", "too small", key="--seeds", value=seeds, allowed="≥ 2")
    from coopsim.executors import executor
    from coopsim.patterns import chosen, judge_all, load_patterns

    pool = executor(workers)  # refuses bad options before a long compilation
    wanted = chosen(load_patterns(pattern_file or None), pattern_names)
    if dry_run:
        _list(wanted, seeds, as_json=as_json)
        return
    compiled()
    with progress(_RUNNING) as on_done:
        results = judge_all(wanted, pool, seeds, out, on_done, flips=not no_flip)
    if as_json:
        write_json([result.to_json() for result in results])
    else:
        _tell(results)
    if page_file is not None:
        from coopsim.patterns.page import page

        write_file(page_file, page(results))
        kept(page_file)
        say(str(_PAGE.format(place=page_file)))


def _list(wanted: "list[Pattern]", seeds: int | None, *, as_json: bool) -> None:
    """Tell which patterns can be run, and how many runs they are without their flips."""
    from coopsim.patterns.running import prepared

    groups = [prepared(pattern) for pattern in wanted]
    runs = {
        (spec.hash, seed)
        for group in groups
        if not group.reason
        for spec in group.scenarios.values()
        for seed in range(seeds or group.pattern.seeds)
    }
    if as_json:
        told = [{"id": g.pattern.id, "status": g.pattern.status, "seeds": seeds or g.pattern.seeds,
                 "reason": [str(problem) for problem in g.reason]} for g in groups]  # fmt: skip
        write_json({"runs": len(runs), "patterns": told})
        return
    from coopsim.patterns.words import STATUS

    rows = [
        [g.pattern.id, str(g.pattern.title.text()), str(STATUS[g.pattern.status]), seeds or g.pattern.seeds,
         "; ".join(map(str, g.reason)) or True]
        for g in groups
    ]  # fmt: skip
    console().print(table(_LIST, rows))
    console().print(str(_FORECAST.format(patterns=len(groups), runs=len(runs))))


def _tell(results: "list[PatternResult]") -> None:
    """Show every test of every pattern, and the count of verdicts."""
    console().print(table(_HEADS, [row for result in results for row in _rows(result)]))
    verdicts = [result.verdict for result in results]
    told = _COUNT.format(
        passed=verdicts.count("pass"), failed=verdicts.count("fail"), idle=verdicts.count("cannot be run"),
        total=len(verdicts),
    )  # fmt: skip
    console().print(str(told))


def _rows(result: "PatternResult") -> list[list[str | int]]:
    from coopsim.patterns.words import ORIGINS, VERDICTS, interval, mark

    pattern = result.pattern
    head: list[str | int] = [pattern.id, str(pattern.title.text())]
    if result.reason:
        why = "; ".join(map(str, result.reason))
        return [[*head, why, "", "", result.seeds, str(VERDICTS[result.verdict]), ""]]
    rows: list[list[str | int]] = []
    for number, found in enumerate(result.tests, start=1):
        told = str(VERDICTS["pass" if found.passed else "fail"])
        origin = str(ORIGINS[result.flip.origin]) if number == pattern.writer.test else ""
        lead = head if number == 1 else ["", ""]
        shown = told if found.test.judged else f"({told})"
        rows.append(
            [
                *lead,
                str(found.test.label.text()),
                interval(found.figure),
                mark(found.test),
                found.figure.n,
                shown,
                origin,
            ]
        )
    return rows
