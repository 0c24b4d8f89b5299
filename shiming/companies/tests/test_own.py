"""企业基本信息 [004] 4-02: shown to the company, corrected by those who keep its people."""

import pytest

from shiming.companies import commands
from shiming.core.actor import Role
from shiming.core.errors import NotAllowed
from shiming.core.models import AuditEntry
from tests.doors import client_of

pytestmark = pytest.mark.django_db
TYPED = {"address": "滨江路 8 号", "contact": "冯经办", "phone": "021-12345678"}


def test_page_shows_facts_certificate_and_whom_to_ask(cast):
    cast.anju.certificate_id, cast.anju.certificate_serial, cast.anju.certificate_holder = "ID-0004", "77AA", "贾法人"
    cast.anju.save()
    page = client_of(cast.implementer).get("/company/profile/").content.decode()
    assert all(text in page for text in ("安居实施", cast.anju.credit_code, "ID-0004", "77AA", "贾法人"))
    assert "请联系系统管理员更正" in page and "编辑" not in page


@pytest.mark.parametrize("role", [Role.LEGAL_REP, Role.HR_OFFICER, Role.PARTICIPANT_CLERK])
def test_company_corrects_what_is_its_own(cast, role):
    browser = client_of(cast.staff(f"安泰{role}", cast.antai, role))
    sent = TYPED | {"seen": cast.antai.version, "name": "改名", "credit_code": "X"}
    assert browser.post("/company/profile/edit/", sent)["Location"] == "/company/profile/"

    name, code = cast.antai.name, cast.antai.credit_code
    cast.antai.refresh_from_db()
    assert (cast.antai.name, cast.antai.credit_code) == (name, code)
    assert {field: getattr(cast.antai, field) for field in TYPED} == TYPED
    assert f"安泰{role}修改企业安泰劳务：" in str(AuditEntry.objects.get(event="company.changed"))


def test_change_by_another_user_in_between_is_R_43_and_keeps_the_input(cast):
    browser, seen = client_of(cast.clerk), cast.antai.version
    commands.correct(cast.antai, by=cast.hr, address="别处", contact="", phone="")
    answer = browser.post("/company/profile/edit/", TYPED | {"seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422 and "R-43" in page and TYPED["address"] in page
    cast.antai.refresh_from_db()
    assert cast.antai.address == "别处"


@pytest.mark.parametrize("who", ["implementer", "stranger_hr", "labour_pm"])
def test_others_correct_nothing(cast, who):
    with pytest.raises(NotAllowed):
        commands.correct(cast.antai, by=getattr(cast, who), **TYPED)
    if who != "stranger_hr":
        assert client_of(getattr(cast, who)).post("/company/profile/edit/", TYPED).status_code == 403
