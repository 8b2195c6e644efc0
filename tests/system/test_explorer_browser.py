"""Comparer and Explorer in a real browser: three sizes, the keyboard, progress and stop; nothing asked from outside."""

import re
import signal

import pytest

from coopsim.batch.running import run_batch
from coopsim_viz.compare.words import COMPARE
from coopsim_viz.explorer.words import EXPLORE
from tests.system.test_viewer import BROWSER, WAIT, Served, chromium, heard  # noqa: F401 - fixtures
from tests.unit.test_explorer import PLAN

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium (Debian: apt-get install chromium)")

SIZES = ((1366, 768), (1920, 1080), (360, 740))


@pytest.fixture
def served(heard, tmp_path):  # noqa: F811 - the fixture
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN.format(name="trials", kind="latin_hypercube", points=12), encoding="utf-8")
    run_batch(plan, tmp_path / "trials", workers=1)
    made = Served(
        tmp_path / "session",
        "figeac-attractiveness",
        "figeac-cooperation",
        "--years",
        "2",
        "--batch",
        str(tmp_path),
    )
    try:
        made.ready(heard[0])
        yield made
    finally:
        made.kill(signal.SIGINT)


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def english_on(page, words) -> list[str]:
    seen = page.inner_text("main")
    return [
        w.en
        for w in words.values()
        if w.en != w.fr and len(w.en) > 6 and re.search(rf"\b{re.escape(w.en)}\b", seen)
    ]


def test_comparer_and_explorer(heard, served):  # noqa: F811 - the fixture
    context, trouble = heard
    page = context.new_page()
    compared(page, served)
    explored(page, served)
    assert trouble == []


def compared(page, served) -> None:
    """By keyboard: choose, start, stop, start again, wait, read, choose a trajectory; the address holds the state."""
    assert page.goto(f"{served.base}/comparer?jeton={served.token}&lang=fr").status == 200
    page.select_option("select[name=b]", "branche-1")
    page.fill("input[name=mondes]", "150")
    page.focus("form.ask button")
    page.keyboard.press("Enter")
    page.wait_for_selector("progress", timeout=WAIT)
    page.focus("#state button")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"text={COMPARE['cancelled'].fr}", timeout=WAIT)
    page.fill("input[name=mondes]", "3")
    page.press("input[name=mondes]", "Enter")
    page.wait_for_selector("#answer", timeout=4 * WAIT)  # the page follows the work by itself
    assert "mondes=3" in page.url
    assert english_on(page, COMPARE) == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        page.wait_for_selector("#fans figure svg", timeout=WAIT)
        assert fits(page), width
    page.click("#fans summary")
    page.locator("#fans input:checked").first.uncheck()
    page.check("#fans input[value=companies]")
    page.click("#fans details button")
    page.wait_for_selector("text=Établissements employeurs", timeout=WAIT)
    with page.expect_download(timeout=WAIT) as saved:
        page.locator("#fans button[data-png]").first.click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download(timeout=WAIT) as table:
        page.click(f"text={COMPARE['csv_paired'].fr}")
    assert table.value.path().read_text(encoding="utf-8").startswith("a,b,indicator")
    page.click("text=English")
    page.wait_for_selector(f"text={COMPARE['fans'].en}", timeout=WAIT)
    assert "ind=companies" in page.url


def explored(page, served) -> None:
    """Every part at three sizes; a worst case opens on the facilitator's desk."""
    page.goto(f"{served.base}/explorer?jeton={served.token}&lang=fr&ind=trust")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        page.wait_for_selector("#matters svg", timeout=WAIT)
        assert fits(page), width
        assert page.locator("#regimes svg").count() == 1
    assert english_on(page, EXPLORE) == []
    labels = page.eval_on_selector_all("svg[role=img]", "all => all.map(s => s.getAttribute('aria-label'))")
    assert all(labels)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.select_option("select[name=ind]", "rivalry")
    page.press("select[name=ind]", "Tab")
    page.focus("form.ask button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("ind=rivalry"), timeout=WAIT)
    assert "campagne=trials" in page.url
    page.locator("#worst form button").first.click()
    page.wait_for_selector(".cs-play", timeout=2 * WAIT)
    assert "/animation" in page.url
