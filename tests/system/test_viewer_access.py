"""The viewer for every hand and eye: axe on every page, every action by keyboard, 360 px; and a crowd of 200.

axe-core (MPL-2.0) comes with the package axe-playwright-python of the tests; the product does not ship it.
"""

import http.client
import json
import re
import signal
import socket
import threading
import urllib.parse

import pytest
from axe_playwright_python.sync_playwright import Axe

from coopsim_viz.pages.levers import shown
from tests.system.test_viewer import (  # noqa: F401 - fixtures
    BROWSER,
    WAIT,
    Phone,
    Served,
    at_year,
    chromium,
    heard,
    pages,
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium (Debian: apt-get install chromium)")
AXE = Axe()
CROWD = 200


def violations(page, name):
    found = AXE.run(page).response["violations"]
    return [f"{name}: {v['id']} ({v['impact']}) {v['nodes'][0]['html'][:120]}" for v in found]


def plain(served):
    seat = served.seat.removeprefix(served.base)
    token = f"?jeton={served.token}"
    return ["/donnees", "/laboratoire", "/laboratoire/fish-war", f"/bilan{token}", f"/stabilite{token}",
            f"/comparer{token}", seat, "/animation", "/siege/AAAAAA"]  # fmt: skip


def slide(page):
    """Move the first slider of a laboratory with the keyboard; the keyboard stays on it."""
    page.locator("input[type=range]").first.focus()
    press(page, "ArrowRight")
    page.wait_for_url("**n=3**", timeout=WAIT)
    page.wait_for_function("document.activeElement.type === 'range'", timeout=WAIT)
    assert page.input_value("input[name=n]") == "3"


def test_axe_finds_nothing_on_any_page(heard, tmp_path):  # noqa: F811
    context, _ = heard
    served = Served(tmp_path / "session", "figeac-attractiveness", "figeac-cooperation", "--years", "8")
    found = []
    try:
        served.ready(context)
        wall, desk = pages(served, context)
        desk.click(".cs-quick-drought")
        desk.click(".cs-five")
        at_year(desk, 2031)
        wall.wait_for_function(
            "document.querySelector('.cs-year').innerText.startsWith('2031')", timeout=WAIT
        )
        found += violations(wall, "atelier") + violations(desk, "animation")
        assert 'id="loader-container" role="main"' in context.request.get(f"{served.base}/atelier").text()
        wall.locator(".cs-story button").first.click()
        wall.wait_for_selector(".cs-why table", timeout=WAIT)
        found += violations(wall, "pourquoi")
        desk.get_by_label("Fond sombre").check(force=True)
        desk.get_by_label("Montrer le code pour rejoindre").check(force=True)
        wall.wait_for_selector(".cs-dark", timeout=WAIT)
        wall.wait_for_selector(".cs-join", timeout=WAIT)
        found += violations(wall, "atelier, dark, joining")
        for path in plain(served):
            page = context.new_page()
            page.set_viewport_size({"width": 360, "height": 740})
            page.set_default_navigation_timeout(WAIT)
            page.goto(served.base + path)
            page.wait_for_selector("h1, .v-alert", timeout=WAIT)
            page.wait_for_selector("#loader-container", state="detached", timeout=WAIT)
            found += violations(page, path)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{path}: {wide} px too wide for 360 px"] if wide > 0 else []
            if path == "/laboratoire/fish-war":
                slide(page)
            page.close()
    finally:
        served.kill(signal.SIGINT)
    assert found == []


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)


def reach(page, selector, most=250):
    """Go to an element with the tab key alone."""
    for _ in range(most):
        press(page, "Tab")
        if page.evaluate(
            "s => document.activeElement !== null && document.activeElement.matches(s)", selector
        ):
            return
    raise AssertionError(f"the tab key does not reach {selector}")


def tick(page):
    return page.inner_text(".cs-now")


def drive(desk):
    """Play, pause and step."""
    press(desk, "ArrowRight")
    desk.wait_for_function("document.querySelector('.cs-now').innerText.includes('2/4')", timeout=WAIT)
    press(desk, "ArrowUp")
    desk.wait_for_function("document.querySelector('.cs-now').innerText.startsWith('2027 · 2')", timeout=WAIT)
    press(desk, " ")
    desk.wait_for_selector(".cs-play .mdi-pause", timeout=WAIT)
    at_year(desk, 2028)
    press(desk, " ")
    desk.wait_for_selector(".cs-play .mdi-play", timeout=WAIT)


def decide(desk):
    """Two events, undo, redo, an amendment."""
    reach(desk, ".cs-quick-drought")
    press(desk, "Enter")
    desk.wait_for_selector(".cs-branch:has-text('Sécheresse')", timeout=WAIT)
    reach(desk, ".cs-quick-elections")
    press(desk, " ")  # on a button the space bar presses it, it does not play
    desk.wait_for_selector(".cs-branch:has-text('Élections anticipées')", timeout=WAIT)
    assert desk.locator(".cs-play .mdi-play").count() == 1
    press(desk, "ArrowUp")
    press(desk, "z")
    desk.wait_for_selector(".cs-redo:not([disabled])", timeout=WAIT)
    press(desk, "y")
    desk.wait_for_selector(".cs-redo[disabled]", timeout=WAIT)
    reach(desk, ".cs-amend input[list]")
    desk.keyboard.insert_text(shown("payoff.revenue_sharing.share", "fr"))  # what was there is selected
    press(desk, "Tab")
    desk.wait_for_selector(".cs-present:has-text('A : 0 ')", timeout=WAIT)
    desk.keyboard.insert_text("0,4")
    reach(desk, ".cs-apply")
    press(desk, "Enter")
    desk.wait_for_selector(".cs-branch:has-text('0,4')", timeout=WAIT)


