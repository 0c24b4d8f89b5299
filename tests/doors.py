"""Logged-in browsers for tests of the pages behind the login."""

import time

from django.test import Client

from shiming.accounts.hats import Hat, offers
from shiming.accounts.models import User, WornHat
from shiming.accounts.sessions import BACKEND, dump
from shiming.core.actor import Actor


def client_of(actor: Actor, **extra) -> Client:
    """A browser in which this actor has just logged in: `client_of(cast.hr).get("/employments/")`."""
    user = User.objects.get(pk=actor.user_id)
    found = next((hat for hat in offers(user) if hat.actor == actor), Hat(user.pk, actor))
    client = Client(**extra)
    client.force_login(user, backend=BACKEND)
    session, now = client.session, int(time.time())
    session.update({"door": actor.door, "method": "test", "login_at": now, "seen_at": now, "proved_at": now})
    session["hat"] = dump(found)
    session.save()
    WornHat.objects.get_or_create(user=user, source=found.source)
    return client


def export(browser: Client, address: str, table: str = "list", kind: str = "xlsx"):
    """The response of the export button of the list at this address: `export(client_of(cast.hr), "/people/")`."""
    return browser.post("/lists/file/", {"list": address, "table": table, "as": kind})
