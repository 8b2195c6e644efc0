"""Errors are part of the public interface: each says what, where, and how to mend it."""

import errno
from dataclasses import dataclass
from typing import Any

from coopsim.i18n import Text

_REASONS = {
    errno.ENOENT: "fichier ou dossier introuvable",
    errno.EACCES: "accès refusé",
    errno.EPERM: "opération interdite",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.EEXIST: "ce nom est déjà pris",
    errno.ENOSPC: "plus de place sur le disque",
    errno.EDQUOT: "quota de disque dépassé",
    errno.EROFS: "disque en lecture seule",
    errno.ENAMETOOLONG: "nom trop long",
}


def reason_of(error: OSError) -> Text:
    """Return why the system refused a file: its own words, and the same in French where we have them."""
    own = error.strerror or str(error)
    return Text(_REASONS.get(error.errno or 0, own), own)


class CoopsimError(Exception):
    """Base class of every error that coopsim raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the user's input.

    Attributes
    ----------
    message : Text
        What is wrong and what to do, in French and English.
    file : str
        The file as the user named it; empty for a value given on the command line.
    line : int
        Line in the file, from 1; 0 when unknown.
    key : str
        Dotted key or column.
    value : object
        The refused value; None when there is none to show.
    allowed : str
        Allowed range or choices; empty when none.
    nearest : str
        Nearest valid name; empty when none.
    """

    message: Text
    file: str = ""
    line: int = 0
    key: str = ""
    value: Any = None
    allowed: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        head = ": ".join(part for part in (where, self.key) if part)
        text = f"{head}: {self.message}" if head else str(self.message)
        if self.value is not None:
            text += str(Text(fr=f" (reçu : {self.value!r})", en=f" (got: {self.value!r})"))
        if self.allowed:
            text += str(Text(fr=f" ; permis : {self.allowed}", en=f"; allowed: {self.allowed}"))
        if self.nearest:
            text += str(
                Text(fr=f" ; vouliez-vous dire « {self.nearest} » ?", en=f"; did you mean '{self.nearest}'?")
            )
        return text


class ScenarioError(CoopsimError, ValueError):
    """A scenario, case, plan or argument cannot be used as written; holds every problem found.

    Also a `ValueError`, so that pydantic lists it with the other mistakes of the file.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[list[Problem]]]:
        return type(self), (list(self.problems),)


def scenario_error(fr: str, en: str, **where: Any) -> ScenarioError:
    """Return a `ScenarioError` with a single problem."""
    return ScenarioError([Problem(Text(fr, en), **where)])
