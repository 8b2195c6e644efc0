"""What a stranger's scenario can make coopsim do: read its own folder, and nothing else."""

import ast
import json
import pickle
from pathlib import Path

import pytest

from coopsim.cli.failures import problems_text
from coopsim.errors import ScenarioError
from coopsim.scenario import load_scenario, parse_override
from coopsim.scenario.shipped import shipped
from tests.case_files import write_case

HEAD = 'schema = 1\nname = "stranger"\n'
CASE = "[case.synthetic]\nterritories = 2\n"
SECRET = 'token = "hunter2"\n'


@pytest.fixture
def downloads(tmp_path, monkeypatch):
    """A folder of downloads beside secrets; the user is in the folder of downloads."""
    (tmp_path / "secret.toml").write_text(SECRET, encoding="utf-8")
    (tmp_path / "passwd").write_text("root:x:0:0:hunter2\n", encoding="utf-8")
    write_case(tmp_path / "private")
    folder = tmp_path / "downloads"
    (folder / "below").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def refused(path):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path).load_case()
    text = problems_text(caught.value)
    assert "hunter2" not in text, "a message shows what a foreign file says"
    return text


@pytest.mark.parametrize(
    "name",
    ["../secret.toml", "./../secret.toml", "below/../../secret.toml", "{above}/secret.toml", "../passwd",
     "{above}/passwd", "../../../../../../../../etc/passwd", "/etc/passwd", "/dev/zero", "/proc/self/environ",
     "link.toml", "folder/secret.toml"],
)  # fmt: skip
def test_extends_stays_in_the_folder(downloads, name):
    (downloads / "link.toml").symlink_to(downloads.parent / "secret.toml")
    (downloads / "folder").symlink_to(downloads.parent)
    path = downloads / "stranger.toml"
    path.write_text(f'{HEAD}extends = ["{name.format(above=downloads.parent)}"]\n{CASE}', encoding="utf-8")
    assert "outside the folder of the scenario" in refused(path)


@pytest.mark.parametrize("name", ["../private", "{above}/private", "link", "./link", "below/../../private"])
def test_the_case_stays_in_the_folder(downloads, name):
    (downloads / "link").symlink_to(downloads.parent / "private")
    path = downloads / "stranger.toml"
    name = name.format(above=downloads.parent)
    path.write_text(f'{HEAD}[case]\nname = "{name}"\n', encoding="utf-8")
    text = refused(path)
    assert ("outside the folder of the scenario" in text) == ("/" in name)


def test_a_parent_cannot_lead_out_either(downloads):
    (downloads / "below" / "parent.toml").write_text('extends = ["../../secret.toml"]\n', encoding="utf-8")
    path = downloads / "stranger.toml"
    path.write_text(f'{HEAD}extends = ["below/parent.toml"]\n{CASE}', encoding="utf-8")
    assert "outside the folder of the scenario" in refused(path)


def test_what_is_no_toml_is_not_extended(downloads):
    (downloads / "notes").write_text("hunter2\n", encoding="utf-8")
    (downloads / "linked.toml").symlink_to(downloads / "notes")
    for name in ("./notes", "linked.toml"):
        path = downloads / "stranger.toml"
        path.write_text(f'{HEAD}extends = ["{name}"]\n{CASE}', encoding="utf-8")
        assert "only a .toml file can be extended" in refused(path)


def test_what_is_below_or_where_the_user_is_can_be_named(downloads, monkeypatch):
    (downloads / "below" / "base.toml").write_text("[horizon]\nyears = 3\n", encoding="utf-8")
    write_case(downloads / "below" / "valley")
    path = downloads / "stranger.toml"
    path.write_text(
        f'{HEAD}extends = ["below/base.toml"]\n[case]\nname = "./below/valley"\n', encoding="utf-8"
    )
    assert load_scenario(path).years == 3
    inside = downloads / "below" / "inside.toml"
    inside.write_text(f'{HEAD}extends = ["../stranger.toml"]\n', encoding="utf-8")
    assert load_scenario(inside).years == 3, "the user is in a folder that holds both"
    monkeypatch.chdir(downloads / "below")
    assert "outside the folder of the scenario" in refused(inside)


def test_the_user_may_name_any_place(downloads):
    assert load_scenario("figeac-status-quo", {"case.name": str(downloads.parent / "private")}).load_case()


