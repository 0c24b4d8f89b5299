"""A key acts as its firm or site, while that may act, and as no other actor."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shiming.accounts.commands.keys import create_key, revoke_key
from shiming.accounts.models import ApiKey, User
from shiming.companies.models import Company
from shiming.core.actor import Right, Role
from shiming.core.errors import NotAllowed
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.projects import commands as projects
from tests.callers import Caller, calling, codes, firm, site

pytestmark = pytest.mark.django_db

CLOSED = (401, 'Bearer realm="shiming"', ["A-01"])


def outcome(answer) -> tuple:
    return answer.status_code, answer.headers.get("WWW-Authenticate"), codes(answer)


# malformed keys


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer made-up", "Bearer sm_made-up", f"Bearer sm_{'x' * 100}", "Basic {key}", "{key}"],
)
def test_invalid_key_is_refused(cast, header):
    key = firm(cast, cast.antai).key
    headers = {"Authorization": header.format(key=key)} if header else {}
    assert outcome(Client().get("/api/v1/teams", headers=headers)) == CLOSED


def test_scheme_is_read_in_any_case(cast):
    key = firm(cast, cast.antai).key
    headers = [{"Authorization": f"{scheme} {key} "} for scheme in ("Bearer", "bearer", "BEARER")]
    assert [Client().get("/api/v1/teams", headers=each).status_code for each in headers] == [200, 200, 200]


def test_key_in_address_or_cookie_is_ignored(cast):
    key, client = firm(cast, cast.antai).key, Client()
    client.cookies["Authorization"] = f"Bearer {key}"
    assert outcome(client.get("/api/v1/teams", {"key": key, "Authorization": f"Bearer {key}"})) == CLOSED


# expiry, revocation, loss of the role


@pytest.mark.parametrize(("days", "open_"), [(0, True), (-1, False)])
def test_key_is_valid_through_its_last_day(cast, days, open_):
    labour = firm(cast, cast.antai)
    ApiKey.objects.update(expires_on=timezone.localdate() + timedelta(days=days))
    assert (outcome(labour.get("/teams")) == CLOSED) is not open_


def test_revoked_key_is_closed_at_once(cast):
    legal = cast.staff("安泰法人", cast.antai, Role.LEGAL_REP)
    key, text = create_key(name="接口", days=30, by=legal)
    assert Caller(text).get("/teams").status_code == 200
    revoke_key(key, by=legal)
    assert outcome(Caller(text).get("/teams")) == CLOSED


def test_key_of_closed_account_or_firm_is_closed(cast):
    labour, other = firm(cast, cast.antai), firm(cast, cast.yuanda)
    User.objects.filter(name="安泰劳务法人").update(is_active=False)
    Company.objects.filter(pk=cast.yuanda.pk).update(status="closed")
    assert [outcome(caller.get("/teams")) for caller in (labour, other)] == [CLOSED, CLOSED]


def test_key_of_site_closes_when_firm_leaves(cast):
    gate = site(cast.gc_pm)
    assert gate.get("/teams").status_code == 200
    projects.leave(cast.gc_place, by=cast.admin)
    assert outcome(gate.get("/teams")) == CLOSED


@pytest.mark.parametrize("who", ["regulator", "supervision_pm", "admin"])
def test_other_roles_make_no_keys(cast, who):
    found = getattr(cast, who)
    with pytest.raises(NotAllowed):
        calling(found() if callable(found) else found)


# the actor of a key


def test_key_acts_as_maker_and_is_recorded(cast):
    firm(cast, cast.antai).post("/employments", name="张三", number=cast.zhang.id_number.plain)
    line = AuditEntry.objects.get(event="employment.invited")
    assert (line.by, line.role, line.door, line.company_id) == (
        "安泰劳务法人（接口 安泰劳务法人的接口）",
        "legal_rep",
        "company",
        cast.antai.pk,
    )
    assert Employment.objects.get().company == cast.antai


def test_body_does_not_define_the_actor(cast):
    answer = firm(cast, cast.antai).post(
        "/employments", name="张三", number=cast.zhang.id_number.plain, company_id=str(cast.yuanda.pk)
    )
    assert (answer.status_code, codes(answer), Employment.objects.count()) == (422, ["A-05"], 0)


RIGHTS = [
    ("/assignments/acceptance", "assignment_ids", Right.CONFIRM),
    ("/entries", "assignment_ids", Right.ENTRY),
    ("/stays/exit", "stay_ids", Right.EXIT),
]


@pytest.mark.parametrize(("path", "field", "right"), RIGHTS)
def test_site_key_has_only_the_ticked_rights(cast, path, field, right):
    stay = cast.stay()
    subject = {"assignment_ids": stay.assignment_id, "stay_ids": stay.pk}[field]
    without = [each for each in Right if each != right]
    answers = [site(cast.gc_pm, rights).post(path, **{field: [str(subject)]}) for rights in (without, [right])]
    assert [("R-42" in codes(answer)) for answer in answers] == [True, False]


SITES_ALONE = ["/entries", "/entries/scan", "/stays/exit", "/attendance/punches", "/attendance/punches/batch"]
FIRMS_ALONE = ["/employments", "/transfers"]


@pytest.mark.parametrize("path", SITES_ALONE + FIRMS_ALONE)
def test_firms_and_sites_have_separate_doors(cast, path):
    caller = firm(cast, cast.antai) if path in SITES_ALONE else site(cast.gc_pm)
    answer = caller.post(path, assignment_ids=[], stay_ids=[], punches=[], name="张三", number="1")
    assert answer.status_code in (403, 422)
    if answer.status_code == 403:
        assert codes(answer) == ["R-42"]
    assert not AuditEntry.objects.exclude(event__in=["key.created", "access.denied"]).exists()


def test_firm_sees_own_rows_and_site_those_below(cast):
    cast.stay()
    cast.stay(cast.assignment(cast.employment(cast.person("外人"), cast.yuanda), cast.stranger_place))
    callers = {
        "安泰": firm(cast, cast.antai),
        "远大": firm(cast, cast.yuanda),
        "滨江总包": site(cast.gc_pm),
        "城东总包": site(cast.stranger_pm),
    }
    seen = {
        name: [row["person"]["name"] for row in caller.get("/stays").json()["items"]]
        for name, caller in callers.items()
    }
    assert seen == {"安泰": ["张三"], "远大": ["外人"], "滨江总包": ["张三"], "城东总包": ["外人"]}
