"""Progress of long work: a bar with rate and time left, or plain lines where there is no terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from coopsim.cli.failures import say
from coopsim.cli.output import error_console
from coopsim.executors import OnDone
from coopsim.i18n import Text, lang

_STEP = 10  # percent between two plain lines
_RATE = Text("{rate} simulations/s", "{rate} runs/s")
_LINE = Text(
    "{percent} % ({done}/{total}), {rate}, reste {left} s",
    "{percent}% ({done}/{total}), {rate}, {left} s left",
)


@contextmanager
def progress(title: Text, *, resumed: bool = False) -> Iterator[OnDone]:
    """Show the progress of the block, which calls what it is given with the runs done and their total.

    Parameters
    ----------
    title : Text
    resumed : bool
        The first call tells what was there before: it counts for no time.
    """
    if error_console().is_terminal:
        with _bar(title, resumed=resumed) as on_done:
            yield on_done
    else:
        yield _lines(resumed=resumed)


@contextmanager
def _bar(title: Text, *, resumed: bool) -> Iterator[OnDone]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    clock = _Clock(resumed=resumed)
    with Progress(*columns, console=error_console(), transient=True) as bar:
        task = bar.add_task(str(title), total=None, rate="")

        def on_done(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, rate=clock.rate(done))

        yield on_done


def _lines(*, resumed: bool) -> OnDone:
    """Return a reporter that writes a line at most every ten percent."""
    clock = _Clock(resumed=resumed)
    last = 0

    def on_done(done: int, total: int) -> None:
        nonlocal last
        rate = clock.rate(done)
        percent = 100 * done // max(total, 1)
        if not rate:
            last = percent
        elif percent // _STEP > last // _STEP:
            last = percent
            left = round(clock.left(done, total))
            say(str(_LINE.format(percent=percent, done=done, total=total, rate=rate, left=left)))

    return on_done


class _Clock:
    """Rate of the runs since the start, without those that were there before."""

    def __init__(self, *, resumed: bool) -> None:
        self.started = time.monotonic()
        self.before: int | None = None if resumed else 0

    def rate(self, done: int) -> str:
        """Return the runs a second in words; the first call of resumed work only notes what was there."""
        if self.before is None:
            self.before, self.started = done, time.monotonic()
            return ""
        rate = f"{(done - self.before) / self._spent():.1f}"
        return str(_RATE.format(rate=rate.replace(".", ",") if lang() == "fr" else rate))

    def left(self, done: int, total: int) -> float:
        """Return the seconds left."""
        return self._spent() / max(done - (self.before or 0), 1) * (total - done)

    def _spent(self) -> float:
        return max(time.monotonic() - self.started, 1e-9)
