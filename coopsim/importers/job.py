"""One import under way: files, options, the case folder, and what to tell at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coopsim.errors import Problem, ScenarioError
from coopsim.i18n import Text
from coopsim.importers.conventions import Convention, conventions
from coopsim.importers.folder import CaseFolder
from coopsim.importers.reading import Layout, Sheet, read_sheets


@dataclass(slots=True)
class Job:
    """One import.

    Attributes
    ----------
    files : tuple of Path
    options : dict of str to str
        Checked names, defaults filled in.
    folder : CaseFolder
    encoding : str
    head : str or None
        Text of ``case.toml`` where the case has none.
    remarks : list of Text
    """

    files: tuple[Path, ...]
    options: Mapping[str, str]
    folder: CaseFolder
    encoding: str = "utf-8"
    head: str | None = None
    remarks: list[Text] = field(default_factory=list)

    def option(self, name: str) -> str:
        """Return an option."""
        return self.options[name]

    def count(self, name: str, low: int, high: int) -> int:
        """Return an option that is a whole number.

        Raises
        ------
        ScenarioError
            When it is none, or out of bounds.
        """
        text = self.options[name]
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            message = Text("un nombre entier est attendu", "a whole number is expected")
            raise ScenarioError([Problem(message, key=name, value=text, allowed=f"{low} – {high}")])
        return int(text)

    def assumed(self, name: str) -> Convention:
        """Return a convention, with the value that an option of its name gives."""
        return conventions()[name].valued(self.options.get(name, ""))

    def read(self, *layouts: Layout) -> dict[str, list[Sheet]]:
        """Return the sheets of the files, by layout."""
        return read_sheets(self.files, layouts, self.encoding)

    def one(self, sheets: Mapping[str, Sequence[Sheet]], layout: Layout) -> Sheet:
        """Return the only sheet of a layout.

        Raises
        ------
        ScenarioError
            When there is none, or more than one.
        """
        found = sheets.get(layout.name, [])
        if len(found) != 1:
            message = Text("donner un fichier « {title} »", "give one file '{title}'")
            raise ScenarioError([Problem(message.format(title=layout.title), value=len(found))])
        return found[0]

    def remark(self, text: Text) -> None:
        """Note something to tell when the import is done."""
        self.remarks.append(text)
