"""What is too large is refused before anything starts, with the figure and what to change."""

import pytest
from typer.testing import CliRunner

from coopsim.cli import app
from coopsim.comparison import check_comparable, compare
from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import set_lang
from coopsim.scenario import limits, load_scenario
from coopsim.scenario.reading import file_text, toml_data

HEAD = 'schema = 1\nname = "large"\n[horizon]\nyears = 1\n'


def command(*words):
    return CliRunner().invoke(app, list(words), env={"LC_ALL": "C", "COLUMNS": "200"})


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large.toml"
    path.write_text(HEAD + "[case.synthetic]\nterritories = 4\ncompanies = 250000000\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lang", "words"), [("fr", "1 000 000 000 entreprises"), ("en", "1,000,000,000 companies")]
)
def test_a_billion_companies_are_refused_with_the_memory_they_need(large, lang, words):
    found = command("--lang", lang, "run", str(large))
    text = found.stderr.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert found.exit_code == 2
    assert words in text
    assert "233 GiB" in text
    assert "16 GiB" in text
    assert "Traceback" not in text


def test_a_case_that_this_machine_cannot_hold_is_refused_too(tmp_path, monkeypatch):
    from tests.case_files import spoil, write_case

    case = write_case(tmp_path / "valley")
    for row in (1, 2, 3):
        spoil(case, "establishments", row, "establishments", "10000000")
    scenario = load_scenario({"name": "x", "case": {"name": str(case)}})
    scenario.load_case()  # thirty million fit
    monkeypatch.setattr(limits, "machine_bytes", lambda: 4.0 * limits.GIB)
    small_machine = load_scenario({"name": "x", "case": {"name": str(case)}})
    with pytest.raises(ScenarioError, match="30,000,000 companies"):
        small_machine.load_case()


def test_the_cost_of_the_whole_of_france_is_of_the_size_measured():
    """1.32 GiB and 144 s for 120 quarters (docs/measured.md): an estimate is right within a factor of two."""
    assert 0.5 < limits.world_bytes(4.5e6, 1254) / (1.32 * limits.GIB) < 2.0
    assert 0.5 < limits.run_seconds(4.5e6, 1254, 120) / 144.0 < 2.0


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "figeac-attractiveness", "figeac-cooperation", "--replicates", "1000000000"),
        ("factorial", "figeac-status-quo", "--replicates", "1000000000"),
        ("sheet", "figeac-status-quo", "--replicates", "1000000000"),
        ("levers", "figeac-status-quo", "--replicates", "1000000000"),
        ("stability", "figeac-cooperation", "--replicates", "1000000000"),
        ("flip", "figeac-attractiveness", "figeac-cooperation", "--replicates", "1000000000"),
        ("resilience", "figeac-status-quo", "--event", "drought=0.3@8", "--replicates", "1000000000"),
        ("run", "figeac-status-quo", "--years", "1000000000"),
        ("run", "figeac-status-quo", "--seed", "1000000000000000000000000"),
        ("run", "figeac-status-quo", "--set", "case.synthetic.territories=1000000000"),
        ("run", "figeac-status-quo", "--set", f"horizon.years={'9' * 5000}"),
    ],
    ids=lambda words: f"{words[0]} {words[-2]}",
)
def test_no_command_begins_what_cannot_end(words, monkeypatch):
    from coopsim.cli import kernels

    monkeypatch.setattr(kernels, "cold", lambda: False)
    found = command(*words)
    assert found.exit_code == 2, found.output
    assert "Traceback" not in found.output


def test_worlds_that_memory_cannot_hold_are_told_with_memory_time_and_the_most():
    specs = [load_scenario(name) for name in ("figeac-attractiveness", "figeac-cooperation")]
    with pytest.raises(ScenarioError) as caught:
        compare(specs, 10**9)
    set_lang("en")
    text = str(caught.value)
    assert "PiB of memory" in text
    assert "years on one core" in text
    assert "coopsim batch" in text
    most = int(text.rpartition("≤ ")[2])
    check_comparable(specs, most, 0)
    with pytest.raises(ScenarioError):
        check_comparable(specs, most + 1, 0)


@pytest.mark.parametrize(
    "text",
    [f"x = {'9' * 30}", f"x = {'9' * 5000}", f"x = 0x{'f' * 6000}", "x = " + "[" * 200 + "]" * 200,
     "x = " + "[" * 100_000],
    ids=["30 digits", "5000 digits", "hexadecimal", "deep", "too deep to be read"],
)  # fmt: skip
def test_numbers_and_nesting_without_measure_are_one_mistake(text):
    problems: list[Problem] = []
    assert toml_data(text, "x.toml", problems) is None
    assert len(problems) == 1
    assert len(str(problems[0])) < 300


def test_the_largest_whole_number_of_toml_and_a_fair_depth_are_read():
    problems: list[Problem] = []
    text = f"x = {2**63 - 1}\ny = {'[' * 60}{']' * 60}"
    assert toml_data(text, "x.toml", problems) is not None
    assert not problems


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(limits.MOST_TEXT + 1)  # a hole: nothing is on the disk
    problems: list[Problem] = []
    assert file_text(path, path.name, problems) is None
    assert "8 MiB" in str(problems[0])


def test_a_pipe_is_no_file(tmp_path):
    import os

    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    problems: list[Problem] = []
    assert file_text(path, path.name, problems) is None  # reading it would wait for ever
    assert problems
