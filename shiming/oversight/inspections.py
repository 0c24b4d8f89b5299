"""到场检查: the list of those who should be here, and the report."""

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from shiming.core.actor import Actor
from shiming.dictionaries import queries as dictionaries
from shiming.oversight import rules
from shiming.oversight.models import InspectedPerson, Inspection
from shiming.presence import rules as presence_rules
from shiming.presence.models import Stay
from shiming.projects.models import Participation, Project

MOST = 600  # people of one list: more are checked firm by firm
SIGNATURES = ("检查人", "项目负责人", "监理")
COLUMNS = [
    {"label": "序号", "mm": 10, "align": "center"},
    {"label": "姓名", "fr": 1.1},
    {"label": "身份证号", "fr": 1.3},
    {"label": "用人单位", "fr": 2.2},
    {"label": "班组", "fr": 1.4},
    {"label": "工种", "fr": 1.4},
    {"label": "进场日期", "mm": 22, "align": "center"},
    {"label": "结果", "mm": 18, "align": "center"},
]


def seen(actor: Actor) -> QuerySet[Inspection]:
    rows = Inspection.objects.filter(project__in=Project.objects.filter(rules.visible_to(actor)))
    counted = rows.annotate(expected=Count("people"), met=Count("people", filter=Q(people__found=True)))
    return counted.select_related("project", "place__company")


def here_now(actor: Actor, project: Project, place: Participation | None = None) -> QuerySet[Stay]:
    rows = Stay.objects.filter(presence_rules.visible_to(actor), project=project, exited_on=None)
    return rows.filter(assignment__participation=place) if place else rows


def firms_here(actor: Actor, project: Project) -> list[tuple[str, str]]:
    """用人单位 with people on site now, for the choice of the list."""
    found = here_now(actor, project).order_by().values_list("assignment__participation", "company__name")
    counted = found.annotate(number=Count("pk")).order_by("company__name")
    return [(str(pk), f"{name}（{number} 人）") for pk, name, number in counted]


def people(inspection: Inspection) -> QuerySet[InspectedPerson]:
    related = ("stay__person", "stay__company", "stay__team")
    order = ("stay__company__name", "stay__team__name", "stay__person__name", "pk")
    return InspectedPerson.objects.filter(inspection=inspection).select_related(*related).order_by(*order)


def report(inspection: Inspection, by: Actor) -> dict:
    """The paper that web/press.py sets."""
    rows, found = list(people(inspection)), 0
    lines = []
    for number, row in enumerate(rows, 1):
        found += row.found
        lines.append([str(number), *_cells(row.stay), "在场" if row.found else "未见"])
    began, ended = timezone.localtime(inspection.created_at), timezone.localtime(inspection.finished_at)
    project, now = inspection.project, timezone.localtime()
    remarks = [("名单以外的人", inspection.strangers or "无"), ("检查意见", inspection.note or "无")]
    return {
        "title": "到场检查记录",
        "subject": project.name,
        "period": f"{began:%Y-%m-%d %H:%M} 至 {ended:%H:%M}",
        "head": [
            ("项目名称", project.name),
            ("报建编号", project.filing_code),
            ("范围", inspection.place.company.name if inspection.place else "全部单位"),
            ("检查人", inspection.by),
            ("应到", f"{len(rows)} 人"),
            ("查到", f"{found} 人，未见 {len(rows) - found} 人"),
        ],
        "columns": COLUMNS,
        "rows": lines,
        "note": "　".join(f"{label}：{text}" for label, text in remarks),
        "signatures": SIGNATURES,
        "by": by.name,
        "foot": f"{by.name} 制表　{now:%Y-%m-%d %H:%M}　证件号已掩码",
        "landscape": True,
        "size": 8.5,
        "inset": 4,
        "height": 5,
    }


def _cells(stay: Stay) -> list[str]:
    team = stay.team.name if stay.team else ""
    trade = dictionaries.label("trade", stay.trade) if stay.trade else ""
    return [stay.person.name, str(stay.person.id_number), stay.company.name, team, trade, f"{stay.entered_on}"]
