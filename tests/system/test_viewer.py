"""The viewer as its users meet it: a served room, a real browser, phones, a crash; nothing asked from outside."""

import contextlib
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright import sync_api as sync

from coopsim_viz.room.export import branch_tables
from coopsim_viz.room.frame import frame
from coopsim_viz.room.log import FILE, entries
from coopsim_viz.room.replay import replayed
from tests.unit.test_viewer_french import strays

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if BROWSER is None and os.environ.get("COOPSIM_BROWSER") == "required":
    raise RuntimeError("no Chromium for the tests of the viewer: install the package chromium")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium (Debian: apt-get install chromium)")

WAIT = 120_000  # ms, for a busy machine


class Served:
    """``coopsim view`` in a process of its own."""

    def __init__(self, folder: Path, *more: str) -> None:
        command = [sys.executable, "-c", "from coopsim.cli import main; main()", "--lang", "fr", "view", *more,
                   "--no-browser", "--session", str(folder), "--port", "18765"]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        told = ""
        for line in self.process.stdout:
            told += line
            if "Ctrl-C" in line:
                break
        self.told = told
        self.base = re.search(r"(http://127\.0\.0\.1:\d+)/atelier", told)[1]
        self.token = re.search(r"jeton=(\S+)", told)[1]
        self.seat = re.search(r"(http://\S+/siege/\S+)", told)[1]

    def ready(self, context) -> None:
        """Wait until it answers: the browser's request keeps trying."""
        page = context.new_page()
        for _ in range(200):
            with contextlib.suppress(sync.Error):
                if page.goto(f"{self.base}/healthz").status == 200:
                    break
            page.wait_for_timeout(100)
        page.close()

    def kill(self, how=signal.SIGKILL) -> None:
        self.process.send_signal(how)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()  # told as a failure, but no server stays behind
            raise
        finally:
            self.process.stdout.close()


class Phone:
    """A phone without a browser: a cookie and JSON."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def post(self, what: str, **data: object) -> dict:
        head = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/{what}", json.dumps(data).encode(), head)
        with self.open.open(request, timeout=30) as answer:
            return json.load(answer)

    def state(self) -> dict:
        with self.open.open(f"{self.address}/etat", timeout=30) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def chromium():
    with sync.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def heard(chromium):
    """A browser window that keeps what went wrong in it: console errors, failed and outside requests."""
    trouble: list[str] = []
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})

    def asked(request):
        if not re.match(r"(https?|ws)://127\.0\.0\.1:|data:|blob:", request.url):
            trouble.append(f"outside: {request.url}")

    def said(message):
        if message.type == "error":
            trouble.append(f"console: {message.text}")

    context.set_default_timeout(WAIT)
    context.on("request", asked)
    context.on("response", lambda r: r.status >= 400 and trouble.append(f"{r.status} {r.url}"))
    context.on("console", said)
    yield context, trouble
    context.close()


def at_year(page, year: int) -> None:
    page.wait_for_function(f"document.querySelector('.cs-now').innerText.startsWith('{year}')", timeout=WAIT)


def pages(served, context):
    """The wall and the facilitator's desk."""
    wall, desk = context.new_page(), context.new_page()
    wall.goto(f"{served.base}/atelier")
    wall.wait_for_selector(".cs-lane", timeout=WAIT)
    desk.goto(f"{served.base}/animation?jeton={served.token}")
    desk.wait_for_selector(".cs-play", timeout=WAIT)
    return wall, desk


def english_on(page) -> list[str]:
    """English sentences of the catalogues that stand on a page."""
    return strays(f"<p>{html.escape(page.inner_text('body'))}</p>")


