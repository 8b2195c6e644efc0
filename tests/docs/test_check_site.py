"""The checker of the built site sees what is broken, and nothing else."""

import importlib.util
from pathlib import Path

import pytest

PLACE = Path(__file__).parents[2] / "docs" / "check_site.py"


@pytest.fixture(scope="module")
def problems():
    spec = importlib.util.spec_from_file_location("check_site", PLACE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.problems


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            '<a href="other.html#here">x</a><a href="https://www.insee.fr/fr">x</a><a href="#top" id="top">x</a>',
            [],
        ),
        ('<a href="nowhere.html">x</a>', ["nowhere.html: no such file"]),
        ('<a href="other.html#there">x</a>', ["other.html#there: no such anchor"]),
        ('<a href="#there">x</a>', ["#there: no such anchor"]),
        ('<a href="https://not a host/">x</a>', ["malformed address"]),
        ('<script src="https://cdn.example.org/x.js"></script>', ["loads https://cdn.example.org/x.js"]),
        ('<img src="missing.png">', ["missing.png: no such file"]),
    ],
)
def test_what_is_broken_is_seen(problems, tmp_path, body, said):
    (tmp_path / "other.html").write_text('<h1 id="here">Here</h1>', encoding="utf-8")
    (tmp_path / "page.html").write_text(f"<p>{body}</p>", encoding="utf-8")
    found = problems(tmp_path)
    assert len(found) == len(said)
    assert all(one.startswith("page.html: ") and part in one for one, part in zip(found, said, strict=True))
