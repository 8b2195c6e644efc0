"""Check a built site without a network: ``python docs/check_site.py build/docs``; it fails and lists broken links.

Links inside lead to a file and an anchor that exist; nothing that a page loads comes from elsewhere; addresses
elsewhere are well formed.
"""

import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_HOST = re.compile(r"([\w-]+\.)+[a-z]{2,}(:\d+)?|(localhost|127\.0\.0\.1)(:\d+)?")
_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """What a page links to, what it loads, and the anchors it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the attributes that matter."""
        given = {name: value for name, value in attrs if value}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _LOADED and _LOADED[tag] in given and given.get("rel") not in ("canonical", "next", "prev"):
            self.loaded.append(given[_LOADED[tag]])


@cache
def _read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def problems(folder: Path) -> list[str]:
    """Return one line for each broken link of a built site."""
    found = []
    for path in sorted(folder.rglob("*.html")):
        page, name = _read(path), path.relative_to(folder)
        found += [f"{name}: loads {place}" for place in page.loaded if _elsewhere(place)]
        for link in dict.fromkeys(page.links + page.loaded):
            why = _wrong(path, link)
            if why:
                found.append(f"{name}: {link}: {why}")
    return found


def _elsewhere(place: str) -> bool:
    return place.startswith("//") or urlsplit(place).scheme in ("http", "https")


def _wrong(path: Path, link: str) -> str:
    parts = urlsplit(link)
    if parts.scheme in ("mailto", "data", "javascript"):
        return ""
    if _elsewhere(link):
        return "" if _HOST.fullmatch(parts.netloc) else "malformed address"
    target = path if not parts.path else path.parent / unquote(parts.path)
    if not target.exists():
        return "no such file"
    fragment = unquote(parts.fragment)
    if fragment and target.suffix == ".html" and fragment not in _read(target.resolve()).anchors:
        return "no such anchor"
    return ""


def main() -> None:
    """Print what is broken."""
    found = problems(Path(sys.argv[1]).resolve())
    for line in found:
        sys.stderr.write(f"{line}\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
