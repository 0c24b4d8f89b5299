"""Consent, enrolment, withdrawal, comparison, check by hand, alerts (domain.md §11.5, security.md 54)."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shiming.core import files
from shiming.core.actor import Role
from shiming.core.audit import trail_of
from shiming.core.environment import environment
from shiming.core.errors import Conflict, DomainError, Invalid, NotAllowed
from shiming.core.models import AuditEntry
from shiming.employment import commands as employment
from shiming.faces import commands, jobs, queries
from shiming.faces.models import FaceAlert, FaceComparison, FaceConsent, FaceSession, FaceTemplate, HandCheck
from shiming.faces.tests.conftest import drafted, frames
from shiming.people.commands import CardContent, take_card
from shiming.people.models import Person

pytestmark = pytest.mark.django_db
STATUS = FaceSession.Status


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def with_card(person: Person, name: str) -> Person:
    """The engine of the tests reads words; the cut of a card is whatever the process makes of it."""
    person.card_portrait = files.store(name.encode(), kind="card_portrait", media_type="image/jpeg")
    person.save()
    return person


@pytest.fixture
def cut(monkeypatch):
    monkeypatch.setattr("shiming.faces.engine.process.cut", lambda jpeg, box: jpeg)


# 登记


def test_manager_enrols_themselves_then_a_worker(site):
    session = site.ready.enrol(site.worker)

    worker = fresh(site.worker)
    assert session.status == STATUS.PASSED
    assert (worker.face_status, worker.face_answer, worker.stood_there) == ("registered", "是", True)
    assert (worker.identity_status, worker.identity_source) == ("verified", "face")
    told = [str(entry) for entry in AuditEntry.objects.filter(person_id=worker.pk).order_by("id")]
    assert told == ["张三同意登记人脸（告知书 2026-12）", "张三的身份信息核验通过", "孙经理为张三登记人脸"]


def test_template_is_sealed_with_a_key_of_its_own(site):
    site.ready.enrol(site.worker)
    template = FaceTemplate.objects.get(person=site.worker)

    assert template.embedding == pytest.approx((1, 0, 0))
    assert bytes(12) not in bytes(template.sealed)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE faces_facetemplate SET id = gen_random_uuid() WHERE id = %s", [template.pk])
    with pytest.raises(InvalidTag):  # moved to another row it no longer opens
        _ = FaceTemplate.objects.get(person=site.worker).embedding


def test_no_capture_without_consent(site):
    with pytest.raises(Invalid, match="同意"):
        site.ready.shoot(site.worker)
    with pytest.raises(IntegrityError, match="enrolment_has_a_consent"), transaction.atomic():
        FaceSession.objects.create(
            person=site.worker, purpose="enrol", by_id=site.manager.user_id, moves=[], expires_at=timezone.now()
        )


def test_refusal_is_kept_and_nothing_is_shot(site):
    commands.decline(site.worker, by=site.manager)
    assert FaceConsent.objects.get().answer == "declined"
    with pytest.raises(Invalid):
        site.ready.shoot(site.worker)


def test_manager_proves_themselves_before_enrolling_others(site):
    commands.agree(site.worker, by=site.manager)
    with pytest.raises(Invalid, match="您自己的脸"):
        commands.start(site.worker, by=site.manager)

    site.enrol(site.manager_person, "other")
    FaceSession.objects.update(judged_at=timezone.now() - timedelta(minutes=31))
    with pytest.raises(Invalid, match="您自己的脸"):
        commands.start(site.worker, by=site.manager)
    assert site.shoot(site.manager_person, "zhang").problems == ["stranger"]
    proof = site.shoot(site.manager_person, "other")
    assert (proof.purpose, proof.status) == ("prove", STATUS.PASSED)
    assert site.shoot(site.worker).status == STATUS.PASSED


@pytest.mark.parametrize(
    "who", ["worker of the same company", "manager of another project", "manager of another company", "left manager"]
)
def test_who_may_not_enrol(site, cast, who):
    someone = cast.person("王某")
    match who:
        case "worker of the same company":
            drafted(cast, someone)
        case "manager of another project":
            row = cast.employment(someone, kind="manager")
            cast.assignment(row, role="安全员")
        case "manager of another company":
            drafted(cast, someone, place=cast.repair_gc_place, role="安全员", kind="manager")
        case "left manager":
            row = drafted(cast, someone, role="安全员", kind="manager")
            row.status = "removed"
            row.save()
    with pytest.raises(NotAllowed):
        commands.agree(site.worker, by=cast.himself(someone))


def test_session_serves_once_and_only_the_one_who_began_it(site, cast):
    session = site.ready.enrol(site.worker)
    with pytest.raises(Conflict):
        commands.judge(session, frames(session.moves), by=site.manager)

    session = commands.start(site.worker, by=site.manager)
    with pytest.raises(NotAllowed):
        commands.judge(session, frames(session.moves), by=cast.himself(site.worker))
    FaceSession.objects.update(expires_at=timezone.now())
    with pytest.raises(Conflict):
        commands.judge(session, frames(session.moves), by=site.manager)


def test_failed_attempt_says_why_and_keeps_no_template(site):
    commands.agree(site.worker, by=site.ready.manager)
    session = commands.start(site.worker, by=site.manager)
    sent = frames(session.moves)
    sent[0], sent[3] = b"zhang straight dark", b"zhang twice"
    session = commands.judge(session, sent, by=site.manager)

    assert (session.status, session.problems) == (STATUS.FAILED, ["dark", "many"])
    assert not FaceTemplate.objects.filter(person=site.worker).exists()
    assert not fresh(site.worker).stood_there


@pytest.mark.parametrize("sent", [[], [b"zhang"] * 7, [b"zhang"] * 9, [b"z" * 60_001] * 8])
def test_wrong_number_or_size_of_frames_leaves_the_session_open(site, sent):
    session = commands.start(site.ready.manager_person, by=site.manager)
    with pytest.raises(Invalid):
        commands.judge(session, sent, by=site.manager)
    assert FaceSession.objects.get(pk=session.pk).status == STATUS.OPEN


def test_consent_withdrawn_while_the_frames_are_judged_wins(site, monkeypatch):
    commands.agree(site.worker, by=site.ready.manager)
    session = commands.start(site.worker, by=site.manager)
    monkeypatch.setattr(
        "shiming.faces.commands.sessions._card",
        lambda person, here: commands.withdraw(person, by=site.cast.himself(person)) and None,
    )
    session = commands.judge(session, frames(session.moves), by=site.manager)
    assert (session.status, session.problems) == (STATUS.FAILED, ["withdrawn"])
    assert not FaceTemplate.objects.filter(person=site.worker).exists()


def test_sessions_are_limited(site):
    FaceSession.objects.bulk_create(
        FaceSession(
            person=site.worker, purpose="prove", by_id=site.manager.user_id, moves=[], expires_at=timezone.now()
        )
        for _ in range(20)
    )
    with pytest.raises(DomainError) as refused:
        commands.start(site.manager_person, by=site.manager)
    assert refused.value.codes == ["R-82"]


def test_without_an_engine_the_other_way_is_named(site, monkeypatch):
    monkeypatch.setattr(environment(), "face_engine", "")
    commands.agree(site.manager_person, by=site.manager)
    with pytest.raises(Invalid) as refused:
        commands.start(site.manager_person, by=site.manager)
    assert "人工核验" in refused.value.refusals[0].next_step


# 撤回


def test_person_withdraws_and_the_template_is_gone(site, cast):
    site.ready.enrol(site.worker)
    given = commands.withdraw(site.worker, by=cast.himself(site.worker))

    worker = fresh(site.worker)
    assert not FaceTemplate.objects.filter(person=worker).exists()
    assert (worker.face_status, worker.face_answer, worker.stood_there) == ("withdrawn", "否", False)
    assert worker.identity_status == "verified"
    assert str(trail_of(given).first()) == "张三的人脸模板已删除：本人撤回"
    with pytest.raises(Conflict):
        commands.withdraw(worker, by=cast.himself(worker))


def test_company_withdraws_on_the_persons_word_and_strangers_do_not(site, cast):
    site.ready.enrol(site.worker)
    with pytest.raises(NotAllowed):
        commands.withdraw(site.worker, by=cast.stranger_hr)
    given = commands.withdraw(site.worker, by=cast.clerk, ended="company", note="当面提出")
    assert (given.ended, given.note, given.withdrawn_by_id) == ("company", "当面提出", cast.clerk.user_id)


def test_end_of_the_only_employment_removes_the_template(site, cast):
    site.ready.enrol(site.worker)
    employment.release(site.worker.employments.get(), reason="合同到期", by=cast.clerk)
    assert FaceConsent.objects.get(person=site.worker).ended == "employment"
    assert not FaceTemplate.objects.filter(person=site.worker).exists()


@pytest.mark.parametrize(("days", "gone"), [(29, False), (31, True)])
def test_template_goes_some_days_after_the_exit(site, days, gone):
    site.ready.enrol(site.worker)
    long_ago = timezone.now() - timedelta(days=days)
    FaceConsent.objects.update(created_at=timezone.now() - timedelta(days=90))
    site.worker.assignments.update(status="ended", ended_at=long_ago, confirmed_at=long_ago)
    jobs.forget_after_exit(timestamp=0)
    assert [person.name for person in Person.objects.filter(face_status="withdrawn")] == (["张三"] if gone else [])
    assert fresh(site.manager_person).face_status == "registered"


# 人工比对


def test_face_unlike_the_card_waits_for_another_human(site, cast, cut):
    with_card(site.worker, "other")
    assert site.ready.enrol(site.worker, "zhang").status == STATUS.COMPARING

    [row] = FaceComparison.objects.all()
    assert not fresh(site.worker).stood_there
    assert (row.opened("card"), row.opened("face").split()[0]) == (b"other", b"zhang")
    commands.compare(row, same=True, by=cast.clerk)
    assert fresh(site.worker).face_answer == "是"
    row.refresh_from_db()
    assert (row.status, row.face, row.card, row.sealed) == ("same", None, None, None)
    assert FaceTemplate.objects.get(person=site.worker).embedding == pytest.approx((1, 0, 0))


def test_not_the_same_person_removes_everything(site, cast, cut):
    with_card(site.worker, "other")
    site.ready.enrol(site.worker)
    commands.compare(FaceComparison.objects.get(), same=False, note="明显不是", by=cast.clerk)
    assert FaceConsent.objects.get(person=site.worker).ended == "unlike"
    assert not FaceTemplate.objects.filter(person=site.worker).exists()
    assert fresh(site.worker).face_answer == "否"


def test_face_like_the_card_is_registered_at_once(site, cut):
    with_card(site.worker, "cousin")
    assert site.ready.enrol(site.worker).status == STATUS.PASSED


def test_the_one_who_enrolled_does_not_compare(site, cast, cut):
    with_card(site.worker, "other")
    site.ready.enrol(site.worker)
    row = FaceComparison.objects.get()
    with pytest.raises(NotAllowed):
        commands.compare(row, same=True, by=cast.stranger_hr)
    with pytest.raises(IntegrityError, match="another_user_compares"), transaction.atomic():
        FaceComparison.objects.update(decided_by=row.enrolled_by)
    with pytest.raises(IntegrityError, match="pictures_go_with_the_decision"), transaction.atomic():
        FaceComparison.objects.update(status="same")


def test_withdrawal_drops_a_waiting_comparison_with_its_pictures(site, cast, cut):
    with_card(site.worker, "other")
    site.ready.enrol(site.worker)
    commands.withdraw(site.worker, by=cast.himself(site.worker))
    row = FaceComparison.objects.get()
    assert (row.status, row.face) == ("dropped", None)
    assert fresh(site.worker).face_status == "none"


# 人工核验


def test_two_people_check_by_hand(site, cast):
    check = commands.ask_check(site.worker, place="项目部", note="本人不同意", by=cast.clerk)
    assert not fresh(site.worker).stood_there
    with pytest.raises(NotAllowed):
        commands.confirm_check(check, by=cast.clerk)
    with pytest.raises(NotAllowed):
        commands.confirm_check(check, by=cast.stranger_hr)

    commands.confirm_check(check, by=site.second)
    worker = fresh(site.worker)
    assert (worker.face_answer, worker.stood_there) == ("否（人工核验）", True)
    assert (worker.identity_status, worker.identity_source) == ("verified", "hand")


def test_database_refuses_one_person_as_both(site, cast):
    check = commands.ask_check(site.worker, place="项目部", by=cast.clerk)
    with pytest.raises(IntegrityError, match="two_different_people_check"), transaction.atomic():
        HandCheck.objects.filter(pk=check.pk).update(status="done", second=check.first, decided_at=timezone.now())


def test_second_person_declines_with_a_reason(site, cast):
    check = commands.ask_check(site.worker, place="项目部", by=cast.clerk)
    with pytest.raises(DomainError):
        commands.decline_check(check, reason=" ", by=site.second)
    commands.decline_check(check, reason="没有见到本人", by=site.second)
    assert not fresh(site.worker).stood_there
    assert commands.ask_check(site.worker, place="项目部", by=site.second).status == "waiting"  # may be asked again


def test_second_ask_while_one_waits_is_refused(site, cast):
    commands.ask_check(site.worker, place="项目部", by=cast.clerk)
    with pytest.raises(Conflict):
        commands.ask_check(site.worker, place="项目部", by=site.second)


def test_failed_identity_is_not_verified_by_a_face(site):
    Person.objects.filter(pk=site.worker.pk).update(identity_status="failed")
    site.ready.enrol(site.worker)
    assert fresh(site.worker).identity_status == "failed"


def test_card_read_at_a_desk_counts(site, cast):
    card = CardContent(site.worker.id_number.plain, "张三")
    take_card(card, reader="读卡器", by=cast.clerk)
    worker = fresh(site.worker)
    assert (worker.face_answer, worker.identity_source) == ("否（人工核验）", "reader")
    check = HandCheck.objects.get()
    assert (check.how, check.status, check.first_id, check.place) == ("card", "done", cast.clerk.user_id, "安泰劳务")


# 一张脸、两个身份证号


def test_same_face_under_two_numbers_alerts_the_administrator_once(site, cast):
    other = cast.person("李四")
    drafted(cast, other)
    site.ready.enrol(site.worker, "zhang")
    site.enrol(other, "cousin")
    for template in FaceTemplate.objects.all():
        jobs.look_for_the_same_face(template_id=str(template.pk))

    [alert] = FaceAlert.objects.all()
    assert {alert.first, alert.second} == {site.worker, other}
    told = AuditEntry.objects.get(event="face_alert.raised")
    assert (told.person_id, told.company_id) == (None, None)
    with pytest.raises(NotAllowed):
        commands.settle(alert, outcome="twins", note="户口簿", by=cast.clerk)
    commands.settle(alert, outcome="twins", note="看过户口簿", by=cast.admin)
    assert not queries.alerts(open_only=True).exists()


def test_job_after_the_template_is_gone_does_nothing(site):
    assert site.ready
    jobs.look_for_the_same_face(template_id="00000000-0000-0000-0000-000000000000")
    assert not FaceAlert.objects.exists()


def test_system_roles_do_not_enrol(site, cast):
    for actor in (cast.clerk, cast.admin, cast.staff("法人", cast.antai, Role.LEGAL_REP)):
        with pytest.raises(NotAllowed):
            commands.agree(site.worker, by=actor)
