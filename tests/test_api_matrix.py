"""Every operation of the API × every kind of key × the objects of a stranger. The description defines the bodies."""

from functools import cache
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from shiming.api.service import api
from shiming.core.actor import Right, Role
from shiming.presence import codes
from tests.callers import calling
from tests.test_matrix import watched
from tests.world import ACTORS, Objects, foreign, own

pytestmark = pytest.mark.django_db

# prefix of the path → object of pk (the longest prefix counts)
ROOT = "/api/v1"
OBJECTS = {
    "/people/{pk}": "person",
    "/employments/{pk}": "employment",
    "/transfers/{pk}": "transfer",
    "/assignments/{pk}": "assignment",
    "/stays/{pk}": "stay",
    "/attendance/corrections/{pk}": "correction",
    "/projects/{pk}": "project",
    "/bindings/places/{pk}": "bound_place",
    "/audits/projects/{pk}": "audited_project",
}
# fields of body and query that point to an object
POINTERS = {
    "participation_id": "participation",
    "employment_ids": "employment",
    "assignment_ids": "assignment",
    "stay_ids": "stay",
    "person_id": "person",
    "project_id": "project",
    "team_id": "team",
    "person": "person",
    "project": "project",
}
# Operations open to strangers: invitation and transfer by number and name need the person's consent; registering a
# known person answers only what the caller typed.
BESIDES = {"accounts_apikey", "api_received"}  # last use; raw punches
OPEN_TO_STRANGERS = {"transfers_ask", "people_register", "employments_invite"}
KEYS = {
    "legal_rep": lambda cast: calling(ACTORS["legal_rep"](cast)),
    "general_site": lambda cast: calling(cast.gc_pm),
    "labour_site": lambda cast: calling(cast.labour_pm),
    "participant_clerk": lambda cast: calling(ACTORS["participant_clerk"](cast)),
    "implementer": lambda cast: calling(ACTORS["implementer"](cast)),
    "site_without_rights": lambda cast: calling(cast.gc_pm, [Right.IDENTITY]),
}


OWN = {
    **{who: ACTORS[who] for who in ("legal_rep", "participant_clerk", "implementer")},
    "general_site": lambda cast: cast.gc_pm,
}
ROLES = {
    **{who: Role(who) for who in ("legal_rep", "participant_clerk", "implementer")},
    "general_site": Role.SITE_OPERATOR,
}


@cache
def roles() -> dict[str, frozenset]:
    """The roles of each operation."""
    return {
        api.get_openapi_operation_id(operation): operation.view_func.roles
        for router in api._get_bound_routers()
        for found in router.path_operations.values()
        for operation in found.operations
    }


@cache
def operations() -> list[tuple[str, str, dict]]:
    paths = api.get_openapi_schema()["paths"]
    return [(path, method, described) for path, methods in paths.items() for method, described in methods.items()]


@cache
def components() -> dict:
    return api.get_openapi_schema()["components"]["schemas"]


