"""The command ``coopsim``: language, commands of other packages, help in the language in force."""

import copy
from typing import Annotated, Any

import typer
import typer.core

from coopsim import __version__
from coopsim.cli import commands, texts
from coopsim.cli.extras import extra_commands, load_command
from coopsim.cli.failures import reported
from coopsim.errors import scenario_error
from coopsim.i18n import Lang, locale_lang, set_lang
from coopsim.registry import nearest

_LANG = "--lang"


class Command(typer.core.TyperCommand):
    """A command whose help is in the language in force and shows ``--lang``, which `Root` reads."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options, ``--lang`` before ``--help``."""
        found = super().get_params(ctx)
        shown = next((p for p in ctx.parent.command.params if p.name == "lang"), None) if ctx.parent else None
        if shown is not None:
            lang = copy.copy(shown)
            lang.expose_value = False
            found.insert(-1, lang)
        return found

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with its text."""
        return _told(super().get_help_option(ctx))


class Root(typer.core.TyperGroup):
    """All commands: ours, and those that other packages give under ``coopsim.commands``."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Take ``--lang`` from anywhere in the command line, then read the rest in that language."""
        set_lang(locale_lang())
        with reported():
            rest, lang = _split(args)
            set_lang(lang or locale_lang())
            self._speak()
            return super().make_context(info_name, rest or ["--help"], parent=parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; whatever goes wrong becomes a sentence and an exit code."""
        with reported():
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command called, imported now if it comes from another package."""
        name = args[0]
        points = extra_commands()
        if name in points:
            return name, _translated(load_command(points[name], Command)), args[1:]
        if name not in self.commands and not name.startswith("-"):
            known = [*self.commands]
            raise scenario_error(
                "commande inconnue",
                "unknown command",
                value=name,
                allowed=", ".join(known),
                nearest=nearest(name, known),
            )
        return super().resolve_command(ctx, args)

    def get_help_option(self, ctx: Any) -> Any:
        """Return ``--help`` with its text."""
        return _told(super().get_help_option(ctx))

    def _speak(self) -> None:
        """Put every help text in the language in force."""
        from typer import rich_utils

        for name, text in texts.PANELS.items():
            if hasattr(rich_utils, name):
                setattr(rich_utils, name, str(text))
        for name, point in extra_commands().items():
            told = texts.OUTER.get(name, point.value.partition(".")[0])
            self.commands.setdefault(name, Command(name)).help = str(told)
        self.help = str(texts.ROOT)
        for name, command in self.commands.items():
            if name in texts.COMMANDS:
                command.help = str(texts.COMMANDS[name])
            for parameter in (*command.params, *self.params):
                _told(parameter)


def _told(parameter: Any) -> Any:
    """Return a parameter with its help in the language in force."""
    name = getattr(parameter, "name", None)
    if name in texts.OPTIONS:
        parameter.help = str(texts.OPTIONS[name])
    return parameter


def _translated(command: Any) -> Any:
    """Return a command of another package whose ``--help``, and those of its own commands, are in our language."""
    if not isinstance(command, Command):
        help_option = command.get_help_option
        command.get_help_option = lambda ctx: _told(help_option(ctx))
    for inner in getattr(command, "commands", {}).values():
        _translated(inner)
    return command


def _split(args: list[str]) -> tuple[list[str], Lang | None]:
    """Return the command line without ``--lang``, and its value."""
    rest: list[str] = []
    lang: Lang | None = None
    words = iter(args)
    for word in words:
        if word == "--":
            return [*rest, word, *words], lang
        if word == _LANG:
            lang = _lang(next(words, ""))
        elif word.startswith(f"{_LANG}="):
            lang = _lang(word.partition("=")[2])
        else:
            rest.append(word)
    return rest, lang


def _lang(value: str) -> Lang:
    if value == "fr":
        return "fr"
    if value == "en":
        return "en"
    raise scenario_error("langue inconnue", "unknown language", key=_LANG, value=value, allowed="fr, en")


def _show_version(value: bool) -> None:  # typer gives the flag
    if value:
        typer.echo(f"coopsim {__version__}")
        raise typer.Exit


app = typer.Typer(cls=Root, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")


@app.callback()
def _root(
    lang: Annotated[str | None, typer.Option(_LANG, metavar="fr|en")] = None,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True)] = False,
) -> None:
    """Options before any command."""


for _name, _function in commands.COMMANDS.items():
    app.command(_name, cls=Command)(_function)


def main() -> None:
    """Run the command line."""
    app()
