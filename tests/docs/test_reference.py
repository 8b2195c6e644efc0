"""The reference leaves nothing out: public names, keys, rules, moves, indicators, parameters, commands."""

import importlib.util
import re
from pathlib import Path

import pytest

import coopsim
from coopsim.catalogue import key_names, key_record, records
from coopsim.cli.commands import COMMANDS
from coopsim.cli.extras import extra_commands
from coopsim.indicators import BY_NAME

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def generated():
    spec = importlib.util.spec_from_file_location("generated", DOCS / "generated.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_python_page_names_every_public_name():
    named = set(
        re.findall(r"^\.\. auto(?:class|function):: (\w+)$", (DOCS / "api.md").read_text(), re.MULTILINE)
    )
    assert named == set(coopsim.__all__) - {"__version__", "Batch"}  # batches.md is the page of Batch


def test_every_page_is_made(generated):
    assert set(generated.PAGES) == {
        "commands", "data", "indicateurs", "indicators", "keys", "limits", "moves", "parameters", "rules", "scenarios",
    }  # fmt: skip


def test_every_indicator_has_a_row_in_both_languages(generated):
    english, french = (generated.PAGES[name]() for name in ("indicators", "indicateurs"))
    for indicator in BY_NAME.values():
        for page, label in ((english, indicator.label.en), (french, indicator.label.fr)):
            assert f"`{indicator.name}`" in page
            assert label.replace("<", "&lt;") in page


def test_every_key_rule_move_and_parameter_has_a_row(generated):
    for page, names in (
        ("keys", [name for name in key_names() if "keys" not in (key_record(name) or {"keys": ()})]),
        ("parameters", [record["name"] for record in records("parameters")]),
        ("rules", [record["name"] for record in records("rules")]),
        ("moves", [record["name"] for record in records("moves")]),
    ):
        text = generated.PAGES[page]()
        assert [name for name in names if f"`{name.rpartition('.')[2]}`" not in text] == []


def test_a_grade_is_counted_for_every_parameter(generated):
    row = re.search(
        r"^\| parameters of the model \| (\d+) \| (\d+) \| (\d+) \|$", generated.PAGES["data"](), re.M
    )
    assert sum(map(int, row.groups())) == len(records("parameters"))


def test_every_command_is_on_its_page(generated, monkeypatch):
    monkeypatch.setattr(generated, "_help", lambda name: f"help of {name}")
    page = generated.PAGES["commands"]()
    assert [name for name in (*COMMANDS, *extra_commands()) if f"## `coopsim {name}`" not in page] == []
