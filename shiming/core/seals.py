"""Sealing of append-only tables: each batch is closed by an HMAC over the previous head and its rows.

Writers never wait. A mark holds the last number given out and the next transaction id; once every transaction that
ran at the mark has ended, no row with a number up to it can still appear, and the batch is sealed.

A batch holds a keyed tag of each record, so that a difference names the record, and a digest without a key that
continues the digest of the batch before: anchors sign it, and scripts/verify_trail_export.py recomputes it. Batches
sealed before there were tags hold neither; they are checked by their head alone.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from psycopg import sql

from shiming.core import keys
from shiming.core.limits import one_at_a_time
from shiming.core.models import Seal
from shiming.core.prepared_statements import fetch_all, fetch_one

START = b"\0" * 32
BATCH = 20_000
NUMBER, TAG = 8, 8  # bytes of a record in Seal.records


@dataclass(frozen=True)
class Chain:
    """An append-only table; `number` is the column that numbers its rows, `time` the one with the time of writing."""

    name: str
    table: str
    number: str = "id"
    time: str = "at"


@dataclass(frozen=True)
class Mark:
    number: int
    next_xid: int


CHAINS: dict[str, Chain] = {}


def register(chain: Chain) -> Chain:
    CHAINS[chain.name] = chain
    return chain


register(Chain("trail", "core_auditentry"))


def mark(chain: Chain) -> Mark:
    """Read the number first: each transaction with a number up to it took its transaction id earlier, so that id is
    below the one taken here. (The xmax of a snapshot is one past the last ended transaction; others run beyond it.)"""
    return Mark(last_number(chain), fetch_one(OWN_XID, {})["xid"])


def last_number(chain: Chain) -> int:
    """The last number given out, of rows that were rolled back too."""
    return fetch_one(LAST_NUMBER, {"table": chain.table, "number": chain.number})["number"]


def settled(at: Mark) -> bool:
    """True once every transaction that ran at the mark has ended."""
    return fetch_one(SETTLED, {"next_xid": at.next_xid})["settled"]


@transaction.atomic
def seal(chain: Chain, upto: int) -> int:
    """Seal the rows up to this number in batches; return the number of sealed rows."""
    # One sealer per chain: two would number their batches alike.
    one_at_a_time(f"seal:{chain.name}")
    last = last_seal(chain)
    sealed = 0
    while True:
        rows = rows_between(chain, last.last_id + 1 if last else 1, upto, limit=BATCH)
        if not rows:
            return sealed
        last = _batch(chain, last, rows)
        last.save(force_insert=True)
        sealed += len(rows)


def last_seal(chain: Chain) -> Seal | None:
    return Seal.objects.filter(chain=chain.name).defer("records").order_by("-number").first()


def rows_between(chain: Chain, first: int, last: int, limit: int | None = None) -> list[dict]:
    """Number and canonical text of the rows in order: jsonb has a fixed key order, and Django's session runs in UTC."""
    statement = sql.SQL(ROWS).format(number=sql.Identifier(chain.number), table=sql.Identifier(chain.table))
    return fetch_all(statement.as_string(), {"first": first, "last": last, "limit": limit})


def digest_of(batch: Seal, before: bytes, rows: list[dict]) -> bytes:
    """SHA-256 of the digest before, the columns of the batch, and the SHA-256 of each record."""
    columns = (batch.chain, batch.number, batch.first_id, batch.last_id, batch.count, batch.key_number)
    hashed = sha256(before)
    hashed.update("|".join(map(str, (*columns, batch.at.astimezone(UTC).isoformat()))).encode())
    for row in rows:
        hashed.update(sha256(row["text"].encode()).digest())
    return hashed.digest()


def head_of(key: bytes, before: bytes, digest: bytes, records: bytes) -> bytes:
    return hmac.digest(key, before + digest + records, "sha256")


def head_without_tags(key: bytes, before: bytes, rows: list[dict]) -> bytes:
    """The head of a batch that was sealed before there were tags."""
    hashed = hmac.new(key, before, sha256)
    for row in rows:
        hashed.update(row["text"].encode())
        hashed.update(b"\n")
    return hashed.digest()


def tag(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")[:TAG]


def digest_before(last: Seal | None) -> bytes:
    return START if last is None else bytes(last.digest or last.head)


def _batch(chain: Chain, last: Seal | None, rows: list[dict]) -> Seal:
    key_number, key = keys.current("trail")
    batch = Seal(
        chain=chain.name,
        number=last.number + 1 if last else 1,
        first_id=last.last_id + 1 if last else 1,
        last_id=rows[-1]["number"],
        count=len(rows),
        key_number=key_number,
        at=timezone.now(),
    )
    batch.records = b"".join(row["number"].to_bytes(NUMBER, "big", signed=True) + tag(key, row["text"]) for row in rows)
    batch.digest = digest_of(batch, digest_before(last), rows)
    batch.head = head_of(key, bytes(last.head) if last else START, batch.digest, batch.records)
    return batch


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
