"""The command line: it reads options, calls one function, prints. No science, and nothing slow at import."""

from coopsim.cli.root import app, main

__all__ = ["app", "main"]
