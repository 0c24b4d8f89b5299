"""个人信息登记: permission, repetition and wrong values."""

import pytest

from shiming.core import files
from shiming.core.errors import Conflict, DomainError
from shiming.core.models import AuditEntry, StoredFile
from shiming.core.privacy import blind_index
from shiming.demo import cards
from shiming.idcard import number as id_number
from shiming.idcard import ocr
from shiming.people import commands
from shiming.people.commands import BadNumber
from shiming.people.models import Person, RegistrationDraft
from shiming.people.tests.conftest import APPLICANT, PHONE, card

pytestmark = pytest.mark.django_db


def refused(call) -> list[str]:
    with pytest.raises(DomainError) as error:
        call()
    return [str(each.sentence) for each in error.value.refusals]


def test_submitted_person_is_pending(submitted):
    person = submitted()

    assert (person.identity_status, person.identity_source) == ("pending", "photos")
    assert (person.birth_date, person.sex) == (card().card.birth_date, card().card.sex)
    assert person.phone_digest == blind_index("phone", PHONE)
    assert [str(entry) for entry in AuditEntry.objects.all()] == [f"{person.name}提交个人信息登记"]


def test_photos_are_encrypted_without_metadata(submitted):
    person = submitted()
    kept = files.path_of(person.id_front).read_bytes()

    assert b"JFIF" not in kept and card().front[:64] not in kept
    assert files.read(person.id_front).startswith(b"\xff\xd8")
    assert b"Exif" not in files.read(person.id_front)


def test_number_and_phone_are_not_in_clear(submitted):
    person = submitted()
    row = str(Person.objects.filter(pk=person.pk).values().get())
    trail = str(list(AuditEntry.objects.values()))

    for secret in (card().number, PHONE):
        assert secret not in row and secret not in trail
    assert str(person.phone) == "154*****456"


def test_wrong_digit_is_named_with_candidates():
    number = card().number
    wrong = number[:16] + str((int(number[16]) + 1) % 10) + number[17]
    with pytest.raises(BadNumber) as error:
        commands.checked_number(wrong)

    assert str(error.value) == "身份证号码无效，请核对第 18 位"
    assert number in error.value.candidates


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"number": ""}, "请填写：身份证号"),
        ({"name": "  "}, "请填写：姓名"),
        ({"phone": "1380000"}, "手机号应为 11 位"),
        ({"notice_version": ""}, "请填写：已阅读填报须知"),
    ],
)
def test_missing_input_is_named(submitted, given, says):
    assert refused(lambda: submitted(**given)) == [says]
    assert not Person.objects.exists() and not StoredFile.objects.exists()


def test_pending_person_need_not_resubmit(submitted):
    submitted()
    assert refused(submitted) == ["个人信息正在处理，无需重复登记，处理完成后自动继续（第 1 个工作日/共 15）"]


def test_verified_person_is_sent_to_login(submitted, cast):
    commands.verify(submitted(), by=cast.admin)
    assert refused(submitted) == ["该人员已登记"]


def test_other_name_on_known_number_is_refused(submitted):
    submitted()
    assert refused(lambda: submitted(name="别的名字")) == ["姓名与身份证号不一致"]


def test_failed_person_resubmits_with_other_name(submitted, cast):
    person = commands.fail(submitted(name="写错的"), reason="姓名与照片不一致", by=cast.admin)
    again = submitted()

    assert (again.pk, again.name, again.identity_status, again.failure) == (person.pk, card().name, "pending", "")


def test_typed_person_submits_own_photos(submitted, cast):
    typed = commands.register_typed(number=card().number, name=card().name, by=cast.hr)
    person = submitted()

    assert person.pk == typed.pk
    assert (typed.identity_source, person.identity_source) == ("typed", "photos")
    assert person.id_front_id


def test_logged_in_person_submits_only_own(submitted, cast):
    assert refused(lambda: submitted(by=cast.himself())) == ["该人员已登记"]
    assert not Person.objects.filter(name=card().name).exists()


def test_firm_finds_known_number_by_name(cast):
    typed = commands.register_typed(number=card().number.lower(), name=card().name, by=cast.hr)

    assert commands.register_typed(number=card().number, name=card().name, by=cast.stranger_hr).pk == typed.pk
    assert refused(lambda: commands.register_typed(number=card().number, name="别人", by=cast.hr)) == [
        "姓名与身份证号不一致"
    ]


