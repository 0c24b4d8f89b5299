"""Figures of the station in charts and tables: people on site, entries, exits, attendance, trades, ages, counties.

The figures are stored per site (commands.count_days, count_groups): counting the stays of a quarter of a million people
takes seconds. A person on two sites counts on each.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.attendance.models import AttendanceEvent
from shiming.core.actor import Actor
from shiming.dictionaries import queries as dictionaries
from shiming.dictionaries import regions
from shiming.oversight import rules
from shiming.oversight.models import SiteDay, SiteGroup
from shiming.oversight.moments import day_begins
from shiming.presence.models import Stay
from shiming.projects.models import Project

DAYS = 30
TRADES_SHOWN = 12
REST = "其他"
# Ages from … on, the youngest first.
AGES = {18: "18–29 岁", 30: "30–39 岁", 40: "40–49 岁", 50: "50–54 岁", 55: "55–59 岁", 60: "60 岁以上"}
MANAGERS = "管理人员"  # in the place of a trade
YOUNGER, UNKNOWN = "未满 18 岁", "未填"


@dataclass(frozen=True)
class Series:
    """One line or column of a chart; `unit` is printed behind each value."""

    name: str
    values: list
    unit: str = "人"


@dataclass(frozen=True)
class Chart:
    """Labels along the axis and one value of each series for each label: the picture and the table say the same."""

    key: str
    title: str
    axis: str
    labels: list[str]
    series: list[Series]
    shape: str = "bar"  # bar | line | across
    note: str = ""

    @property
    def rows(self) -> list[tuple[str, list]]:
        return list(zip(self.labels, zip(*(each.values for each in self.series), strict=True), strict=True))

    @property
    def json(self) -> str:
        """What charts.js draws."""
        series = [{"name": each.name, "values": each.values, "unit": each.unit} for each in self.series]
        return json.dumps({"labels": self.labels, "series": series, "shape": self.shape}, ensure_ascii=False)


def figures(actor: Actor, on: date) -> dict[str, int]:
    """The figures of the start page: open sites, people on site now, entries and exits today."""
    seen = Project.objects.filter(rules.visible_to(actor))
    stays = Stay.objects.filter(project__in=list(seen.values_list("pk", flat=True)))
    return {
        "sites": seen.filter(status=Project.Status.OPEN).count(),
        "on_site": stays.filter(exited_on=None).count(),
        "entered": stays.filter(entered_on=on).count(),
        "left": stays.filter(exited_on=on).count(),
    }


def counted_at(actor: Actor) -> datetime | None:
    rows = _days(actor, timezone.localdate(), timezone.localdate())
    return rows.aggregate(at=Max("counted_at"))["at"]


def charts(actor: Actor, last: date) -> list[Chart]:
    first = last - timedelta(days=DAYS - 1)
    by_day = {row["day"]: row for row in _by_day(actor, first, last)}
    days = [first + timedelta(days=number) for number in range(DAYS)]
    labels = [f"{day:%m-%d}" for day in days]

    def of(name: str) -> list[int]:
        return [by_day[day][f"all_{name}"] if day in by_day else 0 for day in days]

    rates = [_percent(worked, there) for worked, there in zip(of("worked"), of("there"), strict=True)]
    return [
        Chart("days", "每日在场人员", "日期", labels, [Series("在场", of("on_site"))], "line"),
        Chart("moves", "每日进场与退场", "日期", labels, [Series("进场", of("entered")), Series("退场", of("left"))]),
        Chart(
            *("rate", "每日出勤率", "日期", labels, [Series("出勤率", rates, "%")], "line"),
            note="当日有考勤的人 ÷ 当日在场过的人",
        ),
        _chart_of("trades", "工种构成", "工种", _trades(actor)),
        _chart_of("ages", "年龄构成", "年龄", _ages(actor), "bar"),
        _chart_of("districts", "各区在场人员", "区县", _districts(actor, last)),
    ]


def touched(day: date) -> QuerySet:
    """For each site: people there that day, on site at its end, with a punch; its entries and exits."""
    still = Q(exited_on=None) | Q(exited_on__gt=day)
    begins = day_begins(day)
    punches = AttendanceEvent.objects.filter(
        project_id=OuterRef("project_id"),
        person_id=OuterRef("person_id"),
        occurred_at__gte=begins,
        occurred_at__lt=begins + timedelta(days=1),
    )
    rows = Stay.objects.filter(Q(exited_on=None) | Q(exited_on__gte=day), entered_on__lte=day)
    return (
        rows.order_by()
        .values("project")
        .annotate(
            there=Count("person", distinct=True),
            on_site=Count("person", distinct=True, filter=still),
            worked=Count("person", distinct=True, filter=Exists(punches)),
            entered=Count("pk", filter=Q(entered_on=day)),
            left=Count("pk", filter=Q(exited_on=day)),
        )
    )


def grouped(kind: str, today: date) -> QuerySet:
    """For each site the people on site now by trade or by age."""
    key = _trade_group() if kind == SiteGroup.Kind.TRADE else _age_group(today)
    rows = Stay.objects.filter(exited_on=None).annotate(group=key).order_by()
    return rows.values("project", "group").annotate(number=Count("person", distinct=True))


def _trade_group() -> Case:
    """Managers have no trade."""
    worker = Q(assignment__role=Assignment.WORKER)
    return Case(When(worker, then=F("trade")), default=Value(MANAGERS), output_field=CharField())


def _age_group(today: date) -> Case:
    """The oldest first; a birthday on 29 February counts from 1 March."""
    limits = sorted(AGES, reverse=True)
    cases = [When(person__birth_date__lte=_years_before(today, limit), then=Value(str(limit))) for limit in limits]
    return Case(*cases, default=Value("0"), output_field=CharField())


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _days(actor: Actor, first: date, last: date) -> QuerySet[SiteDay]:
    seen = Project.objects.filter(rules.visible_to(actor))
    return SiteDay.objects.filter(day__gte=first, day__lte=last, project__in=seen)


def _by_day(actor: Actor, first: date, last: date) -> QuerySet:
    names = ("on_site", "there", "worked", "entered", "left")
    return _days(actor, first, last).order_by().values("day").annotate(**{f"all_{name}": Sum(name) for name in names})


def _groups(actor: Actor, kind: str) -> dict[str, int]:
    seen = Project.objects.filter(rules.visible_to(actor))
    rows = SiteGroup.objects.filter(kind=kind, project__in=seen).order_by().values("key").annotate(sum=Sum("number"))
    return {row["key"]: row["sum"] for row in rows}


def _trades(actor: Actor) -> list[tuple[str, int]]:
    found = sorted(_groups(actor, SiteGroup.Kind.TRADE).items(), key=lambda pair: -pair[1])
    shown = [(dictionaries.label("trade", key) if key else UNKNOWN, number) for key, number in found[:TRADES_SHOWN]]
    rest = sum(number for _, number in found[TRADES_SHOWN:])
    return [*shown, (REST, rest)] if rest else shown


def _ages(actor: Actor) -> list[tuple[str, int]]:
    found = _groups(actor, SiteGroup.Kind.AGE)
    known = [(label, found.get(str(limit), 0)) for limit, label in AGES.items()]
    return [(YOUNGER, found["0"]), *known] if found.get("0") else known


def _districts(actor: Actor, day: date) -> list[tuple[str, int]]:
    """By the region of the site, else that of its station, which names it when the code is in no list."""
    names = ("project__region", "project__station__region", "project__station__name")
    rows = _days(actor, day, day).order_by().values(*names)
    counted: dict[str, int] = {}
    for row in rows.annotate(sum=Sum("on_site")):
        found = regions.of_code(row["project__region"] or row["project__station__region"])
        name = found.name if found else row["project__station__name"]
        counted[name] = counted.get(name, 0) + row["sum"]
    return sorted(counted.items(), key=lambda pair: -pair[1])


def _chart_of(key: str, title: str, axis: str, pairs: Iterable[tuple[str, int]], shape: str = "across") -> Chart:
    pairs = list(pairs)
    numbers = Series("人数", [number for _, number in pairs])
    return Chart(key, title, axis, [label for label, _ in pairs], [numbers], shape)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0
