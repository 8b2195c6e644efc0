"""The command line in this process and in a fresh interpreter."""

import os
import subprocess
import sys

from typer.testing import CliRunner

from coopsim.cli import app

TINY = 'schema = 1\nname = "{name}"\n[horizon]\nyears = 1\n[case.synthetic]\nterritories = 2\n'


def coopsim_(*words, **env):
    """Run the command line in this process; returns the result with .exit_code, .stdout and .stderr."""
    return CliRunner().invoke(app, list(words), env={"LC_ALL": "C", "COLUMNS": "200", **env})


def process(code, *words, **settings):
    """Run Python code in a fresh interpreter, with some variables of its environment."""
    env = os.environ | {"COLUMNS": "200", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", **settings}
    call = [sys.executable, "-c", code, *words]
    return subprocess.run(call, env=env, capture_output=True, encoding="utf-8", check=False)
