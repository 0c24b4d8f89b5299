"""Encrypted files: storage, removal, orphans, and the check of a restored backup."""

import os
import time
from hashlib import sha256
from io import StringIO

import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import CommandError, call_command
from django.db import connection

from shiming.core import files, keys
from shiming.core.jobs import remove_orphans
from shiming.core.models import StoredFile

pytestmark = pytest.mark.django_db
DAY = 86_400


def aged(path, seconds):
    os.utime(path, (time.time() - seconds,) * 2)


def test_old_files_without_row_are_deleted():
    named = files.path_of(files.store(b"named", kind="portrait", media_type="image/jpeg"))
    lost = files.store(b"lost", kind="portrait", media_type="image/jpeg")
    fresh = files.store(b"fresh", kind="portrait", media_type="image/jpeg")
    half = files.path_of(lost).with_suffix(".part")
    half.write_bytes(b"half")
    paths = [named, files.path_of(lost), files.path_of(fresh), half]
    type(lost).objects.filter(pk__in=[lost.pk, fresh.pk]).delete()
    for path, age in zip(paths, (2 * DAY, 2 * DAY, DAY / 2, 2 * DAY), strict=True):
        aged(path, age)

    remove_orphans(int(time.time()))

    assert [path.exists() for path in paths] == [True, False, True, False]
    paths[2].unlink()


def portrait(content: bytes = b"portrait") -> StoredFile:
    return files.store(content, kind="portrait", media_type="image/jpeg")


def test_stored_file_is_read_back_equal():
    row = portrait(b"\xff\xd8 a picture")
    kept = StoredFile.objects.get(pk=row.pk)

    assert files.read(kept) == b"\xff\xd8 a picture"
    assert (kept.kind, kept.media_type, kept.size) == ("portrait", "image/jpeg", 12)
    assert kept.digest == sha256(b"\xff\xd8 a picture").hexdigest()


def test_file_on_disk_is_encrypted_and_private():
    path = files.path_of(portrait(b"a face that is recognised"))

    assert b"a face" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.glob("*.part")) == []


def test_equal_contents_make_two_files():
    first, second = portrait(), portrait()
    assert files.path_of(first).read_bytes() != files.path_of(second).read_bytes()


def test_file_of_another_row_does_not_decrypt():
    first, second = portrait(b"first"), portrait(b"second")
    files.path_of(second).write_bytes(files.path_of(first).read_bytes())
    with pytest.raises(InvalidTag):
        files.read(second)


def test_missing_file_raises():
    row = portrait()
    files.path_of(row).unlink()
    with pytest.raises(FileNotFoundError):
        files.read(row)


def test_removed_file_is_deleted_on_commit(django_capture_on_commit_callbacks):
    row = portrait()
    path = files.path_of(row)
    with django_capture_on_commit_callbacks(execute=True):
        files.remove(row)
        assert (StoredFile.objects.exists(), path.exists()) == (False, True)
    assert not path.exists()


def test_rolled_back_removal_keeps_the_file(django_capture_on_commit_callbacks):
    row = portrait(b"still wanted")
    path = files.path_of(row)
    with django_capture_on_commit_callbacks() as undone:
        files.remove(row)
    assert (len(undone), path.exists()) == (1, True)  # none of these callbacks runs when the transaction fails


def test_old_files_decrypt_after_key_rotation():
    row = portrait(b"before")
    keys.add("files")
    try:
        assert [files.read(each) for each in (row, portrait(b"after"))] == [b"before", b"after"]
    finally:
        keys.forget()


# restore drill


def check_restored() -> str:
    out = StringIO()
    call_command("check_restored", stdout=out)
    return out.getvalue()


def test_restored_backup_passes_the_check(cast):
    cast.filing(cast.gc_place, "王总包"), portrait()
    output = check_restored()

    assert "合同: 1 行加密的值" in output and "文件: 1 个" in output and "痕迹完整" in output


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"\x00\x01" + bytes(60))])
def test_missing_or_changed_file_fails_check(spoil):
    row = portrait()
    spoil(files.path_of(row))
    out = StringIO()
    with pytest.raises(CommandError, match="恢复演练不通过"):
        call_command("check_restored", stdout=out)
    assert f"文件 {row.pk}：缺失或已改变" in out.getvalue()


def test_value_that_does_not_decrypt_fails_check(cast):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET phone = id_number WHERE id = %s", [cast.zhang.pk])
    out = StringIO()
    with pytest.raises(CommandError, match="恢复演练不通过"):
        call_command("check_restored", stdout=out)
    assert f"people.Person {cast.zhang.pk}：phone 解不开" in out.getvalue()
