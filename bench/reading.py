"""Must show 6: lists, searches and a person's page among a million people, beside one row by its key."""

import json
from urllib.parse import quote

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.asking import Measured, cookie_of, get, send
from bench.people import actors, sample

LIMIT = 100  # milliseconds, p95
LARGE = 10_000  # rows: a sequential scan of a larger table is reported


def measure(port: int, times: int, say) -> bool:
    """Returns False when a page is slower than the limit."""
    found = sample(times)
    bare = send(port, 1, [get(f"/bench/select/?pk={person.pk}") for person in found * 3])
    say(f"{'SELECT … WHERE pk，裸视图':<34}{_times(bare)}")
    kept = True
    for name, actor in actors().items():
        cookie = cookie_of(actor)
        for page, addresses in _pages(found).items():
            if name != "系统管理员" and page not in ("人员列表", "按两个字找", "按证件号后四位找"):
                continue
            send(port, 1, [get(address, cookie) for address in addresses])
            measured = send(port, 1, [get(address, cookie) for address in addresses])
            within = measured.at(0.95) <= LIMIT
            kept = kept and within and not measured.strange
            times_bare = measured.at(0.5) / bare.at(0.5)
            say(
                f"{name + '：' + page:<34}{_times(measured)}  {times_bare:5.0f} 倍  {'' if within else '超过 100 毫秒'}"
                f"{measured.strange}"
            )
            for line in plans(actor, addresses[0]):
                say(f"      {line}")
    return kept


def _pages(found) -> dict[str, list[str]]:
    search = "/people/?q="
    return {
        "人员列表": ["/people/"] * len(found),
        "按一个字找": [search + quote(person.name[:1]) for person in found],
        "按两个字找": [search + quote(person.name[:2]) for person in found],
        "按全名找": [search + quote(person.name) for person in found],
        "按整个证件号找": [search + person.id_number.plain for person in found],
        "按证件号后四位找": [search + person.id_number.plain[-4:] for person in found],
        "个人页": [f"/people/{person.pk}/" for person in found],
    }


def _times(measured: Measured) -> str:
    return f"p50 {measured.at(0.5):7.1f}  p95 {measured.at(0.95):7.1f} 毫秒"


def plans(actor, address: str) -> list[str]:
    """For each query of the page on a large table: PostgreSQL's plan, with a note for a sequential scan."""
    from tests.doors import client_of

    client = client_of(actor, HTTP_HOST="localhost")
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return plans_of(captured.captured_queries)


def plans_of(queries: list[dict]) -> list[str]:
    lines = []
    for query in queries:
        if query["sql"].startswith("SELECT") and query["time"] != "prepared":  # prepared statements look up by key
            lines += [_slow(query) + line for line in _plan(query["sql"])]
    return [f"{len(queries)} 个查询", *dict.fromkeys(lines)]


def _slow(query: dict) -> str:
    took = float(query["time"]) * 1000
    return f"{took:.0f} 毫秒 " if took >= 5 else ""


def _plan(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + statement)
        answer = cursor.fetchone()[0]
    top = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    nodes = list(_nodes(top))
    tables = [node["Relation Name"] for node in nodes if "Relation Name" in node]
    if not any(_rows(table) > LARGE for table in tables):
        return []
    read_whole = sorted({node["Relation Name"] for node in nodes if node["Node Type"].endswith("Seq Scan")})
    large = [table for table in read_whole if _rows(table) > LARGE]
    how = "、".join(dict.fromkeys(f"{n['Node Type']} {n['Index Name']}" for n in nodes if "Index Name" in n))
    warning = f"  整表读取：{'、'.join(large)}" if large else ""
    return [f"{top['Node Type']} ← {how or '—'}{warning}"]


def _nodes(plan: dict):
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def _rows(table: str, known: dict = {}) -> float:  # noqa: B006  a cache on purpose
    if table not in known:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", [table])
            known[table] = (cursor.fetchone() or [0])[0]
    return known[table]