def first_half(served, wall, desk) -> None:
    """A year, predictions, a vote, a drought, five years, a question why."""
    assert wall.get_by_text("Figeac : la course à l'attractivité").is_visible()
    assert english_on(wall) == english_on(desk) == []
    desk.click(".cs-year-step")
    wall.wait_for_function("document.querySelector('.cs-year').innerText.startsWith('2027')", timeout=WAIT)
    phones = [Phone(served.seat) for _ in range(12)]
    seats = seats_on(phones[0])
    for n, phone in enumerate(phones):
        phone.post("prendre", seat=seats[n % len(seats)])
    wish = phones[0].state()["predict"]
    for n, phone in enumerate(phones):
        phone.post(
            "prevoir", lane="AB"[n % 2], indicator=wish["indicator"], tick=24, value=88_000.0 + 500 * n
        )
    wall.wait_for_selector(".cs-guess", timeout=WAIT, state="attached")
    vote(desk, phones)
    wall.wait_for_selector("text=Adopté : Oui", timeout=WAIT)
    desk.click(".cs-quick-drought")
    wall.wait_for_selector(".cs-mark", timeout=WAIT, state="attached")
    desk.click(".cs-five")
    at_year(desk, 2032)
    assert 2 < wall.locator(".cs-story button").count() <= 12
    assert charts_are_whole(wall) == []
    fits_and_grows(wall, desk)
    wall.locator(".cs-story button").first.click()
    wall.wait_for_selector(".cs-why table", timeout=WAIT)
    wall.click(".cs-close")


def second_half(served, wall, desk, context) -> None:
    """Undo and redo by keyboard, two years back, a fork, its branches compared, the end, the report, its PDF."""
    desk.keyboard.press("z")  # the drought never came
    at_year(desk, 2027)
    desk.keyboard.press("y")
    at_year(desk, 2032)
    desk.get_by_label("Revenir à l'année").select_option("2030")
    desk.click(".cs-back")  # what followed stays in the tree
    at_year(desk, 2030)
    assert english_on(wall) == english_on(desk) == []  # rules, decisions and votes by their French names
    choose_rule(desk, "payoff.subsidy.max", "A : ")
    desk.locator(".cs-amend").get_by_label("Nouvelle valeur").fill("0")
    desk.locator(".cs-amend").get_by_label("Trajectoires").select_option("B")
    desk.click(".cs-apply")
    desk.wait_for_selector(".cs-branch:has-text('depuis 2030'):has-text('ici')", timeout=WAIT)
    desk.click(".cs-year-step")
    at_year(desk, 2031)
    wall.wait_for_function("document.querySelector('.cs-year').innerText.startsWith('2031')", timeout=WAIT)
    ask_why_of_a_curve(wall)
    compare_branches(served, desk, context)
    shown = wall.evaluate("document.querySelector('.cs-board').__vue__.f")
    desk.click(".cs-finish")
    desk.click(".cs-finish:has-text('Finir pour de bon')", timeout=WAIT)  # asked twice
    desk.wait_for_selector(".cs-play[disabled]", timeout=WAIT)
    paper = context.new_page()
    paper.goto(f"{served.base}/bilan?jeton={served.token}")
    for text in ("Bilan de séance", "Partager la fiscalité ?", "Réponse retenue", "Ce qui a été essayé"):
        assert text in paper.inner_text("body")
    answer = context.request.get(f"{served.base}/bilan.pdf?jeton={served.token}")
    assert answer.body().startswith(b"%PDF")
    return shown


def compare_branches(served, desk, context) -> None:
    """The branch that was left and the one the room is on, in two other worlds: the answer is read on the page."""
    side = context.new_page()
    with context.expect_page() as opened:
        desk.click(".cs-compare")
    opened.value.close()
    side.goto(f"{served.base}/comparer?jeton={served.token}&lang=fr")
    branches = desk.locator(".cs-branch").count()
    assert side.locator("select[name=a] option").count() >= branches > 4
    side.select_option("select[name=a]", "branche-4")
    side.select_option("select[name=b]", "branche-5")
    side.fill("input[name=mondes]", "2")
    side.press("input[name=mondes]", "Enter")
    side.wait_for_selector("#answer", timeout=4 * WAIT)
    assert "Différences appariées" in side.inner_text("main")
    side.close()


