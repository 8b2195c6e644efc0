"""Phones over HTTP: joining, voting, predicting; forged, repeated, giant and hasty requests; who may see what."""

import json
import re
import signal
import socket
from contextlib import ExitStack, suppress

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from coopsim.errors import ScenarioError
from coopsim_viz import stage as stages
from coopsim_viz.room import Option, Room
from coopsim_viz.room.driver import Driver
from coopsim_viz.room.log import FILE
from coopsim_viz.server import phones
from coopsim_viz.server import serve as serving
from coopsim_viz.server.limits import Rate
from coopsim_viz.stage import Stage
from tests.system.parts import small

BAD = "<script>alert(1)</script>'\"&"


@pytest.fixture
def stage(tmp_path, monkeypatch):
    monkeypatch.setattr(phones, "asked", Rate(1000.0, 10_000.0))
    monkeypatch.setattr(phones, "guessed", Rate(1000.0, 10_000.0))
    room = Room({"A": small({"name": "a"}), "B": small({"name": "b"})}, tmp_path / "session", seed=2)
    room.opened()
    made = Stage(room, Driver(room), address="http://room.test", code="ABC234")
    yield made
    made.close()
    stages._STAGE.clear()


@pytest.fixture
def server(stage):
    with phone(stage) as client:
        yield client


def phone(stage):
    """A phone is a client of its own, with its own cookies."""
    stages.put(stage)
    return TestClient(Starlette(routes=phones.ROUTES), base_url="http://room.test")


def post(client, what, code="ABC234", **data):
    return client.post(f"/siege/{code}/{what}", json=data)


def ask(stage, **how):
    return stage.room.assembly.open_ballot("Share?", [Option("No"), Option("Yes")], **how)


def test_a_phone_joins_votes_and_is_counted(stage):
    one, other = phone(stage), phone(stage)
    for client, seat in ((one, "T01"), (other, "nature")):
        assert post(client, "prendre", seat=seat).status_code == 200
    ballot = ask(stage)
    shown = one.get("/siege/ABC234/etat").json()
    assert shown["seat"]["id"] == "T01"
    assert (shown["ballot"]["question"], shown["ballot"]["mine"], shown["ballot"]["open"]) == (
        "Share?",
        False,
        True,
    )
    assert post(one, "voter", ballot=ballot.id, option=1).status_code == 200
    assert one.get("/siege/ABC234/etat").json()["ballot"]["mine"]
    assert not other.get("/siege/ABC234/etat").json()["ballot"]["mine"]
    assert post(one, "voter", ballot=ballot.id, option=0).status_code == 409
    assert stage.room.assembly.close_ballot().phones == (0, 1)
    assert post(other, "voter", ballot=ballot.id, option=0).status_code == 409


def test_nobody_sees_the_tally_before_the_end(stage):
    client = phone(stage)
    post(client, "prendre", seat="T01")
    ballot = ask(stage)
    post(client, "voter", ballot=ballot.id, option=1)
    text = client.get("/siege/ABC234/etat").text
    assert "shares" not in text
    assert '"phones"' not in text


@pytest.mark.parametrize(
    ("what", "data", "status"),
    [
        ("voter", {"ballot": 0, "option": 1}, 403),  # no seat taken
        ("voter", {"ballot": "0", "option": 1}, 400),
        ("voter", {"ballot": 0, "option": [1]}, 400),
        ("voter", {}, 400),
        ("prendre", {"seat": "T99"}, 400),
        ("prendre", {"seat": {"a": 1}}, 400),
        ("prevoir", {"lane": "A", "indicator": "jobs", "tick": 5, "value": "much"}, 400),
        ("prevoir", {"lane": "A", "indicator": "jobs", "tick": 5, "value": 3.0}, 403),
        ("nuire", {"a": 1}, 400),
    ],
)
def test_wrong_requests_are_refused_in_words(stage, server, what, data, status):
    ask(stage)
    answer = post(server, what, **data)
    assert answer.status_code == status
    assert answer.json()["text"]


def test_hostile_bodies_are_refused_and_the_room_goes_on(stage, server):
    json_head = {"content-type": "application/json"}
    bodies = [b"x" * 100_000, b"[" * 4000, b"{", b"null", b"[]", "é".encode("latin-1"), b""]
    for body in bodies:
        assert server.post("/siege/ABC234/voter", content=body, headers=json_head).status_code == 400
    assert (
        server.post(
            "/siege/ABC234/voter", content=b"ballot=0", headers={"content-type": "text/plain"}
        ).status_code
        == 400
    )
    stage.room.live(1)
    assert server.get("/healthz").json() == {"status": "ok", "tick": 1}


