"""Executors: the order of tasks, failures that say where, workers that stop, scripts that need no guard."""

import math
import multiprocessing
import operator
import os
import pickle
import signal
import subprocess
import sys
from dataclasses import dataclass

import pytest

from coopsim.errors import ScenarioError, scenario_error
from coopsim.executors import Processes, RunFailure, Serial, cores, executor, failing_as, rule_modules
from coopsim.i18n import Text, set_lang
from coopsim.registry import Registry, Traits


@pytest.mark.parametrize("run", [Serial(), Processes(2)], ids=["serial", "processes"])
def test_results_come_in_the_order_of_the_tasks_and_progress_reaches_the_total(run):
    seen = []
    tasks = list(range(60))
    assert run.map(operator.neg, tasks, lambda done, total: seen.append((done, total))) == [-t for t in tasks]
    assert seen[-1] == (60, 60)
    assert seen == sorted(seen)


def test_no_task_starts_no_process():
    assert Processes(2).map(operator.neg, []) == []


@pytest.mark.parametrize("run", [Serial(), Processes(2)], ids=["serial", "processes"])
def test_the_first_failure_reaches_the_caller_and_no_worker_outlives_it(run):
    with pytest.raises(ValueError, match="domain"):
        run.map(math.sqrt, [4.0, -1.0, 9.0])
    assert multiprocessing.active_children() == []


def test_a_worker_that_dies_is_a_failure_with_a_hint():
    with pytest.raises(RunFailure, match="--workers 1") as caught:
        Processes(2).map(os._exit, [3, 3])
    assert caught.value.seed is None


def test_an_unexpected_error_tells_its_run_in_both_languages():
    with pytest.raises(RunFailure) as caught, failing_as("figeac", 12):
        {}["jobs"]
    failure = pickle.loads(pickle.dumps(caught.value))
    assert (failure.scenario, failure.seed) == ("figeac", 12)
    assert "KeyError" in failure.trace
    assert "the run of 'figeac', seed 12, failed" in str(failure)
    set_lang("fr")
    assert "la simulation de « figeac », graine 12" in str(failure)


def test_the_users_mistakes_pass_unchanged():
    with pytest.raises(ScenarioError), failing_as("figeac", 1):
        raise scenario_error("non", "no")


def test_executor_refuses_no_worker_and_starts_no_more_than_tasks():
    with pytest.raises(ScenarioError, match="worker"):
        executor(0)
    assert executor(1) == Serial()
    assert executor(8, tasks=3) == Processes(3)
    assert executor(8, tasks=1) == Serial()
    assert executor(None) == (Processes(cores()) if cores() > 1 else Serial())


def test_rules_written_in_the_script_stay_in_one_process(monkeypatch):
    registry = Registry("test rule of a script")
    del Registry.all["test rule of a script"]
    assert "__main__" not in rule_modules()
    rule = type("Mine", (), {"traits": Traits(Text("a", "a"), "b"), "__module__": "__main__"})
    registry.register("mine")(dataclass(frozen=True)(rule))
    monkeypatch.setitem(Registry.all, "test rule of a script", registry)
    assert "__main__" in rule_modules()
    with pytest.warns(UserWarning, match="in one process"):
        assert executor(4) == Serial()


SCRIPT = """
import operator
from coopsim.executors import Processes
print(Processes(2).map(operator.neg, [1, 2, 3]))
"""


def test_a_script_without_a_guard_can_use_workers(tmp_path):
    script = tmp_path / "plain.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[-1, -2, -3]"


INTERRUPTED = """
import multiprocessing
from coopsim.executors import Processes

def told(done, total):
    print("done", done, flush=True)

try:
    Processes(2).map(sum, [range(3), range(10**13), range(10**13)], told)
except KeyboardInterrupt:
    print("stopped", len(multiprocessing.active_children()), flush=True)
"""


@pytest.mark.skipif(
    not hasattr(os, "killpg"), reason="Ctrl-C reaches a group of processes, which this system lacks"
)
def test_ctrl_c_stops_the_workers_and_reaches_the_caller(tmp_path):
    script = tmp_path / "long.py"
    script.write_text(INTERRUPTED)
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a shell's background job ignores Ctrl-C, and children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stdout.readline() == "done 1\n"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert out == "stopped 0\n"
    assert "Traceback" not in err
