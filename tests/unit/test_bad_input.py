"""Every wrong file gives one clear message, in French and in English, and writes nothing."""

from pathlib import Path

import pytest

from coopsim.errors import ScenarioError
from coopsim.i18n import set_lang
from tests.bad_input_files import BAD_FILES, CASE, HEAD, load_any
from tests.case_files import write_case


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", BAD_FILES)
def test_one_clear_message(name, tmp_path):
    bad = BAD_FILES[name]
    path = bad.make(tmp_path)
    before = _files(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        load_any(path)
    assert _files(tmp_path) == before, "nothing may be written"
    assert len(caught.value.problems) == 1, str(caught.value)
    problem = caught.value.problems[0]
    assert problem.file.endswith(bad.file)
    assert (problem.key, problem.nearest, problem.line) == (bad.key, bad.hint, bad.line)
    for lang, words in (("fr", bad.fr), ("en", bad.en)):
        set_lang(lang)
        text = str(caught.value)
        assert words in text
        assert bad.file in text
        assert bad.key in text
        assert "\n" not in text


def test_there_are_enough_of_them():
    assert len(BAD_FILES) >= 20


def test_the_files_are_sound_without_their_mistake(tmp_path):
    path = tmp_path / "right.toml"
    path.write_text(HEAD + CASE, encoding="utf-8")
    load_any(path)
    load_any(write_case(tmp_path / "valley"))


def test_all_mistakes_are_told_at_once(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(
        HEAD
        + "[horizon]\nyeers = 3\n[governance.payoff.revenue_sharing]\nshare = 2.0\n"
        + '[governance.aggregation]\ncouncil_rule = "majorty"\n'
        + '[[event]]\nwhen = 4000\nwhat = "drought"\namount = 0.3\n'
        + '[[territory]]\ncode = "T08"\ngovernance.payoff.subsidy.max = 2.0\n'
        + CASE,
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load_any(path)
    found = {problem.key for problem in caught.value.problems}
    assert found == {
        "horizon.yeers",
        "governance.payoff.revenue_sharing.share",
        "governance.aggregation.council_rule",
        "event[1].when",
        "territory[1].code",
    }
    assert [problem.line for problem in caught.value.problems] == sorted(
        problem.line for problem in caught.value.problems
    )


def test_all_mistakes_of_a_case_are_told_at_once(tmp_path):
    case = write_case(tmp_path / "valley")
    from tests.case_files import drop_column, spoil

    spoil(case, "territories", 1, "population", "lots")
    spoil(case, "water_nodes", 3, "downstream", "N1")
    drop_column(case, "links", "minutes")
    with pytest.raises(ScenarioError) as caught:
        load_any(case)
    keys = {(problem.file, problem.key) for problem in caught.value.problems}
    assert {
        ("valley/territories.csv", "population"),
        ("valley/water_nodes.csv", "downstream"),
        ("valley/links.csv", "minutes"),
    } == keys
