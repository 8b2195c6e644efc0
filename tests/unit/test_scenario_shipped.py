"""Everything that coopsim ships can be loaded; a fragment can be extended."""

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario import load_scenario, shipped, shipped_cases, shipped_scenarios
from coopsim.scenario.case import load_case

ALL = shipped_scenarios()
WHOLE = [name for name, path in ALL.items() if path.parent.name not in ("presets", "dynamics")]
FRAGMENTS = [name for name in ALL if name not in WHOLE]


def test_names_are_unique():
    paths = [
        *shipped().glob("*.toml"),
        *(p for f in ("presets", "places", "dynamics", "lab", "families") for p in shipped(f).glob("*.toml")),
    ]
    assert len(ALL) == len(paths), "two shipped files bear the same name"


@pytest.mark.parametrize("name", WHOLE)
def test_every_scenario_loads(name):
    scenario = load_scenario(name)
    assert scenario.name == name
    assert load_scenario(scenario.document()).hash == scenario.hash
    assert scenario.title.fr
    assert scenario.title.en


@pytest.mark.parametrize("name", FRAGMENTS)
def test_every_preset_is_a_fragment(name, tmp_path):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)
    (problem,) = caught.value.problems
    assert "fragment" in str(problem)
    path = tmp_path / "whole.toml"
    path.write_text(f'extends = ["{name}"]\n[case.synthetic]\nterritories = 2\n', encoding="utf-8")
    assert load_scenario(path).name == "whole"


@pytest.mark.parametrize("name", shipped_cases())
def test_every_case_loads(name):
    case = load_case(name)
    assert case.name == name
    assert case.licence
