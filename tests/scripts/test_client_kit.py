"""The kit of clients: what is written from the schema and the saved operations, and that a compiler takes it."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from graphql import is_input_object_type, is_non_null_type, type_from_ast

from app.graph.saved import Saved, saved
from app.graph.trusted import Trusted, hash_of
from app.schema import schema
from scripts.build_pages import node_and_npm
from scripts.client_kit import definition, main

CHECK = Path(__file__).parent / "kit"


@pytest.mark.parametrize("name", ["operations", "documents", "transport"])
def test_somebody_elses_folder_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "theirs.txt").write_text("years of work")
    assert main([str(tmp_path)]) == 1
    assert "nothing was written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*.*")] == ["theirs.txt"]


def test_each_saved_operation_is_in_it_with_its_types_and_the_hash_the_house_knows(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 0
    written = {path: path.read_text() for path in tmp_path.rglob("*.*")}
    assert main([str(tmp_path)]) == 0
    assert {path: path.read_text() for path in tmp_path.rglob("*.*")} == written
    types = (tmp_path / "types.d.ts").read_text()
    declared = re.findall(r"^export (?:type|interface) (\w+)", types, re.MULTILINE)
    assert len(declared) == len(set(declared))
    trusted = Trusted()
    for one in saved():
        assert {one.name, f"{one.name}Variables"} <= set(declared)
        assert f"documents/{one.role.lower()}.js" in (tmp_path / "documents.js").read_text()
        documents, typed = (
            (tmp_path / "documents" / f"{one.role.lower()}{end}").read_text() for end in (".js", ".d.ts")
        )
        assert f"const {one.name}: TypedDocument<types.{one.name}, types.{one.name}Variables>;" in typed
        (found,) = re.findall(rf"^export const {one.name} = (\{{.*?^\}});$", documents, re.M | re.S)
        said = json.loads(found)
        assert said["text"] == (tmp_path / "operations" / one.role.lower() / f"{one.name}.graphql").read_text()
        assert said.get("keyed", False) == needs_key(one)
        for each in (said, said.get("twin", said)):
            assert each["hash"] == hash_of(each["text"])
            assert trusted.text(each["hash"]) == each["text"], "the house knows it"
        assert ("twin" in said) == (said["kind"] == "subscription")
    assert "readonly questions?: {" in types, "what @include leaves out may not be there"
    assert "readonly askedAt: string;" in types
    assert "divisionCode: string;" in types
    assert "readonly __typename: 'Refused';" in types


def needs_key(one: Saved) -> bool:
    kinds = [type_from_ast(schema._schema, each.type) for each in definition(one).variable_definitions or ()]
    inputs = [kind.of_type.fields for kind in kinds if is_non_null_type(kind) and is_input_object_type(kind.of_type)]
    return any("idempotencyKey" in each and is_non_null_type(each["idempotencyKey"].type) for each in inputs)


@pytest.mark.full
def test_a_compiler_takes_it_and_finds_the_faults_of_who_uses_it(tmp_path: Path) -> None:
    main([str(tmp_path / "kit")])
    for file in CHECK.iterdir():
        shutil.copy(file, tmp_path)
    node, npm = node_and_npm()
    subprocess.run([node, npm, "ci", "--ignore-scripts", "--loglevel=error"], cwd=tmp_path, check=True)
    strictly = ["--noEmit", "--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler"]
    transport = ["--allowJs", "--checkJs", "wx.d.ts", *(f"kit/transport/{name}.js" for name in ("browser", "wechat"))]
    for files in (["use.ts"], transport):
        command = [node, "node_modules/typescript/bin/tsc", *strictly, *files]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
