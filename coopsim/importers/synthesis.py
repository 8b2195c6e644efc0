"""Jobs by sector that the founding will give each territory: the same functions, on the folder's tables."""

from typing import Any

import pandas as pd

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.folder import CaseFolder
from coopsim.world import founding_companies


def sector_jobs(folder: CaseFolder) -> dict[str, dict[str, float]]:
    """Return posts by sector of each territory, as companies will be synthesised.

    Raises
    ------
    ScenarioError
        When establishments, sectors or salaried jobs are missing.
    """
    sectors, establishments = (_frame(folder, table) for table in ("sectors", "establishments"))
    jobs = folder.needed("salaried_jobs")
    for column in ("share_of_group", "mean_size_weight"):
        sectors[column] = sectors[column].astype(float)
    establishments["establishments"] = establishments["establishments"].astype(int)
    rows: dict[str, list[Any]] = {}
    for line in establishments.itertuples():
        rows.setdefault(str(line.territory), []).append(line)
    names = [str(name) for name in sectors["sector"]]
    out = {}
    for code, total in jobs.items():
        counts, _ = founding_companies.cells(sectors, rows.get(code, []))
        totals = founding_companies.job_totals(sectors, counts, total)
        out[code] = dict(zip(names, totals.tolist(), strict=True))
    return out


def _frame(folder: CaseFolder, table: str) -> pd.DataFrame:
    rows = folder.rows(table)
    if not rows:
        message = Text(
            "la table « {table} » manque encore au cas", "table '{table}' is still missing from the case"
        )
        raise ScenarioError([Problem(message.format(table=table), f"{table}.csv")])
    return pd.DataFrame(rows)
