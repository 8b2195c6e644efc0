"""Patterns as data: what a source tells, the runs that show it, what is measured and the mark it must reach."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.registry import nearest
from coopsim.scenario.strict import Local, Strict
from coopsim.scenario.strict import key as field

Statistic = Literal[
    "level", "difference", "ratio", "share", "interaction", "slope", "inverted_u", "ordering", "cliff"
]
Take = Literal["last", "mean", "change", "dip", "half_time", "first_year"]
OPERANDS: dict[str, tuple[int, int]] = {
    "level": (1, 1), "difference": (2, 2), "ratio": (2, 2), "share": (1, 2), "interaction": (4, 4), "ordering": (2, 20),
    "slope": (3, 20), "inverted_u": (3, 20), "cliff": (3, 20),
}  # fmt: skip
SWEPT = ("slope", "inverted_u", "cliff")
MARKS = ("above", "below", "at_least", "at_most", "within", "mean_between")

_UNKNOWN_RUN = Text("ces mondes ne sont pas décrits", "these runs are not described")
_EMPTY = Text("un au moins est attendu", "one at least is expected")
_ONE_MARK = Text("un seul seuil est attendu", "exactly one mark is expected")
_COUNT = Text("nombre de mondes refusé pour cette statistique", "wrong number of runs for this statistic")


def _same_width(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_same_width)]
Numbers = Annotated[tuple[float, ...], BeforeValidator(_same_width)]
Range = Annotated[tuple[float, float], BeforeValidator(_same_width)]
Years = Annotated[tuple[int, ...], BeforeValidator(_same_width)]


class RunSpec(Strict):
    """A shipped scenario with some keys changed."""

    scenario: str = field("nom du scénario", "name of the scenario", min_length=1)
    over: Names = field("fragments livrés posés dessus", "shipped fragments laid over it", ())
    set: dict[str, Any] = field("clés pointées et leurs valeurs", "dotted keys and their values", {})


class Sweep(RunSpec):
    """A scenario with one key at several values, in increasing order."""

    key: str = field("clé que l'on fait varier", "key that varies", min_length=1)
    values: Annotated[tuple[float, ...], BeforeValidator(_same_width)] = field(
        "valeurs", "values", min_length=3, max_length=20
    )

    @model_validator(mode="after")
    def _rising(self) -> "Sweep":
        if any(b <= a for a, b in zip(self.values, self.values[1:], strict=False)):
            message = Text("valeurs croissantes attendues", "increasing values are expected")
            raise ScenarioError([Problem(message, key="values", value=list(self.values))])
        return self

    def runs(self, name: str) -> dict[str, RunSpec]:
        """Return the runs by their labels, ``name@0`` first."""
        return {
            f"{name}@{n}": RunSpec(scenario=self.scenario, over=self.over, set={**self.set, self.key: value})
            for n, value in enumerate(self.values)
        }


class Writer(Strict):
    """The one parameter that could write the sign of a pattern, and the value it is given to see."""

    key: str = field("clé pointée", "dotted key", min_length=1)
    value: Any = field(
        "valeur essayée : zéro, l'inverse ou l'autre bout", "value tried: zero, reverse or other end"
    )
    runs: Names = field(
        "mondes où il est changé (tous si vide)", "runs in which it is changed (empty: all)", ()
    )
    test: int = field(
        "essai dont on regarde le signe, depuis 1", "test whose sign is looked at, from 1", 1, ge=1
    )
    fr: str = field("ce qu'est ce paramètre, en français", "what this parameter is, in French", min_length=1)
    en: str = field("ce qu'est ce paramètre, en anglais", "what this parameter is, in English", min_length=1)

    @property
    def text(self) -> Text:
        """What the parameter is."""
        return Text(self.fr, self.en)


class Test(Strict):
    """One figure and its mark."""

    label: Local = field("ce qui est mesuré", "what is measured")
    statistic: Statistic = field("statistique", "statistic")
    runs: Names = field("mondes, dans l'ordre de la statistique", "runs, in the order of the statistic", ())
    sweep: str = field("série de mondes", "series of runs", "")
    measure: str = field("mesure", "measure", "")
    measures: Names = field("mesure de chacun des mondes", "measure of each of the runs", ())
    take: Take = field("ce que l'on retient des années", "what is kept of the years", "last")
    year: int | None = field(
        "dernière année regardée, depuis 1", "last year looked at, from 1", None, ge=1, le=500
    )
    start: int = field("première année regardée, depuis 1", "first year looked at, from 1", 1, ge=1, le=500,
                       alias="from")  # fmt: skip
    years: Years = field("années (creux)", "years (dip)", ())
    reach: float = field("niveau à atteindre (première année)", "level to reach (first year)", 0.0)
    relative: bool = field("en part de la dernière base", "as a share of the last base", default=False)
    unit: float = field("unité de la pente", "unit of the slope", 1.0, gt=0)
    judged: bool = field("compte dans le verdict", "counts in the verdict", default=True)
    above: float | None = field("l'intervalle est tout entier au-dessus", "the whole interval is above", None)
    below: float | None = field(
        "l'intervalle est tout entier au-dessous", "the whole interval is below", None
    )
    at_least: float | None = field("le bas de l'intervalle l'atteint", "the lower end reaches it", None)
    at_most: float | None = field(
        "le haut de l'intervalle ne le dépasse pas", "the upper end stays within", None
    )
    within: Range | None = field("l'intervalle tient dedans", "the interval lies inside", None)
    mean_between: Range | None = field("la moyenne tient dedans", "the mean lies inside", None)

    @property
    def mark(self) -> tuple[str, Any]:
        """Kind of mark and its value."""
        return next((name, getattr(self, name)) for name in MARKS if getattr(self, name) is not None)

    def measures_of(self, labels: Sequence[str]) -> tuple[str, ...]:
        """Return the measure of each run."""
        return self.measures or (self.measure,) * len(labels)

    @model_validator(mode="after")
    def _sound(self) -> "Test":
        found = [name for name in MARKS if getattr(self, name) is not None]
        problems = []
        if len(found) != 1:
            problems.append(
                Problem(_ONE_MARK, key=found[0] if found else "", value=found, allowed=", ".join(MARKS))
            )
        if (self.statistic in SWEPT) != bool(self.sweep) or bool(self.sweep) == bool(self.runs):
            message = Text(
                "une pente, une falaise ou un U renversé demande « sweep », les autres « runs »",
                "a slope, a cliff or an inverted U needs 'sweep', the others 'runs'",
            )
            problems.append(Problem(message, key="statistic", value=self.statistic))
        low, high = OPERANDS[self.statistic]
        if self.runs and not low <= len(self.runs) <= high:
            allowed = str(low) if low == high else f"{low} – {high}"
            problems.append(Problem(_COUNT, key="runs", value=len(self.runs), allowed=allowed))
        if bool(self.measure) == bool(self.measures) or (
            self.measures and len(self.measures) != len(self.runs)
        ):
            message = Text(
                "une mesure, ou une par monde, est attendue", "one measure, or one a run, is expected"
            )
            problems.append(Problem(message, key="measures" if self.measures else "measure"))
        if (self.take == "dip") != bool(self.years):
            message = Text("« years » va avec le creux (dip)", "'years' goes with a dip")
            problems.append(Problem(message, key="years", value=list(self.years)))
        if problems:
            raise ScenarioError(problems)
        return self


class Pattern(Strict):
    """One pattern."""

    id: str = field("identifiant", "identifier", pattern=r"^[A-Z]\w*$")
    title: Local = field("ce que dit la source", "what the source tells")
    source: str = field("source", "source", min_length=1)
    status: Literal["calibration", "validation"] = field(
        "a servi au calage, ou non", "used to calibrate, or not"
    )
    written: date = field("jour où les seuils ont été écrits", "day on which the marks were written")
    looked: bool = field(
        "des chiffres voisins avaient été vus avant", "like figures had been seen before", default=False
    )
    changes: int = field(
        "changements du modèle après le premier regard", "changes of the model after the first look", 0, ge=0
    )
    note: Local | None = field("remarque", "remark", None)
    seeds: int = field("mondes", "worlds", 20, ge=2, le=100_000)
    years: int | None = field(
        "durée, celle des scénarios si absente", "length, the scenarios' if absent", None, ge=1, le=500
    )
    runs: dict[str, RunSpec] = field("mondes décrits", "runs described", {})
    sweeps: dict[str, Sweep] = field("séries de mondes", "series of runs", {})
    writer: Writer = field("paramètre qui pourrait écrire le signe", "parameter that could write the sign")
    test: tuple[Test, ...] = field("essais", "tests", strict=False)

    def all_runs(self) -> dict[str, RunSpec]:
        """Return every run by its label, those of sweeps included."""
        found = dict(self.runs)
        for name, sweep in self.sweeps.items():
            found |= sweep.runs(name)
        return found

    def labels(self, test: Test) -> tuple[str, ...]:
        """Return the runs of a test."""
        return tuple(self.sweeps[test.sweep].runs(test.sweep)) if test.sweep else test.runs

    @model_validator(mode="after")
    def _whole(self) -> "Pattern":
        problems = list(self._misfits())
        if problems:
            raise ScenarioError(problems)
        return self

    def _misfits(self) -> Iterator[Problem]:
        if not self.test:
            yield Problem(_EMPTY, key="test")
        known = list(self.runs)
        for n, test in enumerate(self.test):
            place = f"test[{n + 1}]"
            yield from _unknown(test.runs, known, f"{place}.runs")
            yield from _unknown((test.sweep,) if test.sweep else (), list(self.sweeps), f"{place}.sweep")
        yield from _unknown(self.writer.runs, list(self.all_runs()), "writer.runs")
        if self.writer.test > len(self.test):
            message = Text("cet essai n'existe pas", "there is no such test")
            yield Problem(message, key="writer.test", value=self.writer.test, allowed=f"1 – {len(self.test)}")


def _unknown(names: Sequence[str], known: list[str], place: str) -> Iterator[Problem]:
    """Yield the runs named that no one describes."""
    for name in names:
        if name not in known:
            yield Problem(_UNKNOWN_RUN, key=place, value=name, nearest=nearest(name, known))


class PatternFile(Strict):
    """A file of patterns."""

    schema_: Literal[1] = Field(1, alias="schema")
    pattern: tuple[Pattern, ...] = field("motifs", "patterns", strict=False)

    @model_validator(mode="after")
    def _once(self) -> "PatternFile":
        if not self.pattern:
            raise ScenarioError([Problem(_EMPTY, key="pattern")])
        names = [pattern.id for pattern in self.pattern]
        twice = [n for n, name in enumerate(names) if name in names[:n]]
        if twice:
            message = Text("identifiant donné deux fois", "identifier given twice")
            raise ScenarioError([Problem(message, key=f"pattern[{n + 1}].id", value=names[n]) for n in twice])
        return self


def changed(label: str, run: RunSpec, writer: Writer | None) -> Mapping[str, Any]:
    """Return the keys a run changes, the writer's value last where it is tried."""
    if writer is None or (writer.runs and label not in writer.runs):
        return run.set
    return {**run.set, writer.key: writer.value}
