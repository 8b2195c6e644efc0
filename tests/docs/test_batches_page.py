"""The page on batches: its plan is sound, its commands and options exist, its names are those of the code."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

import coopsim
from coopsim.batch.design import points
from coopsim.batch.export import FORMS
from coopsim.batch.job import job_of
from coopsim.batch.parameter import Parameter
from coopsim.batch.plan import Design
from coopsim.batch.plan_file import load_plan, shipped_plans
from coopsim.cli import app

PAGE = (Path(__file__).parents[2] / "docs" / "batches.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_its_plan_is_sound(tmp_path):
    (text,) = blocks("toml")
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    plan = load_plan(path)
    assert len(job_of(plan, tmp_path / "out")) == 64 * 2 * 20
    assert len(points(plan)) == 64


def test_its_designs_distributions_and_forms_are_all_there():
    for model, name in ((Design, "kind"), (Parameter, "distribution")):
        found = re.findall(r"Literal\[(.*?)\]", str(model.model_fields[name].annotation))
        for word in re.findall(r"'(\w+)'", found[0]):
            assert f"| `{word}`" in PAGE, word
    for form in FORMS:
        assert f"`{form}`" in PAGE


def commands():
    lines = [line.partition("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("coopsim ")]


@pytest.mark.parametrize("line", commands())
def test_its_commands_exist(line):
    words = shlex.split(line)
    command = get_command(app).commands[words[1]]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("-")} <= known
    if words[1] == "batch" and not words[2].endswith(".toml"):
        assert words[2] in shipped_plans()


def test_its_python_names_exist():
    for name in set(re.findall(r"batch\.(\w+)", "".join(blocks("python")))):
        assert hasattr(coopsim.Batch, name), name
    for name in set(re.findall(r"coopsim\.(\w+)\(", "".join(blocks("python")))):
        assert hasattr(coopsim, name), name
