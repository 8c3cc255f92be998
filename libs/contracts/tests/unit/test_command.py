"""`python -m contracts`: what is exported, and what is found in any kind of clone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contracts.__main__ import main
from contracts.exporting import ASYNCAPI, GOLDEN, SCHEMAS, export, exports, stale
from contracts.history import NoSuchRevision, published_at, published_before

ROOT = Path(__file__).parents[4]
ITEM = SCHEMAS / "inventory.item.v1" / "trueshelf.inventory.item_defined.v1.json"
RELEASED = SCHEMAS / "inventory.reservation.v1" / "trueshelf.inventory.reservation_released.v1.json"
GIT = shutil.which("git") or "git"


def git(root: Path, *arguments: str) -> str:
    """Run git as nobody in particular, with no settings but these."""
    who = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    command = [GIT, "-C", str(root), *who, "-c", "commit.gpgsign=false", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout.strip()


def commit(root: Path, message: str) -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(root, "rev-parse", "HEAD")


def edit(root: Path, path: Any, **values: Any) -> None:
    """Change the top level of a JSON file."""
    content = json.loads((root / path).read_text("utf-8"))
    (root / path).write_text(json.dumps({**content, **values}), "utf-8")


def widen(root: Path) -> None:
    """Let the exported schema say what the code would break: a third reason, an old field."""
    schema = json.loads((root / RELEASED).read_text("utf-8"))
    schema["properties"]["reason"]["enum"].append("regretted")
    (root / RELEASED).write_text(json.dumps(schema), "utf-8")


BROKEN = "trueshelf.inventory.reservation_released.v1 reason: no longer takes regretted"


@pytest.fixture(autouse=True)
def no_other_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the repository that a hook, which may run these tests, works for."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A working tree in which all is exported; no repository."""
    root = tmp_path / "tree"
    (root / "libs/contracts").mkdir(parents=True)
    export(root)
    shutil.copytree(ROOT / GOLDEN, root / GOLDEN)
    return root


@pytest.fixture
def repository(tree: Path) -> Path:
    git(tree, "init", "--quiet", "--initial-branch=main")
    return tree


