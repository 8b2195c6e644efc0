"""Two browsers in one room: they share what the room does and nothing else; what people write is text."""

import signal

import pytest

from tests.system.test_viewer import BROWSER, WAIT, Served, chromium, heard, pages  # noqa: F401 - fixtures

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium (Debian: apt-get install chromium)")

BAD = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


def in_one_and_not_in(one, other, selector) -> None:
    assert one.locator(selector).count() > 0
    assert other.locator(selector).count() == 0


@pytest.mark.slow
def test_two_browsers_share_the_room_and_nothing_else(heard, chromium, tmp_path):  # noqa: F811
    """What one chose, typed, opened or asked is not in the other; what the room does is in both."""
    context, trouble = heard
    stranger = chromium.new_context(viewport={"width": 1366, "height": 768})
    stranger.set_default_timeout(WAIT)
    served = Served(tmp_path / "session", "figeac-attractiveness", "figeac-cooperation", "--years", "4")
    try:
        served.ready(context)
        wall, desk = pages(served, context)
        wall2, desk2 = pages(served, stranger)
        desk.click(".cs-year-step")
        for page in (wall, wall2):  # the room
            page.wait_for_function(
                "document.querySelector('.cs-year').innerText.startsWith('2027')", timeout=WAIT
            )
        wall.locator(".cs-story button").first.click()
        wall.wait_for_selector(".cs-why", timeout=WAIT)
        wall.locator(".cs-place").first.dispatch_event("click")
        wall.wait_for_selector(".cs-place.cs-picked", timeout=WAIT)
        in_one_and_not_in(wall, wall2, ".cs-why")
        in_one_and_not_in(wall, wall2, ".cs-place.cs-picked")
        desk.locator(".cs-ask").get_by_label("Question", exact=True).fill(BAD)
        assert desk2.locator(".cs-ask").get_by_label("Question", exact=True).input_value() == ""
        desk.locator(".cs-open-vote:not([disabled])").click(timeout=WAIT)
        for page in (wall, wall2):  # the room again; what was typed is text and no markup
            page.wait_for_selector(".cs-vote", timeout=WAIT)
            assert page.inner_text(".cs-vote h2") == BAD
            assert page.locator(".cs-vote img, .cs-vote script").count() == 0
            assert "owned" not in page.title()
        plain_pages_are_apart(served, context, stranger)
    finally:
        stranger.close()
        served.kill(signal.SIGINT)
    assert trouble == []


def plain_pages_are_apart(served, context, stranger) -> None:
    """Comparer, Laboratoire and the seat of a phone: a choice of one browser is in its address or its cookie only."""
    one, other = context.new_page(), stranger.new_page()
    token = f"jeton={served.token}"
    one.goto(f"{served.base}/comparer?{token}&lang=en&a=branche-1&b=branche-0&mondes=7&graine=3")
    other.goto(f"{served.base}/comparer?{token}")
    assert one.input_value("input[name=mondes]") == "7"
    assert other.input_value("input[name=mondes]") != "7"
    assert other.input_value("select[name=a]") != "branche-1"
    assert (one.get_attribute("html", "lang"), other.get_attribute("html", "lang")) == ("en", "fr")
    one.goto(f"{served.base}/laboratoire/fish-war?n=5&lang=en", timeout=4 * WAIT)  # lives the laboratory
    other.goto(f"{served.base}/laboratoire/fish-war", timeout=4 * WAIT)
    assert (one.input_value("input[name=n]"), other.input_value("input[name=n]")) == ("5", "2")
    assert (one.get_attribute("html", "lang"), other.get_attribute("html", "lang")) == ("en", "fr")
    one.goto(served.seat)
    one.click("#take")
    one.wait_for_selector("#room:not([hidden])", timeout=WAIT)
    other.goto(served.seat)
    other.wait_for_selector("#join:not([hidden])", timeout=WAIT)
    assert other.locator("#room:not([hidden])").count() == 0
    one.close()
    other.close()
