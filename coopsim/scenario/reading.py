"""Read text and TOML files, saying what is wrong instead of raising."""

import re
import tomllib
from pathlib import Path
from typing import Any

from coopsim.errors import Problem
from coopsim.i18n import Text

_ENCODING = Text(
    "encodage refusé : enregistrer le fichier en UTF-8", "wrong encoding: save the file as UTF-8"
)
_EMPTY = Text("le fichier est vide", "the file is empty")
_UNREADABLE = Text("fichier illisible : {reason}", "file cannot be read: {reason}")
_SYNTAX = Text("syntaxe TOML incorrecte : {reason}", "wrong TOML syntax: {reason}")
_AGAIN = Text("clé ou table donnée deux fois", "key or table given twice")
_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_TWICE = re.compile(r"overwrite a value|declare .* twice|mutate immutable|redefine")


def file_text(path: Path, shown: str, problems: list[Problem]) -> str | None:
    """Return the text of a file, or None after noting why it has none.

    Parameters
    ----------
    path : Path
    shown : str
        Name to show for it.
    problems : list of Problem
        Receives the mistake.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.append(Problem(_UNREADABLE.format(reason=error.strerror), file=shown))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(Problem(_ENCODING, file=shown, line=raw[: error.start].count(b"\n") + 1))
        return None
    if not text.strip():
        problems.append(Problem(_EMPTY, file=shown))
        return None
    return text


def toml_data(text: str, shown: str, problems: list[Problem]) -> dict[str, Any] | None:
    """Return the keys of a TOML text, or None after noting its mistake."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        problems.append(Problem(_SYNTAX.format(reason="nesting"), file=shown))
        return None
    except tomllib.TOMLDecodeError as error:
        reason = str(error)
        found = _LINE.search(reason)
        lines = text.splitlines()
        line = int(found[1]) if found and found[1] else len(lines)
        message = _SYNTAX.format(reason=_LINE.sub("", reason).strip())
        if _TWICE.search(reason):
            message = _AGAIN
        written = lines[line - 1].strip() if line <= len(lines) else None
        problems.append(Problem(message, file=shown, line=line, value=written))
        return None
