"""Commands that show and check: list, explain, schema, validate."""

import json

import pytest

from coopsim.catalogue import KINDS, explain, key_names, key_record, records
from coopsim.cli.commands.showing import Kind
from tests.command_line import TINY, coopsim_


class TestList:
    @pytest.mark.parametrize("kind", Kind)
    def test_every_kind(self, kind):
        done = coopsim_("list", kind, "--json")
        assert done.exit_code == 0, done.stderr
        found = json.loads(done.stdout)
        assert found
        assert all(record["name"] for record in found)
        for lang in ("fr", "en"):
            shown = coopsim_("list", kind, "--lang", lang)
            assert shown.exit_code == 0
            assert found[0]["name"] in shown.stdout

    def test_part_of_a_name(self):
        found = json.loads(coopsim_("list", "parameters", "economy.siting.", "--json").stdout)
        assert {record["name"].rpartition(".")[0] for record in found} == {"economy.siting"}

    def test_the_kinds_are_those_of_the_catalogue(self):
        assert tuple(Kind) == KINDS


class TestExplain:
    def test_a_governance_key(self):
        for lang, words in (
            ("fr", ("part de la CFE", "hypothèse")),
            ("en", ("share of business tax", "assumption")),
        ):
            shown = coopsim_("explain", "governance.payoff.revenue_sharing", "--lang", lang).stdout
            for word in (*words, "governance.payoff.revenue_sharing.share", "0 – 0.9", "LC1", "contribution"):
                assert word in shown

    def test_a_parameter_by_its_key_or_its_last_part(self):
        by_key = json.loads(coopsim_("explain", "economy.siting.outside_share", "--json").stdout)
        assert by_key == json.loads(coopsim_("explain", "outside_share", "--json").stdout)
        (record,) = by_key
        assert record["kind"] == "parameter"
        assert record["legal_low"] <= record["range_low"] < record["range_high"] <= record["legal_high"]
        assert record["grade"] == "assumption"

    def test_every_name_and_key_is_explained(self):
        for kind in KINDS:
            names = [record["name"] for record in records(kind)]
            for name in (names[0], names[-1]):
                assert any(record["name"] == name for record in explain(name)), name
        for key in key_names():
            record = key_record(key)
            assert record["label"].fr, key
            assert record["label"].en, key

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("cooperaton", "cooperation"),
            ("revenue_shar", "governance.payoff.revenue_sharing"),
            ("governance.payof.subsidy", "governance.payoff.subsidy"),
        ],
    )
    def test_nearest_name(self, name, hint):
        done = coopsim_("explain", name)
        assert done.exit_code == 2
        assert f"did you mean '{hint}'" in done.stderr


class TestSchema:
    def test_printed_and_written(self, tmp_path):
        path = tmp_path / "s.json"
        assert coopsim_("schema", "--out", str(path)).exit_code == 0
        printed = coopsim_("schema")
        assert json.loads(printed.stdout) == json.loads(path.read_text(encoding="utf-8"))


class TestValidate:
    def test_shipped_names_files_and_cases(self, tiny):
        done = coopsim_("validate", "figeac-cooperation", "figeac", tiny[0])
        assert done.exit_code == 0, done.stderr
        for name in ("figeac-cooperation", "figeac", tiny[0]):
            assert f"{name}: nothing to correct" in done.stdout

    def test_what_looks_wrong_is_told_and_does_not_fail(self, tmp_path):
        path = tmp_path / "odd.toml"
        path.write_text(
            TINY.format(name="odd") + "[governance.payoff.subsidy]\nmax = 0.0\n", encoding="utf-8"
        )
        done = coopsim_("validate", str(path))
        assert done.exit_code == 0
        assert "to check – governance.payoff.subsidy.max: subsidy allowed but capped at zero" in done.stdout
        found = json.loads(coopsim_("validate", str(path), "--json").stdout)
        assert found[0]["ok"]
        assert "plafonnée à zéro" in [
            w["message"]["fr"].rpartition(", mais ")[2] for w in found[0]["warnings"]
        ]

    def test_one_wrong_file_among_others(self, tiny, tmp_path):
        wrong = tmp_path / "wrong.toml"
        wrong.write_text(TINY.format(name="wrong") + "[horizn]\nyears = 2\n", encoding="utf-8")
        done = coopsim_("validate", tiny[0], str(wrong), "--json")
        assert done.exit_code == 2
        right, refused = json.loads(done.stdout)
        assert (right["ok"], refused["ok"]) == (True, False)
        assert refused["errors"][0]["nearest"] == "horizon"
