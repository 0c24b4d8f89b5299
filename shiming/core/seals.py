"""Sealing of append-only tables: each batch is closed by an HMAC over the previous head and its rows.

Writers never wait. A mark holds the last number given out and the next transaction id; once every transaction that
ran at the mark has ended, no row with a number up to it can still appear, and the batch is sealed.
"""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from psycopg import sql

from shiming.core import keys
from shiming.core.environment import environment
from shiming.core.limits import one_at_a_time
from shiming.core.models import Seal
from shiming.core.prepared_statements import fetch_all, fetch_one
from shiming.runtime.anchors import read_anchors

START = b"\0" * 32
BATCH = 20_000


@dataclass(frozen=True)
class Chain:
    """An append-only table; `number` is the column that numbers its rows."""

    name: str
    table: str
    number: str = "id"


@dataclass(frozen=True)
class Mark:
    number: int
    next_xid: int


@dataclass(frozen=True)
class Finding:
    """One mismatch in a chain: the batch and the sentence that describes it."""

    chain: str
    seal: int
    sentence: str


CHAINS: dict[str, Chain] = {}


def register(chain: Chain) -> Chain:
    CHAINS[chain.name] = chain
    return chain


register(Chain("trail", "core_auditentry"))


def mark(chain: Chain) -> Mark:
    """Read the number first: each transaction with a number up to it took its transaction id earlier, so that id is
    below the one taken here. (The xmax of a snapshot is one past the last ended transaction; others run beyond it.)"""
    number = fetch_one(LAST_NUMBER, {"table": chain.table, "number": chain.number})["number"]
    return Mark(number, fetch_one(OWN_XID, {})["xid"])


def settled(at: Mark) -> bool:
    """True once every transaction that ran at the mark has ended."""
    return fetch_one(SETTLED, {"next_xid": at.next_xid})["settled"]


@transaction.atomic
def seal(chain: Chain, upto: int) -> int:
    """Seal the rows up to this number in batches; return the number of sealed rows."""
    last = _last_seal(chain, hold=True)
    sealed = 0
    while True:
        first, ends = (last.last_id + 1 if last else 1), upto
        rows = _rows(chain, first, ends, limit=BATCH)
        if not rows:
            return sealed
        ends = rows[-1]["number"]
        key_number, key = keys.current("trail")
        last = Seal.objects.create(
            chain=chain.name,
            number=last.number + 1 if last else 1,
            first_id=first,
            last_id=ends,
            count=len(rows),
            head=_head(key, bytes(last.head) if last else START, rows),
            key_number=key_number,
            at=timezone.now(),
        )
        sealed += len(rows)


def verify(chain: Chain) -> Iterator[Finding]:
    """Recompute every batch and yield the mismatches: changed, added or missing rows, gaps, a cut tail."""
    head, expected_first, number = START, 1, 0
    for number, row in enumerate(Seal.objects.filter(chain=chain.name).order_by("number").iterator(), start=1):
        if row.number != number or row.first_id != expected_first:
            yield Finding(chain.name, row.number, "封存批次不连续")
        rows = _rows(chain, row.first_id, row.last_id)
        head = _head(keys.numbered("trail", row.key_number), head, rows)
        if not hmac.compare_digest(head, bytes(row.head)):
            yield Finding(chain.name, row.number, _what_differs(row, len(rows)))
            # Continue from the stored head, so that one changed batch is not reported in every later one.
            head = bytes(row.head)
        expected_first = row.last_id + 1
    yield from _against_anchors(chain, number)


def anchor() -> None:
    """Append length and head of each chain to a file outside the database."""
    path = environment().anchor_file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        for chain in CHAINS.values():
            if last := _last_seal(chain):
                line = {"at": timezone.now().isoformat(), "chain": chain.name, "seal": last.number}
                file.write(json.dumps(line | {"head": bytes(last.head).hex()}) + "\n")


def has_anchors() -> bool:
    path = environment().anchor_file
    return path.exists() and path.stat().st_size > 0


def _against_anchors(chain: Chain, length: int) -> Iterator[Finding]:
    heads = dict(Seal.objects.filter(chain=chain.name).values_list("number", "head"))
    for _, noted in read_anchors(environment().anchor_file):
        if noted is None or noted["chain"] != chain.name:
            continue
        if noted["seal"] > length:
            yield Finding(chain.name, noted["seal"], f"尾部被截断：{noted['at']} 时已有第 {noted['seal']} 批")
        elif bytes(heads.get(noted["seal"], b"")).hex() != noted["head"]:
            yield Finding(chain.name, noted["seal"], f"与 {noted['at']} 的锚点不符")


def unreadable_anchors() -> Iterator[Finding]:
    path = environment().anchor_file
    sentence = f"无法识别。请从备份取回 {path}；确认是磁盘损坏的，可将它改名留存，系统会写新的锚点文件"
    yield from (Finding("锚点文件", number, sentence) for number, noted in read_anchors(path) if noted is None)


def _what_differs(row: Seal, found: int) -> str:
    if found < row.count:
        return f"少了 {row.count - found} 行（编号 {row.first_id}–{row.last_id}）"
    if found > row.count:
        return f"多了 {found - row.count} 行（编号 {row.first_id}–{row.last_id}）"
    return f"内容被改动（编号 {row.first_id}–{row.last_id}）"


def _last_seal(chain: Chain, hold: bool = False) -> Seal | None:
    if hold:
        # One sealer per chain: two would number their batches alike.
        one_at_a_time(f"seal:{chain.name}")
    return Seal.objects.filter(chain=chain.name).order_by("-number").first()


def _rows(chain: Chain, first: int, last: int, limit: int | None = None) -> list[dict]:
    """Number and canonical text of the rows in order: jsonb has a fixed key order, and Django's session runs in UTC."""
    statement = sql.SQL(ROWS).format(number=sql.Identifier(chain.number), table=sql.Identifier(chain.table))
    return fetch_all(statement.as_string(), {"first": first, "last": last, "limit": limit})


def _head(key: bytes, before: bytes, rows: list[dict]) -> bytes:
    hashed = hmac.new(key, before, sha256)
    for row in rows:
        hashed.update(row["text"].encode())
        hashed.update(b"\n")
    return hashed.digest()


LAST_NUMBER = """
SELECT COALESCE((SELECT last_value FROM pg_sequences
                  WHERE schemaname || '.' || sequencename = pg_get_serial_sequence(%(table)s, %(number)s)), 0) AS number
"""
OWN_XID = "SELECT pg_current_xact_id()::text::bigint AS xid"
SETTLED = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %(next_xid)s AS settled"
ROWS = """
SELECT t.{number} AS number, (to_jsonb(t) - 'xid')::text AS text
  FROM {table} t
 WHERE t.{number} BETWEEN %(first)s AND %(last)s
 ORDER BY t.{number} LIMIT %(limit)s
"""
