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
def progress(title: Text) -> Iterator[OnDone]:
    """Show the progress of the block, which calls what it is given with the runs done and their total."""
    if error_console().is_terminal:
        with _bar(title) as on_done:
            yield on_done
    else:
        yield _lines()


@contextmanager
def _bar(title: Text) -> Iterator[OnDone]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    started = time.monotonic()
    with Progress(*columns, console=error_console(), transient=True) as bar:
        task = bar.add_task(str(title), total=None, rate="")

        def on_done(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, rate=_rate(done, started))

        yield on_done


def _lines() -> OnDone:
    """Return a reporter that writes a line at most every ten percent."""
    started = time.monotonic()
    last = 0

    def on_done(done: int, total: int) -> None:
        nonlocal last
        percent = 100 * done // total
        if percent // _STEP > last // _STEP:
            last = percent
            left = round((time.monotonic() - started) / done * (total - done))
            say(
                str(
                    _LINE.format(
                        percent=percent, done=done, total=total, rate=_rate(done, started), left=left
                    )
                )
            )

    return on_done


def _rate(done: int, started: float) -> str:
    rate = f"{done / max(time.monotonic() - started, 1e-9):.1f}"
    return str(_RATE.format(rate=rate.replace(".", ",") if lang() == "fr" else rate))
