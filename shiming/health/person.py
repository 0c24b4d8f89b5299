"""Everything kept about a person's health, in the file of their own data."""

from django.utils import timezone

from shiming.dictionaries import queries as dictionaries
from shiming.health.console.words import declaration_lines
from shiming.health.declarations import Declared
from shiming.health.feed.queries import sent_to
from shiming.health.models import DailyHealth, Disposition, FamilyMember, PreRegistration, Proposal
from shiming.people.models import Person
from shiming.people.sections import in_own_data


@in_own_data("进场预登记")
def preregistrations(person: Person) -> list[dict[str, str]]:
    rows = PreRegistration.objects.filter(person=person).select_related("project", "participation__company")
    sent = sent_to({(row.project_id, row.registered_on) for row in rows})
    return [
        {
            "项目": row.project.name,
            "用人单位": row.participation.company.name,
            "预登记日期": str(row.registered_on),
            "结束": _moment(row.ended_at),
            "已送": sent.get((row.project_id, row.registered_on), ""),
            **_declared(row.values),
        }
        for row in rows.order_by("id")
    ]


@in_own_data("扫码预登记")
def proposals(person: Person) -> list[dict[str, str]]:
    """By the number alone: also those that the site has not confirmed."""
    rows = Proposal.objects.filter(id_digest=person.id_digest).select_related("participation__project")
    return [
        {
            "项目": row.participation.project.name,
            "提交时间": _moment(row.sent_at),
            "凭证号": row.receipt_in_groups,
            "出发地": row.values.get("origin", ""),
            "状态": row.get_status_display(),
        }
        for row in rows.order_by("sent_at")
    ]


@in_own_data("作为家属登记")
def as_family(person: Person) -> list[dict[str, str]]:
    rows = FamilyMember.objects.filter(person=person).select_related("preregistration__project")
    sent = sent_to({(row.preregistration.project_id, row.registered_on) for row in rows})
    return [
        {
            "项目": row.preregistration.project.name,
            "预登记日期": str(row.registered_on),
            "已送": sent.get((row.preregistration.project_id, row.registered_on), ""),
            **_declared(row.values),
        }
        for row in rows.order_by("id")
    ]


@in_own_data("每日健康")
def daily(person: Person) -> list[dict[str, str]]:
    rows = DailyHealth.objects.filter(person=person).select_related("project").order_by("at")
    return [
        {
            "项目": row.project.name,
            "日期": _moment(row.at),
            "健康状态": "、".join(row.values["symptoms"]),
            "体温": row.values["temperature"],
        }
        for row in rows
    ]


@in_own_data("防疫处置")
def dispositions(person: Person) -> list[dict[str, str]]:
    rows = Disposition.objects.filter(person=person).select_related("project").order_by("id")
    return [
        {
            "项目": row.project.name,
            "时间": _moment(row.created_at),
            "状态": row.get_status_display(),
            "处置方式": dictionaries.label("disposition", row.values["way"]),
            "隔离/就医时间": " 至 ".join(filter(None, (row.values["since"], row.values["until"]))),
            "隔离/就医方式": row.values["how"],
        }
        for row in rows
    ]


def _declared(values: dict) -> dict[str, str]:
    lines = dict(declaration_lines(Declared.from_dict(values["declaration"])))
    return {"出发地": values["origin"]} | lines


def _moment(at) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
