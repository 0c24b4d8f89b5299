"""Every setting has a working default and a description."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shiming.core.environment import Environment

DEFAULTS = {
    "home": Path("~/.shiming"),
    "host": "127.0.0.1",
    "port": 8000,
    "mode": "production",
    "database_url": "",
    "migrate_url": "",
    "public_url": "",
    "allowed_hosts": "",
    "https": False,
    "trusted_proxies": "",
    "proxy_secret": "",
    "master_key_file": None,
    "anchors": None,
    "anchors_copy": None,
    "password_profile": "standard",
    "identity_authority": "local",
    "approval_system": "local",
    "health_declarations": "local",
    "health_declarations_url": "",
    "health_declarations_token": "",
    "feed": "local",
    "feed_folder": None,
    "feed_url": "",
    "feed_token": "",
    "support_phone": "",
    "support_address": "",
    "reader_ports": "8989,24010,18889,33666",
    "wlt_decoder": "",
    "face_engine": "local",
    "face_days": 30,
    "invite_days": 30,
    "leave_days": 7,
    "grant_days": 180,
    "raw_days": 90,
    "workers": None,
    "threads": None,
    "pg_bin": None,
    "pg_user": "",
    "strict_templates": False,
    "debug": False,
}


@pytest.fixture(autouse=True)
def outside(monkeypatch):
    """Clear the environment variables of the machine that runs the test."""
    for name in Environment.model_fields:
        monkeypatch.delenv(f"SHIMING_{name.upper()}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return monkeypatch


def test_unset_setting_has_its_default():
    assert Environment().model_dump() == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_setting_is_explained(name):
    assert len(Environment.model_fields[name].description) > 5


@pytest.mark.parametrize(
    ("variable", "value", "name", "read"),
    [
        ("SHIMING_PORT", "8443", "port", 8443),
        ("SHIMING_HTTPS", "true", "https", True),
        ("SHIMING_MODE", "demo", "mode", "demo"),
        ("SHIMING_GRANT_DAYS", "90", "grant_days", 90),
        ("SHIMING_MASTER_KEY_FILE", "/keys/master.key", "master_key_file", Path("/keys/master.key")),
        ("DATABASE_URL", "postgresql:///shiming", "database_url", "postgresql:///shiming"),
    ],
)
def test_a_setting_is_read_from_its_variable(outside, variable, value, name, read):
    outside.setenv(variable, value)
    assert Environment().model_dump() == DEFAULTS | {name: read}


def test_database_url_uses_common_variable_name(outside):
    outside.setenv("SHIMING_DATABASE_URL", "postgresql:///other")
    assert Environment().database_url == ""


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SHIMING_PORT", "eighty"),
        ("SHIMING_MODE", "staging"),
        ("SHIMING_PASSWORD_PROFILE", "lax"),
        ("SHIMING_RAW_DAYS", "7"),
        ("SHIMING_HTTPS", "perhaps"),
    ],
)
def test_invalid_value_stops_the_start(outside, variable, value):
    outside.setenv(variable, value)
    with pytest.raises(ValidationError):
        Environment()


def test_unknown_variable_does_not_stop_start(outside):
    outside.setenv("SHIMING_NOT_YET_INVENTED", "1")
    assert Environment().model_dump() == DEFAULTS


def test_data_folder_expands_home_of_account(outside, tmp_path):
    outside.setenv("HOME", str(tmp_path))
    assert Environment().folder == tmp_path.resolve() / ".shiming"


@pytest.mark.parametrize(
    ("settings", "key_file", "anchor_file"),
    [
        ({}, "data/keys/master.key", "data/anchors.jsonl"),
        ({"MASTER_KEY_FILE": "usb/key"}, "usb/key", "data/anchors.jsonl"),
        ({"ANCHORS": "worm/anchors"}, "data/keys/master.key", "worm/anchors"),
    ],
)
def test_key_and_anchors_default_to_data_folder(outside, tmp_path, settings, key_file, anchor_file):
    outside.setenv("SHIMING_HOME", str(tmp_path / "data"))
    for name, path in settings.items():
        outside.setenv(f"SHIMING_{name}", str(tmp_path / path))
    found = Environment()
    assert (found.key_file, found.anchor_file) == (tmp_path / key_file, tmp_path / anchor_file)


def test_reader_bridges_are_on_local_machine(outside):
    outside.setenv("SHIMING_READER_PORTS", "1,2,3,4")
    assert Environment().reader_bridges == {
        "a": "http://127.0.0.1:1",
        "b": "http://127.0.0.1:2",
        "c": "http://127.0.0.1:3",
        "d": "ws://127.0.0.1:4",
    }
