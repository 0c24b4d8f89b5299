"""Must show 7: one scan at the gate, logged in, durable, beside a bare view with one INSERT and COMMIT."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import psycopg
from django.db import connection
from django.utils import timezone

from bench.asking import cookie_of, get, post, send
from bench.people import actor, hire
from shiming.assignment.models import Assignment
from shiming.presence import codes
from shiming.presence.models import Stay
from shiming.projects.models import Participation

LEVELS = {1: 300, 8: 1200, 32: 2400}
QUICK = {1: 60, 8: 240, 32: 500}
ENOUGH = 0.2
WARM_UP = 40


def measure(port: int, quick: bool, say) -> bool:
    pm = actor("gc-pm")
    levels = QUICK if quick else LEVELS
    waiting = _at_the_gate(pm, sum(levels.values()) + WARM_UP + 1)
    cookie = cookie_of(pm)
    say(f"每次扫码的查询：{_queries(pm, waiting.pop())}")
    _scan(port, 4, cookie, [waiting.pop() for _ in range(WARM_UP)])
    ratio = 0.0
    for clients, count in levels.items():
        people = [waiting.pop() for _ in range(count)]
        least = send(port, clients, [get("/bench/insert/")] * (count * 3))
        bare = send(port, clients, [post("/bench/view/", "")] * (count * 2))
        scans, entered = _scan(port, clients, cookie, people)
        punches = send(port, clients, [_request("/site/scan/punch/", cookie, person) for person in people])
        ratio = scans.rate / bare.rate
        for label, each in (
            ("INSERT + COMMIT，不经中间层", least),
            ("INSERT + COMMIT，裸视图", bare),
            ("进场扫码", scans),
            ("考勤扫码", punches),
        ):
            say(
                f"{clients:>3} 个客户端  {label:<22}{each.rate:8.0f} 次/秒  p50 {each.at(0.5):7.1f}"
                f"  p99 {each.at(0.99):7.1f} 毫秒{each.strange}"
            )
        own = f"发生器自己占 {least.own / least.seconds:.2f} 与 {scans.own / scans.seconds:.2f} 个处理器"
        say(
            f"    进场扫码是裸视图的 {ratio:.2f}，不经中间层的 {scans.rate / least.rate:.2f}；办成 {entered}/{count}；{own}"
        )
    _clean_up(pm)
    return ratio >= ENOUGH


def _scan(port, clients, cookie, people):
    before = Stay.objects.filter(event_id__isnull=False).count()
    measured = send(port, clients, [_request("/site/scan/entry/", cookie, person) for person in people])
    return measured, Stay.objects.filter(event_id__isnull=False).count() - before


def _request(path: str, cookie: str, person_id) -> bytes:
    return post(path, cookie, code=codes.personal_code(person_id), event_id=str(uuid4()))


def _queries(pm, person_id) -> str:
    """The queries of one scan, counted in the driver, where no query is missed."""
    from tests.doors import client_of

    client = client_of(pm, HTTP_HOST="localhost")
    fields = {"code": codes.personal_code(person_id), "event_id": str(uuid4())}
    with _watched() as sent:
        client.post("/site/scan/entry/", fields)
    if os.environ.get("SHIMING_BENCH_SHOW"):
        print(*(" ".join(text.split())[:160] for text in sent), sep="\n")
    return f"{len(sent)} 个，另有一次 COMMIT"


@contextmanager
def _watched() -> Iterator[list[str]]:
    execute, sent = psycopg.Cursor.execute, []

    def noted(cursor, query, *words, **more):
        sent.append(str(query))
        return execute(cursor, query, *words, **more)

    psycopg.Cursor.execute = noted
    try:
        yield sent
    finally:
        psycopg.Cursor.execute = execute


def _at_the_gate(pm, count: int) -> list:
    """`count` confirmed people of the contractor's crews without a stay; missing ones are made from idle people."""
    place = Participation.objects.filter(parent=pm.participation_id, kind="labour").first()
    outside = Assignment.objects.filter(participation=place, status="accepted", role="worker", stays=None)
    have = list(outside.values_list("person_id", flat=True)[:count])
    if len(have) < count:
        hire(count - len(have), place, status="accepted", confirmed_at=timezone.now() - timedelta(days=40))
        have = list(outside.values_list("person_id", flat=True)[:count])
    if len(have) < count:
        raise SystemExit(f"只有 {len(have)} 人可以扫码，需要 {count} 人：请用更大的城市（--people）。")
    return have


def _clean_up(pm) -> None:
    """Delete the stays for the next run; the trail and the punches are append-only and remain."""
    Stay.objects.filter(project=pm.project_id, event_id__isnull=False).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM bench_insert")
