import shutil
from pathlib import Path

import pytest

from flight_delays.errors import DataError
from flight_delays.lineage.git import ask_git, check_out
from repositories import commit_all, git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of two commits that holds the project in a folder."""
    path = tmp_path / "repository"
    (path / "project").mkdir(parents=True)
    for text in ("old", "new"):
        (path / "project" / "a.py").write_text(text)
        commit_all(path)
    return path


def list_worktrees(repository: Path) -> list[str]:
    return git(repository, "worktree", "list").splitlines()


def test_commit_is_checked_out_beside_the_working_tree_and_removed(
    repository: Path, tmp_path: Path
) -> None:
    with check_out(repository / "project", git(repository, "rev-parse", "HEAD~"), tmp_path) as old:
        assert (old / "a.py").read_text() == "old"
        (old / "output").touch()
        assert git(old, "rev-parse", "HEAD~0") == git(repository, "rev-parse", "HEAD~")
    assert not (tmp_path / "worktree").exists()
    assert len(list_worktrees(repository)) == 1
    assert (repository / "project" / "a.py").read_text() == "new"


@pytest.mark.parametrize("accident", [KeyboardInterrupt, SystemExit, DataError])
def test_worktree_is_removed_however_it_ends(
    repository: Path, tmp_path: Path, accident: type[BaseException]
) -> None:
    with pytest.raises(accident), check_out(repository, "HEAD", tmp_path):
        raise accident
    assert not (tmp_path / "worktree").exists()
    assert len(list_worktrees(repository)) == 1


def test_refusal_of_git_is_told(repository: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(DataError, match=r"git cannot check out HEAD~7: .*invalid reference"),
        check_out(repository, "HEAD~7", tmp_path),
    ):
        pass


@pytest.mark.parametrize("is_git_there", [True, False])
def test_no_answer_outside_a_repository_and_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_git_there: bool
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("PATH", str(Path(shutil.which("git") or "").parent) if is_git_there else "")
    assert ask_git(tmp_path, "rev-parse", "HEAD") is None
