"""Parameter files: read strictly, and the models made from them."""

import pytest
from pydantic import ValidationError

from coopsim.errors import ScenarioError
from coopsim.scenario.parameter_models import section_models
from coopsim.scenario.parameters import parameters, read_parameters, section_defaults

GOOD = """
[resources.water.reservoir_days]
value = 45.0
unit = "d"
legal = [1.0, 1000.0]
range = [20.0, 90.0]
grade = "assumption"
source = "invented for this test"
fr = "Temps de vidange"
en = "Residence time"

[resources.water.use_floor]
value = true
unit = "1"
grade = "assumption"
source = "invented for this test"
fr = "Plancher"
en = "Floor"

[resources.water.stages]
value = [0.3, 0.5]
unit = "1"
legal = [0, 1]
grade = "assumption"
source = "invented for this test"
fr = "Niveaux"
en = "Stages"

[resources.water.memory_ticks]
value = 4
unit = "tick"
legal = [1, 40]
grade = "assumption"
source = "invented for this test"
fr = "Mémoire"
en = "Memory"

[economy.siting.projects]
value = "common"
unit = "1"
choices = ["common", "per_territory"]
grade = "assumption"
source = "invented for this test"
fr = "Projets"
en = "Projects"

[climate.share]
value = 1
unit = "1"
legal = [0.0, 2.0]
grade = "assumption"
source = "invented for this test"
fr = "Part"
en = "Share"
"""


def _read(tmp_path, *texts):
    for n, text in enumerate(texts):
        (tmp_path / f"p{n}.toml").write_text(text, encoding="utf-8")
    return read_parameters(tmp_path)


def test_values_keep_their_types(tmp_path):
    table = _read(tmp_path, GOOD)
    assert table["resources.water.reservoir_days"].value == 45.0
    assert table["resources.water.use_floor"].value is True
    assert table["resources.water.stages"].value == (0.3, 0.5)
    assert isinstance(table["resources.water.memory_ticks"].value, int)
    assert table["economy.siting.projects"].allowed == "common, per_territory"
    assert isinstance(table["climate.share"].value, float), (
        "bounds with a decimal point declare a real number"
    )
    assert table["resources.water.reservoir_days"].section == "resources.water"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("value = 45.0", "value = 2000.0", "outside 'legal'"),
        ("value = 45.0", "value = 10.0", "outside 'range'"),
        ("value = 45.0", 'value = "long"', "'choices' must contain value"),
        ("value = 45.0", "value = nan", "number, list, boolean or name"),
        ("legal = [1.0, 1000.0]", "legal = [1000.0, 1.0]", "[low, high] expected"),
        ("range = [20.0, 90.0]", "range = [0.5, 90.0]", "'range' outside 'legal'"),
        (
            'grade = "assumption"\nsource = "invented for this test"\nfr = "Temps',
            'grade = "guess"\nfr = "Temps',
            "source",
        ),
        ('fr = "Temps de vidange"', 'fr = ""', "are texts"),
        ('unit = "d"', 'unti = "d"', "'unti' is unknown"),
        ("[climate.share]", "[weather.share]", "neither a section nor a parameter"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, old, new, words):
    assert old in GOOD
    with pytest.raises(ScenarioError, match=r"p0\.toml") as caught:
        _read(tmp_path, GOOD.replace(old, new, 1))
    assert words in str(caught.value)


def test_a_parameter_given_twice_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"p1\.toml:2: climate\.share: parameter given twice"):
        _read(tmp_path, GOOD, GOOD[GOOD.index("\n[climate.share]") :])


@pytest.mark.parametrize(
    "change",
    [
        {"resources": {"water": {"reservoir_days": 0.0}}},
        {"resources": {"water": {"reservoir_days": True}}},
        {"resources": {"water": {"reservoir_hours": 3.0}}},
        {"resources": {"water": {"stages": [0.3]}}},
        {"resources": {"water": {"stages": [0.3, 1.5]}}},
        {"resources": {"water": {"stages": [0.3, True]}}},
        {"resources": {"water": {"memory_ticks": 4.0}}},
        {"resources": {"water": {"use_floor": 1}}},
        {"economy": {"siting": {"projects": "shared"}}},
        {"climate": {"share": float("nan")}},
    ],
)
def test_the_models_refuse_what_is_not_legal(tmp_path, change):
    models = section_models(_read(tmp_path, GOOD))
    (root, tree), *_ = change.items()
    with pytest.raises(ValidationError):
        models[root].model_validate(tree)


def test_the_models_accept_legal_values(tmp_path):
    models = section_models(_read(tmp_path, GOOD))
    water = models["resources"].model_validate({"water": {"reservoir_days": 30, "stages": [0, 1]}}).water
    assert (water.reservoir_days, water.stages, water.use_floor) == (30.0, (0.0, 1.0), True)


def test_shipped_parameters_are_sound_and_have_both_labels():
    assert parameters()
    for parameter in parameters().values():
        assert parameter.text.fr, parameter.key
        assert parameter.text.en, parameter.key
        assert section_defaults(parameter.section)[parameter.name] == parameter.value
