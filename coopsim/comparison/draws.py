"""Draws of parameters that a calibration wrote.

The worlds of a comparison take one each, so its intervals hold both luck and what is not known of the parameters.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from coopsim.errors import scenario_error
from coopsim.scenario.case_places import case_folder

if TYPE_CHECKING:
    from coopsim.scenario import Scenario

FORMAT = 1
META = b"coopsim_draws"


@dataclass(frozen=True, slots=True)
class Draws:
    """Sets of parameters, equally likely.

    Attributes
    ----------
    rows : tuple of mapping
        Dotted key and value.
    about : mapping
        study, fingerprint, scenario and case of the calibration.
    """

    rows: tuple[Mapping[str, Any], ...]
    about: Mapping[str, Any]

    def changes(self, worlds: int) -> tuple[Mapping[str, Any], ...]:
        """Return the parameters of each world: the draws in order, again from the first when there are more worlds."""
        return tuple(self.rows[n % len(self.rows)] for n in range(worlds))

    def fitting(self, scenarios: "Sequence[Scenario]") -> "Draws":
        """Return these draws, if every scenario can take them.

        Raises
        ------
        ScenarioError
            For another case than that of the calibration, or parameters that a scenario refuses.
        """
        for scenario in scenarios:
            if scenario.case_name != self.about["case"]:
                raise scenario_error(
                    f"« {scenario.name} » n'est pas du cas sur lequel ces tirages sont ajustés",
                    f"'{scenario.name}' is not of the case that these draws were fitted on",
                    key="--ensemble", value=scenario.case_name, allowed=str(self.about["case"]),
                )  # fmt: skip
            scenario.but({**self.rows[0], "name": scenario.name})
        return self


def fit_of(scenario: "Scenario", kept: Path | None = None) -> Path:
    """Return the folder of the fit of a scenario's case: the one made here, else the one that ships with the case.

    Parameters
    ----------
    scenario : Scenario
    kept : Path, optional
        Where ``coopsim calibrate`` leaves its results; ``out`` of the working folder.
    """
    own = (Path("out") if kept is None else kept) / f"calibration-{scenario.case_name}"
    name = scenario.spec.case.name
    shipped = None if name is None else case_folder(name) / "calibration"
    return shipped if shipped is not None and shipped.is_dir() and not own.is_dir() else own


def read_draws(place: str | Path) -> Draws:
    """Return the draws of a file, or of the folder that ``coopsim calibrate --save`` wrote.

    Raises
    ------
    ScenarioError
        When there is no such file or it holds no draws.
    """
    path = Path(place)
    path = path / "draws.parquet" if path.is_dir() else path
    try:
        table = pq.read_table(path)
        about = json.loads((table.schema.metadata or {})[META])
        readable = about["format"] == FORMAT and table.num_rows > 0
    except (OSError, KeyError, ValueError, TypeError, pa.ArrowException) as error:
        raise scenario_error(
            f"pas de tirages lisibles ici ({type(error).__name__}) : coopsim calibrate ÉTUDE --save DOSSIER",
            f"no readable draws here ({type(error).__name__}): coopsim calibrate STUDY --save DIR",
            file=str(path),
        ) from error
    if not readable:
        raise scenario_error(
            "tirages d'une autre version, ou vides", "draws of another version, or empty", file=str(path)
        )
    rows = table.drop_columns(["draw"]).to_pylist()
    return Draws(tuple(rows), about)
