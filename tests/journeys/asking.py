"""What a page sends when its button is pressed, and the page that answers."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from shiming.accounts.tests.conftest import Visitor
from shiming.presence import codes
from tests.doors import client_of

DIALOG = {"X-Frame": "dialog", "HX-Request": "true"}
MAIN = {"X-Frame": "main", "HX-Request": "true"}


def hire(cast, person, **typed):
    typed = {"name": person.name, "number": person.id_number.plain} | typed
    return client_of(cast.hr).post("/employments/new/", typed, headers=DIALOG)


def complete(cast, row, **typed):
    typed = {"version": row.version, "trade": "钢筋工", "is_leader": "on"} | typed
    return client_of(cast.hr).post(f"/employments/{row.pk}/profile/?kind=worker", typed, headers=MAIN)


def dismiss(cast, row, reason):
    return client_of(cast.hr).post(f"/employments/{row.pk}/dismissal/", {"reason": reason}, headers=DIALOG)


def allocate(cast, row):
    return client_of(cast.hr).post(f"/assignments/{cast.labour_place.pk}/people/", {"ids": row.pk}, headers=MAIN)


def waiting(cast):
    return cast.assignment(status="pending", confirmed_at=None)


def enter(cast, assignment, days):
    sent = {"ids": assignment.pk, "on": timezone.localdate() + timedelta(days=days)}
    return client_of(cast.gc_pm).post("/stays/entries/", sent, headers=DIALOG)


def leave(cast, stay, days=0):
    sent = {"ids": stay.pk, "on": timezone.localdate() + timedelta(days=days)}
    return client_of(cast.gc_pm).post("/stays/exits/", sent, headers=DIALOG)


def scan(actor, person, code=""):
    sent = {"code": code or codes.personal_code(person.pk), "event_id": uuid4()}
    return client_of(actor).post("/site/scan/entry/", sent, headers=MAIN)


def scan_site_code(cast):
    sent = {"code": codes.site_code(cast.binjiang)}
    return client_of(cast.himself()).post("/m/scan/", sent, headers=MAIN)


def knock_at_the_site(person, user_type):
    """获取动态密码, then 登录."""
    visitor = Visitor()
    typed = {"user_type": user_type, "id_number": person.id_number.plain, "phone": person.phone.plain}
    visitor.post("/login/site/", typed | {"act": "code", "picture_code": visitor.solve()})
    return visitor.post("/login/site/", typed | {"act": "login", "code": visitor.sms()})
