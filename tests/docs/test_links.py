"""No broken link in what is read: files and anchors exist; addresses elsewhere are well formed (nothing is fetched)."""

import re
import unicodedata
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.test_readme import help_for

ROOT = Path(__file__).parents[2]
SKIPPED = {"build", "out", "dist", "node_modules", "reference"}  # reference: written when the site is built
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.rglob("*.md")
    if not {part for part in path.relative_to(ROOT).parts if part.startswith(".")} | SKIPPED & set(path.parts)
)
CODE = re.compile(r"^(```|~~~|:::).*?^\1[ \t]*$|`[^`\n]*`", flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(
    r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\))?)>?(?:\s+\"[^\"]*\")?\s*\)"
)
DOWNLOAD = re.compile(r"\{download\}`[^`<]*<([^>`]+)>`")
HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", flags=re.MULTILINE)
GENERATED = {"docs/reference"}  # the build says what is missing there


def text(page):
    return (ROOT / page).read_text(encoding="utf-8")


def links(page):
    body = text(page)
    return LINK.findall(CODE.sub("", body)) + DOWNLOAD.findall(body)


@cache
def anchors(path):
    """Anchors of the headings of a page, as GitHub and MyST make them; a second one of a name has a number."""
    found = set()
    for heading in HEADING.findall(
        re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    ):
        bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        kept = "".join(c for c in bare.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
        slug = kept.replace(" ", "-")
        number = 1
        while slug in found:
            slug = f"{kept.replace(' ', '-')}-{number}"
            number += 1
        found.add(slug)
    return found


def wrong(page, link):
    """What is wrong with a link, or nothing."""
    parts = urlsplit(link)
    if parts.scheme or link.startswith("//"):
        return "" if _well_formed(parts) else "malformed address"
    here = ROOT / page
    target = here if not parts.path else (here.parent / unquote(parts.path)).resolve()
    if any(target.is_relative_to(ROOT / folder) for folder in GENERATED):
        return ""
    if not target.exists():
        return "no such file"
    if parts.fragment and target.suffix == ".md" and unquote(parts.fragment) not in anchors(target):
        return "no such heading"
    return ""


def _well_formed(parts):
    if parts.scheme == "mailto":
        return re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", parts.path) is not None
    return parts.scheme in ("http", "https") and re.fullmatch(r"([\w-]+\.)+[a-z]{2,}(:\d+)?", parts.netloc)


def test_there_are_pages():
    assert {"README.md", "docs/index.md", "docs/fr/atelier-demi-journee/index.md"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    assert [(link, why) for link in links(page) if (why := wrong(page, link))] == []


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("docs/nowhere.md", "no such file"),
        ("docs/model.md#nothing-of-that-name", "no such heading"),
        ("https://exa mple", "malformed address"),
        ("docs/model.md#public-finance", ""),
    ],
)
def test_a_broken_link_is_seen(link, why):
    assert wrong("README.md", link) == why


def lines():
    """Every call of the command line that a page of the site shows."""
    for page in PAGES:
        if page.startswith("docs/"):
            for block in re.findall(r"^```sh\n(.*?)^```", text(page), flags=re.MULTILINE | re.DOTALL):
                for line in block.splitlines():
                    words = line.partition(" #")[0].strip().removeprefix(".venv/bin/")
                    if words.startswith("coopsim "):
                        yield re.sub(r"^coopsim (--lang \w+ )?", "", words)


@pytest.mark.parametrize("line", sorted(set(lines())))
def test_a_shown_command_exists_with_its_options(line):
    command, *words = line.split()
    shown = help_for(command, words)
    options = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    assert [o for o in options if not re.search(rf"(?<![\w-]){re.escape(o)}(?![\w-])", shown)] == []


VOID = {"meta", "link", "br", "img", "input", "hr"}


class Pieces(HTMLParser):
    """Tags that are opened and closed, and what a page would fetch."""

    def __init__(self):
        super().__init__()
        self.open, self.fetched = [], []

    def handle_starttag(self, tag, attrs):
        self.fetched += [v for k, v in attrs if k in ("src", "href") and v and not v.startswith("#")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_printable_sheets_stand_alone():
    body = text("docs/fr/atelier-demi-journee/fiches-a-imprimer.html")
    pieces = Pieces()
    pieces.feed(body)
    assert pieces.open == []
    assert pieces.fetched == []
    assert body.count("<section>") == body.count('class="combien"')
