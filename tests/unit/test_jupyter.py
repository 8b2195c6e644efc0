"""The viewer's pictures in a notebook: made in a real kernel, shown without one; the live board goes on."""

import queue
import re
import threading
import xml.etree.ElementTree as ET

import pytest

from coopsim.errors import ScenarioError
from coopsim.i18n import lang, set_lang
from coopsim_viz import jupyter
from coopsim_viz import stage as stages
from tests.system.parts import small

A, B = small({"name": "a"}), small({"name": "b", "governance.payoff.subsidy.max": 0.0})


@pytest.fixture(scope="module")
def lived():
    return jupyter.compared(A, B, 3, years=2)


def drawings(picture) -> list[str]:
    return re.findall(r"<svg.*?</svg>", picture._repr_html_(), re.DOTALL)


def test_lanes_are_overlaid_in_the_language_asked_for():
    set_lang("en")
    picture = jupyter.lanes(A, B, seed=3, years=2, indicators=["jobs", "unemployment"])
    found = drawings(picture)
    assert len(found) == 2
    assert all(svg.count("<polyline") == 2 for svg in found)
    assert "Emplois au lieu de travail (emplois)" in picture.html
    assert lang() == "en"  # nothing else changes language
    english = jupyter.lanes(A, B, seed=3, years=2, indicators=["jobs"], lang="en").html
    assert "Jobs at the workplace (jobs)" in english
    assert "one world, seed 3" in english


def test_fans_and_planes_of_an_ensemble(lived):
    fans = jupyter.fans(lived, ["jobs", "naf_consumed_ha"], lang="en")
    assert len(drawings(fans)) == 2
    assert "3 worlds" in fans.html
    planes = jupyter.phase(lived, lang="fr")
    assert len(drawings(planes)) in (0, 2)  # none where the indices have no value
    assert repr(fans).startswith("<fans: ")


def test_a_picture_stands_alone(lived):
    """No script, no address outside, well formed: it shows where no kernel runs."""
    for picture in (jupyter.fans(lived, ["jobs"]), jupyter.lanes(A, B, years=2, indicators=["jobs"])):
        assert "<script" not in picture.html
        assert not re.search(r"(src|href)=['\"]?(https?:)?//", picture.html)
        for svg in drawings(picture):
            ET.fromstring(svg)


def test_titles_never_become_markup():
    bad = small({"name": "c", "title": {"fr": "<script>x</script>", "en": "<b>"}})
    assert "<script" not in jupyter.lanes(bad, B, years=2, indicators=["jobs"]).html


def test_unknown_names_are_refused(lived):
    with pytest.raises(ScenarioError, match="jobs"):
        jupyter.fans(lived, ["jbos"])
    with pytest.raises(ScenarioError):
        jupyter.lanes("figeac-coperation", B)


def test_the_live_board_goes_on():
    import ipyvue
    import ipyvuetify
    import solara

    element = jupyter.board(A, B, seed=3, years=2, lang="en")
    try:
        room = stages.current().room
        assert not room.folder.joinpath("session.jsonl").exists()  # nothing is kept
        _, rendered = solara.render(element, handle_error=False)
        find = rendered.find(ipyvuetify.Btn)
        labels = [button.children[0] if button.children else "" for button in find.widgets]
        assert "One year" in [str(label).strip() for label in labels]
        board = next(w for w in rendered.find(ipyvue.VueTemplate).widgets if hasattr(w, "frame_json"))
        shown = threading.Event()
        board.observe(lambda change: '"tick":4' in change.new and shown.set(), "frame_json")
        find.widgets[1].click()
        assert room.tick == 4
        assert shown.wait(60)
        rendered.close()
    finally:
        stages.current().close()
        stages._STAGE.clear()


def test_a_kernel_shows_them():
    """The code of the guide in a real kernel: what a notebook keeps of its answer is the picture itself."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    try:
        client.execute(
            "from coopsim_viz.jupyter import lanes\n"
            "lanes('figeac-attractiveness', 'figeac-cooperation', years=1, lang='en', indicators=['jobs'])"
        )
        shown = _answer(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert "<svg" in shown["text/html"]
    assert shown["text/plain"].startswith("<lanes: Figeac")


def _answer(client) -> dict:
    while True:
        try:
            message = client.get_iopub_msg(timeout=300)
        except queue.Empty:
            pytest.fail("the kernel said nothing")
        if message["msg_type"] == "error":
            pytest.fail("\n".join(message["content"]["traceback"]))
        if message["msg_type"] == "execute_result":
            return message["content"]["data"]
