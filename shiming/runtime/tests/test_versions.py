"""A second start repeats only work whose inputs have changed."""

import os

import pytest

from shiming.runtime import versions
from shiming.runtime.versions import Done, static_state, tables_state


def test_tables_state_changes_with_database_and_code(db, tmp_path, monkeypatch):
    from django.db import connection

    address = os.environ["DATABASE_URL"].replace("/shiming?", f"/{connection.settings_dict['NAME']}?")
    note, before = Done(tmp_path / "stamp"), tables_state(address)
    assert not note.holds(before)
    note.note(before)
    assert note.holds(tables_state(address))

    monkeypatch.setattr(versions, "PACKAGE", versions.PACKAGE / "core")
    assert not note.holds(tables_state(address))


@pytest.mark.parametrize("address", ["postgresql:///nothing?host=/nowhere", "postgresql:///postgres?host=/nowhere"])
def test_unreachable_database_is_never_up_to_date(tmp_path, address):
    note = Done(tmp_path / "stamp")
    note.note(tables_state(address))
    assert not note.holds(tables_state(address))


def test_an_unmigrated_database_is_never_up_to_date(tmp_path):
    """template1 has none of our tables."""
    address = os.environ["DATABASE_URL"].replace("/shiming?", "/template1?")
    note = Done(tmp_path / "stamp")
    note.note(tables_state(address))
    assert tables_state(address) is None and not note.holds(None)


def test_changed_static_file_is_collected_again(tmp_path, monkeypatch):
    style = tmp_path / "web" / "static" / "base.css"
    style.parent.mkdir(parents=True)
    style.write_text("a")
    monkeypatch.setattr(versions, "PACKAGE", tmp_path)
    before = static_state()
    os.utime(style, (1, 2_000_000_000))
    assert static_state() != before
