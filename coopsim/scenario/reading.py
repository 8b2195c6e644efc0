"""Read text and TOML files, saying what is wrong instead of raising."""

import re
import tomllib
from pathlib import Path
from typing import Any

from coopsim.errors import Problem, reason_of
from coopsim.i18n import Text
from coopsim.scenario.limits import DEEP, LARGE, MOST_TABLE, MOST_TEXT, oversized, too_many_bytes

_ENCODING = Text(
    "encodage refusé : enregistrer le fichier en UTF-8", "wrong encoding: save the file as UTF-8"
)
_EMPTY = Text("le fichier est vide", "the file is empty")
_UNREADABLE = Text("fichier illisible : {reason}", "file cannot be read: {reason}")
_NO_FILE = Text("ce n'est pas un fichier ordinaire", "this is no ordinary file")
_SYNTAX = Text("syntaxe TOML incorrecte : {reason}", "wrong TOML syntax: {reason}")
_AGAIN = Text("clé ou table donnée deux fois", "key or table given twice")
_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_WIDE = 80  # characters of a line that a message shows
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
        if path.exists() and not path.is_file():  # a folder, a pipe, a device
            problems.append(Problem(_NO_FILE, file=shown))
            return None
        large = too_many_bytes(path, MOST_TEXT if path.suffix == ".toml" else MOST_TABLE)
        raw = b"" if large else path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = reason_of(error) if isinstance(error, OSError) else Text(str(error), str(error))
        problems.append(Problem(_unreadable(reason), file=shown))
        return None
    if large:
        problems.append(Problem(large, file=shown))
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


def _unreadable(reason: Text) -> Text:
    return Text(_UNREADABLE.fr.format(reason=reason.fr), _UNREADABLE.en.format(reason=reason.en))


def toml_data(text: str, shown: str, problems: list[Problem]) -> dict[str, Any] | None:
    """Return the keys of a TOML text, or None after noting its mistake."""
    try:
        data = tomllib.loads(text)
        large = oversized(data)
    except RecursionError:
        large = DEEP
    except tomllib.TOMLDecodeError as error:
        problems.append(_mistake(str(error), text, shown))
        return None
    except ValueError:  # Python converts no number of more than 4300 digits
        large = LARGE
    if large:
        problems.append(Problem(large, file=shown))
        return None
    return data


def _mistake(reason: str, text: str, shown: str) -> Problem:
    """Return what is wrong with the syntax of a TOML text."""
    found = _LINE.search(reason)
    lines = text.splitlines()
    line = int(found[1]) if found and found[1] else len(lines)
    message = _AGAIN if _TWICE.search(reason) else _SYNTAX.format(reason=_LINE.sub("", reason).strip())
    written = lines[line - 1].strip()[:_WIDE] if line <= len(lines) else None
    return Problem(message, file=shown, line=line, value=written)
