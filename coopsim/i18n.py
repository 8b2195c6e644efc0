"""French and English texts, chosen at the moment they are shown."""

import locale
import os
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

Lang = Literal["fr", "en"]

_lang: ContextVar[Lang] = ContextVar("coopsim_lang", default="en")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in French and English.

    Placeholders use `str.format` and take the same names in both languages.
    """

    fr: str
    en: str

    def __str__(self) -> str:
        return self.said(lang())

    def said(self, code: Lang) -> str:
        """Return the text in a language, whatever the one in force."""
        return self.fr if code == "fr" else self.en

    def format(self, **values: Any) -> "Text":
        """Return the text with its placeholders filled, in both languages."""
        return Text(self.fr.format(**values), self.en.format(**values))


def lang() -> Lang:
    """Return the language in force for this context."""
    return _lang.get()


def set_lang(code: Lang) -> None:
    """Choose the language of every text shown from now on in this context."""
    _lang.set(code)


def locale_lang() -> Lang:
    """Return ``fr`` when the user's locale is French, else ``en``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "fr" if os.environ[name].lower().startswith("fr") else "en"
    code = locale.getlocale()[0] or ""
    return "fr" if code.lower().startswith(("fr", "french")) else "en"


_FRENCH_SPACES = (
    ("« ", "«\u00a0"),
    (" »", "\u00a0»"),
    (" :", "\u00a0:"),
    (" ;", "\u202f;"),
    (" ?", "\u202f?"),
    (" !", "\u202f!"),
    (" %", "\u202f%"),
)


def tied(text: str) -> str:
    """Return a French text whose signs are tied to their words, so that no line of a page starts with one."""
    for loose, fast in _FRENCH_SPACES:
        text = text.replace(loose, fast)
    return text
