"""Spoiled files never end in a traceback: what cannot be used is refused with the clean error.

Each input is made from its seed, so that a crash is lived again by its name: ``-k "case and 1234"`` or, in Python,
``TARGETS["case"](random.Random("case-1234"), folder)``. `CRASHED` keeps the seeds that were crashes once.
"""

import random
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario import load_scenario, parse_override
from coopsim.scenario.case_columns import case_columns
from coopsim.scenario.places import places
from coopsim.scenario.reading import toml_data
from coopsim.scenario.tables import MAX_SHOWN, read_table
from tests.fuzz.targets import TARGETS

FAST = {"scenario_file": 60, "scenario_tree": 30, "setting": 60, "case": 40, "plan": 60, "session": 8}
LARGE = {
    "scenario_file": 6000,
    "scenario_tree": 5000,
    "setting": 5000,
    "case": 6000,
    "plan": 5000,
    "session": 500,
}
BLOCK = 500
# Seeds that crashed coopsim before what they found was mended: whole numbers of thousands of digits; a session log
# without scenarios, with a negative or a huge seed, with a text for a number, with settings that are no pairs, with a
# ballot that was never put.
CRASHED = {
    "scenario_file": (59,),
    "setting": (24, 36),
    "plan": (119, 131),
    "session": (28, 35, 42, 52, 58, 133, 139, 146),
}  # fmt: skip


def try_inputs(target, seeds, folder):
    """Read every input; returns how many were accepted."""
    accepted = 0
    for seed in seeds:
        place = folder / str(seed)
        place.mkdir()
        try:
            accepted += TARGETS[target](random.Random(f"{target}-{seed}"), place)
        except Exception as error:
            raise AssertionError(f"{target}, seed {seed}: {type(error).__name__}: {error}"[:500]) from error
    return accepted


@pytest.mark.parametrize("target", TARGETS)
def test_spoiled_inputs_are_refused_cleanly(target, tmp_path):
    accepted = try_inputs(target, range(FAST[target]), tmp_path)
    assert accepted < FAST[target], "nothing was spoiled"


@pytest.mark.parametrize("target", CRASHED)
def test_what_crashed_once_does_not_crash_again(target, tmp_path):
    try_inputs(target, CRASHED[target], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "start"),
    [(name, first) for name, most in LARGE.items() for first in range(1000, 1000 + most, BLOCK)],
)
def test_many_spoiled_inputs_are_refused_cleanly(target, start, tmp_path):
    try_inputs(target, range(start, start + BLOCK), tmp_path)


@given(st.text(max_size=200))
def test_any_text_is_a_setting_or_a_clean_error(text):
    problems: list[Problem] = []
    name = ""
    try:
        name, _ = parse_override(text)
    except ScenarioError as error:
        problems = error.problems
    assert len(problems) == 1 or (not problems and name in text)


@given(st.text(alphabet="abc.[]{}\"'=#,\n\\ 01tru-_:", max_size=120))
def test_any_toml_has_its_lines_or_one_mistake(text):
    problems: list[Problem] = []
    data = toml_data(text, "x.toml", problems)
    assert (data is None) == (len(problems) == 1)
    if data is not None:
        found = places(text)
        assert {path[0] for path in found} >= {key for key in tomllib.loads(text) if "\\" not in text}
        assert all(1 <= line <= text.count("\n") + 1 for line in found.values())


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=12), max_size=6))
def test_any_cells_are_a_table_or_told_mistakes(tmp_path_factory, cells):
    columns = case_columns()["links"]
    path = tmp_path_factory.mktemp("cells") / "links.csv"
    body = "\n".join(",".join(row) for row in cells)
    path.write_text(",".join(columns) + "\n" + body, encoding="utf-8", errors="replace", newline="")
    problems: list[Problem] = []
    rows = read_table(path, columns, problems)
    assert rows.sound == (not problems)
    assert len(problems) <= MAX_SHOWN + 1
    assert all(len(column) == len(rows) for column in rows.columns.values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=8), below, max_size=4),
    max_leaves=12,
)


@given(
    st.sampled_from(["case", "horizon", "governance", "territory", "event", "decision", "theory", "record"]),
    JSON,
)
def test_any_value_of_a_part_is_a_scenario_or_a_clean_error(part, value):
    tree = {"name": "x", "case": {"synthetic": {"territories": 2}}, part: value}
    problems = None
    try:
        load_scenario(tree).load_case()
    except ScenarioError as error:
        problems = error.problems
    assert problems is None or problems
