"""The calibration passport: one page that says what was fitted to what, what is known, and what is not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jinja2 import Environment, FileSystemLoader

from coopsim.i18n import Lang, Text
from coopsim_calibration.fitting import Result
from coopsim_calibration.identify import LEVEL, SURE
from coopsim_calibration.sentences import cannot_say, figure_label, finite, parameter_label, place_label
from coopsim_calibration.study import FITTED_PATTERNS

FORMAT = 2
"""Of ``passport.json``; raised when a field changes its meaning or goes (docs/calibration.md lists the fields)."""

_LEAST_INDEX = 0.02  # total index below which a parameter is not listed as moving a figure
_ENDS = np.array([0.05, 0.5, 0.95])
_HERE = Path(__file__).resolve().parent


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: finite(row[name]) for name in columns} for row in frame.to_dict("records")]


def passport(result: Result) -> dict[str, Any]:
    """Return the passport as data, in JSON types, texts in both languages: what a page or a viewer shows."""
    study, tables = result.study, result.tables
    spec = study.spec
    return {
        "format": FORMAT,
        "study": spec.name,
        "fingerprint": study.fingerprint(),
        "title": {"fr": spec.title.fr, "en": spec.title.en},
        "case": study.scenario.case_name,
        "scenario": study.scenario.name,
        "years": spec.model.years,
        "method": spec.method.model_dump(mode="json"),
        "runs": result.runs,
        "failed": result.failed,
        "share_left": result.share_left,
        "data": [_datum(result, n) for n in range(len(study.targets))],
        "missing": study.diagnostic.missing.to_dict("records"),
        "parameters": _parameters(result),
        "recovery": _recovery(result),
        "sensitivity": _sensitivity(result),
        "patterns": _patterns(result),
        "out_of_sample": [
            {"label": _both(figure_label(result, str(row["target"]))), **row}
            for row in _rows(tables["out_of_sample"], list(tables["out_of_sample"].columns))
        ],
        "best_point": {
            "values": {
                prior.key: finite(prior.numbers(result.best[n : n + 1])[0])
                for n, prior in enumerate(study.priors)
            },
            "figures": [
                {"label": _both(figure_label(result, str(row["target"]))), **row}
                for row in _rows(tables["best_point"], list(tables["best_point"].columns))
            ],
        },
        "held": [
            {"key": item.key, "value": item.value, "source": item.source}
            for item in (*spec.lever, *spec.constant)
        ],
        "replaced": [
            {**item.model_dump(mode="json"), "place": _both(place_label(result, item.territory))}
            for item in spec.replaced
        ],
        "cannot_say": [_both(text) for text in cannot_say(result)],
    }


def _datum(result: Result, n: int) -> dict[str, Any]:
    """Return what is shown of one target."""
    target = result.study.targets[n]
    said = result.tables["predictive"].iloc[n]
    row = {
        name: finite(said[name])
        for name in ("prior_p05", "prior_p95", "p05", "median", "p95", "p_value", "inside")
    }
    luck = finite(result.tables["noise"]["luck_sd"].iloc[n])
    return {"label": _both(figure_label(result, target.name)), **target.row(), **row, "luck_sd": luck}


def _parameters(result: Result) -> list[dict[str, Any]]:
    """Return what is shown of each parameter: prior, posterior, what is not ruled out, coverage, its main figure."""
    tables = result.tables
    rows = []
    for n, row in enumerate(_rows(tables["parameters"], list(tables["parameters"].columns))):
        key = str(row["parameter"])
        spread = result.posterior.quantile(_ENDS)[:, n]
        left, recovery, ranks = (tables[name].iloc[n] for name in ("not_ruled_out", "recovery", "ranks"))
        main = tables["sobol"][tables["sobol"]["parameter"] == key].sort_values("ST", ascending=False).iloc[0]
        rows.append(
            {
                **row, "label": _both(parameter_label(key)),
                "quantiles": [finite(q) for q in spread],
                "left_low": finite(left["low"]), "left_high": finite(left["high"]),
                "left_low_value": finite(left["low_value"]), "left_high_value": finite(left["high_value"]),
                "covered": finite(recovery["covered"]), "covered_low": finite(recovery["covered_low"]),
                "covered_high": finite(recovery["covered_high"]), "sound": finite(recovery["sound"]),
                "uniform": finite(ranks["uniform"]), "chi2_p": finite(ranks["chi2_p"]),
                "ecdf_gap": finite(ranks["ecdf_gap"]), "ecdf_band": finite(ranks["ecdf_band"]),
                "correlation": finite(recovery["correlation"]), "main_index": finite(main["ST"]),
                "main_figure": _both(figure_label(result, str(main["target"]))),
            }
        )  # fmt: skip
    return rows


def _recovery(result: Result) -> dict[str, Any]:
    """Return whether truths drawn from the prior are found again; what each parameter shows stands in its own row."""
    found = result.recovery
    named = {
        name: [{"parameter": key, "label": _both(parameter_label(key))} for key in getattr(found, name)]
        for name in ("refused", "not_uniform", "unidentified")
    }
    return {
        "truths": found.truths, "level": LEVEL, "binomial_level": SURE, "passed": found.passed,
        "refused_by_luck": finite(found.by_luck), **named,
    }  # fmt: skip


def _sensitivity(result: Result) -> list[dict[str, Any]]:
    """Return what moves each target: total indices on the emulator with their range, effects of Morris on the model."""
    frame = result.tables["sobol"]
    if "morris" in result.tables:
        frame = frame.merge(
            result.tables["morris"][["target", "parameter", "mu_star", "mu_star_in_errors"]],
            on=["target", "parameter"], how="left",
        )  # fmt: skip
    frame = frame[frame["ST"] >= _LEAST_INDEX].sort_values(["target", "ST"], ascending=[True, False])
    return [
        {
            "label": _both(figure_label(result, str(row["target"]))),
            "parameter_label": _both(parameter_label(str(row["parameter"]))), **row,
        }
        for row in _rows(frame, list(frame.columns))
    ]  # fmt: skip


def _patterns(result: Result) -> dict[str, Any]:
    """Return the patterns that the fit used, reproduced or missed; the others are left to judge the model."""
    frame = result.tables["predictive"]
    used = frame[frame["pattern"] != ""]
    return {
        "fitted": [
            {
                "pattern": row["pattern"],
                "label": _both(figure_label(result, row["target"])),
                "reproduced": bool(row["inside"]),
            }
            for row in used.to_dict("records")
        ],
        "may_be_fitted": list(FITTED_PATTERNS),
    }


def _number(value: Any, lang: Lang) -> str:
    """Return a number with three figures that count, as the language writes it."""
    if value is None:
        return "–"
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}".replace(",", "\u202f")  # noqa: PLR2004 - thousands
    return text.replace(".", ",") if lang == "fr" else text


def passport_html(said: dict[str, Any], lang: Lang) -> str:
    """Return the passport as one HTML page without any outside address."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["n"] = lambda value: _number(value, lang)
    page: str = environment.get_template("passport.html.j2").render(p=said, lang=lang, fr=lang == "fr")
    return page
