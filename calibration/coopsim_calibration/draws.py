"""Posterior draws as a file: one row a draw, one column a parameter, and where they come from.

``coopsim compare`` can run its worlds on them, so that its intervals hold what is not known of the parameters too.
"""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from coopsim.comparison.draws import FORMAT, META
from coopsim_calibration.fitting import Result
from coopsim_calibration.priors import table


def write_draws(result: Result, path: Path) -> None:
    """Write the posterior draws of a calibration, as `coopsim.comparison.draws.read_draws` reads them."""
    study = result.study
    columns = {"draw": list(range(len(result.draws))), **table(study.priors, result.draws)}
    about = {
        "format": FORMAT,
        "study": study.spec.name,
        "fingerprint": study.fingerprint(),
        "scenario": study.spec.model.scenario,
        "case": study.scenario.case_name,
        "recovered": result.recovery.passed if "recovery" in result.tables else None,
    }
    frame = pa.table(columns).replace_schema_metadata({META: json.dumps(about).encode()})
    part = path.with_suffix(".part")
    pq.write_table(frame, part)
    part.replace(path)
