"""The content of a sheet: two scenarios on the same worlds, and what comes out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopsim.comparison import Comparison, compare, run_ensemble
from coopsim.comparison.statistics import summary
from coopsim.comparison.words import difference_unit, interval, number, unit_words, verdict_words
from coopsim.errors import scenario_error
from coopsim.executors import OnDone, executor
from coopsim.i18n import set_lang
from coopsim.indicators import BY_NAME, OUTCOMES, Indicator
from coopsim.scenario import load_scenario
from coopsim.sheets.texts import Guide, guide_of, partner_of

if TYPE_CHECKING:
    import pandas as pd

    from coopsim.scenario import Scenario

MOST_ROWS = 14  # of the table: more would need a second page


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the table, in words."""

    label: str
    unit: str
    partner: str
    here: str
    difference: str
    verdict: str
    mark: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on a sheet, in French."""

    name: str
    title: str
    question: str
    partner: str
    partner_title: str
    guide: Guide
    rows: tuple[Row, ...]
    sentence: str
    replicates: int
    years: int
    last_year: int
    figure: str
    command: str


def make_sheet(
    name: str,
    replicates: int = 20,
    years: int = 30,
    workers: int | None = None,
    progress: OnDone | None = None,
) -> Sheet:
    """Run a shipped scenario and its partner on the same worlds, and return what the sheet says.

    Parameters
    ----------
    replicates : int
        Worlds.
    years : int
        Length of the runs of both.

    Raises
    ------
    ScenarioError
        For an unknown name, or years that leave out an event of the scenario.
    """
    if replicates < 2:  # noqa: PLR2004 - an interval needs two worlds
        raise scenario_error(
            "valeur trop petite", "too small", key="--replicates", value=replicates, allowed="≥ 2"
        )
    set_lang("fr")
    partner = partner_of(name)
    spec, other = (_lasting(load_scenario(n), years) for n in (name, partner))
    if tuple(spec.territory_names) == tuple(other.territory_names):
        return _compared(spec, other, replicates, workers, progress)
    return _alone(spec, replicates, workers, progress)


def _lasting(spec: "Scenario", years: int) -> "Scenario":
    return spec if spec.years == years else spec.but({"horizon.years": years, "name": spec.name})


def _compared(
    spec: "Scenario", other: "Scenario", replicates: int, workers: int | None, progress: OnDone | None
) -> Sheet:
    from coopsim.report.fans import fan

    comparison = compare([other, spec], replicates, 0, workers, progress)
    guide = guide_of(spec.name)
    pair = comparison.pair(other.name, spec.name)
    rows = tuple(_row(comparison, pair, BY_NAME[name]) for name in _shown(guide, pair))
    picture = fan(comparison, guide.look[0])
    verdicts = [verdict_words(BY_NAME[n], str(pair.loc[n, "verdict"])) for n in OUTCOMES]
    better, worse = verdicts.count("mieux"), verdicts.count("moins bien")
    return Sheet(
        name=spec.name,
        title=spec.title.fr,
        question=spec.question.fr,
        partner=other.name,
        partner_title=other.title.fr,
        guide=guide,
        rows=rows,
        sentence=_sentence(better, worse, len(OUTCOMES) - better - worse),
        replicates=replicates,
        years=spec.years,
        last_year=comparison.last_year,
        figure=picture["svg"] if picture else "",
        command=f"coopsim compare {other.name} {spec.name} --replicates {replicates} --years {spec.years}",
    )


def _sentence(better: int, worse: int, none: int) -> str:
    """Return how many outcomes go each way."""
    parts = [(better, "en mieux"), (worse, "en moins bien"), (none, "sans écart net")]
    told = [f"{count} {what}" for count, what in parts if count]
    return f"Sur {better + worse + none} indicateurs de résultat : {', '.join(told)}."


def _shown(guide: Guide, pair: "pd.DataFrame") -> list[str]:
    """Return the indicators of the table: those to look at, then outcomes, the clear ones first."""
    clear = [n for n in OUTCOMES if pair.loc[n, "verdict"] != "no clear difference"]
    names = dict.fromkeys([*guide.look, *clear, *OUTCOMES])
    return list(names)[:MOST_ROWS]


_MARKS = {"mieux": "▲", "moins bien": "▼", "plus haut": "↑", "plus bas": "↓"}


def _row(comparison: Comparison, pair: "pd.DataFrame", indicator: Indicator) -> Row:
    unit = indicator.unit
    table = comparison.summary[comparison.summary["indicator"] == indicator.name].set_index("scenario")
    medians = dict(zip(table.index, table["median"].to_numpy(dtype=float).tolist(), strict=True))
    values = [medians[name] for name in comparison.names]
    found = pair.loc[[indicator.name], ["mean_difference", "low", "high"]].to_numpy(dtype=float)
    mean, low, high = found[0].tolist()
    words = verdict_words(indicator, str(pair.loc[indicator.name, "verdict"]))
    return Row(
        label=str(indicator.label),
        unit=unit_words(unit),
        partner=number(values[0], unit),
        here=number(values[1], unit),
        difference=f"{number(mean, unit, sign=True)} {_points(unit)}[{interval(low, high, unit, sign=True)}]",
        verdict=words,
        mark=_MARKS.get(words, "="),
    )


def _points(unit: str) -> str:
    return f"{difference_unit(unit)} " if unit.startswith("share") or unit == "%" else ""


def _alone(spec: "Scenario", replicates: int, workers: int | None, progress: OnDone | None) -> Sheet:
    """Return the sheet of a scenario whose partner has other territories: its own medians and ranges."""
    seeds = range(replicates)
    ensemble = run_ensemble([spec], seeds, executor(workers, replicates), progress)
    table = summary(ensemble).set_index("indicator")
    guide = guide_of(spec.name)
    rows = []
    for name in list(dict.fromkeys([*guide.look, *OUTCOMES]))[:MOST_ROWS]:
        indicator = BY_NAME[name]
        middle, low, high = table.loc[[name], ["median", "p05", "p95"]].to_numpy(dtype=float)[0].tolist()
        unit = indicator.unit
        span = f"{number(middle, unit)} [{interval(low, high, unit)}]"
        rows.append(Row(str(indicator.label), unit_words(unit), "–", span, "–", "–", "="))
    return Sheet(
        name=spec.name,
        title=spec.title.fr,
        question=spec.question.fr,
        partner="",
        partner_title="",
        guide=guide,
        rows=tuple(rows),
        sentence="Sans partenaire sur les mêmes territoires : médiane et 90 % des mondes.",
        replicates=replicates,
        years=spec.years,
        last_year=spec.start_year + spec.years - 1,
        figure="",
        command=f"coopsim run {spec.name} --years {spec.years}",
    )


def line_of(name: str) -> tuple[str, str, str]:
    """Return what the list of sheets says of a scenario: name, title, question."""
    spec = load_scenario(name)
    return name, spec.title.fr, spec.question.fr