@pytest.mark.parametrize(
    ("who", "may"), [("hr", True), ("gc_pm", True), ("admin", True), ("supervision_pm", False), ("zhang_", False)]
)
def test_typing_people_depends_on_role(cast, who, may):
    by = cast.himself() if who == "zhang_" else getattr(cast, who)

    def register():
        return commands.register_typed(number=card().number, name=card().name, by=by)

    if may:
        assert register().identity_status == "pending"
    else:
        assert refused(register)[0].startswith("您没有此项权限")


def test_correction_keeps_the_waiting_days(submitted, cast):
    person = submitted(name="写错的")
    himself = cast.himself(person)
    fixed = commands.correct_submission(person, name=card().name, by=himself)

    assert (fixed.name, fixed.submitted_on, fixed.identity_status) == (card().name, person.submitted_on, "pending")
    commands.verify(fixed, by=cast.admin)
    with pytest.raises(Conflict):
        commands.correct_submission(fixed, name="又一个", by=himself)


def test_correction_may_not_take_known_number(submitted, cast):
    other = cast.person("李四")
    person = submitted()
    number = other.id_number.plain
    assert refused(lambda: commands.correct_submission(person, number=number, by=cast.himself(person))) == [
        "该人员已登记"
    ]


def test_same_phone_finds_its_draft():
    draft = commands.start_draft(PHONE, notice_version="2026-01")
    commands.take_photo(draft, "front", card().front)
    commands.keep_draft(draft, {"name": "张"})
    found = commands.start_draft(PHONE, notice_version="2026-01")

    assert found.pk == draft.pk
    assert (found.values["name"], bool(found.front)) == ("张", True)


def test_discarded_draft_keeps_used_photos(submitted, django_capture_on_commit_callbacks):
    draft = commands.start_draft(PHONE, notice_version="2026-01")
    for side in ("front", "back"):
        draft = commands.take_photo(draft, side, getattr(card(), side))
    person = submitted(front=draft.front)
    lonely = files.path_of(draft.back)
    with django_capture_on_commit_callbacks(execute=True):
        commands.discard_draft(draft)

    assert files.path_of(person.id_front).exists() and not lonely.exists()
    assert not RegistrationDraft.objects.exists()


def test_draft_with_both_sides_is_read():
    draft = commands.start_draft(PHONE, notice_version="2026-01")
    for side in ("back", "front"):
        draft = commands.take_photo(draft, side, getattr(card(), side))

    read = draft.values["read"]
    assert (read["id_number"], read["name"], read["register_address"]) == (
        card().number,
        card().name,
        card().card.address,
    )
    assert set(draft.values["crops"]) >= {"id_number", "name", "issuer"}


def test_swapped_sides_are_exchanged():
    draft = commands.start_draft(PHONE, notice_version="2026-01")
    draft = commands.take_photo(draft, "front", card().back)
    draft = commands.take_photo(draft, "back", card().front)
    front = ocr.read_card(files.read(draft.front))

    assert front.id_number.value == card().number
    assert draft.values["notices"] == ["人像面与国徽面放反了，已按内容对调"]


@pytest.mark.parametrize(
    ("photo", "says"),
    [
        (lambda: b"%PDF-1.4", "这不是 JPG、PNG 或 WEBP 照片"),
        (lambda: card().front, "这与前面拍的是同一张照片"),
        (lambda: b"\xff\xd8" + bytes(5_300_000), "照片超过 5 MB"),
    ],
)
def test_unusable_photo_is_refused_with_reason(photo, says):
    draft = commands.start_draft(PHONE, notice_version="2026-01")
    commands.take_photo(draft, "front", card().front)
    assert refused(lambda: commands.take_photo(draft, "back", photo())) == [says]


def test_dark_photo_is_kept_with_advice():
    draft = commands.start_draft(PHONE, notice_version="2026-01")
    dark = cards.photograph(cards.front(card().card), light=0.2)
    draft = commands.take_photo(draft, "front", dark)
    assert draft.values["problems"]["front"] == ["照片太暗，请到光线充足处重拍"]


def test_sample_card_is_an_invented_person():
    assert id_number.is_invented(card().number)
    assert APPLICANT.person_id is None