def test_a_loop_of_links_and_names_that_cannot_be_are_told(downloads):
    (downloads / "a.toml").symlink_to(downloads / "b.toml")
    (downloads / "b.toml").symlink_to(downloads / "a.toml")
    for name in ("a.toml", "./" + "x" * 5000 + ".toml", "./\\u0000.toml"):
        path = downloads / "stranger.toml"
        path.write_text(f'{HEAD}extends = ["{name}"]\n{CASE}', encoding="utf-8")
        refused(path)
        path.write_text(f'{HEAD}[case]\nname = "{name}/x"\n', encoding="utf-8")
        refused(path)


CODE = ("__import__('os').system('touch {place}')", "eval('1')", "!!python/object/apply:os.system ['touch {place}']",
        "{{{{ cycler.__init__.__globals__ }}}}", "${{{place}}}", "$(touch {place})", "`touch {place}`")  # fmt: skip


@pytest.mark.parametrize("code", CODE)
def test_words_that_look_like_code_are_words(tmp_path, code):
    place = tmp_path / "done"
    text = json.dumps(code.format(place=place))
    path = tmp_path / "x.toml"
    path.write_text(
        f"{HEAD}title = {{fr = {text}, en = {text}}}\n{CASE}[theory]\nformula = {text}\n", encoding="utf-8"
    )
    scenario = load_scenario(path)
    assert scenario.theory == {"formula": json.loads(text)}
    with pytest.raises(ScenarioError):
        load_scenario({"name": "x", "case": {"synthetic": {"territories": 2}}, "governance": {
            "aggregation": {"council_rule": code}}})  # fmt: skip
    with pytest.raises(ScenarioError):
        load_scenario(
            "figeac-status-quo", dict([parse_override(f"governance.aggregation.council_rule='''{code}'''")])
        )
    assert not place.exists()


def test_a_pickle_is_no_scenario_no_case_and_no_session(tmp_path):
    """Its bytes are text that no reader accepts; nothing in them is run."""
    from coopsim_viz.room.log import FILE
    from coopsim_viz.room.replay import replayed

    class Bomb:
        def __reduce__(self):
            return Path.touch, (tmp_path / "done",)

    content = pickle.dumps(Bomb())
    (tmp_path / "x.toml").write_bytes(content)
    (tmp_path / "session").mkdir()
    (tmp_path / "session" / FILE).write_bytes(content + b"\n" + content)
    case = write_case(tmp_path / "valley")
    (case / "territories.csv").write_bytes(content)
    for read in (
        lambda: load_scenario(tmp_path / "x.toml"),
        lambda: replayed(tmp_path / "session"),
        lambda: load_scenario({"name": "x", "case": {"name": str(case)}}).load_case(),
    ):
        with pytest.raises(ScenarioError):
            read()
    assert not (tmp_path / "done").exists()


# Where code or objects may be read, and from whom: nothing that comes with a scenario, a case, a batch or a session.
ALLOWED = {
    "coopsim/executors.py": {"loads"},  # a worker process reads what its parent wrote
    "coopsim/batch/work.py": {"loads"},
    "coopsim/testing.py": {"loads"},  # a rule of the caller's own, dumped one line above
    "coopsim/plugins.py": {"exec_module"},  # files that the user names with --rules
}
DANGEROUS = {
    "eval",
    "exec",
    "compile",
    "loads",
    "system",
    "popen",
    "exec_module",
    "__import__",
    "run_path",
}
HARMLESS = {"json", "tomllib", "re"}


def called(path):
    """Yield the names of calls that read objects or code, but for those of plain formats."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            owner = getattr(getattr(node.func, "value", None), "id", "")
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in DANGEROUS and owner not in HARMLESS:
                yield name


def test_no_code_reads_objects_or_code_but_where_it_is_said():
    root = shipped().parent
    found = {}
    for folder in ("coopsim", "viz/coopsim_viz", "calibration/coopsim_calibration"):
        for path in sorted((root / folder).rglob("*.py")):
            names = set(called(path))
            if names:
                found[path.relative_to(root).as_posix()] = names
    assert found == ALLOWED


def test_reading_a_scenario_imports_no_pickle_reader_of_files(tmp_path):
    """pandas and numpy can read pickles; nothing asks them to."""
    root = shipped().parent
    words = (
        "read_pickle",
        "allow_pickle=True",
        "joblib.load",
        "yaml.load",
        "shelve",
        "marshal",
        "dill",
    )
    for path in (p for folder in ("coopsim", "viz", "calibration") for p in (root / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if word in text], path
