"""The guide to calibration says what is there: options, tables, figures of the shipped diagnostic, files of results."""

import re
from pathlib import Path

import pytest

from coopsim.scenario.case import load_case
from coopsim_calibration import load_diagnostic
from coopsim_calibration.command import _OPTIONS
from coopsim_calibration.figures import COLUMNS, OPTIONAL
from coopsim_calibration.shipped import shipped_studies
from coopsim_calibration.study import StudyFile

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")


def test_figures_of_the_shipped_diagnostic():
    said = int(re.search(r"shipped for Figeac has ([\d,]+) figures", PAGE)[1].replace(",", ""))
    assert said == len(load_diagnostic("figeac", load_case("figeac")).figures)


@pytest.mark.parametrize("name", [*COLUMNS, *OPTIONAL])
def test_every_column_is_explained(name):
    assert f"`{name}`" in PAGE


def test_every_table_of_a_study_is_explained():
    tables = {"model", "uncertainty", "lever", "constant", "target", "held_out", "method", "cannot_say"}
    assert tables < set(StudyFile.model_fields)
    for name in tables:
        assert f"[{name}]" in PAGE


def test_options_of_the_page_exist():
    known = {name.replace("_", "-") for name in _OPTIONS} | {"ensemble"}
    assert set(re.findall(r"--([a-z][a-z-]+)", PAGE)) <= known


def test_shipped_studies_are_named():
    readme = (ROOT / "calibration" / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in readme for name in shipped_studies())


def test_nothing_names_a_table_that_is_not_written():
    from coopsim_calibration import fitting

    source = Path(fitting.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'tables\["(\w+)"\]', source)) | {"targets", "passport"}
    listed = re.search(r"`tables/\*\.csv` \(([^)]*)\)", PAGE)[1].split(", ")
    assert set(listed) <= written
    assert {"parameters", "out_of_sample", "recovery"} <= set(listed)
