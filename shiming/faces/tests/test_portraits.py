"""The picture kept with a face: for a purpose the project names, agreed to by the person, gone with the template."""

import re
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection
from django.urls import reverse
from django.utils import timezone

import shiming
from shiming.core import files
from shiming.core.errors import Conflict, DomainError
from shiming.faces import commands, jobs
from shiming.faces.models import FaceComparison, FaceConsent, FacePortrait, FaceTemplate
from shiming.people.models import Person
from shiming.projects.commands import set_policy
from shiming.projects.models import ProjectPolicy
from tests.doors import client_of

pytestmark = pytest.mark.django_db
PURPOSE = "审核绑定时与证件照对照"


@pytest.fixture
def asking(site, monkeypatch):
    """沿河修缮 keeps a portrait; the cut of a picture says that it was cut."""
    monkeypatch.setattr("shiming.faces.engine.process.cut", lambda jpeg, box: b"cut " + jpeg)
    ProjectPolicy.objects.filter(project=site.cast.yanhe).update(portrait_for=PURPOSE)
    return site.ready


def enrol(site, *, portrait: bool, name: str = "zhang"):
    commands.agree(site.worker, by=site.manager, portrait=portrait)
    return site.shoot(site.worker, name)


def kept(site) -> list[bytes]:
    return [row.opened("sealed").split()[0] for row in FacePortrait.objects.filter(person=site.worker)]


def test_no_portrait_is_kept_unless_the_project_asks_and_the_person_agrees(site):
    enrol(site.ready, portrait=True)
    assert (FacePortrait.objects.count(), FaceConsent.objects.get(person=site.worker).portrait_for) == (0, [])


@pytest.mark.parametrize(("agrees", "pictures"), [(True, [b"cut"]), (False, [])])
def test_portrait_is_kept_only_of_a_person_who_agreed(asking, agrees, pictures):
    enrol(asking, portrait=agrees)
    assert (kept(asking), FaceTemplate.objects.filter(person=asking.worker).count()) == (pictures, 1)
    assert FaceConsent.objects.get(person=asking.worker).portrait_for == [PURPOSE] * agrees


def test_portrait_is_sealed_to_its_row_with_the_key_of_faces(asking):
    enrol(asking, portrait=True)
    row = FacePortrait.objects.get()
    assert b"zhang" not in bytes(row.sealed)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE faces_faceportrait SET id = gen_random_uuid() WHERE id = %s", [row.pk])
    with pytest.raises(InvalidTag):
        FacePortrait.objects.get().opened("sealed")


def test_withdrawal_deletes_the_portrait_with_the_template(asking):
    enrol(asking, portrait=True)
    commands.withdraw(asking.worker, by=asking.cast.himself(asking.worker))
    assert (FacePortrait.objects.count(), FaceTemplate.objects.filter(person=asking.worker).count()) == (0, 0)


def test_days_after_the_exit_the_portrait_goes_with_the_template_not_before(asking):
    enrol(asking, portrait=True)
    asking.worker.assignments.update(status="ended", ended_at=timezone.now())
    jobs.forget_after_exit(timestamp=0)
    assert kept(asking) == [b"cut"]

    long_ago = timezone.now() - timezone.timedelta(days=90)
    FaceConsent.objects.update(created_at=long_ago)
    asking.worker.assignments.update(ended_at=long_ago)
    jobs.forget_after_exit(timestamp=0)
    assert kept(asking) == []


def test_portrait_goes_when_the_project_asks_no_longer_and_the_face_stays(asking):
    enrol(asking, portrait=True)
    ProjectPolicy.objects.update(portrait_for="别的用途")
    jobs.forget_after_exit(timestamp=0)
    assert (kept(asking), FaceTemplate.objects.filter(person=asking.worker).count()) == ([], 1)


def test_person_takes_back_the_picture_alone(asking):
    enrol(asking, portrait=True)
    phone = client_of(asking.cast.himself(asking.worker))
    assert PURPOSE in phone.get(reverse("my-face")).content.decode()
    phone.post(reverse("my-face-portrait-removal"))
    assert (kept(asking), Person.objects.get(pk=asking.worker.pk).face_answer) == ([], "是")
    assert "只留加密的数字" in phone.get(reverse("my-face")).content.decode()
    with pytest.raises(Conflict):
        commands.drop_portrait(asking.worker, by=asking.cast.himself(asking.worker))


def test_picture_compared_by_a_human_becomes_the_portrait(asking):
    asking.worker.card_portrait = files.store(b"other", kind="card_portrait", media_type="image/jpeg")
    asking.worker.save()
    enrol(asking, portrait=True)
    assert kept(asking) == []
    commands.compare(FaceComparison.objects.get(), same=True, by=asking.cast.clerk)
    assert kept(asking) == [b"cut"]


def test_notice_names_the_picture_only_where_it_is_asked(site):
    phone, address = client_of(site.manager), reverse("face-consent", args=[site.worker.pk])
    assert "另可留一张照片" not in phone.get(address).content.decode()
    ProjectPolicy.objects.filter(project=site.cast.yanhe).update(portrait_for=PURPOSE)
    html = phone.get(address).content.decode()
    assert PURPOSE in html and "也同意留一张照片（可以不选）" in html
    assert 'name="portrait"' in html and "checked" not in html


def test_auditor_sees_the_portrait_beside_that_of_the_card(asking):
    enrol(asking, portrait=True)
    asking.worker.card_portrait = files.store(b"on the card", kind="card_portrait", media_type="image/jpeg")
    asking.worker.save()
    binding = asking.worker.assignments.get()
    binding.status = "pending"
    binding.save()
    auditor = client_of(asking.cast.implementer)
    html = auditor.get(reverse("binding-audit", args=[binding.pk])).content.decode()
    assert [caption in html for caption in ("<figcaption>登记时", "<figcaption>证件上")] == [True, True]

    commands.withdraw(asking.worker, by=asking.cast.himself(asking.worker))
    assert "<figcaption>" not in auditor.get(reverse("binding-audit", args=[binding.pk])).content.decode()


def test_flow_without_faces_keeps_no_portrait(cast):
    with pytest.raises(DomainError, match="该流程不登记人脸"):
        set_policy(cast.binjiang, "two_tier", from_date=timezone.localdate(), by=cast.admin, portrait_for="留着看")
    row = set_policy(cast.yanhe, "audit_bind", from_date=timezone.localdate(), by=cast.admin, portrait_for=PURPOSE)
    assert PURPOSE in row.label


def test_no_other_module_uses_the_key_of_faces():
    """What is sealed for faces is opened in this module alone."""
    source = Path(shiming.__file__).parent
    named = re.compile(r"""PURPOSE = "faces"|crypt\("faces\"""")
    users = {path.relative_to(source).parts[0] for path in source.rglob("*.py") if named.search(path.read_text())}
    assert users == {"faces"}