def test_what_people_write_never_becomes_markup(stage, server):
    stage.room.assembly.open_ballot(BAD, [Option(BAD), Option("Yes")])
    page = server.get("/siege/ABC234")
    assert BAD not in page.text
    assert server.get("/siege/ABC234/etat").headers["content-type"] == "application/json"
    assert "script-src" in page.headers["content-security-policy"]
    stage.room.assembly.close_ballot()
    stage.room.amend({"payoff.subsidy.max": 0.0})
    stage.room.rename(2, BAD)  # a branch
    for path in (f"/comparer?jeton={stage.token}", f"/stabilite?jeton={stage.token}", "/donnees"):
        assert "<script>alert" not in server.get(path).text
    report = server.get(f"/bilan?jeton={stage.token}")
    assert report.status_code == 200
    assert "<script>alert" not in report.text
    assert "&lt;script&gt;alert" in report.text


def test_the_page_of_a_seat_is_small_and_asks_nobody_else(stage, server):
    for lang in ("fr", "en"):
        page = server.get(f"/siege/abc234?lang={lang}")  # letters of a code may be small
        assert page.status_code == 200
        assert len(page.content) < 50_000
        assert not re.search(r"(src|href)=['\"]?(https?:)?//", page.text)
        assert f'<html lang="{lang}">' in page.text


def test_a_forged_cookie_is_nobody(stage):
    client = phone(stage)
    client.cookies.set("siege", "forged", path="/siege/ABC234")
    ballot = ask(stage)
    assert post(client, "voter", ballot=ballot.id, option=1).status_code == 403
    assert ballot.votes == {}


def test_guessing_codes_soon_ends(stage, server, monkeypatch):
    monkeypatch.setattr(phones, "guessed", Rate(0.0, 5.0))
    found = [server.get(f"/siege/WRONG{n}").status_code for n in range(8)]
    assert found == [404] * 5 + [429] * 3
    assert server.get("/siege/ABC234").status_code == 200  # who knows the code is not locked out


def test_hasty_phones_are_slowed(stage, server, monkeypatch):
    monkeypatch.setattr(phones, "asked", Rate(0.0, 10.0))
    found = [server.get("/siege/ABC234/etat").status_code for _ in range(12)]
    assert found[:10] == [200] * 10
    assert found[10:] == [429] * 2


def test_a_hasty_phone_does_not_slow_the_others_behind_its_address(stage, monkeypatch):
    monkeypatch.setattr(phones, "pressed", Rate(0.0, 5.0))
    one, other = phone(stage), phone(stage)
    for client in (one, other):
        post(client, "prendre", seat="T01")
    found = [one.get("/siege/ABC234/etat").status_code for _ in range(7)]
    assert found == [200] * 5 + [429] * 2
    assert other.get("/siege/ABC234/etat").status_code == 200


def test_thirty_phones_behind_one_address_vote_at_once(stage, monkeypatch):
    monkeypatch.setattr(phones, "asked", Rate(100.0, 1000.0))  # as served
    monkeypatch.setattr(phones, "pressed", Rate(8.0, 60.0))
    clients = [phone(stage) for _ in range(30)]
    for client in clients:
        post(client, "prendre", seat="nature")
    for _ in range(3):
        ballot = ask(stage)
        for client in clients:
            client.get("/siege/ABC234/etat")
            assert post(client, "voter", ballot=ballot.id, option=1).status_code == 200
        assert stage.room.assembly.close_ballot().voted == 30


def test_a_rate_fills_again_with_time():
    now = [0.0]
    rate = Rate(2.0, 3.0, lambda: now[0])
    assert [rate.allows("a") for _ in range(4)] == [True, True, True, False]
    assert rate.allows("b")
    now[0] = 1.0
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]


def test_the_report_needs_the_token(stage, server):
    assert server.get("/bilan").status_code == 403
    assert server.get("/bilan?jeton=guess").status_code == 403
    stage.room.live(2)
    page = server.get(f"/bilan?jeton={stage.token}")
    assert page.status_code == 200
    assert (stage.folder / "bilan.html").read_text(encoding="utf-8") == page.text


