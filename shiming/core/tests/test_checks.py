"""The checks that must pass before the system starts."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.urls import path

from shiming.core import checks
from shiming.core.environment import environment

urlpatterns = [path("nobody/", lambda request: HttpResponse(), name="nobody")]


@pytest.fixture
def production(monkeypatch, settings):
    monkeypatch.setattr(environment(), "mode", "production")
    settings.ALLOWED_HOSTS = ["shiming.example"]
    return settings


def found() -> set[str]:
    return {
        error.id for check in (checks.production_is_closed, checks.the_key_file_is_private) for error in check(None)
    }


def test_safe_installation_passes_all_checks(production):
    assert found() == set() and checks.every_route_names_its_door(None) == []


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("DEBUG", True, "shiming.E002"),
        ("ALLOWED_HOSTS", ["*"], "shiming.E003"),
        ("ALLOWED_HOSTS", [".example"], "shiming.E003"),
        ("SECRET_KEY", "short", "shiming.E004"),
        ("SECRET_KEY", "django-insecure-" + "x" * 60, "shiming.E004"),
        ("DEMO", True, "shiming.E005"),
        ("INSTALLED_APPS", ["django.contrib.admin"], "shiming.E006"),
    ],
)
def test_production_refuses(production, monkeypatch, name, value, number):
    if name == "INSTALLED_APPS":  # only the name is checked; loading the app would need its tables
        monkeypatch.setattr(production._wrapped, name, value, raising=False)
    else:
        setattr(production, name, value)
    assert found() == {number}


@pytest.mark.parametrize(("secret", "proxies"), [("x" * 40, ""), ("short", "127.0.0.1")])
def test_proxy_secret_needs_proxy_and_length(production, monkeypatch, secret, proxies):
    monkeypatch.setattr(environment(), "proxy_secret", secret)
    monkeypatch.setattr(environment(), "trusted_proxies", proxies)
    assert found() == {"shiming.E007"}


def test_demo_mode_is_not_checked(settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert found() == set()


@pytest.mark.parametrize(
    ("content", "mode", "number"),
    [
        (bytes(range(32)), 0o440, "shiming.E011"),
        (bytes(range(32)), 0o404, "shiming.E011"),
        (bytes(32), 0o400, "shiming.E012"),
        (b"short", 0o400, "shiming.E012"),
        (None, 0, "shiming.E010"),
    ],
)
def test_the_key_file(monkeypatch, tmp_path, content, mode, number):
    file = tmp_path / "master.key"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    monkeypatch.setattr(environment(), "master_key_file", file)
    assert found() == {number}


@pytest.mark.urls("shiming.core.tests.test_checks")
def test_an_undeclared_route_stops_the_start():
    with pytest.raises(SystemCheckError, match=r"nobody/.*names no door"):
        call_command("check", "--tag", checks.SAFETY)
    with pytest.raises(SystemCheckError, match="nobody/"):
        checks.refuse_unsafe()


def test_unsafe_installation_does_not_start(db, production):
    production.ALLOWED_HOSTS = ["*"]
    with pytest.raises(SystemCheckError, match="wildcard"):
        call_command("first_admin_link", skip_checks=False)
