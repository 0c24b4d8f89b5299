"""考勤 by face: 1:1 after a code or a name; 1:N among the people on the site, near ties shown, one picture one punch."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent
from shiming.core.actor import Right
from shiming.core.errors import Conflict, Invalid, NotAllowed, Refused
from shiming.faces import commands
from shiming.faces.models import FaceConsent, FaceTemplate, packed
from shiming.faces.tests.conftest import VECTORS
from shiming.health.tests.cases import dispose, preregister
from shiming.health.tests.cases import gate as epidemic_gate
from shiming.presence.codes import personal_code
from tests.doors import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def gate(cast, engine):
    """王总包 on a site that asks for faces, with 张三 on it and registered."""
    registered(cast, "张三", "zhang")
    return cast.pm("王总包", cast.repair_gc_place)


def on_site(cast, name: str, **stay):
    person = cast.person(name)
    cast.stay(cast.assignment(cast.employment(person), cast.repair_place), **stay)
    return person


def registered(cast, name: str, look: str, **stay):
    person = on_site(cast, name, **stay)
    user = cast.user("登记人")
    consent = FaceConsent.objects.create(person=person, answer="agreed", version="1", asked_by=user)
    template = FaceTemplate(person=person, consent=consent, engine="words-1", by=user)
    template.seal("sealed", packed(VECTORS[look]))
    template.save()
    return person


def test_face_on_site_is_recognised_and_punched_once(cast, gate):
    seen = commands.recognise(b"zhang", by=gate)
    assert (seen.people, seen.near_tie) == ((cast.zhang.pk,), False)

    first, again = (commands.punch(seen, cast.zhang.pk, by=gate) for _ in range(2))
    assert (first.event.method, first.direction, again.repeated) == ("face", "in", True)
    assert AttendanceEvent.objects.count() == 1


def test_near_tie_is_shown_and_the_guard_chooses(cast, gate, monkeypatch):
    monkeypatch.setitem(VECTORS, "twin", (0.96, 0.28, 0.0))
    twin = registered(cast, "张四", "twin")
    assert commands.recognise(b"zhang", by=gate).people == (cast.zhang.pk, twin.pk)


def test_people_who_are_not_on_the_site_are_not_found(cast, gate):
    registered(cast, "李四", "other", exited_on=timezone.localdate(), exited_at=timezone.now())
    with pytest.raises(Invalid, match="没有认出"):
        commands.recognise(b"other", by=gate)


def test_site_whose_flow_asks_for_no_faces_takes_none(cast, gate):
    for asked in (
        lambda: commands.recognise(b"zhang", by=cast.pm("何外人", cast.gc_place)),
        lambda: commands.claim_by_code(personal_code(cast.zhang.pk), by=cast.pm("何外人", cast.gc_place)),
    ):
        with pytest.raises(Invalid, match="本项目不用人脸"):
            asked()


@pytest.mark.parametrize("picture", [b"nobody", b"zhang twice", b"zhang dark", b"?"])
def test_bad_picture_is_refused_in_words(gate, picture):
    with pytest.raises(Invalid):
        commands.recognise(picture, by=gate)


def test_only_what_the_camera_saw_is_punched_and_not_for_long(cast, gate):
    seen = commands.recognise(b"zhang", by=gate)
    other = cast.person("李四")
    late, stranger = replace(seen, until=0), cast.pm("孙劳务", cast.repair_place)
    for sighting, person, by in ((seen, other, gate), (late, cast.zhang, gate), (seen, cast.zhang, stranger)):
        with pytest.raises(Conflict):
            commands.punch(sighting, person.pk, by=by)


def test_operator_without_the_right_is_refused(cast, gate):
    with pytest.raises(NotAllowed):
        commands.recognise(b"zhang", by=cast.operator("赵操作", cast.repair_gc_place, rights=(Right.ENTRY,)))


def test_code_and_then_the_own_face_punch_once(cast, gate):
    claim = commands.claim_by_code(personal_code(cast.zhang.pk), by=gate)
    first, again = (commands.punch_if_alike(claim, b"cousin", by=gate) for _ in range(2))
    assert (first.event.person_id, first.event.method, again.repeated) == (cast.zhang.pk, "face", True)
    assert AttendanceEvent.objects.count() == 1


def test_face_of_somebody_else_is_refused_in_words_and_leaves_no_punch(cast, gate):
    """Also of somebody who is registered here: only the template of the claimed person is looked at."""
    registered(cast, "李四", "other")
    claim = commands.claim_by_code(personal_code(cast.zhang.pk), by=gate)
    with pytest.raises(Refused) as refused:
        commands.punch_if_alike(claim, b"other", by=gate)
    assert (refused.value.codes, AttendanceEvent.objects.count()) == (["M-05"], 0)
    assert "没有打卡" in str(refused.value.refusals[0])


def test_person_without_a_face_is_punched_by_the_code_and_asked_for_none(cast, gate):
    on_site(cast, "李四")
    assert commands.claim_by_code(personal_code(cast.person("李四").pk), by=gate) is None
    with pytest.raises(Invalid, match="没有登记人脸"):
        commands.claim_by_name(cast.person("李四").pk, by=gate)

    answer = client_of(gate).post(reverse("face-claims"), {"code": personal_code(cast.person("李四").pk)})
    assert "进场打卡" in answer.content.decode()
    assert AttendanceEvent.objects.get().method == "worker_code"


@pytest.mark.parametrize("how", ["late", "of another user", "withdrawn"])
def test_claim_is_of_one_user_for_two_minutes_and_ends_with_the_consent(cast, gate, how):
    claim, by = commands.claim_by_name(cast.zhang.pk, by=gate), gate
    if how == "late":
        claim = replace(claim, until=0)
    elif how == "of another user":
        by = cast.pm("孙劳务", cast.repair_place)
    else:
        FaceTemplate.objects.all().delete()
    with pytest.raises(Conflict):
        commands.punch_if_alike(claim, b"zhang", by=by)
    assert not AttendanceEvent.objects.exists()


def test_site_phone_scans_the_code_then_takes_the_face(cast, gate):
    phone = client_of(gate)
    moved = phone.post(reverse("face-claims"), {"code": personal_code(cast.zhang.pk)})
    page = phone.get(moved["Location"])
    html = page.content.decode()
    assert "请拍张三的脸" in html and cast.zhang.id_number.plain not in html + moved["Location"]
    ticket = re.search(r'name="ticket" value="([^"]+)"', html)[1]

    wrong = phone.post(reverse("face-verification"), {"ticket": ticket, "photo": photo(b"other")})
    assert wrong.status_code == 422 and "与登记的人脸不一致，没有打卡（M-05）" in wrong.content.decode()
    assert phone.post(reverse("face-punch"), {"ticket": ticket, "person": str(cast.zhang.pk)}).status_code == 409
    assert not AttendanceEvent.objects.exists()

    done = phone.post(reverse("face-verification"), {"ticket": ticket, "photo": photo(b"zhang")}, follow=True)
    assert "张三：进场打卡" in done.content.decode()
    assert AttendanceEvent.objects.get().method == "face"


def test_guard_finds_only_registered_people_on_the_site_by_name(cast, gate):
    on_site(cast, "张四")
    phone = client_of(gate)
    html = phone.get(reverse("face-attendance"), {"name": "张"}).content.decode()
    assert "拍张三的脸" in html and "张四" not in html
    assert phone.post(reverse("face-claims"), {"person": str(cast.zhang.pk)}).status_code == 302
    assert phone.post(reverse("face-claims"), {"person": str(cast.person("张四").pk)}).status_code == 422


def test_site_phone_shows_who_it_is_and_punches(cast, gate):
    phone = client_of(gate)
    assert "看是谁" in phone.get(reverse("face-search")).content.decode()
    shown = phone.post(reverse("face-search"), {"photo": photo(b"zhang")})
    html = shown.content.decode()
    assert "是张三，打卡" in html and cast.zhang.id_number.plain not in html
    ticket = re.search(r'name="ticket" value="([^"]+)"', html)[1]
    assert phone.post(reverse("face-punch"), {"ticket": ticket, "person": str(UUID(int=1))}).status_code == 409
    phone.post(reverse("face-punch"), {"ticket": ticket, "person": str(cast.zhang.pk)})
    assert AttendanceEvent.objects.get().method == "face"
    assert phone.post(reverse("face-punch"), {"ticket": "x", "person": "y"}).status_code == 409


def test_face_of_a_blocked_person_is_punched_and_answered_red(cast, gate):
    epidemic_gate(cast, cast.yanhe)
    cast.filing(cast.repair_place, "孙劳务")
    preregister(cast, cast.zhang, cast.repair_place, by=gate)
    dispose(cast, cast.zhang, by=gate)
    phone = client_of(gate)
    html = phone.post(reverse("face-search"), {"photo": photo(b"zhang")}).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', html)[1]
    page = phone.post(reverse("face-punch"), {"ticket": ticket, "person": str(cast.zhang.pk)}, follow=True)
    assert "toast-line--error" in page.content.decode() and "当前状态“需隔离”" in page.content.decode()
    assert AttendanceEvent.objects.count() == 1


def photo(look: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", look, "image/jpeg")
