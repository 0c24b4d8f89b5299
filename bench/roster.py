"""Must show 4: 用工查询 with every filter, one by one and all together, among a million people and their stays.

Over HTTP as roles that have the page: a firm's HR officer and a contractor's project manager.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.asking import Measured, cookie_of, get, send
from bench.people import actors
from bench.reading import plans_of
from shiming.core.actor import Role

LIMIT = 60  # milliseconds, p95
DRAWN_FROM = 100_000  # stays from which the samples are drawn
AROUND = timedelta(days=15)
PAGE = "/stays/query/"
WHOLE_TABLE = "整表读取"


def measure(port: int, times: int, say) -> bool:
    """Returns False when a query is slower than the limit, or scans a large table."""
    from shiming.people.models import Person
    from shiming.presence.models import Stay

    say(f"{Person.objects.count():,} 人，{Stay.objects.count():,} 次进退场")
    kept = []
    for name, actor in actors().items():
        if actor.role is Role.SYS_ADMIN:  # the administrator has no such page
            continue
        for label, asked in _questions(_sample(actor, times)).items():
            measured = _over_http(port, actor, asked)
            seen = plans_of(_ask(actor, asked[0]))
            within = measured.at(0.95) <= LIMIT and not any(WHOLE_TABLE in line for line in seen)
            kept.append(within and not measured.strange)
            say(
                f"{name + '：' + label:<34}p50 {measured.at(0.5):7.1f}  p95 {measured.at(0.95):7.1f} 毫秒"
                f"  {'' if within else f'超过 {LIMIT} 毫秒或整表读取'}{measured.strange}"
            )
            for line in seen:
                say(f"      {line}")
    return all(kept)


def _sample(actor, count: int) -> list:
    """Stays this actor may see, spread over the table."""
    from shiming.desk import queries as desk_queries

    rows = desk_queries.roster(actor)
    keys = list(rows.order_by().values_list("pk", flat=True)[:DRAWN_FROM])
    chosen = keys[:: max(1, len(keys) // count)][:count]
    return list(rows.filter(pk__in=chosen))


def _questions(stays) -> dict[str, list[dict]]:
    """Each filter alone, with values that match at least one stay; then all of them."""
    alone = {
        "不加条件": [{} for _ in stays],
        "用人单位": [{"company": _firm(stay)} for stay in stays],
        "劳务队长": [{"leader": _leader(stay)} for stay in stays],
        "人员，姓名两个字": [{"who": stay.person.name[:2]} for stay in stays],
        "人员，全名": [{"who": stay.person.name} for stay in stays],
        "人员，证件号后四位": [{"who": stay.person.id_number.plain[-4:]} for stay in stays],
        "主要工种": [{"trade": stay.trade} for stay in stays],
        "在场": [{"state": "on_site"} for _ in stays],
        "已退场": [{"state": "off_site"} for _ in stays],
        "进场日期自至": [_range("entered", stay.entered_on) for stay in stays],
        "退场日期自至": [_range("exited", stay.exited_on or stay.entered_on) for stay in stays],
    }
    few = [{"company": _firm(stay), "trade": stay.trade, "leader": _leader(stay)} for stay in stays]
    everything = [_everything(stay) for stay in stays]
    return alone | {"单位、工种、队长": few, "全部条件": everything}


def _everything(stay) -> dict:
    state = "off_site" if stay.exited_on else "on_site"
    asked = {"company": _firm(stay), "leader": _leader(stay), "who": stay.person.name[:2], "state": state}
    exited = _range("exited", stay.exited_on) if stay.exited_on else {}
    return asked | {"trade": stay.trade} | _range("entered", stay.entered_on) | exited


def _firm(stay) -> str:
    return stay.company.name[:4]


def _leader(stay) -> str:
    team = stay.team
    return (team.leader.name if team.leader else team.name)[:2] if team else ""


def _range(name: str, day) -> dict:
    return {f"{name}_from": day - AROUND, f"{name}_to": day + AROUND}


def _over_http(port: int, actor, asked: list[dict]) -> Measured:
    cookie = cookie_of(actor)
    requests = [get(_address(one), cookie) for one in asked]
    send(port, 1, requests)
    return send(port, 1, requests)


def _ask(actor, asked: dict) -> list[dict]:
    """The queries of the page."""
    from tests.doors import client_of

    client = client_of(actor, HTTP_HOST="localhost")
    with CaptureQueriesContext(connection) as captured:
        client.get(_address(asked))
    return captured.captured_queries


def _address(asked: dict) -> str:
    return f"{PAGE}?{urlencode(asked)}" if asked else PAGE
