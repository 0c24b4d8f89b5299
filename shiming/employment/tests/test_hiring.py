"""聘用：邀请与它的拒绝理由，待建档自动继续，撤回，过期。"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from shiming.core.actor import system
from shiming.core.audit import record, trail_of
from shiming.core.errors import Conflict, DomainError, NotAllowed
from shiming.core.events import Event
from shiming.employment import commands, queries
from shiming.employment.models import Employment
from shiming.idcard.number import complete

Status = Employment.Status


def invite(cast, person=None, by=None, name=None, number=None):
    person = person or cast.zhang
    return commands.invite(name=name or person.name, number=number or person.id_number.plain, by=by or cast.hr)


def wrong_digit(number):
    return number[:-1] + ("0" if number[-1] != "0" else "1")


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    return [(item.code, item.sentence) for item in caught.value.refusals]


def identified(person, event=Event.PERSON_VERIFIED, **params):
    """The step of the people module when the authority has answered."""
    with transaction.atomic():
        verified = event == Event.PERSON_VERIFIED
        person.identity_status = "verified" if verified else "failed"
        person.verified_at = timezone.now() if verified else None
        person.save()
        record(event, person, by=system(), person_id=person.pk, person=person.name, **params)


def test_verified_person_is_invited_and_asked(cast):
    employment = invite(cast)

    assert (employment.status, employment.company, employment.invited_by_id) == ("invited", cast.antai, cast.hr.user_id)
    assert [str(entry) for entry in trail_of(employment)] == ["陈人事邀请张三受聘于安泰劳务"]


def test_name_is_compared_without_spacing(cast):
    assert invite(cast, name=" 张　三 ").status == "invited"


@pytest.mark.parametrize("who", ["gc_pm", "admin", "supervision_pm"])
def test_only_own_firm_invites(cast, who):
    with pytest.raises(NotAllowed):
        invite(cast, by=getattr(cast, who))


def test_wrong_number_names_the_digit(cast):
    assert refused(lambda: invite(cast, number=wrong_digit(cast.zhang.id_number.plain))) == [
        ("R-03", "身份证号码无效，请核对第 18 位")
    ]


def test_unknown_person_must_register_first(cast):
    unknown = complete("11990019850312999")
    assert refused(lambda: commands.invite(name="张三", number=unknown, by=cast.hr)) == [
        ("R-06", "该人员尚未实名登记，请先进行人员建档")
    ]


@pytest.mark.parametrize("status", ["unverified", "failed"])
def test_unverified_person_must_register_first(cast, status):
    assert refused(lambda: invite(cast, cast.person("李四", status=status))) == [
        ("R-06", "该人员尚未实名登记，请先进行人员建档")
    ]


def test_wrong_name_is_refused_first(cast):
    cast.employment(company=cast.yuanda)
    assert refused(lambda: invite(cast, name="张四")) == [("R-07", "姓名与身份证号不一致")]


def test_employed_person_must_leave_first(cast):
    cast.employment(company=cast.yuanda)
    assert refused(lambda: invite(cast)) == [("R-05", "该人员在另外一家单位未离职，请先由本人申请离职或由原单位迁出")]


@pytest.mark.parametrize("status", ["leave_requested", "dismissal_pending"])
def test_leaving_person_counts_as_employed(cast, status):
    cast.employment(company=cast.yuanda, status=status)
    assert [code for code, _ in refused(lambda: invite(cast))] == ["R-05"]


def test_second_invitation_finds_the_first(cast):
    first = invite(cast)
    assert refused(lambda: invite(cast)) == [("R-08", "已发出聘用邀请，等待本人确认")]
    assert queries.open_here(cast.hr, cast.zhang.id_number.plain) == first


def test_own_employee_is_not_invited(cast):
    cast.employment()
    assert refused(lambda: invite(cast)) == [("R-04", "该人员已登记")]


def test_person_confirms_one_of_two_invitations(cast):
    first, second = invite(cast), invite(cast, by=cast.stranger_hr)
    commands.confirm(first, by=cast.himself())

    assert [code for code, _ in refused(lambda: commands.confirm(second, by=cast.himself()))] == ["R-05"]
    assert Employment.objects.get(pk=second.pk).status == "invited"


def test_waiting_invitation_continues_after_verification(cast):
    person = cast.person("李四", status="pending")
    waiting = invite(cast, person)
    assert (waiting.status, waiting.invited_at) == ("awaiting_identity", None)
    assert invite(cast, person) == waiting

    identified(person)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.expires_on) == ("invited", timezone.localdate() + timedelta(days=30))
    assert str(trail_of(waiting)[0]) == "李四身份核验完成，安泰劳务的聘用邀请自动发出"


def test_list_counts_working_days_of_waiting(cast):
    person = cast.person("李四", status="pending")
    person.submitted_on = timezone.localdate() - timedelta(days=14)
    person.save()
    invite(cast, person)
    [row] = queries.with_progress(queries.employments(cast.hr))
    assert row.progress.startswith("第 ") and row.progress.endswith(" 个工作日/共 15")


def test_failed_identity_expires_waiting_row(cast):
    person = cast.person("李四", status="pending")
    waiting = invite(cast, person)
    identified(person, Event.PERSON_FAILED, reason="照片模糊")
    waiting.refresh_from_db()

    assert (waiting.status, waiting.answer_note) == ("expired", "身份核验未通过，请本人重新登记后再聘用")


@pytest.mark.parametrize("status", ["active", "declined", "ended"])
def test_answered_invitation_may_not_be_withdrawn(cast, status):
    employment = cast.employment(status=status)
    assert refused(lambda: commands.withdraw(employment, by=cast.hr)) == [("R-09", "本人已处理，不能撤回")]


def test_selected_invitations_are_withdrawn_alone(cast):
    invited, answered = invite(cast), cast.employment(cast.person("李四"), status="declined")
    result = commands.withdraw_many([invited, answered], by=cast.hr)

    assert [row.pk for row in result.done] == [invited.pk]
    assert [(name, error.codes) for name, error in result.refused] == [("李四", ["R-09"])]


def test_empty_selection_is_reported(cast):
    assert refused(lambda: commands.withdraw_many([], by=cast.hr)) == [("R-44", "请至少选择一人")]


def test_invitation_expires_once_after_thirty_days(cast):
    employment = invite(cast)
    last_day = employment.expires_on
    runs = [commands.expire_old(by=system(), today=last_day + timedelta(days=n)) for n in (0, 1, 2)]

    assert runs == [0, 1, 0]
    assert [entry.event for entry in trail_of(employment)] == ["employment.expired", "employment.invited"]


@pytest.mark.parametrize("answer", [commands.confirm, commands.decline])
def test_invitation_past_its_term_is_not_answered(cast, answer):
    """Also before the nightly job has run."""
    employment = invite(cast)
    Employment.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Conflict):
        answer(employment, by=cast.himself())
    employment.refresh_from_db()
    assert employment.status == "invited"


def test_invitation_on_its_last_day_is_answered(cast):
    employment = invite(cast)
    Employment.objects.update(expires_on=timezone.localdate())
    assert commands.confirm(employment, by=cast.himself()).status == "active"


def test_company_invites_again_after_the_term(cast):
    first = invite(cast)
    Employment.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    second = invite(cast)
    first.refresh_from_db()
    assert (first.status, second.status, first.pk != second.pk) == ("expired", "invited", True)


def test_declined_person_may_be_invited_again(cast):
    commands.decline(invite(cast), by=cast.himself())
    assert invite(cast).status == "invited"
