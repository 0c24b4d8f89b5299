"""考勤 by face: among the people on the site, near ties shown, one picture one punch."""

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent
from shiming.core.actor import Right
from shiming.core.errors import Conflict, Invalid, NotAllowed
from shiming.faces import commands
from shiming.faces.commands.attendance import Sighting
from shiming.faces.models import FaceConsent, FaceTemplate, packed
from shiming.faces.tests.conftest import VECTORS
from tests.doors import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def gate(cast, engine):
    """王总包 with 张三 on site and registered."""
    registered(cast, "张三", "zhang")
    return cast.gc_pm


def registered(cast, name: str, look: str, **stay):
    person = cast.person(name)
    cast.stay(cast.assignment(cast.employment(person)), **stay)
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
    assert (first.event.method, first.event.direction, again.repeated) == ("face", "in", True)
    assert AttendanceEvent.objects.count() == 1


def test_near_tie_is_shown_and_the_guard_chooses(cast, gate, monkeypatch):
    monkeypatch.setitem(VECTORS, "twin", (0.96, 0.28, 0.0))
    twin = registered(cast, "张四", "twin")
    assert commands.recognise(b"zhang", by=gate).people == (cast.zhang.pk, twin.pk)


def test_people_who_are_not_on_the_site_are_not_found(cast, gate):
    registered(cast, "李四", "other", exited_on=timezone.localdate(), exited_at=timezone.now())
    with pytest.raises(Invalid, match="没有认出"):
        commands.recognise(b"other", by=gate)
    with pytest.raises(Invalid, match="没有认出"):
        commands.recognise(b"zhang", by=cast.stranger_pm)


@pytest.mark.parametrize("picture", [b"nobody", b"zhang twice", b"zhang dark", b"?"])
def test_bad_picture_is_refused_in_words(gate, picture):
    with pytest.raises(Invalid):
        commands.recognise(picture, by=gate)


def test_only_what_the_camera_saw_is_punched_and_not_for_long(cast, gate):
    seen = commands.recognise(b"zhang", by=gate)
    other = cast.person("李四")
    late = Sighting(seen.people, seen.event_id, seen.user_id, seen.project_id, until=0)
    for sighting, person, by in ((seen, other, gate), (late, cast.zhang, gate), (seen, cast.zhang, cast.specialist_pm)):
        with pytest.raises(Conflict):
            commands.punch(sighting, person.pk, by=by)


def test_operator_without_the_right_is_refused(cast, gate):
    with pytest.raises(NotAllowed):
        commands.recognise(b"zhang", by=cast.operator("赵操作", rights=(Right.ENTRY,)))


def test_site_phone_shows_who_it_is_and_punches(cast, gate):
    phone = client_of(gate)
    assert "看是谁" in phone.get(reverse("face-attendance")).content.decode()
    shown = phone.post(reverse("face-attendance"), {"photo": SimpleUploadedFile("a.jpg", b"zhang", "image/jpeg")})
    html = shown.content.decode()
    assert "是张三，打卡" in html and cast.zhang.id_number.plain not in html
    ticket = re.search(r'name="ticket" value="([^"]+)"', html)[1]
    assert phone.post(reverse("face-punch"), {"ticket": ticket, "person": str(UUID(int=1))}).status_code == 409
    phone.post(reverse("face-punch"), {"ticket": ticket, "person": str(cast.zhang.pk)})
    assert AttendanceEvent.objects.get().method == "face"
    assert phone.post(reverse("face-punch"), {"ticket": "x", "person": "y"}).status_code == 409
