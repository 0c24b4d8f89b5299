"""Rows of the epidemic gate for tests."""

from datetime import date, timedelta

from django.utils import timezone

from shiming.admission import commands as admission
from shiming.core.privacy import blind_index
from shiming.health import commands, queries
from shiming.health.declarations import Declared
from shiming.health.models import DeclarationOnFile, PreRegistration

CLEAR, ISOLATE = "未发现异常情况 同意进场", "集中隔离观察"
SUSPECTED, CONFIRMED = "疑似病例 送医排查", "确诊病例 住院治疗"


def gate(cast, project=None, on: date | None = None, **settings):
    """The check in force on a site, by default on 滨江一期 from today."""
    settings = {"declaration_days": 14} | settings
    row = admission.draft(project or cast.binjiang, "health", effect="refuse", settings=settings, by=cast.admin)
    return admission.start(row, on=on or timezone.localdate(), by=cast.admin)


def declared(person, **values) -> Declared:
    """What this person declared; also found by the provider `local` afterwards."""
    given = {
        "name": person.name,
        "reported_at": timezone.now() - timedelta(days=1),
        "reported_place": "上海市宝山区",
        "temperature": "36.5",
        "condition": "无异常症状",
        "travelled_on": "2026-11-28",
        "travelled_by": "火车",
        "address": "沿河路 8 号",
        "origin": "安徽省阜阳市",
        "phone": person.phone.plain if person.phone else "",
    }
    answer = Declared(**given | values)
    put_on_file(person.id_number.plain, answer)
    return answer


def put_on_file(number: str, answer: Declared) -> None:
    digest = blind_index("id_number", number)
    row = DeclarationOnFile.objects.filter(id_digest=digest).first() or DeclarationOnFile(id_digest=digest)
    row.values = answer.as_dict() | {"phone": answer.phone}
    row.save()


def contract(cast, place):
    """The filed contract of a place, made when there is none."""
    return cast.filing(place, f"{place.company}的负责人")


def preregister(cast, person, place=None, *, by=None, **given) -> PreRegistration:
    place = place or cast.labour_place
    return commands.pre_register(
        place,
        contract(cast, place),
        number=person.id_number.plain,
        name=person.name,
        origin="安徽省阜阳市",
        declared=given.pop("declared", None) or declared(person),
        by=by or cast.gc_pm,
        **given,
    )


def subject(cast, person, by=None) -> queries.Subject:
    return queries.subject(by or cast.gc_pm, person.pk)


def dispose(cast, person, way=ISOLATE, by=None, **given):
    given = {"since": timezone.localdate(), "how": "定点酒店"} | given
    return commands.set_disposition(subject(cast, person, by), way=way, by=by or cast.gc_pm, **given)
