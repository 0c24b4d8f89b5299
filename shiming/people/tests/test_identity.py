"""身份核验：状态怎么走、批次怎么跑、跑两次与中途被杀。"""

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
def test_which_state_may_follow_which(now, then):
    drawn = {("unverified", "pending"), ("unverified", "verified"), ("pending", "verified"), ("pending", "failed")}
    drawn |= {("failed", "pending"), ("failed", "verified")}
    person = Person(identity_status=now)

    if (now, then) in drawn:
        person.become(then)
        assert person.identity_status == then
    else:
        with pytest.raises(Conflict):
            person.become(then)


def test_what_agrees_with_its_photos_is_verified(submitted):
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
def test_what_does_not_agree_is_failed_or_left(submitted, given, answer):
    assert local.check(submitted(**given)) == answer


def test_a_dark_photo_is_left_to_the_administrator(submitted):
    dark = cards.photograph(cards.front(card().card), light=0.2)
    assert local.check(submitted(front=dark)) == Answer(Outcome.UNCLEAR, "人像面：照片太暗")


def test_who_was_typed_in_without_photos_is_left(cast):
    typed = commands.register_typed(number=card().number, name=card().name, by=cast.hr)
    assert local.check(typed).outcome is Outcome.UNCLEAR


def test_the_batch_decides_everybody_and_says_how_many(submitted, cast):
    good, bad = submitted(0), submitted(1, number=card(2).number)
    typed = commands.register_typed(number=card(3).number, name=card(3).name, by=cast.hr)
    batch = commands.run_identity_batch(by=system())

    assert (batch.checked, batch.passed, batch.failed, batch.left) == (3, 1, 1, 1)
    for person in (good, bad, typed):
        person.refresh_from_db()
    assert [good.identity_status, bad.identity_status, typed.identity_status] == ["verified", "failed", "pending"]
    assert typed.review_note == "没有证件照片，请核对其他材料"
    assert str(AuditEntry.objects.latest("id")) == "身份核验批次：3 人，通过 1 人，失败 1 人"


def test_a_second_batch_finds_nothing_more_to_do(submitted):
    submitted()
    commands.run_identity_batch(by=system())
    told = AuditEntry.objects.filter(event="person.verified").count()
    again = commands.run_identity_batch(by=system())

    assert (told, again.checked) == (1, 0)
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


def test_a_batch_killed_in_the_middle_keeps_what_was_decided_and_the_next_goes_on(submitted, monkeypatch):
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
    """The person submits again while the authority is still thinking."""

    def check(self, person):
        changed = Person.objects.get(pk=person.pk)
        changed.native_place = "别处"
        changed.save()
        return Answer(Outcome.FAILED, "号码不符")


def test_an_answer_about_what_has_changed_meanwhile_does_not_count(submitted, monkeypatch):
    person = submitted()
    monkeypatch.setattr(commands.batch, "authority", Meanwhile)

    assert commands.run_identity_batch(by=system()).checked == 0
    person.refresh_from_db()
    assert person.identity_status == "pending"


def test_the_administrator_decides_what_was_left(submitted, cast):
    person = commands.leave_to_administrator(submitted(), note="照片模糊", by=system())
    person = commands.verify(person, by=cast.admin)

    assert (person.identity_status, person.review_note, bool(person.verified_at)) == ("verified", "", True)


def test_a_failure_says_why(submitted, cast):
    with pytest.raises(DomainError, match="请填写：不通过原因"):
        commands.fail(submitted(), reason=" ", by=cast.admin)


@pytest.mark.parametrize("who", ["hr", "gc_pm", "supervision_pm", "regulator"])
def test_nobody_else_decides_an_identity(submitted, cast, who):
    by = cast.regulator() if who == "regulator" else getattr(cast, who)
    with pytest.raises(NotAllowed):
        commands.verify(submitted(), by=by)


def test_the_authority_is_the_one_the_settings_name():
    assert authority.authority() is local
