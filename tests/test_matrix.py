"""Every route × every role × the object of a stranger: 403 or 404, and no change. Own objects: the page renders.

Anonymous: only entrances, registration, health, static, the description of the API. New routes are discovered; one with
arguments needs an entry below.
"""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shiming.core.actor import Role
from tests.doors import client_of
from tests.world import ACTORS, Objects, foreign, own

pytestmark = pytest.mark.django_db

# prefix of the path → objects of its parameters (the longest prefix counts)
ARGUMENTS = {
    "binding/self-forms/<uuid:pk>/": {"pk": "self_form"},
    "q/": {"code": "no-such-link", "token": "no-such-link", "side": "front"},
    "people/<uuid:pk>/": {"pk": "person", "kind": "portrait"},
    "people/identity/<uuid:pk>/": {"pk": "pending_person"},
    "m/register/photo/<slug:side>/": {"side": "front"},
    "m/me/photo/<slug:kind>/": {"kind": "portrait"},
    "companies/<uuid:pk>/": {"pk": "company"},
    "projects/<uuid:pk>/": {"pk": "project"},
    "projects/<uuid:pk>/checks/<slug:code>/": {"pk": "checked_project", "code": "age"},
    "checks/<uuid:pk>/": {"pk": "check"},
    "places/<uuid:pk>/": {"pk": "participation"},
    "contracts/<uuid:pk>/": {"pk": "contract"},
    "site/operators/<uuid:pk>/": {"pk": "grant"},
    "teams/<uuid:pk>/": {"pk": "team"},
    "stations/<uuid:pk>/": {"pk": "station"},
    "regulators/<uuid:pk>/": {"pk": "post"},
    "employments/<uuid:pk>/": {"pk": "employment"},
    "managers/<uuid:pk>/": {"pk": "employment", "side": "front"},
    "managers/drafts/<uuid:pk>/": {"pk": "manager_draft", "side": "front"},
    "transfers/<uuid:pk>/": {"pk": "transfer"},
    "m/employments/<uuid:pk>/": {"pk": "employment"},
    "m/transfers/<uuid:pk>/": {"pk": "transfer"},
    "assignments/<uuid:pk>/": {"pk": "assignment"},
    "assignments/<uuid:pk>/people/": {"pk": "participation"},
    "assignments/<uuid:pk>/managers/": {"pk": "participation"},
    "assignments/projects/<uuid:pk>/tree/": {"pk": "participation"},
    "assignments/projects/<uuid:pk>/placed/": {"pk": "participation"},
    "binding/places/<uuid:pk>/": {"pk": "bound_place"},
    "binding/restorations/<uuid:pk>/": {"pk": "bound_place"},
    "binding/workers/<uuid:pk>/": {"pk": "binding", "side": "portrait"},
    "binding/worker-drafts/<uuid:pk>/": {"pk": "worker_draft", "side": "portrait"},
    "binding/filed/<uuid:pk>/": {"pk": "filed_person"},
    "stays/<uuid:pk>/": {"pk": "stay"},
    "site/scan/people/<uuid:pk>/": {"pk": "assignment"},
    "m/card/<uuid:pk>/": {"pk": "card"},
    "m/why/<uuid:pk>/": {"pk": "project"},
    "attendance/people/<uuid:pk>/": {"pk": "person"},
    "attendance/corrections/<uuid:pk>/": {"pk": "correction"},
    "m/attendance/<day:day>/": {"day": "day", "project_id": "project"},
    "m/inbox/<uuid:pk>/": {"pk": "inbox_item"},
    "admin-tools/messages/<uuid:pk>/": {"pk": "message"},
    "oversight/sites/<uuid:pk>/": {"pk": "project"},
    "oversight/places/<uuid:pk>/": {"pk": "participation"},
    "oversight/people/<uuid:pk>/": {"pk": "person"},
    "oversight/troubles/<uuid:pk>/": {"pk": "project", "kind": "forgotten"},
    "oversight/inquiries/<uuid:pk>/": {"pk": "inquiry"},
    "oversight/papers/<uuid:pk>/": {"pk": "inquiry_paper"},
    "oversight/inspections/<uuid:pk>/": {"pk": "inspection"},
    "site/inquiries/<uuid:pk>/": {"pk": "inquiry"},
    "account/factors/<uuid:pk>/": {"pk": "passkey"},
    "staff/<uuid:pk>/": {"pk": "staff"},
    "keys/<uuid:pk>/": {"pk": "key"},
    "link/<str:token>/": {"token": "no-such-link"},
    "admin-tools/accounts/<uuid:pk>/": {"pk": "user"},
    "admin-tools/dictionaries/<slug:table>/": {"table": "trade", "pk": "entry"},
    "faces/checks/<uuid:pk>/": {"pk": "hand_check"},
    "faces/people/<uuid:pk>/": {"pk": "person"},
    "faces/comparisons/<uuid:pk>/": {"pk": "face_comparison", "kind": "face"},
    "faces/alerts/<uuid:pk>/": {"pk": "face_alert"},
    "m/faces/<uuid:pk>/": {"pk": "person"},
    "m/faces/sessions/<uuid:pk>/": {"pk": "face_session"},
    "imports/files/<uuid:pk>/": {"pk": "sheet"},
    "ledgers/<slug:kind>/": {"kind": "roster"},
    "imports/<slug:code>/": {"code": "sheet_code"},
    "attachments/for/<slug:holder>/<uuid:pk>/": {"holder": "employments", "pk": "employment"},
    "attachments/files/<uuid:pk>/": {"pk": "attachment"},
    "uploads/<uuid:pk>/": {"pk": "upload"},
    "p/": {"code": "no-such-link", "token": "no-such-link"},
    "health/proposals/<uuid:pk>/": {"pk": "proposal"},
    "bulletins/<uuid:pk>/": {"pk": "bulletin"},
    "bulletins/files/<uuid:pk>/": {"pk": "bulletin_file"},
    "admin-tools/bulletins/<uuid:pk>/": {"pk": "bulletin"},
    "admin-tools/bulletins/files/<uuid:pk>/": {"pk": "bulletin_file"},
    "health/feed/deliveries/<uuid:pk>/": {"pk": "feed_delivery"},
    "health/files/<uuid:pk>/": {"pk": "health_file"},
    "health/pre-registrations/<uuid:pk>/": {"pk": "preregistration"},
    "health/family/<uuid:pk>/": {"pk": "family_member"},
    "health/people/<uuid:pk>/": {"pk": "person"},
    "safety/trainings/<uuid:pk>/": {"pk": "training"},
    "credentials/<uuid:pk>/": {"pk": "credential"},
    "restrictions/<uuid:pk>/": {"pk": "restriction"},
    "restrictions/opinions/<uuid:pk>/": {"pk": "restriction_opinion"},
    "restrictions/papers/<uuid:pk>/": {"pk": "restriction_paper"},
    "m/restrictions/<uuid:pk>/": {"pk": "restriction"},
    "audits/projects/<uuid:pk>/": {"pk": "audited_project", "state": "pending"},
    "audits/<uuid:pk>/": {"pk": "audited_binding"},
    "_gallery/error/<int:status>/": {"status": 404},
}
# parameters that point to no object: words and dates
WORDS = (
    "roster",
    "portrait",
    "face",
    "pending",
    "front",
    "trade",
    "no-such-link",
    "employments",
    "age",
    "forgotten",
    404,
)
# forms with ticked rows
TICKED = {
    "employment-withdrawals": "employment",
    "assignment-allocation": "employment",
    "assignment-confirmations": "assignment",
    "assignment-acceptances": "assignment",
    "assignment-rejections": "assignment",
    "assignment-removals": "assignment",
    "binding-submissions": "binding",
    "binding-discards": "binding",
    "binding-exits": "bound",
    "binding-workers-known": "employment",
    "binding-decisions": "audited_binding",
    "binding-releases": "audited_binding",
    "stay-entries": "assignment",
    "stay-exits": "stay",
    "stay-desk-undo": "stay",
    "stay-manager-entries": "assignment",
    "stay-manager-exits": "stay",
    "self-form-takings": "self_form",
    "inbox-readings": "inbox_item",
    "my-inbox-readings": "inbox_item",
}
# pages that show something only for ticked rows
FOR_SOMEBODY = (
    *("assignment-allocation", "assignment-acceptances", "assignment-rejections"),
    *("binding-exits", "binding-decisions", "binding-releases"),
)
ASKED = {"assignment-managers": {"position": "项目经理"}}
FORM = {"note": "原因", "reason": "原因", "answer": "agree", "agree": "yes", "sure": "yes", "decision": "approve"}
# Not counted as changes: the trail of a refusal and the tables of the session.
QUIET_TABLES = {"django_session", "accounts_wornhat", "accounts_attempt"}
QUIET_EVENTS = ("access.denied",)
WRITE = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)\"?", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    path: str
    name: str
    view: object

    @property
    def surface(self) -> str:
        return self.view.surface

    @property
    def roles(self) -> set:
        return set(self.view.roles)

    @property
    def arguments(self) -> dict:
        names = re.findall(r"<(?:\w+:)?(\w+)>", self.path)
        if not names:
            return {}
        start = max((start for start in ARGUMENTS if self.path.startswith(start)), key=len, default=None)
        assert start, f"tests/test_matrix.py: ARGUMENTS does not say what {self.path} asks for"
        return {name: ARGUMENTS[start][name] for name in names}

    @property
    def names_an_object(self) -> bool:
        return any(value not in WORDS and value != "day" for value in self.arguments.values())

    def address(self, objects: Objects) -> str:
        values = {
            name: value if value in WORDS else _key(getattr(objects, value)) for name, value in self.arguments.items()
        }
        return reverse(self.name, kwargs=values)


