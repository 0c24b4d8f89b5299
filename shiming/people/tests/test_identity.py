"""Identity checks: states, batches, parallel and killed runs."""

import pytest

from shiming.core.actor import system
from shiming.core.errors import Conflict, DomainError, NotAllowed
from shiming.core.models import AuditEntry
from shiming.demo import cards
from shiming.people import authority, commands
from shiming.people.authority import Answer, Outcome, local
from shiming.people.models import IdentityBatch, Person
from shiming.people.tests.conftest import card

pytestmark = pytest.mark.django_db
Status = Person.Status


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("then", Status)
def test_identity_states_follow_the_arrows(now, then):
    drawn = {("unverified", "pending"), ("unverified", "verified"), ("pending", "verified"), ("pending", "failed")}
    drawn |= {("failed", "pending"), ("failed", "verified")}
    person = Person(identity_status=now)

    if (now, then) in drawn:
        person.become(then)
        assert person.identity_status == then
    else:
        with pytest.raises(Conflict):
            person.become(then)


def test_matching_photos_are_verified(submitted):
    assert local.check(submitted()) == Answer(Outcome.PASSED)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"number": card(1).number}, Answer(Outcome.FAILED, "照片上的身份证号码与填写的不一致")),
        ({"name": "张别名"}, Answer(Outcome.UNCLEAR, "照片上的姓名与填写的不一致，请人工对照")),
        ({"name": "ABC"}, Answer(Outcome.UNCLEAR, "姓名写法少见，请对照证件")),
        ({"back": None}, Answer(Outcome.FAILED, "缺少身份证国徽面照片")),
        (
            {"valid_to": card().card.birth_date},
            Answer(Outcome.FAILED, f"身份证已于 {card().card.birth_date} 到期，请用新证提交"),
        ),
    ],
)
def test_mismatch_fails_or_is_left(submitted, given, answer):
    assert local.check(submitted(**given)) == answer


def test_dark_photo_is_left_to_administrator(submitted):
    dark = cards.photograph(cards.front(card().card), light=0.2)
    assert local.check(submitted(front=dark)) == Answer(Outcome.UNCLEAR, "人像面：照片太暗")


def test_typed_person_without_photos_is_left(cast):
    typed = commands.register_typed(number=card().number, name=card().name, by=cast.hr)
    assert local.check(typed).outcome is Outcome.UNCLEAR


def test_batch_decides_all_and_counts(submitted, cast):
    good, bad = submitted(0), submitted(1, number=card(2).number)
    typed = commands.register_typed(number=card(3).number, name=card(3).name, by=cast.hr)
    batch = commands.run_identity_batch(by=system())

    assert (batch.checked, batch.passed, batch.failed, batch.left) == (3, 1, 1, 1)
    for person in (good, bad, typed):
        person.refresh_from_db()
    assert [good.identity_status, bad.identity_status, typed.identity_status] == ["verified", "failed", "pending"]
    assert typed.review_note == "没有证件照片，请核对其他材料"
    assert str(AuditEntry.objects.latest("id")) == "身份核验批次：3 人，通过 1 人，失败 1 人"


def test_second_batch_has_nothing_to_decide(submitted):
    submitted()
    commands.run_identity_batch(by=system())
    verified = AuditEntry.objects.filter(event="person.verified").count()
    again = commands.run_identity_batch(by=system())

    assert (verified, again.checked) == (1, 0)
    assert AuditEntry.objects.filter(event="person.verified").count() == 1


class Dies:
    """An authority that is cut off after the first answer."""

    def __init__(self):
        self.asked = 0

    def check(self, person):
        self.asked += 1
        if self.asked > 1:
            raise KeyboardInterrupt
        return Answer(Outcome.PASSED)


def test_killed_batch_keeps_decided_persons(submitted, monkeypatch):
    for serial in range(3):
        submitted(serial, phone=f"1549912345{serial}")
    monkeypatch.setattr(commands.batch, "authority", Dies)
    with pytest.raises(KeyboardInterrupt):
        commands.run_identity_batch(by=system())
    monkeypatch.undo()

    broken = IdentityBatch.objects.get()
    assert (broken.checked, broken.passed, broken.finished_at) == (1, 1, None)
    assert commands.run_identity_batch(by=system()).checked == 2
    assert not Person.objects.exclude(identity_status="verified").exists()


class Meanwhile:
    """An authority during whose answer the person submits again."""

    def check(self, person):
        changed = Person.objects.get(pk=person.pk)
        changed.native_place = "别处"
        changed.save()
        return Answer(Outcome.FAILED, "号码不符")


def test_answer_about_changed_person_is_dropped(submitted, monkeypatch):
    person = submitted()
    monkeypatch.setattr(commands.batch, "authority", Meanwhile)

    assert commands.run_identity_batch(by=system()).checked == 0
    person.refresh_from_db()
    assert person.identity_status == "pending"


def test_administrator_decides_the_left_cases(submitted, cast):
    person = commands.leave_to_administrator(submitted(), note="照片模糊", by=system())
    person = commands.verify(person, by=cast.admin)

    assert (person.identity_status, person.review_note, bool(person.verified_at)) == ("verified", "", True)


def test_failure_keeps_its_reason(submitted, cast):
    with pytest.raises(DomainError, match="请填写：不通过原因"):
        commands.fail(submitted(), reason=" ", by=cast.admin)


@pytest.mark.parametrize("who", ["hr", "gc_pm", "supervision_pm", "regulator"])
def test_other_roles_do_not_decide_identity(submitted, cast, who):
    by = cast.regulator() if who == "regulator" else getattr(cast, who)
    with pytest.raises(NotAllowed):
        commands.verify(submitted(), by=by)


def test_authority_is_chosen_by_setting():
    assert authority.authority() is local
