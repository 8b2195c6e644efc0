"""What the command line tells of a calibration, while it goes on and when it has ended."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from coopsim.i18n import Text, lang
from coopsim_calibration.fitting import Result
from coopsim_calibration.sentences import cannot_say, figure_label, parameter_label
from coopsim_calibration.simulate import OnRuns

_EVERY = 2.0  # seconds between two updates on a terminal
_STEP = 25  # percent between two lines elsewhere


@contextmanager
def teller(stage_name: Callable[[str], str]) -> Iterator[OnRuns]:
    """Tell the progress of each stage on the error stream: one line rewritten on a terminal, a few lines elsewhere."""
    terminal = sys.stderr.isatty()
    state: dict[str, float | str] = {"stage": "", "told": 0.0, "begun": 0.0, "before": 0.0, "percent": -1.0}

    def on_runs(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != state["stage"]:
            state.update(stage=stage, begun=now, before=float(done), told=0.0, percent=-1.0)
        percent = 100 * done // max(total, 1)
        due = (
            now - float(state["told"]) >= _EVERY
            if terminal
            else percent // _STEP > float(state["percent"]) // _STEP
        )
        if not due and done < total:
            return
        if not terminal and percent == state["percent"]:
            return
        state.update(told=now, percent=float(percent))
        spent = max(now - float(state["begun"]), 1e-9)
        rate = (done - float(state["before"])) / spent
        left = f", {(total - done) / rate:.0f} s" if rate > 0.0 and done < total else ""
        line = f"{stage_name(stage)}: {done}/{total}{left}"
        sys.stderr.write(f"\r\033[K{line}" if terminal else f"{line}\n")
        sys.stderr.flush()

    try:
        yield on_runs
    finally:
        if terminal:
            sys.stderr.write("\r\033[K")


def number(value: float) -> str:
    """Return a number with three figures that count, as the language writes it."""
    text = f"{value:.3g}"
    return text.replace(".", ",") if lang() == "fr" else text


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Return the lines of a table whose columns are aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def shown(result: Result, folder: Path) -> str:
    """Return what is told at the end: parameters, predictions against baselines, what the model cannot say."""
    runs = Text(
        f"{result.runs} simulations ({result.failed} échouées) ; "
        f"{100 * result.share_left:.3g} % de l'espace n'est pas écarté.",
        f"{result.runs} runs ({result.failed} failed); {100 * result.share_left:.3g} % of the space is not ruled out.",
    )
    places = Text(f"Résultats et passeport dans {folder}", f"Results and passport in {folder}")
    lines = [str(runs), "", *_parameters(result), "", recovered(result), "", *_predictions(result), ""]
    lines += [str(Text("Ce que ce modèle ne peut pas dire :", "What this model cannot say:"))]
    lines += [f"  - {sentence}" for sentence in cannot_say(result)]
    return "\n".join([*lines, "", str(places)])


def recovered(result: Result) -> str:
    """Return whether known truths are found again, in one sentence."""
    found = result.recovery
    if found.passed:
        return str(
            Text(
                f"{found.truths} vérités connues retrouvées : les intervalles à 90 % tiennent leur promesse.",
                f"{found.truths} known truths sought again: the 90 % intervals hold what they promise.",
            )
        )
    named = [parameter_label(key) for key in found.refused]
    return str(
        Text(
            f"Échec : sur {found.truths} vérités connues, la couverture est refusée pour "
            + " ; ".join(text.fr for text in named) + f" (par hasard : {100 * found.by_luck:.0f} % des études).",
            f"Failed: of {found.truths} known truths, coverage is refused for "
            + "; ".join(text.en for text in named) + f" (by luck: {100 * found.by_luck:.0f} % of studies).",
        )
    )  # fmt: skip


def _parameters(result: Result) -> list[str]:
    frame = result.tables["parameters"].merge(
        result.tables["recovery"][["parameter", "covered"]], on="parameter"
    )
    rows = [tuple(str(Text(*pair)) for pair in (("paramètre", "parameter"), ("avant", "before"), ("après", "after"),
                                               ("fixé", "settled"), ("couverture", "coverage")))]  # fmt: skip
    for row in frame.to_dict("records"):
        before, after = (
            f"{number(row[a])} … {number(row[b])}" for a, b in (("prior_p05", "prior_p95"), ("p05", "p95"))
        )
        settled = Text("en partie", "in part") if row["identified"] else Text("non", "no")
        rows.append(
            (
                str(parameter_label(row["parameter"])),
                before,
                after,
                str(settled),
                f"{100 * row['covered']:.0f} %",
            )
        )
    return aligned(rows)


def _predictions(result: Result) -> list[str]:
    frame: pd.DataFrame = result.tables["out_of_sample"]
    if not len(frame):
        return [str(Text("Rien n'a été mis de côté.", "Nothing was held out."))]
    heads = (("mis de côté", "held out"), ("observé", "observed"), ("prédit", "predicted"), ("CRPS", "CRPS"),
             ("persistance", "persistence"), ("tendance", "trend"), ("verdict", "verdict"))  # fmt: skip
    words = {
        "wins": Text("gagne", "wins"),
        "loses": Text("perd", "loses"),
        "no baseline": Text("sans référence", "no baseline"),
        "unclear": Text("indécis", "unclear"),
        "no test": Text("déjà dans l'état initial", "already in the first state"),
    }
    rows = [tuple(str(Text(*pair)) for pair in heads)]
    for row in frame.to_dict("records"):
        numbers = [
            "–" if pd.isna(row[name]) else number(row[name])
            for name in ("model_crps", "persistence_error", "trend_error")
        ]
        said = f"{number(row['median'])} ({number(row['p05'])} … {number(row['p95'])})"
        rows.append(
            (
                str(figure_label(result, row["target"])),
                number(row["value"]),
                said,
                *numbers,
                str(words[row["verdict"]]),
            )
        )
    return aligned(rows)
