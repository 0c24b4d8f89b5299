"""The requests of pages when their buttons are pressed."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from shiming.accounts.tests.conftest import Visitor
from shiming.presence import codes
from tests.cast import Cast
from tests.doors import client_of

DIALOG = {"X-Frame": "dialog", "HX-Request": "true"}
MAIN = {"X-Frame": "main", "HX-Request": "true"}


@dataclass
class Pages:
    """The verbs of tests/refused.py through the pages, each at its own door."""

    cast: Cast

    def hire(self, person, **typed):
        typed = {"name": person.name, "number": person.id_number.plain} | typed
        return client_of(self.cast.hr).post("/employments/new/", typed, headers=DIALOG)

    def withdraw(self, row):
        return client_of(self.cast.hr).post(f"/employments/{row.pk}/withdrawal/", headers=MAIN)

    def complete(self, row, is_leader=True, **typed):
        typed = {"version": row.version, "trade": "钢筋工", "is_leader": "on" if is_leader else ""} | typed
        return client_of(self.cast.hr).post(f"/employments/{row.pk}/profile/?kind=worker", typed, headers=MAIN)

    def dismiss(self, row, reason):
        sent = {"reason": reason}
        return client_of(self.cast.hr).post(f"/employments/{row.pk}/dismissal/", sent, headers=DIALOG)

    def allocate(self, row):
        page = f"/assignments/{self.cast.labour_place.pk}/people/"
        return client_of(self.cast.hr).post(page, {"ids": row.pk}, headers=MAIN)

    def reject(self, assignment, note):
        sent = {"ids": assignment.pk, "note": note}
        return client_of(self.cast.gc_pm).post("/assignments/rejections/", sent, headers=DIALOG)

    def accept_nobody(self):
        return client_of(self.cast.gc_pm).post("/assignments/confirmations/", headers=MAIN)

    def enter(self, assignment, days):
        sent = {"ids": assignment.pk, "on": timezone.localdate() + timedelta(days=days)}
        return client_of(self.cast.gc_pm).post("/stays/entries/", sent, headers=DIALOG)

    def leave(self, stay, days=0):
        sent = {"ids": stay.pk, "on": timezone.localdate() + timedelta(days=days)}
        return client_of(self.cast.gc_pm).post("/stays/exits/", sent, headers=DIALOG)

    def scan(self, by, person, code=""):
        sent = {"code": code or codes.personal_code(person.pk), "event_id": uuid4()}
        return client_of(by).post("/site/scan/entry/", sent, headers=MAIN)

    def punch(self, person):
        """A punch by the person, with the code of the site."""
        sent = {"code": codes.site_code(self.cast.binjiang)}
        return client_of(self.cast.himself(person)).post("/m/scan/", sent, headers=MAIN)


def knock_at_the_site(person, user_type):
    """Press 获取动态密码, then 登录, and return the answer."""
    visitor = Visitor()
    typed = {"user_type": user_type, "id_number": person.id_number.plain, "phone": person.phone.plain}
    visitor.post("/login/site/", typed | {"act": "code", "picture_code": visitor.solve()})
    return visitor.post("/login/site/", typed | {"act": "login", "code": visitor.sms()})