def fits_and_grows(wall, desk) -> None:
    """The wall never scrolls, whatever is told; large type is larger by half on charts; lists stand in groups."""
    whole = "document.documentElement.scrollHeight <= window.innerHeight"
    drawn = "document.querySelector('.cs-chart .cs-axis text').getBoundingClientRect().height"
    small = wall.evaluate(drawn)
    wall.wait_for_function(whole, timeout=WAIT)
    desk.get_by_text("Grands caractères").click()
    wall.wait_for_selector(".cs-big", timeout=WAIT)
    assert wall.locator(".cs-chart").count() == 2
    assert wall.evaluate(drawn) > 1.4 * small
    wall.wait_for_function(whole, timeout=WAIT)
    desk.get_by_text("Grands caractères").click()
    wall.wait_for_selector(".cs-big", timeout=WAIT, state="detached")
    heads = desk.locator(".cs-screen select").nth(1).locator("optgroup")
    assert [head.get_attribute("label") for head in heads.all()][:2] == ["Résultats", "Habitants"]


def charts_are_whole(wall) -> list[str]:
    """Charts of the wall without a unit, a baseline or a legend that tells the lines apart."""
    found = []
    for chart in wall.locator(".cs-chart").all():
        caption = chart.locator("figcaption").inner_text()
        if not re.search(r"\(.+\)", caption):
            found.append(f"no unit: {caption}")
        if chart.locator(".cs-base").count() != 1:
            found.append(f"no baseline: {caption}")
    legend = wall.inner_text(".cs-key")
    found += [
        f"no legend: {text}" for text in ("A", "B", "valeur du départ", "0 = moyenne") if text not in legend
    ]
    maps = wall.locator(".cs-legend").all_text_contents()
    return found + [f"no unit: {text}" for text in maps if "(%)" not in text]


def ask_why_of_a_curve(wall) -> None:
    """A click on a curve opens what happened around that point; a line of it opens its own trace."""
    wall.locator(".cs-hit").first.click(position={"x": 60, "y": 60})
    wall.wait_for_selector(".cs-why h3", timeout=WAIT)
    wall.locator(".cs-behind").first.click()
    wall.wait_for_selector(".cs-why table", timeout=WAIT)
    wall.click(".cs-close")


def choose_rule(desk, key: str, shown: str) -> None:
    """Choose a rule to amend, and wait until its present value is told."""
    rule = desk.locator(".cs-amend input[list]")
    rule.fill(key)
    rule.press("Tab")
    desk.wait_for_selector(f".cs-present:has-text('{shown}')", timeout=WAIT)


def runs_in_a_batch(folder: Path, branch: int, lane: str) -> None:
    """Export the session by its command; one of its scenarios runs in a batch by another."""
    tables = folder.parent / "tables"
    plan = folder.parent / "plan.toml"
    coopsim("replay", str(folder), "--out", str(tables))
    file = tables / "scenarios" / f"session-{lane.lower()}{branch}.toml"
    lines = ["schema = 1", 'name = "tuesday"', "[run]", f'scenarios = ["{file.as_posix()}"]', "replicates = 2",
             "[design]", 'kind = "replicates"', "[record]", 'what = "horizon"']  # fmt: skip
    plan.write_text("\n".join(lines), encoding="utf-8")
    coopsim("batch", str(plan), "--out", str(folder.parent / "batch"), "--workers", "1")