def body_of(described: dict, objects: Objects) -> dict | None:
    if "requestBody" not in described:
        return None
    reference = described["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = components()[reference]
    return {name: _value(name, objects, reference == "SitePunch") for name in schema.get("required", ())}


def _value(name: str, objects: Objects, at_site: bool = False):
    if name in POINTERS:
        pk = str(getattr(objects, POINTERS[name]).pk)
        return [pk] if name.endswith("_ids") else pk
    given = {
        "number": objects.person.id_number.plain,
        "name": objects.person.name,
        "code": codes.site_code(objects.project) if at_site else codes.personal_code(objects.person.pk),
        "event_id": str(uuid4()),
        "day": objects.day.isoformat(),
        "kind": "worker",
        "agree": True,
        "approve": True,
        "note": "原因",
        "reason": "原因",
    }
    if name == "punches":
        return [{"event_id": str(uuid4()), "person_id": str(objects.person.pk)}]
    return given[name]


def address_of(path: str, objects: Objects) -> str:
    start = max((start for start in OBJECTS if path.removeprefix(ROOT).startswith(start)), key=len, default="")
    assert start or "{pk}" not in path, f"tests/test_api_matrix.py: OBJECTS does not say what {path} asks for"
    values = {"year": objects.day.year, "month": objects.day.month, "day": objects.day}
    if start:
        values["pk"] = getattr(objects, OBJECTS[start]).pk
    return path.format(**values)


def query_of(described: dict, objects: Objects) -> dict:
    needed = [item["name"] for item in described.get("parameters", ()) if item["in"] == "query" and item["required"]]
    return {name: _value(name, objects) for name in needed}


def call(key: str, path: str, method: str, described: dict, objects: Objects):
    """(answer, tables written to); the transaction is rolled back."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    address, body = address_of(path, objects), body_of(described, objects)
    with transaction.atomic(), watched() as writes:
        if method == "get":
            answer = Client().get(address, query_of(described, objects), headers=headers)
        else:
            answer = getattr(Client(), method)(address, body or {}, content_type="application/json", headers=headers)
        transaction.set_rollback(True)
    return answer, [table for table in writes if table not in BESIDES]


def test_operations_without_key_are_refused(cast):
    objects, wrong = own(cast, None), []
    for path, method, described in operations():
        answer, writes = call("", path, method, described, objects)
        if answer.status_code != 401 or writes:
            wrong.append((method, path, answer.status_code, writes))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("who", KEYS)
def test_objects_of_strangers_are_hidden_and_unchanged(cast, who):
    key, objects, wrong = KEYS[who](cast).key, foreign(cast), []
    hidden = [objects.person.id_number.plain, objects.person.phone.plain]
    for path, method, described in operations():
        answer, writes = call(key, path, method, described, objects)
        text = answer.content.decode()
        leaked = objects.company.name in text or any(number in text for number in hidden)
        if leaked or (described["operationId"] not in OPEN_TO_STRANGERS and not _refused(answer, writes)):
            wrong.append((method, path, answer.status_code, writes, text[:200]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("who", OWN)
def test_own_objects_are_read_masked(cast, who):
    key, wrong = KEYS[who](cast).key, []
    objects = own(cast, OWN[who](cast))
    hidden = [objects.person.id_number.plain, objects.person.phone.plain]
    for path, method, described in operations():
        if method != "get":
            continue
        answer, writes = call(key, path, method, described, objects)
        text = answer.content.decode()
        expected = 200 if ROLES[who] in roles()[described["operationId"]] else 403
        if answer.status_code != expected or writes or any(number in text for number in hidden):
            wrong.append((method, path, answer.status_code, writes, text[:200]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("who", ["participant_clerk", "implementer"])
def test_roles_of_the_audit_open_only_their_operations(cast, who):
    key, objects, wrong = KEYS[who](cast).key, own(cast, ACTORS[who](cast)), []
    for path, method, described in operations():
        answer, writes = call(key, path, method, described, objects)
        closed = ROLES[who] not in roles()[described["operationId"]]
        if closed and (answer.status_code, answer.json()["code"], writes) != (403, "R-42", []):
            wrong.append((method, path, answer.status_code, writes, answer.content.decode()[:200]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("who", ["legal_rep", "general_site"])
def test_consent_operations_refuse_every_key(cast, who):
    key, wrong = KEYS[who](cast).key, []
    objects = own(cast, ACTORS["legal_rep"](cast) if who == "legal_rep" else cast.gc_pm)
    for path, method, described in operations():
        if not described["operationId"].startswith("consent_"):
            continue
        answer, writes = call(key, path, method, described, objects)
        unseen = who == "general_site" and "/transfers" in path
        if writes or (answer.status_code, answer.json()["code"]) != ((404, "A-02") if unseen else (403, "R-42")):
            wrong.append((method, path, answer.status_code, writes, answer.content.decode()[:200]))
    assert not wrong, "\n".join(map(str, wrong))


def _refused(answer, writes) -> bool:
    """Whether the answer is a list without the objects, a refusal, or a verdict that admits no person.

    A refusal at the gate is recorded in the trail, so that table may be written.
    """
    if set(writes) - {"core_auditentry", "inbox_inboxitem"}:
        return False
    if answer.status_code != 200:
        return answer.status_code in (403, 404, 409, 422)
    body = answer.json()
    if "tone" in body:
        return body["tone"] == "stop"
    if "rows" in body:
        return not any(row["kept"] for row in body["rows"])
    return "items" in body or body.get("done") == []