def check(root: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    code = main(["check", "--root", str(root), *more])
    return code, capsys.readouterr().out


def test_what_is_committed_is_what_the_code_says() -> None:
    assert stale(ROOT) == []


def test_the_present_contracts_pass_their_check(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = check(ROOT, capsys, "--against", str(ROOT))
    assert code == 0, said


def test_an_export_is_stable_and_ordered() -> None:
    assert exports() == exports()
    for path, text in exports().items():
        content = json.loads(text)
        assert list(content) == sorted(content), path
        assert text.endswith("}\n")


def test_every_schema_names_itself_and_its_event() -> None:
    for path, text in exports().items():
        if path == ASYNCAPI:
            continue
        schema = json.loads(text)
        assert path == SCHEMAS / schema["x-topic"] / f"{schema['x-type']}.json"
        assert schema["$id"] == f"urn:trueshelf:{schema['x-topic']}:{schema['x-type']}"
        assert schema["title"]


def numbers_in(part: Any) -> bool:
    if isinstance(part, dict):
        kind = part.get("type")
        return kind == "number" or "number" in (kind or ()) or any(map(numbers_in, part.values()))
    return isinstance(part, list) and any(map(numbers_in, part))


def test_no_schema_allows_a_json_number_for_a_decimal() -> None:
    for path, text in exports().items():
        assert not numbers_in(json.loads(text)), path
    line = json.loads(
        exports()[SCHEMAS / "sales.order.v1" / "trueshelf.sales.order_placed.v1.json"]
    )
    assert line["$defs"]["SoldLine"]["properties"]["quantity"]["type"] == "string"
    assert line["$defs"]["SoldLine"]["properties"]["amount"]["type"] == "string"


def test_an_export_writes_what_is_missing_and_removes_what_is_over(tree: Path) -> None:
    (tree / ITEM).unlink()
    edit(tree, ASYNCAPI, asyncapi="2.6.0")
    over = SCHEMAS / "inventory.item.v1" / "trueshelf.inventory.item_forgotten.v1.json"
    (tree / over).write_text("{}")
    assert stale(tree) == [
        f"{ASYNCAPI}: is not what the code says",
        f"{ITEM}: is missing",
        f"{over}: no event stands behind it",
    ]
    assert export(tree) == [f"wrote {ASYNCAPI}", f"wrote {ITEM}", f"removed {over}"]
    assert stale(tree) == []
    assert export(tree) == []


def test_a_check_fails_where_the_export_was_forgotten(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(tree, ITEM, title="Item")
    code, said = check(tree, capsys)
    assert code == 1
    assert f"{ITEM}: is not what the code says; run `make schemas`" in said


def test_a_tree_without_history_is_compared_with_nothing_and_says_so(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = check(tree, capsys)
    assert code == 0
    assert said.endswith("nothing earlier is here to compare with\n")


def test_a_machine_without_git_can_still_check_the_export(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert check(tree, capsys)[0] == 0


def test_a_repository_without_commits_is_compared_with_nothing(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(repository, capsys)[0] == 0
    assert published_before(repository) == []


def test_a_single_commit_is_compared_with_itself(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = commit(repository, "all at once")
    code, said = check(repository, capsys)
    assert code == 0
    assert f"compared with HEAD ({last[:9]})\n" in said


def test_a_change_that_is_not_committed_yet_is_compared_with_the_last_commit(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    widen(repository)
    commit(repository, "before")
    export(repository)
    code, said = check(repository, capsys)
    assert code == 1
    assert f"{BROKEN}; make a v2 beside it (it was otherwise in HEAD (" in said


def test_a_commit_is_compared_with_the_one_before(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    widen(repository)
    commit(repository, "before")
    export(repository)
    commit(repository, "breaks it")
    code, said = check(repository, capsys)
    assert code == 1
    assert BROKEN in said
    assert "(it was otherwise in HEAD~1 (" in said


def test_a_shallow_clone_is_compared_with_what_it_has(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    widen(repository)
    commit(repository, "before")
    export(repository)
    commit(repository, "breaks it")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), str(clone))
    code, said = check(clone, capsys)
    assert code == 0
    assert "compared with HEAD (" in said


def test_a_branch_is_compared_with_where_it_left(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    widen(repository)
    left = commit(repository, "before")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", repository.as_uri(), str(clone))
    git(clone, "switch", "--quiet", "--create", "work")
    export(clone)
    commit(clone, "breaks it")
    commit(clone, "does something else")
    commit(clone, "and something else again")
    code, said = check(clone, capsys)
    assert code == 1
    assert f"(it was otherwise in {left[:9]})" in said


def test_the_last_release_counts_however_long_ago_it_was(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    widen(repository)
    commit(repository, "release")
    git(repository, "tag", "v1.0.0")
    export(repository)
    for message in ("breaks it", "does something else", "and something else again"):
        commit(repository, message)
    code, said = check(repository, capsys)
    assert code == 1
    assert "(it was otherwise in v1.0.0 (" in said


def test_a_revision_can_be_named(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    widen(repository)
    first = commit(repository, "before")
    export(repository)
    for message in ("breaks it", "does something else", "and something else again"):
        commit(repository, message)
    assert check(repository, capsys)[0] == 0
    code, said = check(repository, capsys, "--base", first)
    assert code == 1
    assert f"(it was otherwise in {first[:9]})" in said


@pytest.mark.parametrize("revision", ["v9.9.9", "--all", "", "HEAD:README.md"])
def test_a_revision_that_is_named_has_to_be_there(
    repository: Path, capsys: pytest.CaptureFixture[str], revision: str
) -> None:
    commit(repository, "all at once")
    with pytest.raises(NoSuchRevision):
        published_at(repository, revision)
    code, said = check(repository, capsys, f"--base={revision}")
    assert code == 2
    assert "is not in this clone" in said


def test_an_earlier_version_without_schemas_is_passed_over(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.move(repository / SCHEMAS, repository.parent / "aside")
    commit(repository, "before there were any")
    shutil.move(repository.parent / "aside", repository / SCHEMAS)
    last = commit(repository, "first export")
    code, said = check(repository, capsys)
    assert code == 0
    assert said.endswith(f"compared with HEAD ({last[:9]})\n")


def test_another_checkout_can_be_named(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    shutil.copytree(tree, other)
    widen(other)
    code, said = check(tree, capsys, "--against", str(other))
    assert code == 1
    assert f"(it was otherwise in {other})" in said
    assert check(tree, capsys, "--against", str(tmp_path / "nowhere"))[0] == 2


def test_a_golden_payload_of_an_earlier_version_has_to_be_readable(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the present tree has changed the file along with the code."""
    other = tmp_path / "other"
    shutil.copytree(tree, other)
    golden = GOLDEN / "trueshelf.inventory.stock_shipped.v1" / "1.json"
    edit(other, golden, quantity="0")
    code, said = check(tree, capsys, "--against", str(other))
    assert code == 1
    assert f"{golden} can't be read any more: quantity: Input should be greater than 0" in said


def test_outside_of_the_repository_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--root", str(tmp_path)]) == 2
    assert "is not the root of the repository" in capsys.readouterr().out


def test_exporting_tells_what_it_did(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / ITEM).unlink()
    assert main(["export", "--root", str(tree)]) == 0
    assert capsys.readouterr().out == f"wrote {ITEM}\n"
    assert main(["export", "--root", str(tree)]) == 0
    assert capsys.readouterr().out == "nothing has changed\n"


def test_the_asyncapi_document_is_printed_for_all_or_one() -> None:
    for producer in ((), ("costing",)):
        command = [sys.executable, "-m", "contracts", "asyncapi", *producer]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        assert json.loads(done.stdout)["asyncapi"] == "3.0.0"
