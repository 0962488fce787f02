import hashlib
import os
import platform
import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from flight_delays.lineage.provenance import (
    describe_code,
    digest_contents,
    digest_files,
    digest_tables,
    list_packages,
)
from repositories import git


def test_describe_code_in_git(tmp_path: Path) -> None:
    git(tmp_path, "init")
    git(tmp_path, "commit", "--allow-empty", "--message=Begin")
    clean = describe_code(tmp_path)
    assert clean == {
        "git_commit": git(tmp_path, "rev-parse", "HEAD"),
        "git_dirty": "false",
        "lock_sha256": "unknown",
        "python_version": platform.python_version(),
    }
    (tmp_path / "new.py").touch()
    assert describe_code(tmp_path) == clean | {"git_dirty": "true"}


@pytest.mark.parametrize("path", ["", os.environ["PATH"]], ids=["no git", "no repository"])
def test_describe_code_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    code = describe_code(tmp_path)
    assert {code[name] for name in ("git_commit", "git_dirty", "lock_sha256")} == {"unknown"}


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, dict[str, Any]]:
    (tmp_path / "flights").mkdir()
    (tmp_path / "flights" / "2013-01.csv").write_text("a\n1\n")
    (tmp_path / "flights" / "2013-02.csv").write_text("a\n2\n")
    (tmp_path / "planes.csv").write_text("b\n")
    return {
        "raw_flights": {"path": f"{tmp_path}/flights", "filename_suffix": ".csv"},
        "raw_planes": {"filepath": f"{tmp_path}/planes.csv"},
    }


def test_digest_is_that_of_names_and_contents(tables: dict[str, dict[str, Any]]) -> None:
    def sha256(contents: str) -> str:
        return hashlib.sha256(contents.encode()).hexdigest()

    january, february, planes = map(sha256, ("a\n1\n", "a\n2\n", "b\n"))
    listing = (
        f"raw_flights/2013-01.csv {january}\n"
        f"raw_flights/2013-02.csv {february}\n"
        f"raw_planes {planes}\n"
    )
    assert digest_tables(tables) == sha256(listing)


def test_digest_leaves_out_what_the_dataset_does_not_read(
    tables: dict[str, dict[str, Any]],
) -> None:
    digest = digest_tables(tables)
    Path(tables["raw_flights"]["path"], "2013-03.csv.part").write_text("half")
    tables["raw_nothing"] = {"filepath": "/nowhere/at/all.csv"}
    assert digest_tables(tables) == digest


TABLE = pd.DataFrame(
    {
        "number": [1.5, None, 2.5],
        "text": pd.Series(["a", None, "b"], dtype="str"),
        "time": pd.to_datetime(["2013-01-01", "2013-01-02", None], utc=True),
        "kind": pd.Categorical(["x", "y", "x"]),
    }
)


def test_digest_of_a_parquet_file_is_that_of_its_table(tmp_path: Path) -> None:
    digests = set()
    for compression, rows in (("snappy", 3), ("gzip", 1)):
        path = tmp_path / "table.parquet"
        TABLE.to_parquet(path, compression=compression, row_group_size=rows)
        digests.add(digest_tables({"train": {"filepath": str(path)}}))
    contents = digest_contents(pd.read_parquet(path))
    assert digests == {hashlib.sha256(f"train {contents}\n".encode()).hexdigest()}


@pytest.mark.parametrize(
    "other",
    [
        TABLE.rename(columns={"number": "count"}),
        TABLE.rename(columns={"number": "text", "text": "number"}),
        TABLE[["text", "number", "time", "kind"]],
        TABLE.astype({"number": "float32"}),
        TABLE.astype({"time": "datetime64[ns, UTC]"}),
        TABLE.astype({"kind": "str"}),
        TABLE.iloc[[1, 0, 2]],
        TABLE.set_axis([0, 1, 3]),
        TABLE.head(2),
        TABLE.assign(number=[1.5, None, 2.5000000000000004]),
        TABLE.assign(number=[1.5, 0.0, 2.5]),
        TABLE.assign(text=pd.Series(["a", "nan", "b"], dtype="str")),
        TABLE.assign(text=pd.Series(["a", "", "b"], dtype="str")),
    ],
)
def test_digest_changes_with_any_name_type_value_and_order(other: pd.DataFrame) -> None:
    assert digest_contents(other) != digest_contents(TABLE) == digest_contents(TABLE.copy())


def test_packages_are_those_that_python_would_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, version in (("first", "2.0"), ("second", "1.0")):
        metadata = tmp_path / folder / f"zebra-{version}.dist-info" / "METADATA"
        metadata.parent.mkdir(parents=True)
        metadata.write_text(f"Metadata-Version: 2.1\nName: zebra\nVersion: {version}\n")
    (tmp_path / "first" / "~roken-1.0.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [f"{tmp_path}/first", f"{tmp_path}/second", *sys.path])
    packages = list_packages()
    assert packages["zebra"] == "2.0"
    assert packages["pytest"] == pytest.__version__
    assert [*packages] == sorted(packages, key=str.lower)


def test_files_are_digested_by_name_and_contents_in_whatever_order() -> None:
    files = {"a.csv": b"1", "b.csv": b"2"}
    others = ({"a.csv": b"1", "b.csv": b"3"}, {"a.csv": b"1", "c.csv": b"2"}, {"a.csv": b"1"})
    assert re.fullmatch("[0-9a-f]{12}", digest_files(files))
    assert digest_files(dict(reversed(files.items()))) == digest_files(files)
    assert digest_files(files) not in {digest_files(each) for each in others}
