"""The published JSON Schema is the one that the code makes, described in French."""

import json
import subprocess
import sys

from coopsim.scenario.document import document_model
from coopsim.scenario.refusals import names_of
from coopsim.scenario.schema_file import json_schema, write_schema
from coopsim.scenario.shipped import shipped


def test_the_published_schema_is_current(tmp_path):
    """Written by a fresh process: tests may have registered rules of their own in this one."""
    code = "import sys; from pathlib import Path; from coopsim.scenario.schema_file import write_schema; "
    code += "write_schema(Path(sys.argv[1]))"
    path = tmp_path / "schema.json"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, cwd=shipped().parent)
    assert json.loads(shipped("schema.json").read_text("utf-8")) == json.loads(path.read_text("utf-8")), (
        "run coopsim.scenario.schema_file.write_schema()"
    )


def test_every_key_has_a_french_description():
    schema = json_schema()
    tables = [("", schema), *schema["$defs"].items()]
    for name, table in tables:
        for key, value in table.get("properties", {}).items():
            assert value.get("description"), f"{name}.{key}"
            assert value.get("x-en"), f"{name}.{key}"


def test_the_schema_is_closed_and_complete(tmp_path):
    schema = json_schema()
    assert set(schema["properties"]) == set(names_of(document_model()))
    for table in schema["$defs"].values():
        assert table["additionalProperties"] is False
    text = write_schema(tmp_path / "schema.json").read_text("utf-8")
    assert '"null"' not in text, "TOML has no null"
    assert json.loads(text) == schema
