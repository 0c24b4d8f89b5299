"""What faces add to a person's page, and to the file with everything kept about the person."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shiming.core.actor import KEEPERS, Actor, Role
from shiming.faces import queries, rules
from shiming.faces.models import FaceConsent, HandCheck
from shiming.people.models import Person
from shiming.people.sections import Section, in_own_data, on_person_page
from shiming.projects.flows import works_under


@on_person_page(order=30)
def faces(person: Person, actor: Actor) -> Section | None:
    """是否人脸认证, and what this actor may do about it; nothing where no flow asks for faces."""
    manages = bool(rules.places_managed(actor))
    proved = person.face_status != Person.Face.NONE or person.hand_checked_at is not None
    keeps = actor.role in KEEPERS and works_under(actor, lambda policy: policy.face_before_submit)
    if not (manages or proved or keeps):
        return None
    context = {"person": person, "buttons": _buttons(person, actor, manages, keeps)}
    return Section(_("人脸认证"), "faces/parts/section.html", context, icon="face-id")


def _buttons(person: Person, actor: Actor, manages: bool, keeps: bool) -> list[tuple[str, str, str]]:
    """(label, address, icon)"""
    if actor.role is Role.PERSON:
        own = [(_("我的人脸"), reverse("my-face"), "face-id")]
        return own + ([(_("立即注册"), reverse("face-people"), "camera")] if manages else [])
    if not keeps or not rules.may_check(actor, person):
        return []
    found = [("人工核验", reverse("face-check-new", args=[person.pk]), "id")]
    if queries.consent_in_force(person):
        found.append(("按本人要求撤回人脸", reverse("face-withdrawal", args=[person.pk]), "trash"))
    return found


@in_own_data("人脸登记")
def consents(person: Person) -> list[dict[str, str]]:
    rows = FaceConsent.objects.filter(person=person).select_related("asked_by").order_by("created_at")
    return [
        {
            "时间": _time(row.created_at),
            "答复": row.get_answer_display(),
            "告知书版次": row.version,
            "当面告知人": row.asked_by.name,
            "留存照片，用于": "；".join(row.portrait_for),
            "撤回": f"{_time(row.withdrawn_at)} {row.get_ended_display()}" if row.withdrawn_at else "",
        }
        for row in rows
    ]


@in_own_data("人工核验")
def checks(person: Person) -> list[dict[str, str]]:
    rows = HandCheck.objects.filter(person=person).select_related("first", "second").order_by("created_at")
    return [
        {
            "时间": _time(row.created_at),
            "方式": row.get_how_display(),
            "状态": row.get_status_display(),
            "第一人": row.first.name,
            "第二人": row.second.name if row.second else "",
            "地点": row.place,
        }
        for row in rows
    ]


def _time(moment) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