def test_unchanged_state_costs_nothing(stage, server):
    first = server.get("/siege/ABC234/etat").json()
    assert server.get(f"/siege/ABC234/etat?v={first['v']}").status_code == 204
    stage.room.live(1)
    assert server.get(f"/siege/ABC234/etat?v={first['v']}").status_code == 200


def test_predictions_come_in(stage):
    client = phone(stage)
    post(client, "prendre", seat="T02")
    stage.room.live(1)
    wish = client.get("/siege/ABC234/etat").json()["predict"]
    answer = post(client, "prevoir", lane="B", indicator=wish["indicator"], tick=wish["tick"], value=123.5)
    assert answer.status_code == 200
    assert stage.room.assembly.predictions.of("B", wish["indicator"]) == {wish["tick"]: [123.5]}


def test_no_address_and_no_token_on_disk(stage):
    client = phone(stage)
    post(client, "prendre", seat="T02")
    ballot = ask(stage)
    post(client, "voter", ballot=ballot.id, option=1)
    text = (stage.folder / FILE).read_text()
    assert "testclient" not in text
    assert client.cookies["siege"] not in text
    assert {json.loads(line)["do"] for line in text.splitlines()} == {"open", "join", "ask", "vote"}


def test_an_unknown_lane_is_refused(stage):
    client = phone(stage)
    post(client, "prendre", seat="T02")
    assert post(client, "prevoir", lane="C", indicator="jobs", tick=5, value=3.0).status_code == 400


def test_figures_have_their_source_and_labs_their_theory(stage, server):
    data = server.get("/donnees?lang=en").text
    assert "economy.siting.outside_share" in data
    assert "assumption" in data
    listed = server.get("/laboratoire?lang=en").text
    assert "/laboratoire/trust" in listed
    lab = server.get("/laboratoire/siting-shares?lang=en")
    assert lab.status_code == 200
    assert "data:image/svg+xml" in lab.text
    assert "<td>no</td>" not in lab.text  # the engine agrees with the theory
    wrong = server.get("/laboratoire/fish-war?n=900&lang=en").text
    assert "1 – 20" in wrong
    assert "data:image" not in wrong
    assert server.get("/laboratoire/fish-wra").status_code == 404
    many = server.get("/laboratoire/public-good?lang=en").text
    assert many.count('type="range"') == 3  # of eight parameters
    assert 'min="0.0" max="1.0" step="0.01" value="0.55"' in many
    nonce = re.search(r'<script nonce="([^"]+)"', many).group(1)
    assert nonce != re.search(r'<script nonce="([^"]+)"', wrong).group(1)


def test_a_lab_is_not_for_the_room(stage, server, monkeypatch):
    monkeypatch.setattr(phones, "_HERE", ("127.0.0.1",))
    assert server.get("/laboratoire/fish-war").status_code == 403


def test_addresses_are_told_once_the_pages_answer(stage, monkeypatch):
    monkeypatch.setattr(serving, "application", lambda _: Starlette(routes=phones.ROUTES))
    told = []

    def ready():
        told.append("ready")
        signal.raise_signal(signal.SIGINT)  # Ctrl-C, how a session ends

    with serving.held_port("127.0.0.1", 18900) as listening:
        socket.create_connection(listening.getsockname(), timeout=5).close()  # it waits, it is not refused
        assert told == []
        with suppress(
            KeyboardInterrupt
        ):  # asyncio swallows it where the server was already done when it came
            serving.serve(stage, listening, ready)
    assert told == ["ready"]


def test_two_sessions_that_start_together_take_two_ports():
    with serving.held_port("127.0.0.1", 18900) as one, serving.held_port("127.0.0.1", 18900) as other:
        assert one.getsockname()[1] < other.getsockname()[1] < 18920


def test_twenty_taken_ports_are_told():
    with ExitStack() as taken:
        with suppress(ScenarioError):
            for _ in range(21):
                taken.enter_context(serving.held_port("127.0.0.1", 18940))
        with pytest.raises(ScenarioError) as caught, serving.held_port("127.0.0.1", 18940):
            pass
    assert (caught.value.problems[0].key, caught.value.problems[0].value) == ("--port", 18940)


def test_a_session_that_goes_on_keeps_the_code_that_its_phones_know(tmp_path):
    from coopsim_viz.command import _code

    assert _code(tmp_path, "ABC234") == "ABC234"
    assert _code(tmp_path, "XYZ567") == "ABC234"
    (tmp_path / "code").write_text("../../x", encoding="utf-8")
    assert _code(tmp_path, "XYZ567") == "XYZ567"