def coopsim(*words: str) -> None:
    command = [sys.executable, "-c", "from coopsim.cli import main; main()", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_rehearsal(heard, tmp_path):
    """A workshop from start to report; killed in its middle; lived again from its log."""
    context, trouble = heard
    folder = tmp_path / "session"
    served = Served(folder, "figeac-attractiveness", "figeac-cooperation", "--years", "12")
    try:
        served.ready(context)
        wall, desk = pages(served, context)
        first_half(served, wall, desk)
        assert trouble == []
        wall.close()
        desk.close()
        served.kill()
        served = Served(folder)
        assert "Séance reprise" in served.told
        served.ready(context)
        trouble.clear()  # while the browser tried a server that was not there yet
        wall, desk = pages(served, context)
        at_year(desk, 2032)
        shown = second_half(served, wall, desk, context)
    finally:
        served.kill(signal.SIGINT)
    assert trouble == []
    lines = [line["do"] for line in entries(folder)]
    assert lines.count("vote") == 12
    assert lines[-1] == "end"
    runs_in_a_batch(folder, 5, "B")
    one, two = replayed(folder), replayed(folder)
    again = json.loads(json.dumps(frame(one)))
    assert again["tick"] == shown["tick"]
    for lane in "AB":  # the tables lived again are what the wall showed, after a kill, to the last figure
        assert again["lanes"][lane]["series"] == shown["lanes"][lane]["series"]
        assert again["lanes"][lane]["trail"] == shown["lanes"][lane]["trail"]
    for name, table in branch_tables(one).items():
        assert table.to_json() == branch_tables(two)[name].to_json()
    one.close()
    two.close()


def seats_on(phone: Phone) -> list[str]:
    with phone.open.open(phone.address, timeout=30) as answer:
        return re.findall(r"<option value='([^']+)'", answer.read().decode())


def vote(desk, phones: list[Phone]) -> None:
    """Let the room share the business tax: the facilitator asks, twelve phones answer, the answer is applied."""
    choose_rule(desk, "payoff.revenue_sharing.share", "A : 0 ")
    desk.locator(".cs-amend").get_by_label("Nouvelle valeur").fill("0,4")
    desk.locator(".cs-amend").get_by_label("Trajectoires").select_option("B")
    ask = desk.locator(".cs-ask")
    ask.get_by_label("Question", exact=True).fill("Partager la fiscalité ?")
    ask.get_by_label("Poids des voix").select_option("au nombre d'habitants du siège")
    ask.get_by_text("Si la dernière réponse l'emporte").click()
    desk.locator(".cs-open-vote:not([disabled])").click(timeout=WAIT)
    desk.wait_for_selector(".cs-close-vote", timeout=WAIT)
    ballot = phones[0].state()["ballot"]
    assert ballot["brings"][0] is None
    assert re.fullmatch(r"B – .*mise en commun.*0,4", ballot["brings"][1]["fr"])
    for n, phone in enumerate(phones):
        phone.post("voter", ballot=ballot["id"], option=0 if n < 2 else 1)
    desk.wait_for_function("document.querySelector('.cs-count').innerText.startsWith('12')", timeout=WAIT)
    desk.click(".cs-close-vote")
    desk.wait_for_selector(".cs-branch:has-text('0,4')", timeout=WAIT)
    changed = desk.locator(".cs-branch:has-text('0,4')").all_inner_texts()
    assert all(line.startswith("B") for line in changed), changed  # the lane that was asked, no other


def test_who_has_no_token_drives_nothing(heard, tmp_path):
    context, trouble = heard
    served = Served(tmp_path / "session", "figeac-status-quo", "figeac-cooperation", "--years", "2")
    try:
        served.ready(context)
        for address in ("/animation", "/animation?jeton=guess"):
            page = context.new_page()
            page.goto(served.base + address)
            page.wait_for_selector("text=jeton", timeout=WAIT)
            assert page.locator(".cs-play").count() == 0
        page = context.new_page()
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(served.seat)
        page.wait_for_selector("#take", timeout=WAIT)
        page.click("#take")
        page.wait_for_selector("#room:not([hidden])", timeout=WAIT)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        served.kill(signal.SIGINT)
    assert trouble == []
    assert (tmp_path / "session" / FILE).exists()
