"""限制进场 on the first site: one person whose appeal waits for the contractor, one whose entry waits for the 监理."""

from shiming.admission import commands as admission
from shiming.admission.models import ProjectCheck
from shiming.assignment.models import Assignment
from shiming.demo.city.life import Life
from shiming.demo.city.moments import DAY
from shiming.demo.city.plan import Site
from shiming.demo.city.town import Town
from shiming.presence.models import Stay
from shiming.restrictions import commands
from shiming.restrictions.models import Restriction

DRAFTED, BEGAN = 15, 14  # days ago
FIGHT = "{day}下午在三号楼与同班组工友打架，经劝阻仍不停手，保安与班组长在场，有笔录。"
SMOKING = "{day}在动火区域第三次违规吸烟，前两次已书面警告，本人签字。"


def listed(town: Town) -> None:
    """The scene: the check is started, and two people who have left the site are restricted."""
    site = town.plan.sites[0]
    row = town.do(DRAFTED, 10, _draft, site, town)
    if row is None or town.do(DRAFTED, 10.5, admission.start, row, on=_day(town, BEGAN), by=town.plan.admin) is None:
        return
    gone = _gone(town, site)
    for life in gone[:1]:
        entry = town.do(6, 16, _restrict, town, life, "打架斗殴", FIGHT, 6, 45)
        if entry:
            town.do(5, 10, commands.agree, entry.opinions.get(), text="监理在场，情况属实。", by=_supervision(site).pm)
            words = "是对方先动手，我只是挡了一下，工友可以作证。"
            town.do(1, 19, commands.appeal, entry, text=words, by=life.himself)
    for life in gone[1:2]:
        town.do(2, 11, _restrict, town, life, "严重违反安全规程", SMOKING, 2, 60)


def _draft(site: Site, town: Town) -> ProjectCheck:
    return admission.draft(site.project, "restriction", effect="refuse", settings={}, by=town.plan.admin)


def _restrict(town: Town, life: Life, category: str, text: str, since: int, days: int) -> Restriction:
    began = _day(town, since)
    given = {"category": category, "text": text.format(day=f"{began:%m 月 %d 日}"), "from_date": began}
    given |= {"until": began + days * DAY, "second": _supervision(life.site).row}
    return commands.issue(life.citizen.person, project=life.site.project, by=life.site.contractor.pm, **given)


def _gone(town: Town, site: Site) -> list[Life]:
    """Workers whose last stay was on this site and has ended."""
    here = set(Stay.objects.filter(exited_on=None).values_list("person", flat=True))
    lives = [life for life in town.lives if life.site is site and life.role == Assignment.WORKER and life.stays]
    return [life for life in lives if life.citizen.person.pk not in here]


def _supervision(site: Site):
    return next(place for place in site.places if place.row.kind == "supervision")


def _day(town: Town, ago: int):
    return town.plan.today - ago * DAY