def _key(value):
    return getattr(value, "pk", value)


def _all_routes(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from _all_routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield Route(prefix + str(entry.pattern), entry.name, entry.callback)


ROUTES = [route for route in _all_routes() if not route.path.startswith(("api/", "static/"))]
PUBLIC = [route for route in ROUTES if route.surface == "public"]
GUARDED = [route for route in ROUTES if route.surface != "public"]


@dataclass
class Walk:
    """One visitor on all routes; every forbidden success is noted."""

    client: Client
    hidden: tuple[str, ...] = ()
    wrong: list = field(default_factory=list)

    def try_(self, method: str, route: Route, address: str, allowed: set, data: dict | None = None):
        with transaction.atomic(), watched() as writes:
            try:
                answer = getattr(self.client, method)(address, data or {})
                status, shown = answer.status_code, b"" if answer.streaming else answer.content
            except Exception as error:
                shown, status = b"", f"{type(error).__name__}: {error}"[:160]
            transaction.set_rollback(True)
        if status not in allowed:
            self.wrong.append(f"{method} {route.path} → {status}")
        if writes:
            self.wrong.append(f"{method} {route.path} wrote {writes}")
        if any(value.encode() in shown for value in self.hidden):
            self.wrong.append(f"{method} {route.path} shows a whole number")


@contextmanager
def watched():
    """The tables written to, apart from sessions, counters and the event of the refusal."""
    writes = []

    def note(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        table = WRITE.match(sql)
        cursor = context["cursor"]  # a prepared statement has no cursor here, and inserts always write
        if table and (cursor is None or cursor.rowcount) and not _quiet(table[1], params):
            writes.append(table[1])
        return result

    with connection.execute_wrapper(note):
        yield writes


def _quiet(table: str, params) -> bool:
    return table in QUIET_TABLES or (table == "core_auditentry" and any(event in params for event in QUIET_EVENTS))


def role_of(name: str) -> Role:
    return Role.PM if name == "subcontractor_pm" else Role(name)


def test_every_route_with_arguments_has_an_entry():
    assert all(isinstance(route.arguments, dict) for route in ROUTES)


def test_anonymous_reaches_only_entrances(cast):
    objects, walk = own(cast, None), Walk(Client())
    for route in GUARDED:
        for method in ("get", "post"):
            walk.try_(method, route, route.address(objects), {302}, FORM)
    for route in PUBLIC:
        for method in ("get", "post"):
            walk.try_(method, route, route.address(objects), {200, 302, 404, 405, 410, 422})
    assert not walk.wrong, "\n".join(walk.wrong)


@pytest.mark.parametrize(("method", "serving"), [("head", {"HEAD", "GET"}), ("options", {"OPTIONS"})])
def test_safe_method_reaches_no_view_that_does_not_serve_it(cast, method, serving):
    """Asked by roles that may open the view."""
    objects, walk = own(cast, None), Walk(Client())
    clients = {name: client_of(ACTORS[name](cast)) for name in ACTORS}
    for route in ROUTES:
        if not serving & set(route.view.methods):
            walk.client = next((clients[name] for name in ACTORS if role_of(name) in route.roles), Client())
            walk.try_(method, route, route.address(objects), {405} if route.surface == "public" else {302, 405})
    assert not walk.wrong, "\n".join(walk.wrong)


@pytest.mark.parametrize("name", ACTORS)
def test_other_roles_are_refused_without_change(cast, name):
    """Asked as a script asks: the refusal comes before the view, and drawing 460 error pages takes most of a minute."""
    actor = ACTORS[name](cast)
    objects, walk = own(cast, actor), Walk(client_of(actor, HTTP_ACCEPT="application/json"))
    for route in GUARDED:
        if route.surface != "account" and role_of(name) not in route.roles:
            for method in ("get", "post"):
                walk.try_(method, route, route.address(objects), {403, 405}, FORM)
    assert not walk.wrong, "\n".join(walk.wrong)


@pytest.mark.parametrize("name", [name for name in ACTORS if name != "sys_admin"])
def test_objects_of_strangers_are_hidden_and_unchanged(cast, name):
    actor = ACTORS[name](cast)
    own(cast, actor)
    objects, walk = foreign(cast), Walk(client_of(actor))
    for route in GUARDED:
        if not (route.surface == "account" or role_of(name) in route.roles):
            continue
        if route.names_an_object:
            for method in ("get", "post"):
                walk.try_(method, route, route.address(objects), {403, 404, 405}, FORM)
        elif route.name in TICKED:
            walk.try_("post", route, route.address(objects), {200, 302, 403, 404, 422}, _ticked(route, objects) | FORM)
    assert not walk.wrong, "\n".join(walk.wrong)


@pytest.mark.parametrize("name", ACTORS)
def test_own_pages_render_masked_and_get_writes_nothing(cast, name):
    actor = ACTORS[name](cast)
    objects = own(cast, actor)
    walk = Walk(client_of(actor), (objects.person.id_number.plain, objects.person.phone.plain))
    for route in GUARDED:
        if route.surface == "account" or role_of(name) in route.roles:
            allowed = {200} if "GET" in route.view.methods else {405}
            allowed |= OTHERWISE.get(route.name, {}).get(name, set()) | OTHERWISE.get(route.name, {}).get("*", set())
            asked = _ticked(route, objects) if route.name in FOR_SOMEBODY else ASKED.get(route.name)
            walk.try_("get", route, route.address(objects), allowed, asked)
    assert not walk.wrong, "\n".join(walk.wrong)


def _ticked(route: Route, objects: Objects) -> dict:
    return {"ids": [str(getattr(objects, TICKED[route.name]).pk)]} if route.name in TICKED else {}


# Own pages that do not answer 200, with the reason: page → role (* for all) → status.
OTHERWISE: dict[str, dict[str, set]] = {
    "home": {"*": {302}},  # redirects to the start page of the door
    "attachment-file": {"*": {404}},  # requires a fresh ticket
    "health-file": {"*": {404}},  # requires a fresh ticket
    "my-declaration": {"*": {404}},  # exists while a site asks for it
    "face-consent": {"person_user": {404}},  # a worker enrols no face, not even the own one
    "face-verification": {"*": {302}},  # a code or a name comes first
    # the own employment is a worker's already
    "manager-becomes-worker": {"legal_rep": {404}, "hr_officer": {404}, "participant_clerk": {404}},
    # only the general contractor answers the authority
    "site-inquiry": {"subcontractor_pm": {404}},
    "inquiry-paper": {"subcontractor_pm": {404}},
    "account-recovery": {"*": {302}},  # recovery codes are shown once
}


def test_write_is_noticed_by_the_walk(cast):
    """A check of the check: the walk notes a permitted write."""
    walk = Walk(client_of(cast.hr))
    route = next(route for route in ROUTES if route.name == "employment-new")
    walk.try_("post", route, "/employments/new/", {302}, {"name": "张三", "number": cast.zhang.id_number.plain})
    assert walk.wrong and "employment_employment" in walk.wrong[0]
