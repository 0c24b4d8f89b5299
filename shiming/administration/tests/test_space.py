"""Free space: a warning below 10 %, no uploads below 5 %."""

import os
import shutil
from types import SimpleNamespace

import pytest

from shiming.administration import queries
from shiming.core import files
from shiming.core.errors import NoSpace
from shiming.runtime import space
from shiming.runtime.space import SpaceWatch, free_share


@pytest.fixture
def disk(monkeypatch):
    """A disk of 100 bytes; its free bytes by folder name."""
    free = {}

    def usage(folder):
        return SimpleNamespace(total=100, free=free.get(str(folder), free["*"]))

    monkeypatch.setattr(shutil, "disk_usage", usage)
    return free


def test_smallest_share_of_all_volumes_counts(disk, tmp_path):
    disk.update({"*": 50, "/db": 7})
    assert free_share(tmp_path, "/db") == 0.07


def test_folder_that_cannot_be_asked_does_not_count(tmp_path):
    assert 0 < free_share(tmp_path / "missing", tmp_path) < 1


def test_operator_is_told_below_a_tenth_and_again_after_an_hour(disk, monkeypatch, tmp_path):
    now = [1000.0]
    monkeypatch.setattr(space.time, "monotonic", lambda: now[0])
    watch = SpaceWatch(tmp_path)
    notices = []
    for free, seconds in ((11, 0), (9, 31), (9, 31), (8, 3600), (20, 31), (9, 31)):
        disk["*"] = free
        now[0] += seconds
        notices.append(watch.notice()[:7])
    assert notices == ["", "Only 9%", "", "Only 8%", "", "Only 9%"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("free", "stored", "warned"), [(11, True, ""), (9, True, "将停止接收上传"), (4, False, "已停止接收上传")]
)
def test_uploads_are_refused_and_administrator_is_warned(disk, free, stored, warned):
    disk["*"] = free
    if stored:
        files.path_of(files.store(b"photo", kind="portrait", media_type="image/jpeg")).unlink()
    else:
        with pytest.raises(NoSpace, match="暂不接收上传"):
            files.store(b"photo", kind="portrait", media_type="image/jpeg")
    assert [warned in sentence for sentence in queries.warnings() if "磁盘仅剩" in sentence] == (
        [True] if warned else []
    )


@pytest.mark.django_db
def test_disk_that_fills_up_while_writing_refuses_the_upload(monkeypatch):
    def full(number):
        with open("/dev/full", "wb", buffering=0) as disk:
            disk.write(b"x")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoSpace):
        files.store(b"photo", kind="portrait", media_type="image/jpeg")
