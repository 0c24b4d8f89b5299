"""The check of the seals: recompute every batch, name the records that differ, and those outside every batch."""

import hmac
from collections.abc import Iterable, Iterator
from datetime import timedelta

from psycopg import sql

from shiming.core import keys, seals
from shiming.core.models import DataKey, Seal
from shiming.core.prepared_statements import fetch_all, fetch_one
from shiming.core.seals import NUMBER, START, TAG, Chain
from shiming.evidence.findings import Finding

NAMED = 20  # records named in one sentence
AT_ONCE = 20  # batches read together: one holds up to 320 kB of tags
# Rows are sealed within ten seconds; a transaction lasts at most ten minutes.
SEALED_WITHIN = timedelta(minutes=5)
LONGEST_TRANSACTION = timedelta(minutes=15)


def verify(chain: Chain) -> Iterator[Finding]:
    """Yield every mismatch of a chain: changed, added or missing records, gaps, records outside every batch."""
    head = digest = START
    number, last = 0, 0
    for batch in Seal.objects.filter(chain=chain.name).order_by("number").iterator(chunk_size=AT_ONCE):
        if batch.number != number + 1 or batch.first_id != last + 1:
            between = _numbers(chain, last + 1, batch.first_id - 1)
            unsealed = f"；其间不属于任何批次的记录：{_listed(between)}" if between else ""
            yield Finding(chain.name, batch.number, f"封存批次不连续{unsealed}")
        rows = seals.rows_between(chain, batch.first_id, batch.last_id)
        yield from (Finding(chain.name, batch.number, sentence) for sentence in _differences(batch, head, digest, rows))
        # Continue from the stored values, so that one changed batch is not reported in every later one.
        head, digest = bytes(batch.head), seals.digest_before(batch)
        number, last = batch.number, batch.last_id
    yield from (Finding(chain.name, 0, sentence) for sentence in _outside(chain, last))


def _differences(batch: Seal, head: bytes, digest: bytes, rows: list[dict]) -> list[str]:
    key = _key(batch.key_number)
    if key is None:
        return [f"第 {batch.key_number} 号封存密钥缺失或损坏，编号 {batch.first_id}–{batch.last_id} 无法核对"]
    if batch.records is None:
        found = seals.head_without_tags(key, head, rows)
        return [] if _same(found, batch.head) else [_counted(batch, len(rows))]
    computed = seals.digest_of(batch, digest, rows)
    if _same(computed, batch.digest) and _same(seals.head_of(key, head, computed, bytes(batch.records)), batch.head):
        return []
    return _named(key, batch, rows) or [f"封存本身被改动（编号 {batch.first_id}–{batch.last_id}）"]


def _named(key: bytes, batch: Seal, rows: list[dict]) -> list[str]:
    """A sentence for each kind of difference between the tags and the records, with the numbers of the records."""
    tags = dict(_tags(bytes(batch.records)))
    found = {row["number"]: seals.tag(key, row["text"]) for row in rows}
    changed = [number for number, tag in found.items() if number in tags and not _same(tag, tags[number])]
    missing = [number for number in tags if number not in found]
    added = [number for number in found if number not in tags]
    counted = ((f"少了 {len(missing)} 行", missing), (f"多了 {len(added)} 行", added), ("内容被改动", changed))
    return [f"{what}（编号 {_listed(numbers)}）" for what, numbers in counted if numbers]


def _tags(records: bytes) -> Iterator[tuple[int, bytes]]:
    for place in range(0, len(records), NUMBER + TAG):
        number = int.from_bytes(records[place : place + NUMBER], "big", signed=True)
        yield number, records[place + NUMBER : place + NUMBER + TAG]


def _counted(batch: Seal, found: int) -> str:
    scope = f"（编号 {batch.first_id}–{batch.last_id}）"
    if found < batch.count:
        return f"少了 {batch.count - found} 行{scope}"
    return f"多了 {found - batch.count} 行{scope}" if found > batch.count else f"内容被改动{scope}"


def _outside(chain: Chain, last: int) -> Iterator[str]:
    """Records below the first number, beyond the last number given out, dated back, or left unsealed.

    Records of the last seconds wait for their batch: beyond the last batch only these are findings.
    """
    if below := _numbers(chain, None, 0):
        yield f"编号低于一切批次的记录：{_listed(below)}"
    given = max(last, seals.last_number(chain))
    if beyond := _numbers(chain, given + 1, None):
        yield f"编号高于数据库已给出的最大编号 {given} 的记录：{_listed(beyond)}"
    waiting = fetch_one(_composed(WAITING, chain), {"last": last, "given": given})
    if waiting["first"] and waiting["until"] - waiting["since"] > SEALED_WITHIN:
        yield f"自编号 {waiting['first']} 起没有封存，共 {waiting['count']} 条，最早写于 {waiting['since']:%Y-%m-%d %H:%M}"
    params = {"last": last, "given": given, "tolerance": LONGEST_TRANSACTION}
    if dated := [row["number"] for row in fetch_all(_composed(DATED_BACK, chain), params)]:
        yield f"还没有封存、时间却早于已封存记录的记录：{_listed(dated)}"


def _numbers(chain: Chain, first: int | None, last: int | None) -> list[int]:
    return [row["number"] for row in fetch_all(_composed(NUMBERS, chain), {"first": first, "last": last})]


def _composed(statement: str, chain: Chain) -> str:
    names = {"table": chain.table, "number": chain.number, "time": chain.time}
    return sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()}).as_string()


def _listed(numbers: Iterable[int]) -> str:
    numbers = sorted(numbers)
    more = f"等 {len(numbers)} 条" if len(numbers) > NAMED else ""
    return "、".join(map(str, numbers[:NAMED])) + more


def _key(number: int) -> bytes | None:
    try:
        return keys.numbered("trail", number)
    except (DataKey.DoesNotExist, keys.KeyTrouble):
        return None


def _same(computed: bytes, stored) -> bool:
    return hmac.compare_digest(computed, bytes(stored or b""))


NUMBERS = """
SELECT {number} AS number FROM {table}
 WHERE (%(first)s::bigint IS NULL OR {number} >= %(first)s) AND (%(last)s::bigint IS NULL OR {number} <= %(last)s)
 ORDER BY 1 LIMIT 1000
"""
WAITING = """
SELECT min({number}) AS first, count(*) AS count, min({time}) AS since, max({time}) AS until
  FROM {table} WHERE {number} > %(last)s AND {number} <= %(given)s
"""
DATED_BACK = """
SELECT {number} AS number FROM {table}
 WHERE {number} > %(last)s AND {number} <= %(given)s
   AND {time} < (SELECT {time} FROM {table} WHERE {number} = %(last)s) - %(tolerance)s
 ORDER BY 1 LIMIT 1000
"""
