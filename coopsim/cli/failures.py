"""Exit codes: 0 done, 1 a fault of coopsim, 2 the user's input, 3 stopped by the user."""

import errno
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any, NoReturn

import typer

from coopsim import __version__
from coopsim.errors import CoopsimError, ScenarioError, reason_of
from coopsim.i18n import Text


class Code(IntEnum):
    """Exit codes that scripts may rely on."""

    DONE = 0
    FAULT = 1
    INPUT = 2
    STOPPED = 3


_PLACES = {errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS, errno.EDQUOT}
_NOTHING = Text("Arrêté : rien n'a été écrit.", "Stopped: nothing was written.")
_KEPT = Text("Arrêté ; ce qui est fini est gardé : {paths}", "Stopped; what is finished is kept: {paths}")
_FAULT = Text(
    "C'est une faute de coopsim, pas la vôtre. Pour la signaler : la commande, les lignes ci-dessus et\n"
    "coopsim {version}, Python {python}, {system}.",
    "This is a fault of coopsim, not yours. To report it, send the command, the lines above and\n"
    "coopsim {version}, Python {python}, {system}.",
)
_THEIRS = Text(
    "Cela vient d'une règle de {place}, pas de coopsim : c'est à son auteur de la corriger.",
    "This comes from a rule of {place}, not from coopsim: its author can mend it.",
)
_TRY = Text("Aide : {command} --help", "Help: {command} --help")

_written: list[Path] = []


def kept(path: Path) -> None:
    """Note that something is finished and stays if the user stops the command now."""
    _written.append(path)


@contextmanager
def reported() -> Iterator[None]:
    """Turn what goes wrong in the block into a sentence on the error stream and an exit code."""
    _written.clear()
    try:
        yield
    except KeyboardInterrupt:
        paths = ", ".join(map(str, _written))
        say(str(_KEPT.format(paths=paths) if paths else _NOTHING))
        raise typer.Exit(Code.STOPPED) from None
    except (typer.Exit, typer.Abort):
        raise
    except ScenarioError as error:
        say(problems_text(error), fg="red")
        raise typer.Exit(Code.INPUT) from None
    except Exception as error:
        _unexpected(error)


def _unexpected(error: Exception) -> NoReturn:
    """Tell a refused option, a place that cannot be written, or a fault of coopsim."""
    if hasattr(error, "format_message"):  # typer refused an option or an argument
        _misused(error)
    if isinstance(error, OSError):
        if error.errno == errno.EPIPE:  # the reader of the output has gone: typer ends quietly
            raise error
        if error.errno in _PLACES:
            say(f"{error.filename or ''}: {reason_of(error)}".lstrip(": "), fg="red")
            raise typer.Exit(Code.INPUT) from None
    trace = str(error) if isinstance(error, CoopsimError) else "".join(traceback.format_exception(error))
    _fault(trace)


def problems_text(error: ScenarioError) -> str:
    """Return one message that lists every problem of an error."""
    if len(error.problems) == 1:
        return str(Text("Erreur : {0}", "Error: {0}")).format(error)
    head = Text("{n} erreurs :", "{n} errors:").format(n=len(error.problems))
    return "\n".join([str(head), *(f"  {problem}" for problem in error.problems)])


def say(text: str, fg: str | None = None) -> None:
    """Write to the error stream, in colour on a terminal."""
    typer.secho(text, err=True, fg=fg)


def _fault(trace: str) -> NoReturn:
    from platform import platform, python_version

    say(trace.rstrip())
    theirs = _rules_of_others(trace)
    if theirs:
        say(str(_THEIRS.format(place=theirs)), fg="red")
        raise typer.Exit(Code.INPUT) from None
    say(str(_FAULT.format(version=__version__, python=python_version(), system=platform())), fg="red")
    raise typer.Exit(Code.FAULT) from None


def _rules_of_others(trace: str) -> str:
    """Return the module, outside coopsim, whose rule was running when the error came; empty when none was."""
    from coopsim.executors import rule_modules
    from coopsim.plugins import FILES

    for name in sorted(rule_modules()):
        file = str(getattr(sys.modules.get(name), "__file__", None))
        if f'"{file}"' in trace:
            return str(FILES.get(name, name))
    return ""


def _misused(error: Any) -> NoReturn:
    context = getattr(error, "ctx", None)
    if context is not None:
        say(context.get_usage())
        say(str(_TRY.format(command=context.command_path)))
    if str(error.format_message()).strip():  # none: a group called without a command has shown its help
        say(str(Text("Erreur : {0}", "Error: {0}")).format(_misuse(error)), fg="red")
    raise typer.Exit(Code.INPUT) from None


_WHY = (  # what typer and pydantic say of a value, and the same in French
    (r"integer", "un nombre entier est attendu"),
    (r"(?:float|number)\b", "un nombre est attendu"),
    (r"greater than or equal to (\S+)", "au moins {0}"),
    (r"less than or equal to (\S+)", "au plus {0}"),
    (r"greater than (\S+)", "plus de {0}"),
    (r"less than (\S+)", "moins de {0}"),
    (r"(\S+) is not one of (.+?)\.?$", "{0} n'est pas dans la liste : {1}"),
    (r"[Oo]ption '?([^\s']+)'? requires (?:an|\d+) arguments?", "{0} attend une valeur"),
    (r"[Oo]ption '?([^\s']+)'? does not take a value", "{0} n'attend pas de valeur"),
    (r"unexpected extra arguments?(?:\(s\))? \((.+)\)", "de trop : {0}"),
)


def _in_french(message: str) -> str:
    """Return why a value is refused in French; the message itself where it is one of ours."""
    for pattern, french in _WHY:
        found = re.search(pattern, message)
        if found is not None:
            return french.format(*(group.rstrip(".") for group in found.groups()))
    return message


def _hint(parameter: Any) -> str:
    """Return how an option or an argument is written; typer's own function changes its signature between versions."""
    words = parameter.opts if parameter.opts[0].startswith("-") else [parameter.metavar or parameter.name]
    return " / ".join(f"'{word}'" for word in words)


def _misuse(error: Any) -> Text:
    """Return what is wrong with an option or an argument; typer itself says it in English only."""
    kind = type(error).__name__
    message = str(error.format_message())
    parameter = getattr(error, "param", None)
    hint = _hint(parameter) if parameter is not None else ""
    if kind == "MissingParameter":
        return Text(f"il manque {hint}", f"missing {hint}")
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        return Text(
            f"option inconnue : {error.option_name}" + (f" ; vouliez-vous dire {near} ?" if near else ""),
            f"unknown option: {error.option_name}" + (f"; did you mean {near}?" if near else ""),
        )
    if kind == "BadParameter" and hint:
        return Text(
            f"valeur refusée pour {hint} : {_in_french(error.message)}",
            f"refused value for {hint}: {error.message.removeprefix('Value error, ')}",
        )
    return Text(_in_french(message), message)
