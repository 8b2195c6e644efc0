"""The option that writes golden figures again: ``pytest tests/golden --update-golden``; review the diff like code."""


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden figures of this version")
