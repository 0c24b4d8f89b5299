"""Django's settings follow the few words that an installation says about itself."""

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
    def settings_with(**said) -> dict:
        found = environment().model_copy(update=said)
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
def test_cookies_are_bound_to_https_where_there_is_https(settings_with, https, kept):
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
def test_only_named_hosts_are_answered_and_without_names_the_machine_itself(settings_with, mode, hosts, allowed):
    assert settings_with(mode=mode, allowed_hosts=hosts)["ALLOWED_HOSTS"] == allowed


@pytest.mark.parametrize(("url", "trusted"), [("", []), ("https://shiming.example/", ["https://shiming.example"])])
def test_forms_are_taken_from_our_own_address_alone(settings_with, url, trusted):
    assert settings_with(public_url=url)["CSRF_TRUSTED_ORIGINS"] == trusted


def test_a_demonstration_says_so_on_every_page_and_draws_its_own_cards(settings_with):
    shown = "shiming.demo.context.demonstration"
    for mode, demo in (("demo", True), ("production", False)):
        found = settings_with(mode=mode)
        processors = found["TEMPLATES"][0]["OPTIONS"]["context_processors"]
        said = (found["DEMO"], shown in processors, found["WLT_DECODER"] == "shiming.demo.wlt:decode")
        assert said == (demo, demo, demo)


def test_the_page_may_ask_the_card_readers_of_the_clerks_machine_and_nothing_else(settings_with):
    policy = settings_with(reader_ports="1,2,3,4")["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    bridges = ["http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3", "ws://127.0.0.1:4"]
    assert policy["connect-src"] == ["'self'", *bridges]
    assert {name: policy[name] for name in ("default-src", "object-src", "frame-ancestors")} == {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def test_errors_go_to_the_console_except_in_tests(settings_with):
    found = [set(settings_with(mode=mode)["LOGGING"]["handlers"]) for mode in ("production", "demo", "test")]
    assert found == [{"file", "console"}, {"file", "console"}, {"file"}]


DATABASES = [
    ("postgresql:///shiming", ("shiming", "", "", "", "")),
    ("postgresql://app:p%40ss%2Fword@db.example:5433/site", ("site", "app", "p@ss/word", "db.example", 5433)),
    ("postgresql://app@/site?host=/run/postgresql&port=5433", ("site", "app", "", "/run/postgresql", "5433")),
]


@pytest.mark.parametrize(("url", "parts"), DATABASES)
def test_the_database_is_read_from_one_address(url, parts):
    found = database(url)
    assert tuple(found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")) == parts


def test_what_else_the_address_says_goes_to_the_driver():
    options = database("postgresql://app@db/site?sslmode=verify-full&host=db2")["OPTIONS"]
    assert options == {"prepare_threshold": 5, "sslmode": "verify-full"}


# 签名密钥


@pytest.fixture
def key_file(monkeypatch, tmp_path):
    file = tmp_path / "keys" / "master.key"
    monkeypatch.setattr(environment(), "master_key_file", file)
    return file


def test_the_signing_key_is_the_same_at_every_start_and_new_for_another_master_key(key_file):
    first = secret_key()
    assert secret_key() == first
    key_file.chmod(0o600)
    key_file.write_bytes(os.urandom(32))
    assert secret_key() != first


def test_a_new_installation_makes_its_master_key_for_its_owner_alone(key_file):
    secret_key()
    assert (key_file.stat().st_size, key_file.stat().st_mode & 0o777) == (32, 0o400)


def test_the_signing_key_is_long_and_does_not_give_the_master_key_away(key_file):
    signing = secret_key()
    assert len(signing) == 96
    assert key_file.read_bytes().hex() not in signing


# 模板


def test_a_page_that_prints_what_it_was_not_given_fails_in_words():
    with pytest.raises(NameError, match=r"模板里的变量没有值：project\.name"):
        STRICT % "project.name"
    with pytest.raises(NameError, match=r"模板里的变量没有值：project\.name"):
        engines["django"].from_string("{{ project.name }}").render({})


@pytest.mark.parametrize(
    "text", ["{% if missing %}there{% endif %}", "{{ empty }}", "{% for each in none %}{% endfor %}"]
)
def test_a_page_may_ask_whether_it_was_given_something(text):
    assert engines["django"].from_string(text).render({"empty": "", "none": []}) == ""
