"""Export of all data about the person, on request of the person (Article 45 of 个人信息保护法)."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.core.privacy import Secret
from shiming.people import rules, sections, sight
from shiming.people.items import BLOCKS, all_fields_of, items_of
from shiming.people.models import Person
from shiming.web.table import resolve

PERSON = (
    *("name", "former_name", "id_number", "get_sex_display", "birth_date", "ethnicity", "register_address", "issuer"),
    *("valid_from", "valid_to", "household_type", "household_place", "native_place", "residence", "residence_detail"),
    *("marital_status", "political_status", "education", "education_type", "degree", "phone"),
    *("face_answer", "face_registered_at", "hand_checked_at"),
    *("get_identity_status_display", "get_identity_source_display"),
    *("submitted_on", "verified_at", "failure", "notice_version", "notice_agreed_at", "history_agreed_at"),
    "created_at",
)
LABELS = {
    "company.name": "单位",
    "participation.company.name": "单位",
    "project.name": "项目",
    "get_status_display": "状态",
    "get_kind_display": "身份",
    "get_method_display": "进场方式",
    "face_answer": "是否人脸认证",
}


@transaction.atomic
def export_own(person: Person, *, by: Actor) -> dict:
    """All data kept about a person, in plain values; for that person only."""
    require(rules.may_submit, by, person)
    data = {"人员": _row(person, PERSON)}
    blocks = ((BLOCKS[code], rows) for code, rows in items_of(person).items())
    data |= {str(model._meta.verbose_name): [_row(row, all_fields_of(model)) for row in rows] for model, rows in blocks}
    kept = (source for source in sight.sources() if source.own_data)
    data |= {source.label: [_row(row, source.own_data) for row in source.all_of(person)] for source in kept}
    data |= dict(sections.own_data(person))
    data["痕迹"] = [_trail(entry) for entry in AuditEntry.objects.filter(person_id=person.pk).order_by("id")]

    count = sum(len(rows) for rows in data.values() if isinstance(rows, list))
    record(Event.DATA_EXPORTED, person, by=by, person_id=person.pk, kind="本人数据", count=count)
    return data


def _row(row, paths) -> dict[str, str]:
    return {_label(row, path): _plain(resolve(row, path)) for path in paths}


def _label(row, path) -> str:
    name = path.removeprefix("get_").removesuffix("_display")
    return LABELS.get(path) or str(row._meta.get_field(name).verbose_name)


def _plain(value) -> str:
    if isinstance(value, Secret):
        return value.plain
    if value is None:
        return ""
    if hasattr(value, "tzinfo"):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _trail(entry) -> dict[str, str]:
    return {"时间": _plain(entry.at), "内容": str(entry), "单位": entry.params.get("firm", "")}