def ask_and_look(wall, desk):
    """A question, why, a place of the map."""
    reach(desk, ".cs-ask input")
    desk.keyboard.insert_text("Continuer ?")
    reach(desk, ".cs-open-vote")
    press(desk, "Enter")
    reach(desk, ".cs-close-vote")
    press(desk, "Enter")
    desk.wait_for_selector(".cs-outcome", timeout=WAIT)
    reach(wall, ".cs-story button")
    press(wall, "Enter")
    wall.wait_for_selector(".cs-why table", timeout=WAIT)
    reach(wall, ".cs-close")
    press(wall, "Enter")
    wall.wait_for_selector(".cs-why", state="detached", timeout=WAIT)
    reach(wall, ".cs-place")
    press(wall, "Enter")
    wall.wait_for_selector(".cs-picked", timeout=WAIT)


def leave(desk):
    """Another branch, back, the end."""
    reach(desk, ".cs-visit")
    press(desk, "Enter")
    desk.wait_for_selector(".cs-branch:has-text('A0'):has-text('ici')", timeout=WAIT)
    reach(desk, ".cs-back")
    press(desk, "Enter")
    at_year(desk, 2026)
    reach(desk, ".cs-finish")
    press(desk, "Enter")
    desk.wait_for_selector(".cs-finish:has-text('Finir pour de bon')", timeout=WAIT)
    press(desk, "Enter")
    desk.wait_for_selector(".cs-play[disabled]", timeout=WAIT)


def test_every_action_by_keyboard(heard, tmp_path):  # noqa: F811
    """Play, pause, step, change a rule, an event, undo, redo, back, a question, why, the end: no mouse."""
    context, trouble = heard
    served = Served(tmp_path / "session", "figeac-attractiveness", "figeac-cooperation", "--years", "10")
    try:
        served.ready(context)
        wall, desk = pages(served, context)
        drive(desk)
        decide(desk)
        ask_and_look(wall, desk)
        leave(desk)
    finally:
        served.kill(signal.SIGINT)
    assert trouble == []


@pytest.mark.slow  # thirty phones at once are in tests/unit/test_viewer_server.py
class TestCrowd:
    def test_two_hundred_phones_on_open_sockets(self, heard, tmp_path):  # noqa: F811
        """Each keeps its connection, takes a seat, votes twice; one kernel a page, none a phone."""
        context, _ = heard
        served = Served(tmp_path / "session", "figeac-status-quo", "figeac-cooperation", "--years", "4")
        try:
            served.ready(context)
            _, desk = pages(served, context)
            before = kernels(served)
            joined = crowd(
                served, lambda line, n: line.post("prendre", {"seat": ["nature", "residents"][n % 2]})
            )
            assert joined == [200] * CROWD
            desk.locator(".cs-ask").get_by_label("Question", exact=True).fill("Ensemble ?")
            desk.locator(".cs-open-vote:not([disabled])").click(timeout=WAIT)
            desk.wait_for_selector(".cs-close-vote", timeout=WAIT)
            ballot = Phone(served.seat).state()["ballot"]["id"]
            voted = crowd(served, lambda line, n: line.twice("voter", {"ballot": ballot, "option": n % 2}))
            assert voted == [(200, 409)] * CROWD
            desk.click(".cs-close-vote")
            desk.wait_for_selector(".cs-outcome", timeout=WAIT)
            told = Phone(served.seat).state()["ballot"]
            assert (told["voted"], told["phones"]) == (CROWD, [CROWD // 2, CROWD // 2])
            desk.click(".cs-year-step")  # the room goes on
            at_year(desk, 2027)
            assert kernels(served) == before == 2
        finally:
            for line in LINES:
                line.close()
            LINES.clear()
            served.kill(signal.SIGINT)


class Line:
    """A phone on one connection that stays open."""

    def __init__(self, served):
        address = urllib.parse.urlsplit(served.seat)
        self.path, self.cookie = address.path, ""
        self.link = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
        self.link.connect()
        self.link.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, what, data):
        head = {"Content-Type": "application/json", "Cookie": self.cookie}
        self.link.request("POST", f"{self.path}/{what}", json.dumps(data), head)
        answer = self.link.getresponse()
        answer.read()
        given = answer.getheader("Set-Cookie")
        self.cookie = given.partition(";")[0] if given else self.cookie
        return answer.status

    def twice(self, what, data):
        return self.post(what, data), self.post(what, data | {"option": 1 - data["option"]})

    def close(self):
        self.link.close()


LINES: list[Line] = []


def crowd(served, act):
    """Let every phone act at once; returns what each was answered. All sockets stay open."""
    while len(LINES) < CROWD:
        LINES.append(Line(served))
    answers = [None] * CROWD
    gate = threading.Barrier(CROWD)

    def one(n):
        gate.wait()
        answers[n] = act(LINES[n], n)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def kernels(served):
    """How many of Solara's kernels the server holds."""
    link = http.client.HTTPConnection("127.0.0.1", int(re.search(r":(\d+)", served.base)[1]), timeout=30)
    link.request("GET", "/resourcez")
    found = json.loads(link.getresponse().read())
    link.close()
    return found["kernels"]["total"]
