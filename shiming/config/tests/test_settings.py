"""Django's settings follow the settings of the installation."""

import os
import runpy

import pytest
from django.template import engines

from shiming.config.secrets import secret_key
from shiming.config.settings import database
from shiming.config.strict import STRICT
from shiming.core import environment as outside
from shiming.core.environment import environment


@pytest.fixture
def settings_with(monkeypatch):
    def settings_with(**chosen) -> dict:
        found = environment().model_copy(update=chosen)
        with monkeypatch.context() as here:
            here.setattr(outside, "environment", lambda: found)
            return runpy.run_module("shiming.config.settings")

    return settings_with


HTTPS = {
    "SESSION_COOKIE_NAME": "__Host-session",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
}


@pytest.mark.parametrize(("https", "kept"), [(True, HTTPS), (False, {})])
def test_cookies_are_secure_under_https(settings_with, https, kept):
    found = settings_with(https=https)
    assert {name: found[name] for name in HTTPS if name in found} == kept


@pytest.mark.parametrize(
    ("mode", "hosts", "allowed"),
    [
        ("production", "", ["127.0.0.1", "localhost", "[::1]"]),
        ("production", "shiming.example, www.shiming.example ,", ["shiming.example", "www.shiming.example"]),
        ("test", "shiming.example", ["shiming.example", "testserver"]),
    ],
)
def test_allowed_hosts_default_to_local_machine(settings_with, mode, hosts, allowed):
    assert settings_with(mode=mode, allowed_hosts=hosts)["ALLOWED_HOSTS"] == allowed


@pytest.mark.parametrize(("url", "trusted"), [("", []), ("https://shiming.example/", ["https://shiming.example"])])
def test_forms_are_trusted_from_own_address(settings_with, url, trusted):
    assert settings_with(public_url=url)["CSRF_TRUSTED_ORIGINS"] == trusted


def test_demo_mode_sets_context_and_decoder(settings_with):
    shown = "shiming.demo.context.demonstration"
    for mode, demo in (("demo", True), ("production", False)):
        found = settings_with(mode=mode)
        processors = found["TEMPLATES"][0]["OPTIONS"]["context_processors"]
        chosen = (found["DEMO"], shown in processors, found["WLT_DECODER"] == "shiming.demo.wlt:decode")
        assert chosen == (demo, demo, demo)


def test_csp_allows_reader_bridges_only(settings_with):
    policy = settings_with(reader_ports="1,2,3,4")["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    bridges = ["http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3", "ws://127.0.0.1:4"]
    assert policy["connect-src"] == ["'self'", *bridges]
    assert {name: policy[name] for name in ("default-src", "object-src", "frame-ancestors")} == {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def test_errors_reach_console_except_in_tests(settings_with):
    found = [set(settings_with(mode=mode)["LOGGING"]["handlers"]) for mode in ("production", "demo", "test")]
    assert found == [{"file", "console"}, {"file", "console"}, {"file"}]


QUOTED = "p%40ss%2Fword"
DATABASES = [
    ("postgresql:///shiming", ("shiming", "", "", "", "")),
    (f"postgresql://app:{QUOTED}@db.example:5433/site", ("site", "app", "p@ss/word", "db.example", 5433)),
    ("postgresql://app@/site?host=/run/postgresql&port=5433", ("site", "app", "", "/run/postgresql", "5433")),
]


@pytest.mark.parametrize(("url", "parts"), DATABASES)
def test_database_url_is_split_into_parts(url, parts):
    found = database(url)
    assert tuple(found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == parts


def test_other_url_parameters_go_to_driver():
    options = database("postgresql://app@db/site?sslmode=verify-full&host=db2")["OPTIONS"]
    assert options == {"prepare_threshold": 5, "sslmode": "verify-full"}


# signing keys


@pytest.fixture
def key_file(monkeypatch, tmp_path):
    file = tmp_path / "keys" / "master.key"
    monkeypatch.setattr(environment(), "master_key_file", file)
    return file


def test_signing_key_depends_on_master_key(key_file):
    first = secret_key()
    assert secret_key() == first
    key_file.chmod(0o600)
    key_file.write_bytes(os.urandom(32))
    assert secret_key() != first


def test_new_installation_creates_private_master_key(key_file):
    secret_key()
    assert (key_file.stat().st_size, key_file.stat().st_mode & 0o777) == (32, 0o400)


def test_signing_key_is_long_and_derived(key_file):
    signing = secret_key()
    assert len(signing) == 96
    assert key_file.read_bytes().hex() not in signing


# templates


def test_page_without_required_variable_fails():
    with pytest.raises(NameError, match=r"模板里的变量没有值：project\.name"):
        STRICT % "project.name"
    with pytest.raises(NameError, match=r"模板里的变量没有值：project\.name"):
        engines["django"].from_string("{{ project.name }}").render({})


@pytest.mark.parametrize(
    "text", ["{% if missing %}there{% endif %}", "{{ empty }}", "{% for each in none %}{% endfor %}"]
)
def test_page_may_test_missing_variable(text):
    assert engines["django"].from_string(text).render({"empty": "", "none": []}) == ""
