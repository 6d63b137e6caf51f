"""The kit of clients: what is written from the schema and the saved operations, and that a compiler takes it."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.graph.saved import saved
from app.graph.trusted import hash_of
from scripts.build_pages import node_and_npm
from scripts.client_kit import main

CHECK = Path(__file__).parent / "kit"


def test_each_saved_operation_is_in_it_with_its_types_and_the_hash_the_house_knows(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 0
    written = {path: path.read_text() for path in tmp_path.rglob("*.*")}
    assert main([str(tmp_path)]) == 0
    assert {path: path.read_text() for path in tmp_path.rglob("*.*")} == written
    types, documents = (tmp_path / "types.ts").read_text(), (tmp_path / "documents.ts").read_text()
    declared = re.findall(r"^export (?:type|interface) (\w+)", types, re.MULTILINE)
    assert len(declared) == len(set(declared))
    found = dict(re.findall(r"^export const (\w+): TypedDocument<[^>]+>+ = (\{.*?^\});$", documents, re.M | re.S))
    assert found.keys() == {one.name for one in saved()}
    for one in saved():
        assert {one.name, f"{one.name}Variables"} <= set(declared)
        said = json.loads(found[one.name])
        assert said["text"] == (tmp_path / "operations" / one.role.lower() / f"{one.name}.graphql").read_text()
        assert said["hash"] == hash_of(said["text"])
    assert "readonly questions?: {" in types, "what @include leaves out may not be there"
    assert "readonly askedAt: string;" in types
    assert "divisionCode: string;" in types
    assert "readonly __typename: 'Refused';" in types


@pytest.mark.full
def test_a_compiler_takes_it_and_finds_the_faults_of_who_uses_it(tmp_path: Path) -> None:
    main([str(tmp_path / "kit")])
    for file in CHECK.iterdir():
        shutil.copy(file, tmp_path)
    node, npm = node_and_npm()
    subprocess.run([node, npm, "ci", "--ignore-scripts", "--loglevel=error"], cwd=tmp_path, check=True)
    strictly = ["--noEmit", "--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler"]
    compiler = "node_modules/typescript/bin/tsc"
    done = subprocess.run(
        [node, compiler, *strictly, "use.ts"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
