"""防疫准入 on two sites of the city: declarations of every variety, pre-registrations, readings, each disposition."""

from datetime import timedelta

from django.utils import timezone

from shiming.admission import commands as admission
from shiming.admission.models import ProjectCheck
from shiming.assignment.models import Assignment
from shiming.core.privacy import blind_index
from shiming.demo.city.life import Life
from shiming.demo.city.moments import DAY, moment
from shiming.demo.city.plan import Plan, Site
from shiming.demo.city.town import Town
from shiming.dictionaries.queries import choices
from shiming.health import commands, queries, readings
from shiming.health.declarations import Declared
from shiming.health.models import DeclarationOnFile, PreRegistration
from shiming.presence.models import Stay

SITES = (6, 10)
BEGAN, DRAFTED = 5, 12  # days ago
MOST = 24  # people of one site with daily readings
SUPPLIES = (("口罩", 1200), ("消毒液（升）", 80), ("体温枪", 6), ("防护服", 20))
ORIGINS = ("安徽省阜阳市", "河南省周口市", "江苏省盐城市", "四川省达州市", "湖北省武汉市")
# What the declarations of people who wait for their pre-registration differ in.
VARIETIES = (
    {},
    {"reported_days": 20},
    {"temperature": "38.0"},
    {"temperature": "37.6", "condition": "发热、咳嗽"},
    {"from_hubei": True, "stopped_over": True, "stayed_at": "武汉站"},
    {"phone": ""},
)


def overlay(town: Town) -> None:
    """The scene: the check is started, and the days since then are lived."""
    for order in SITES:
        site = town.plan.sites[order]
        row = town.do(DRAFTED, 10, _draft, site, town.plan)
        began = town.plan.today - BEGAN * DAY
        if row is None or town.do(DRAFTED, 10.5, admission.start, row, on=began, by=town.plan.admin) is None:
            continue
        _site_info(town, site)
        _those_who_came_since(town, site, began)
        _those_who_wait(town, site)
        _readings(town, site)


def sites_of(plan: Plan) -> list[Site]:
    return [plan.sites[order] for order in SITES]


def _draft(site: Site, plan: Plan) -> ProjectCheck:
    settings = {"declaration_days": 14}
    return admission.draft(site.project, "health", effect="refuse", settings=settings, by=plan.admin)


def _site_info(town: Town, site: Site) -> None:
    pm = site.contractor.pm
    for days, less in ((BEGAN + 1, 0), (1, 240)):
        supplies = [{"name": name, "quantity": count - less if name == "口罩" else count} for name, count in SUPPLIES]
        given = {"members": f"组长 {pm.name}，联系电话见项目部公示", "hospital": "区中心医院", "supplies": supplies}
        town.do(days, 9, commands.save_site_info, site.project, **given, by=pm)


def _those_who_came_since(town: Town, site: Site, began) -> None:
    """People who entered under the check had been pre-registered before."""
    for life in _on_site(town, site):
        if life.stays[-1].entered_on >= began:
            days = (town.plan.today - life.stays[-1].entered_on).days + 1
            town.do(days, 8, _preregister, town, life)


def _those_who_wait(town: Town, site: Site) -> None:
    """Those at the gate have only declared, the first one without a doubt, or are pre-registered; with people on site,
    one is in every status."""
    waiting = [life for life in town.waiting["at_the_gate"] if life.site is site]
    for number, life in enumerate(waiting):
        if number % 2:
            town.do(2, 11, _preregister, town, life)
        elif number % 8 != 6:  # every fourth of the others has not declared: R-35
            _put_on_file(life, town, **VARIETIES[number // 2 % len(VARIETIES)])
    announced = set(
        PreRegistration.objects.filter(project=site.project, ended_at=None).values_list("person", flat=True)
    )
    people = waiting[1::2] + _on_site(town, site)[::-1]
    for life, (way, _) in zip(people, choices("disposition"), strict=False):
        if life.citizen.person.pk not in announced:
            town.do(2, 12, _preregister, town, life)
        town.do(1, 15, _decide, town, life, way)


def _readings(town: Town, site: Site) -> None:
    """Each morning the supervision reads the temperature of people on site; one has a fever."""
    by = next(place for place in site.places if place.row.kind == "supervision").pm
    for number, life in enumerate(_on_site(town, site)[:MOST]):
        for days in range(3):
            hot = (number, days) == (3, 0)
            symptoms, degrees = (["发热", "咳嗽"], "37.8") if hot else ([readings.NOTHING], f"36.{2 + number % 6}")
            town.do(days, 7 + number / 60, _note, town, life, by, symptoms, degrees)


def _on_site(town: Town, site: Site) -> list[Life]:
    here = set(Stay.objects.filter(project=site.project, exited_on=None).values_list("person", flat=True))
    lives = [life for life in town.lives if life.site is site and life.role == Assignment.WORKER and life.stays]
    return [life for life in lives if life.citizen.person.pk in here]


def _preregister(town: Town, life: Life):
    answer = _put_on_file(life, town)
    place = life.place
    row = commands.pre_register(
        place.row,
        place.filing,
        number=life.someone.id_number,
        name=life.name,
        origin=answer.origin,
        declared=answer,
        by=life.site.contractor.pm,
    )
    return row


def _decide(town: Town, life: Life, way: str):
    found = queries.subject(life.site.contractor.pm, life.citizen.person.pk)
    since = town.plan.today - DAY
    how = "定点医院" if "病例" in way else "集中隔离点"
    return commands.set_disposition(found, way=way, since=since, how=how, by=life.site.contractor.pm)


def _note(town: Town, life: Life, by, symptoms: list[str], degrees: str):
    found = queries.subject(by, life.citizen.person.pk)
    if found and found.open and found.since <= timezone.localdate():
        return commands.note_daily(found, at=timezone.now(), symptoms=symptoms, temperature=degrees, by=by)


def _put_on_file(life: Life, town: Town, *, reported_days: int = 3, **values) -> Declared:
    """A declaration of a few days ago, kept for the provider `local`."""
    at = timezone.now() - timedelta(days=reported_days)
    given = {
        "reported_place": f"{town.plan.sites[0].project.address[:6]}",
        "temperature": "36.5",
        "condition": "无异常症状",
        "travelled_on": f"{moment(town.plan.today - 4 * DAY, 9):%Y-%m-%d}",
        "travelled_by": town.rng.choice(("火车", "汽车", "自驾")),
        "address": "工地生活区",
        "origin": town.rng.choice(ORIGINS),
        "phone": life.someone.phone,
    }
    answer = Declared(life.name, at, **given | values)
    digest = blind_index("id_number", life.someone.id_number)
    row = DeclarationOnFile.objects.filter(id_digest=digest).first() or DeclarationOnFile(id_digest=digest)
    row.values = answer.as_dict() | {"phone": answer.phone}
    row.save()
    return answer
