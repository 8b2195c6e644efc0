"""A table that the staff of a territory can fill in a spreadsheet: one row a figure, the value left empty."""

import csv
import io

from coopsim.i18n import lang
from coopsim.scenario.case import Case
from coopsim_calibration.figures import COLUMNS, OPTIONAL
from coopsim_calibration.observables import SYSTEM, Observable, observables


def template(case: Case) -> str:
    """Return a CSV text with a row for each figure of each territory of a case.

    Rows whose value stays empty are left out when the file is read. Units are filled in; the last column says in
    words, in the language in force, what is expected, and whether the model has a counterpart that a fit may aim at.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *OPTIONAL])
    years = {"": case.reference_year, "growth": f"{case.reference_year - 6}-{case.reference_year}"}
    names = dict(zip(case.territories["code"].astype(str), case.territories["name"].astype(str), strict=True))
    for code, name in [*names.items(), (SYSTEM, "")]:
        for figure in observables().values():
            year = years["growth" if figure.how in {"growth", "change"} else ""]
            writer.writerow(
                [figure.name, code, year, "", figure.unit, "", "", "", "", "", _note(figure, name)]
            )
    return out.getvalue()


def _note(figure: Observable, name: str) -> str:
    place = f" – {name}" if name else ""
    french = lang() == "fr"
    use = (
        ("cible possible" if french else "may be a target")
        if figure.produced
        else ("contexte" if french else "context")
    )
    return f"{figure.text}{place} ({figure.allowed} ; {use})"
