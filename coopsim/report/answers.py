"""The answer in three to five plain sentences, made from verdicts and from nothing else."""

import math
from string import ascii_uppercase

import pandas as pd

from coopsim.comparison import Comparison
from coopsim.comparison.words import (
    count_words,
    decimals,
    difference_unit,
    identical,
    interval,
    number,
    shown_scale,
)
from coopsim.i18n import Text, lang
from coopsim.indicators import BY_NAME, OUTCOMES, Indicator

_MOST = 5

_HEAD = Text(
    "Dans {n} mondes tirés au sort, les mêmes pour les deux, {b} comparé à {a} {counts}.",
    "In {n} worlds drawn at random, the same for both, {b} compared with {a} {counts}.",
)
_NAMED = Text("{letter} (« {title} »)", "{letter} (“{title}”)")
_COUNTS = {
    "better": Text("fait mieux sur {n} {noun} ({list})", "does better on {n} {noun} ({list})"),
    "worse": Text("fait moins bien sur {n} {noun} ({list})", "does worse on {n} {noun} ({list})"),
    "no clear difference": Text(
        "ne montre pas d'écart net sur {n} {noun} ({list})",
        "shows no clear difference on {n} {noun} ({list})",
    ),
}
_SAME = Text(
    "donne exactement la même chose sur {n} {noun} ({list})", "gives exactly the same on {n} {noun} ({list})"
)
_ALL_SAME = Text(
    "Dans {n} mondes tirés au sort, les mêmes pour les deux, {b} donne exactement les mêmes résultats que {a} : ce "
    "qui les distingue n'a eu aucun effet, ou rien ne les distingue (voir « Règles »).",
    "In {n} worlds drawn at random, the same for both, {b} gives exactly the same outcomes as {a}: what tells them "
    "apart had no effect, or nothing does (see “Rules”).",
)
_SENTENCE = Text(
    "{label} : {verdict}{change}{relative} avec {b} en {year} (intervalle à 95 % : {interval}) ; "
    "{winner} fait mieux {worlds}.",
    "{label}: {verdict}{change}{relative} under {b} in {year} (95% interval: {interval}); "
    "{winner} does better {worlds}.",
)
_UNCLEAR = Text("pas d'écart net ; en moyenne, ", "no clear difference; on average, ")
_MORE = Text("{size} de plus", "higher by {size}")
_LESS = Text("{size} de moins", "lower by {size}")
_EQUAL = Text("aucune différence", "no difference")
_SOME = Text("dans {k} mondes sur {n}", "in {k} worlds out of {n}")
_ALL = Text("dans les {n} mondes", "in all {n} worlds")
_RELATIVE = Text(" ({percent}\u202f%)", " ({percent}%)")
_SHORT: dict[str, Text] = {
    "jobs": Text("emploi", "jobs"),
    "unemployment": Text("chômage", "unemployment"),
    "naf_consumed_ha": Text("sols consommés", "land consumed"),
    "low_flow_share": Text("débit des rivières", "river flow"),
    "unmet_drinking_share": Text("eau potable", "drinking water"),
    "supply_pressure": Text("capacité d'alimentation en eau", "water-supply capacity"),
    "standing_wood_m3": Text("bois sur pied", "standing wood"),
    "net_budget_eur_per_head": Text("solde public", "public budget"),
    "jobs_gini": Text("équité entre territoires", "equity between territories"),
}
_CAVEAT = Text(
    "Ces écarts disent ce que changent les règles dans ce modèle, pas ce qui arrivera : ils tiennent à des "
    "hypothèses qu'aucune donnée du cas ne fixe, à faire varier avant de conclure (voir « Limites »).",
    "These differences say what the rules change in this model, not what will happen: they rest on "
    "assumptions that no data of the case settle, to be varied before concluding (see “Limits”).",
)
_ONE_WORLD = Text(
    "Un seul monde a été joué : aucun verdict n'est possible. Relancer avec au moins 10 répétitions.",
    "A single world was run: no verdict is possible. Run again with at least 10 replicates.",
)


def answers(comparison: Comparison) -> list[str]:
    """Return the sentences; with more than two lanes, one for each lane against the first.

    Lanes go by their letters; the first sentence that meets a letter gives its title.
    """
    first, *others = comparison.names
    if len(comparison.seeds) == 1:
        return [str(_ONE_WORLD), str(_CAVEAT)]
    named = [
        str(_NAMED.format(letter=x, title=t))
        for x, t in zip(ascii_uppercase, comparison.titles, strict=False)
    ]
    sentences = []
    for lane, other in enumerate(others[: _MOST - 1], start=1):
        rows = _outcomes(comparison, first, other)
        same = [str(name) for name, row in rows.iterrows() if identical(row)]
        sentences.append(_headline(comparison, named[0] if lane == 1 else "A", named[lane], rows, same))
        if len(others) == 1 and len(same) < len(rows):
            sentences += [_sentence(comparison, "A", "B", rows, name) for name in _telling(rows)]
    return [*sentences[: _MOST - 1], str(_CAVEAT)]


