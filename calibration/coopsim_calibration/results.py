"""The folder of a calibration: tables, posterior draws, where they come from, and the passport."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from coopsim.batch.files import write_text
from coopsim.outputs import provenance
from coopsim_calibration.draws import write_draws
from coopsim_calibration.fitting import Result
from coopsim_calibration.passport import passport, passport_html

TABLES = "tables"
DRAWS = "draws.parquet"


def save(result: Result, folder: Path) -> None:
    """Write a calibration: tables (CSV), draws (parquet), passport (JSON, and HTML in French and English).

    Nothing is left half written; the runs stay in ``runs/``, so the same command goes on from them.
    """
    (folder / TABLES).mkdir(parents=True, exist_ok=True)
    study = result.study
    targets = pd.DataFrame(
        [{**aim.row(), "held_out": n >= len(study.targets)} for n, aim in enumerate(study.aims)]
    )
    frames: Mapping[str, pd.DataFrame] = {"targets": targets, **result.tables}
    for name, frame in frames.items():
        write_text(frame.to_csv(index=False), folder / TABLES / f"{name}.csv")
    write_draws(result, folder / DRAWS)
    said: dict[str, Any] = passport(result) | {"provenance": provenance()}
    write_text(json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False), folder / "passport.json")
    write_text(passport_html(said, "fr"), folder / "passport-fr.html")
    write_text(passport_html(said, "en"), folder / "passport-en.html")
