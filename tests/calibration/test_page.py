"""The guide to calibration says what is there: options, tables, figures of the shipped diagnostic, files of results."""

import re
from pathlib import Path

import pytest

from coopsim.scenario.case import load_case
from coopsim_calibration import load_diagnostic
from coopsim_calibration.command import _OPTIONS
from coopsim_calibration.figures import COLUMNS, OPTIONAL
from coopsim_calibration.sensitivity_command import _OPTIONS as SENSITIVITY
from coopsim_calibration.shipped import shipped_studies
from coopsim_calibration.study import StudyFile

ROOT = Path(__file__).parents[2]
FRENCH = (ROOT / "docs" / "fr" / "calage.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")


def test_figures_of_the_shipped_diagnostic():
    said = int(re.search(r"shipped for Figeac has ([\d,]+) figures", PAGE)[1].replace(",", ""))
    assert said == len(load_diagnostic("figeac", load_case("figeac")).figures)


@pytest.mark.parametrize("name", [*COLUMNS, *OPTIONAL])
def test_every_column_is_explained(name):
    assert f"`{name}`" in PAGE


def test_every_table_of_a_study_is_explained():
    tables = {
        "model",
        "replaced",
        "uncertainty",
        "lever",
        "constant",
        "target",
        "held_out",
        "method",
        "cannot_say",
    }
    assert tables < set(StudyFile.model_fields)
    for name in tables:
        assert f"[{name}]" in PAGE


def test_options_of_the_page_exist():
    known = {name.replace("_", "-") for name in (*_OPTIONS, *SENSITIVITY)} | {"ensemble", "json", "lang"}
    for page in (PAGE, FRENCH):
        assert set(re.findall(r"--([a-z][a-z-]+)", page)) <= known


def test_fields_of_the_passport_are_those_of_the_page():
    from coopsim_calibration import passport

    fields = re.search(r"### `passport.json`(.*)", PAGE, re.DOTALL)[1]
    source = Path(passport.__file__).read_text(encoding="utf-8")
    listed = [
        name
        for cell in re.findall(r"^\| ([^|]*) \|", fields, re.MULTILINE)[1:]
        for name in re.findall(r"`(\w+)", cell)
    ]
    assert f"`format` is {passport.FORMAT}" in fields
    assert len(listed) > 15
    assert all(f'"{name}"' in source or name == "provenance" for name in listed)


def test_the_french_page_names_every_stage_and_exit_code():
    for word in (
        "hasard",
        "Morris",
        "Sobol",
        "vagues",
        "ABC",
        "vérités",
        "hors échantillon",
        "CRPS",
        "mondes neufs",
    ):
        assert word.casefold() in FRENCH.casefold(), word
    assert re.findall(r"^\| (\d) \|", FRENCH, re.MULTILINE) == re.findall(r"^\| (\d) \|", PAGE, re.MULTILINE)


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
