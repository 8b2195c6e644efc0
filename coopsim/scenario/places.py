"""Line numbers of the keys of a TOML text, which the standard parser does not keep.

The text must have been accepted by `tomllib` before: this scanner trusts its syntax.
"""

Path = tuple[str | int, ...]


def places(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each key of a valid TOML text."""
    return _Scanner(text).run()


class _Scanner:
    """One pass over a TOML text, keeping the table in force and the place of each key."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.i = 0
        self.found: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        prefix: Path = ()
        while True:
            self._skip(" \t\r\n")
            if self.i >= len(self.text):
                return self.found
            if self.text[self.i] == "[":
                prefix = self._header()
            else:
                self._pair(prefix)

    def _line(self) -> int:
        return self.text.count("\n", 0, self.i) + 1

    def _skip(self, blanks: str) -> None:
        while self.i < len(self.text):
            if self.text[self.i] == "#":
                end = self.text.find("\n", self.i)
                self.i = len(self.text) if end < 0 else end
            elif self.text[self.i] in blanks:
                self.i += 1
            else:
                return

    def _header(self) -> Path:
        many = self.text.startswith("[[", self.i)
        line = self._line()
        self.i += 2 if many else 1
        path = self._resolved(self._key())
        self.i += 2 if many else 1
        if many:
            self.counts[path] = self.counts.get(path, -1) + 1
            path = (*path, self.counts[path])
        for n in range(1, len(path) + 1):
            self.found.setdefault(path[:n], line)
        return path

    def _resolved(self, parts: list[str]) -> Path:
        """Return the path of a header below the last element of the lists of tables it crosses."""
        path: Path = ()
        for n, part in enumerate(parts):
            path = (*path, part)
            if path in self.counts and n < len(parts) - 1:
                path = (*path, self.counts[path])
        return path

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(" \t")
            if self.text[self.i] in "\"'":
                parts.append(self._string())
            else:
                start = self.i
                while self.text[self.i].isalnum() or self.text[self.i] in "_-":
                    self.i += 1
                parts.append(self.text[start : self.i])
            self._skip(" \t")
            if self.text[self.i] != ".":
                return parts
            self.i += 1

    def _string(self) -> str:
        quote = self.text[self.i]
        triple = self.text.startswith(quote * 3, self.i)
        mark = quote * 3 if triple else quote
        start = self.i = self.i + len(mark)
        while not self.text.startswith(mark, self.i):
            self.i += 2 if quote == '"' and self.text[self.i] == "\\" else 1
        value = self.text[start : self.i]
        self.i += len(mark)
        while triple and self.text.startswith(quote, self.i):  # up to two quotes may end the string itself
            self.i += 1
        return value

    def _pair(self, prefix: Path) -> None:
        line = self._line()
        path: Path = (*prefix, *self._key())
        for n in range(len(prefix) + 1, len(path) + 1):
            self.found.setdefault(path[:n], line)
        self.i += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(" \t")
        mark = self.text[self.i]
        if mark in "\"'":
            self._string()
        elif mark == "[":
            self._items(path, "]")
        elif mark == "{":
            self._items(path, "}")
        else:
            while self.i < len(self.text) and self.text[self.i] not in ",]}#\n":
                self.i += 1

    def _items(self, path: Path, end: str) -> None:
        self.i += 1
        count = 0
        while True:
            self._skip(" \t\r\n,")
            if self.text[self.i] == end:
                self.i += 1
                return
            if end == "]":
                self.found.setdefault((*path, count), self._line())
                self._value((*path, count))
            else:
                self._pair(path)
            count += 1


def line_of(found: dict[Path, int], path: Path) -> int:
    """Return the line of a path or of the nearest branch above it; 0 when none is in the text."""
    for n in range(len(path), 0, -1):
        if path[:n] in found:
            return found[path[:n]]
    return 0
