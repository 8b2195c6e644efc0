"""The viewer under a full room: phones voting at once while both lanes live ten quarters a second; long memory.

    python benchmarks/viewer.py [SECONDS] [TICKS] [CROWD]

SECONDS (60) of play with thirty phones and one browser page, then CROWD (200) phones that keep their connection and
vote at once; TICKS (36,000) lived by one room, going back to the first day each time the horizon is
reached. Needs the packages of ``coopsim[viz,test]`` and a Chromium.
"""

import gc
import http.client
import json
import os
import platform
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np

PHONES = 30
_WATCH = """() => { window.delays = []; let last = -1
  new MutationObserver(() => { const e = document.querySelector('.cs-year'); if (!e || e.dataset.tick === last) return
    last = e.dataset.tick; window.delays.push([+last, Date.now() - 1000 * +e.dataset.lived]) })
    .observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true}) }"""


def asked(opener: urllib.request.OpenerDirector, address: str, **data: object) -> dict:
    """Post JSON and return the answer."""
    body, head = json.dumps(data).encode(), {"Content-Type": "application/json"}
    with opener.open(urllib.request.Request(address, body, head), timeout=30) as answer:
        return json.load(answer)


def answers(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def resident(pid: int) -> float:
    """Memory of a process, MiB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024


def room_full(seconds: float, crowd: int) -> list[list[str]]:
    """Play in a browser while thirty phones vote; returns rows of a table."""
    from playwright.sync_api import sync_playwright

    folder = Path(tempfile.mkdtemp())
    command = [sys.executable, "-c", "from coopsim.cli import main; main()", "view", "--years", "200",
               "--no-browser", "--session", str(folder / "s"), "--port", "18865"]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = ""
    for line in server.stdout:
        told += line
        if "Ctrl-C" in line:
            break
    base, token = re.search(r"(http://\S+)/atelier", told)[1], re.search(r"jeton=(\S+)", told)[1]
    seat = re.search(r"(http://\S+/siege/\S+)", told)[1]
    answers(f"{base}/healthz")
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            wall, desk = browser.new_page(), browser.new_page()
            wall.goto(f"{base}/atelier")
            wall.wait_for_selector(".cs-lane", timeout=60_000)
            desk.goto(f"{base}/animation?jeton={token}")
            desk.wait_for_selector(".cs-play", timeout=60_000)
            wall.evaluate(_WATCH)
            phones = [
                urllib.request.build_opener(urllib.request.HTTPCookieProcessor()) for _ in range(PHONES)
            ]
            for n, phone in enumerate(phones):
                asked(phone, f"{seat}/prendre", seat=["nature", "residents", "companies"][n % 3])
            desk.locator(".cs-field select").first.select_option("10")
            before = resident(server.pid)
            desk.click(".cs-play")
            start, votes = time.monotonic(), []
            while time.monotonic() - start < seconds:
                votes.append(round_of_votes(desk, seat, phones))
            first, last = (wall.evaluate(f"window.delays.at({k})[0]") for k in (0, -1))
            took = time.monotonic() - start
            delays = np.array([d for _, d in wall.evaluate("window.delays")])
            after = resident(server.pid)
            desk.click(".cs-play")
            rows = crowded(desk, base, seat, crowd)
            browser.close()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
    sent, counted = len(votes) * PHONES, sum(votes)
    return [
        ["quarters a second, both lanes", f"{(last - first) / took:.1f}"],
        ["frames on the screen of all quarters", f"{100 * delays.size / max(last - first, 1):.0f} %"],
        ["quarter to screen, ms: median, p95", f"{np.median(delays):.0f}, {np.percentile(delays, 95):.0f}"],
        ["votes sent, counted", f"{sent}, {counted}"],
        ["memory of the server, MiB: start, end", f"{before:.0f}, {after:.0f}"],
        *rows,
    ]


class Line:
    """A phone on one connection that stays open."""

    def __init__(self, seat: str) -> None:
        address = urllib.parse.urlsplit(seat)
        self.path, self.cookie = address.path, ""
        self.link = http.client.HTTPConnection(address.hostname, address.port, timeout=120)
        self.link.connect()

    def post(self, what: str, **data: object) -> tuple[int, float]:
        """Return the status and the milliseconds of an answer."""
        start = time.monotonic()
        head = {"Content-Type": "application/json", "Cookie": self.cookie}
        self.link.request("POST", f"{self.path}/{what}", json.dumps(data), head)
        answer = self.link.getresponse()
        answer.read()
        given = answer.getheader("Set-Cookie")
        self.cookie = given.partition(";")[0] if given else self.cookie
        return answer.status, 1000.0 * (time.monotonic() - start)


def crowded(desk: object, base: str, seat: str, crowd: int) -> list[list[str]]:
    """Let a crowd join and vote at once on sockets that stay open; returns rows of a table."""
    lines = [Line(seat) for _ in range(crowd)]

    def at_once(act: object) -> list[tuple[int, float]]:
        out: list = [None] * crowd
        gate = threading.Barrier(crowd)

        def one(n: int) -> None:
            gate.wait()
            out[n] = act(lines[n], n)

        threads = [threading.Thread(target=one, args=(n,)) for n in range(crowd)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return out

    joined = at_once(lambda line, n: line.post("prendre", seat=["nature", "residents"][n % 2]))
    desk.locator(".cs-ask").get_by_label("Question", exact=True).fill("All?")
    desk.locator(".cs-open-vote:not([disabled])").click(timeout=60_000)
    desk.wait_for_selector(".cs-close-vote", timeout=60_000)
    with urllib.request.urlopen(f"{seat}/etat", timeout=30) as answer:
        ballot = json.load(answer)["ballot"]["id"]
    voted = at_once(lambda line, n: line.post("voter", ballot=ballot, option=n % 2))
    with urllib.request.urlopen(f"{base}/resourcez", timeout=30) as answer:
        kernels = json.load(answer)["kernels"]["total"]
    with urllib.request.urlopen(f"{seat}/etat", timeout=30) as answer:
        counted = json.load(answer)["ballot"]["voted"]
    for line in lines:
        line.link.close()
    waits = np.array([wait for _, wait in voted])
    accepted = sum(status == 200 for status, _ in voted)
    seated = sum(status == 200 for status, _ in joined)
    return [
        [f"{crowd} phones on open sockets: seated, accepted, counted", f"{seated}, {accepted}, {counted}"],
        ["all vote at once, ms to the answer: median, p95", f"{np.median(waits):.0f}, {np.percentile(waits, 95):.0f}"],
        ["kernels of the server (two pages open)", f"{kernels}"],
    ]  # fmt: skip


def round_of_votes(desk: object, seat: str, phones: list) -> int:
    """Ask, let every phone vote at once, each twice, close; returns the votes counted."""
    desk.locator(".cs-ask").get_by_label("Question", exact=True).fill("Now?")
    desk.locator(".cs-open-vote:not([disabled])").click(timeout=60_000)
    desk.wait_for_selector(".cs-close-vote", timeout=60_000)
    with phones[0].open(f"{seat}/etat", timeout=30) as answer:
        ballot = json.load(answer)["ballot"]["id"]

    def cast(n: int) -> None:
        for option in (n % 2, 1 - n % 2):  # the second is refused
            try:
                asked(phones[n], f"{seat}/voter", ballot=ballot, option=option)
            except urllib.error.HTTPError as error:
                error.close()

    threads = [threading.Thread(target=cast, args=(n,)) for n in range(PHONES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    desk.click(".cs-close-vote")
    desk.wait_for_selector(".cs-open-vote", timeout=60_000)
    with phones[0].open(f"{seat}/etat", timeout=30) as answer:
        return json.load(answer)["ballot"]["voted"]


def long_session(ticks: int) -> list[list[str]]:
    """Live many quarters in one room; returns rows of memory."""
    from coopsim.scenario import load_scenario
    from coopsim_viz.room import Room
    from coopsim_viz.room.frame import frame

    names = {"A": "figeac-attractiveness", "B": "figeac-cooperation"}
    lanes = {
        lane: load_scenario(name).but({"horizon.years": 200, "name": name}) for lane, name in names.items()
    }
    room = Room(lanes, Path(tempfile.mkdtemp()) / "s")
    room.opened()
    rows, lived, marks = [], 0, [ticks // 10, ticks // 2, ticks]
    while lived < ticks:
        room.live(1)
        lived += 1
        json.dumps(frame(room))
        if room.tick >= room.horizon:
            room.back(0)
        if lived in marks:
            gc.collect()
            rows.append([f"memory after {lived} quarters, MiB", f"{resident(os.getpid()):.0f}"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*rows, ["largest, MiB", f"{peak:.0f}"]]


def main(seconds: float = 60.0, ticks: int = 36_000, crowd: int = 200) -> None:
    """Print the table."""
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    print(f"{platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load}\n")
    print("| viewer | |\n| --- | --- |")
    for row in [*room_full(seconds, crowd), *long_session(ticks)]:
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
