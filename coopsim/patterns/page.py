"""The page of patterns: a table, then each pattern with its runs, marks and figures, as Markdown."""

from collections.abc import Iterator, Sequence

from coopsim.i18n import Text
from coopsim.outputs import provenance
from coopsim.patterns.judging import PatternResult
from coopsim.patterns.spec import RunSpec
from coopsim.patterns.words import (
    ORIGINS,
    STATUS,
    VERDICTS,
    flip_words,
    interval,
    looked,
    mark,
    measure,
    number,
)

_TITLE = Text(
    "# Les motifs des sources et les faits de la littérature",
    "# Patterns of the sources and facts of the literature",
)
_LEAD = Text(
    "Page écrite par `coopsim patterns --page` : ne pas la modifier à la main. Les motifs, leurs mondes et leurs "
    "seuils sont dans `scenarios/patterns/`. Un seuil est écrit avant le premier essai et ne bouge plus. Moyennes sur "
    "des mondes appariés, intervalle à 95 % entre crochets (Student ; Wilson pour une part de mondes). Un motif "
    "vérifié *émerge* s'il reste quand on ôte le paramètre qui pourrait l'écrire ; il est *écrit d'avance* s'il "
    "disparaît ou se retourne (moins d'un cinquième de l'effet reste). Aucun nombre de réussites n'est visé ; ce qui a "
    "servi au calage est dit.",
    "Page written by `coopsim patterns --page`: do not edit it by hand. Patterns, their runs and their marks stand in "
    "`scenarios/patterns/`. A mark is written before the first run and is not moved. Means over paired worlds, 95 % "
    "interval in brackets (Student; Wilson for a share of worlds). A pattern that passes is *emergent* if it stays "
    "when the parameter that could write it is taken away; it is *built in* if it vanishes or turns (less than a "
    "fifth of the effect is left). No number of passes is aimed at; what was used to calibrate is told.",
)
_COUNT = Text(
    "{passed} vérifiés, {failed} non vérifiés, {idle} impossibles à essayer, sur {total}. Parmi les {blind} motifs de "
    "validation essayés : {blind_passed} vérifiés.",
    "{passed} pass, {failed} fail, {idle} cannot be run, of {total}. Of the {blind} validation patterns that were run: "
    "{blind_passed} pass.",
)
_MADE = Text(
    "Code : coopsim {version}, Python {python}, numpy {numpy}.",
    "Code: coopsim {version}, Python {python}, numpy {numpy}.",
)
_HEADS = (
    Text("motif", "pattern"), Text("verdict", "verdict"), Text("mesure", "figure"), Text("mondes", "worlds"),
    Text("sert à", "used for"), Text("changements du modèle depuis", "model changes since"), Text("origine", "origin"),
)  # fmt: skip
_TEST_HEADS = (
    Text("essai", "test"), Text("mesure", "measure"), Text("moyenne", "mean"), Text("seuil", "mark"),
    Text("mondes", "worlds"), Text("verdict", "verdict"),
)  # fmt: skip
_RUN = Text("- *{label}* : `{scenario}`{changes}", "- *{label}*: `{scenario}`{changes}")
_FACTS = Text(
    "Source : {source}. Seuils écrits le {written} ({looked}) ; {changes} changement(s) du modèle après le premier "
    "regard.",
    "Source: {source}. Marks written on {written} ({looked}); {changes} model change(s) after the first look.",
)
_WRITER = Text("Qui pourrait l'écrire : {text}. {told}.", "What could write it: {text}. {told}.")
_REPORTED = Text("{verdict} (pour mémoire)", "{verdict} (reported)")
_SWEPT = Text("le long de la série : {means}", "along the series: {means}")
_WHY = Text("Pourquoi : {reason}.", "Why: {reason}.")


def page(results: Sequence[PatternResult]) -> str:
    """Return the page in the language in force."""
    lines = [str(_TITLE), "", str(_LEAD), "", _count(results), "", *_table(results), ""]
    for result in results:
        lines += [*_section(result), ""]
    return "\n".join([*lines, str(_MADE.format(**_made()))]) + "\n"


def _made() -> dict[str, str]:
    found = provenance()
    return {"version": found["coopsim"], "python": found["python"], "numpy": found["numpy"]}


def _count(results: Sequence[PatternResult]) -> str:
    verdicts = [result.verdict for result in results]
    blind = [r for r in results if r.pattern.status == "validation" and r.verdict != "cannot be run"]
    return str(
        _COUNT.format(
            passed=verdicts.count("pass"), failed=verdicts.count("fail"), idle=verdicts.count("cannot be run"),
            total=len(verdicts), blind=len(blind), blind_passed=sum(r.verdict == "pass" for r in blind),
        )
    )  # fmt: skip


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _head(heads: Sequence[Text]) -> list[str]:
    return [_row([str(head) for head in heads]), "|" + "---|" * len(heads)]


def _table(results: Sequence[PatternResult]) -> Iterator[str]:
    yield from _head((Text("n°", "id"), *_HEADS))
    for r in results:
        first = interval(r.tests[r.pattern.writer.test - 1].figure) if r.tests else ""
        yield _row(
            [
                r.pattern.id, str(r.pattern.title.text()), f"**{VERDICTS[r.verdict]}**", first, str(r.seeds),
                str(STATUS[r.pattern.status]), str(r.pattern.changes), str(ORIGINS[r.flip.origin]),
            ]
        )  # fmt: skip


def _section(result: PatternResult) -> Iterator[str]:
    pattern = result.pattern
    yield f"## {pattern.id}. {pattern.title.text()}"
    yield ""
    facts = _FACTS.format(
        source=pattern.source, written=pattern.written, looked=looked(result), changes=pattern.changes
    )
    yield str(facts)
    if pattern.note:
        yield f"{str(pattern.note.text()).capitalize()}."
    yield ""
    for label, run in pattern.runs.items():
        yield _run(label, run)
    for label, sweep in pattern.sweeps.items():
        values = ", ".join(number(x) for x in sweep.values)
        yield f"{_run(label, sweep)}, `{sweep.key}` = {values}"
    yield ""
    if result.reason:
        yield str(_WHY).format(reason="; ".join(map(str, result.reason)))
        return
    yield from _head(_TEST_HEADS)
    for found in result.tests:
        told = str(VERDICTS["pass" if found.passed else "fail"])
        if not found.test.judged:
            told = str(_REPORTED.format(verdict=told))
        mean = interval(found.figure)
        if found.figure.detail:
            mean += f" ({_SWEPT.format(means=', '.join(map(number, found.figure.detail)))})"
        yield _row(
            [
                str(found.test.label.text()),
                measure(found.test),
                mean,
                mark(found.test),
                str(found.figure.n),
                told,
            ]
        )
    yield ""
    yield str(_WRITER.format(text=pattern.writer.text, told=flip_words(result)))


def _run(label: str, run: RunSpec) -> str:
    changes = [
        *(f"`{name}`" for name in run.over),
        *(f"`{key}` = {_value(value)}" for key, value in run.set.items()),
    ]
    told = f" + {', '.join(changes)}" if changes else ""
    return str(_RUN.format(label=label, scenario=run.scenario, changes=told))


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
