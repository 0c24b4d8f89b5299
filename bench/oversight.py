"""The regulator's pages among a million people: overview, query, drill-down, and the same for past moments."""

from datetime import date, time, timedelta
from random import Random
from urllib.parse import urlencode

from bench.asking import cookie_of, get, send
from bench.people import actor
from bench.reading import plans

LIMIT = 150  # milliseconds, p95
BACK = 900  # days into the past


def measure(port: int, times: int, say) -> bool:
    """Returns False when a page is slower than the limit."""
    from django.utils import timezone

    from shiming.presence.models import Stay
    from shiming.projects.models import Project

    who = actor("regulator")
    cookie, kept = cookie_of(who), []
    say(f"{Project.objects.filter(station=who.station_id).count():,} 个本站项目，{Stay.objects.count():,} 次进退场")
    for label, addresses in _pages(who, timezone.localdate(), times).items():
        requests = [get(address, cookie) for address in addresses]
        send(port, 1, requests[:5])
        measured = send(port, 1, requests)
        within = measured.at(0.95) <= LIMIT
        kept.append(within and not measured.strange)
        say(
            f"{label:<28}p50 {measured.at(0.5):7.1f}  p95 {measured.at(0.95):7.1f} 毫秒"
            f"  {'' if within else f'超过 {LIMIT} 毫秒'}{measured.strange}"
        )
        for line in plans(who, addresses[0]):
            say(f"      {line}")
    return all(kept)


def _pages(who, today: date, times: int) -> dict[str, list[str]]:
    """Each page for `times` sites, firms, people and moments, the same in each run."""
    from shiming.presence.models import Stay
    from shiming.projects.models import Participation, Project

    drawn = Random(2020)
    sites = list(Project.objects.filter(station=who.station_id).order_by("pk"))
    sites = drawn.choices(sites, k=times)
    places = list(Participation.objects.filter(project__in=sites, kind="labour").order_by("pk"))
    places = drawn.choices(places, k=times)
    stays = list(Stay.objects.filter(project__in=sites).order_by("pk")[: times * 20])
    people = [stay.person_id for stay in drawn.choices(stays, k=times)]
    days = [{"on": today - timedelta(days=drawn.randrange(1, BACK))} for _ in range(times)]
    hours = [day | {"hour": f"{time(drawn.randrange(24), 30):%H:%M}"} for day in days]
    return {
        "总览": ["/oversight/overview/"] * times,
        "首页": ["/oversight/"] * times,
        "查询": ["/oversight/sites/"] * times,
        "查询，项目名称": [f"/oversight/sites/?{urlencode({'project': site.name[:3]})}" for site in sites],
        "查询，从前的日终": [f"/oversight/sites/?{urlencode(day)}" for day in days],
        "查询，从前的时刻": [f"/oversight/sites/?{urlencode(hour)}" for hour in hours],
        "查询，按在场数排": ["/oversight/sites/?sort=-on_site"] * times,
        "用人单位": [f"/oversight/sites/{site.pk}/" for site in sites],
        "用人单位，从前的时刻": [
            _at(f"/oversight/sites/{site.pk}/", hour) for site, hour in zip(sites, hours, strict=True)
        ],
        "人员": [f"/oversight/places/{place.pk}/" for place in places],
        "人员，从前的时刻": [
            _at(f"/oversight/places/{place.pk}/", hour) for place, hour in zip(places, hours, strict=True)
        ],
        "个人，从前的时刻": [_at(f"/oversight/people/{pk}/", hour) for pk, hour in zip(people, hours, strict=True)],
        "问题项目": ["/oversight/troubles/"] * times,
    }


def _at(address: str, moment: dict) -> str:
    return f"{address}?{urlencode(moment)}"