def _outcomes(comparison: Comparison, a: str, b: str) -> pd.DataFrame:
    return comparison.pair(a, b).loc[list(OUTCOMES)]


def _headline(comparison: Comparison, a: str, b: str, rows: pd.DataFrame, same: list[str]) -> str:
    if len(same) == len(rows):
        return str(_ALL_SAME.format(a=a, b=b, n=len(comparison.seeds)))
    counts = []
    told = {v: [str(n) for n in rows.index[rows["verdict"] == v] if n not in same] for v in _COUNTS}
    for names, text in [*zip(told.values(), _COUNTS.values(), strict=True), (same, _SAME)]:
        if names:
            noun = Text("résultat", "outcome") if len(names) == 1 else Text("résultats", "outcomes")
            labels = ", ".join(str(_SHORT.get(name, BY_NAME[name].label)) for name in names)
            counts.append(str(text.format(n=len(names), noun=noun, list=labels)))
    return str(_HEAD.format(a=a, b=b, n=len(comparison.seeds), counts=", ".join(counts)))


def _telling(rows: pd.DataFrame) -> list[str]:
    """Return the outcomes to tell: jobs, then the clearest gain, loss and gain again."""
    half = (rows["high"] - rows["low"]) / 2
    strength = (rows["mean_difference"].abs() / half).fillna(0.0)
    ranked = {
        verdict: strength[(rows["verdict"] == verdict) & (rows.index != "jobs")].sort_values(ascending=False)
        for verdict in ("better", "worse")
    }
    gains, losses = ([str(n) for n in ranked[v].index] for v in ("better", "worse"))
    mixed = [name for pair in zip(gains, losses, strict=False) for name in pair]
    rest = [name for name in gains + losses if name not in mixed]
    return ["jobs", *mixed, *rest][: _MOST - 2]


def _sentence(comparison: Comparison, a: str, b: str, rows: pd.DataFrame, name: str) -> str:
    indicator, row = BY_NAME[name], rows.loc[[name]].iloc[0]
    unit = indicator.unit
    mean, low, high = (float(row[column]) for column in ("mean_difference", "low", "high"))
    share = float(row["share_b_better"])
    places = decimals([mean, low, high], unit)
    unclear = row["verdict"] == "no clear difference"
    b_wins = share >= 0.5  # noqa: PLR2004 - in as many worlds or more
    return str(
        _SENTENCE.format(
            label=indicator.label,
            verdict=_UNCLEAR if unclear else "",
            change=_change(mean, unit, places),
            relative="" if unclear else _relative(comparison, indicator, mean),
            b=b,
            year=comparison.last_year,
            interval=interval(low, high, unit, places, sign=True),
            winner=b if b_wins else a,
            worlds=_worlds(share if b_wins else 1 - share, len(comparison.seeds)),
        )
    )


def _change(mean: float, unit: str, places: int) -> Text:
    """Return a difference in words, such as 1,176 jobs less."""
    size = number(abs(mean), unit, places)
    if float(f"{abs(mean) * shown_scale(unit):.{places}f}") == 0.0:
        return _EQUAL
    name = difference_unit(unit)
    if name == "points" and abs(mean) * shown_scale(unit) < 2 and lang() == "fr":  # noqa: PLR2004 - plural from 2
        name = "point"
    shown = size if unit in ("ratio", "0-1", "level", "count") else f"{size}\u00a0{name}"
    return (_MORE if mean > 0 else _LESS).format(size=shown)


def _worlds(share: float, n: int) -> Text:
    return _ALL.format(n=n) if share == 1.0 else _SOME.format(k=count_words(share, n), n=n)


def _relative(comparison: Comparison, indicator: Indicator, difference: float) -> str:
    """Return the difference in percent of the first lane's median, for quantities that have a true zero."""
    if indicator.unit.startswith("share") or indicator.unit in ("€/head", "0-1", "ratio"):
        return ""
    summary = comparison.summary
    at = (summary["scenario"] == comparison.names[0]) & (summary["indicator"] == indicator.name)
    base = float(summary.loc[at, "median"].iloc[0])
    if not math.isfinite(base) or base <= 0:
        return ""
    ratio = difference / base
    places = 1 if abs(ratio) >= 0.01 else 2  # noqa: PLR2004 - one figure more below one percent
    return str(_RELATIVE.format(percent=number(ratio, "share", places, sign=True)))
