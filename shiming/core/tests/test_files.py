import os
import time

import pytest

from shiming.core import files
from shiming.core.jobs import remove_orphans

pytestmark = pytest.mark.django_db
DAY = 86_400


def aged(path, seconds):
    os.utime(path, (time.time() - seconds,) * 2)


def test_files_that_no_row_names_go_after_a_day_and_nothing_else():
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
