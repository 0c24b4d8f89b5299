"""Every module's pages are served, the gate's first, and /healthz reports the state."""

import platform
from collections import Counter
from pathlib import Path

import django
import pytest
from django.db import DatabaseError, connection, connections
from django.test import Client
from django.urls import resolve, reverse

import shiming
from shiming.config import urls
from shiming.core.checks import routes
from tests.doors import client_of

PACKAGE = Path(shiming.__file__).parent


def test_the_pages_of_every_module_are_served():
    having = {path.parent.name for path in PACKAGE.glob("*/urls.py")} - {"config"}
    served = {
        entry.urlconf_module.__name__.split(".")[1] for entry in urls.urlpatterns if hasattr(entry, "urlconf_module")
    }
    assert having - served <= {"demo"}  # served in demo mode only
    assert served <= having


def test_no_two_pages_share_an_address():
    found = Counter(route for route, view in routes() if view.surface != "api")  # the API dispatches its methods itself
    assert [route for route, times in found.items() if times > 1] == []


def test_gate_addresses_are_looked_up_first():
    assert urls.MODULES[:2] == ("presence", "attendance")


def test_every_address_reverses_by_name():
    for name in ("project-list", "team-list", "operators", "health"):
        assert resolve(reverse(name)).view_name == name


# health


@pytest.mark.django_db
def test_health_tells_strangers_only_that_it_is_well():
    assert Client().get("/healthz").json() == {"status": "ok"}


def test_health_tells_other_roles_no_versions(cast):
    assert client_of(cast.hr).get("/healthz").json() == {"status": "ok"}


def test_health_tells_administrator_the_versions(cast):
    answer = client_of(cast.admin).get("/healthz")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split()[0]

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "versions": {
            "shiming": shiming.__version__,
            "django": django.get_version(),
            "python": platform.python_version(),
        },
        "database": server,
    }


@pytest.mark.django_db
def test_health_without_database_returns_503(monkeypatch):
    def away(*args, **kwargs):
        raise DatabaseError("server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(connections["default"], "cursor", away)
        answer = Client().get("/healthz")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json() == {"status": "database unavailable"}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_accepts_get_only(method):
    assert getattr(Client(), method)("/healthz").status_code == 405


def test_health_requires_no_login(cast):
    asked = [client.get("/healthz") for client in (Client(), client_of(cast.hr), client_of(cast.regulator()))]
    assert [answer.status_code for answer in asked] == [200, 200, 200]
    assert "sessionid" not in asked[0].cookies
