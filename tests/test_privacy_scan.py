"""An ID number, a phone, a bank card and an address are planted through the real commands and searched everywhere:
every column of every table, a dump and a backup of the database, files of the data folder, logs, addresses, exports.

Each value is searched as text, hexadecimal and Base64, so that a column of bytes hides nothing.
"""

import io
import logging
import re
import subprocess
import zipfile
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook
from procrastinate.contrib.django import app
from psycopg import sql

from shiming.assignment import commands as assignment
from shiming.attendance import commands as attendance
from shiming.attendance import queries as attendance_queries
from shiming.binding import poster_codes
from shiming.binding.tests.conftest import TYPED as SCANNED
from shiming.core.actor import Actor, Door, Role
from shiming.core.models import AuditEntry, StoredFile
from shiming.demo import cards, invented
from shiming.employment import commands as employment
from shiming.employment.models import Employment
from shiming.outbox import commands as outbox
from shiming.outbox.models import OutboxMessage
from shiming.people import commands as people
from shiming.people.models import Person
from shiming.presence import codes
from shiming.presence import commands as presence
from shiming.runtime.postgres import find_programs
from shiming.web.export import csv_lines
from tests.callers import firm, site
from tests.doors import client_of, export
from tests.server import Live, addresses, at
from tests.world import uploaded

DAY = timezone.localdate()
APPLICANT = Actor(role=Role.SYSTEM, door=Door.PERSON, name="本人")
PERSON = [*invented.people(7071, 40, on=DAY)][7]
PLANTED = {
    "身份证号": PERSON.id_number,
    "手机号": "15499707133",
    "联系手机号": "15499707144",
    "银行卡号": "6228481098765432107",
    "户籍地址": "星河区无名路七百零七弄三十三号",
    "现居住地": "云溪镇不存在街一百零九号二楼",
}
# The search field keeps the text typed by the user.
TYPED = f'value="{PLANTED["身份证号"]}"'.encode()


def shapes(value: str) -> list[bytes]:
    """The value as text, as hexadecimal, and as Base64 at each of its three offsets."""
    raw = value.encode()
    coded = [b64encode(b"\0" * shift + raw)[shift + 1 :].rstrip(b"=")[:-1] for shift in range(3)]
    escaped = value.encode("unicode_escape")
    return [raw, escaped, raw.hex().encode(), raw.hex().upper().encode(), value.encode("utf-16-le"), *coded]


NEEDLES = {name: shapes(value) for name, value in PLANTED.items()}


def found_in(content: bytes) -> list[str]:
    """The names of the planted values in this content."""
    return [name for name, needles in NEEDLES.items() if any(needle in content for needle in needles)]


def found_in_file(content: bytes) -> list[str]:
    """Search a file; of a workbook, its parts."""
    if content[:2] != b"PK":
        return found_in(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [name for part in archive.namelist() for name in found_in(archive.read(part))]


@dataclass
class Traces:
    """The traces of a scenario besides rows and files."""

    log: io.StringIO = field(default_factory=io.StringIO)
    addresses: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)


@pytest.fixture
def left(live: Live, caplog) -> Traces:
    """A worker's whole path, with the planted values in every field that takes them."""
    traces = Traces()
    handler = logging.StreamHandler(traces.log)
    logging.getLogger().addHandler(handler)
    caplog.set_level(logging.DEBUG)
    try:
        _life(live.cast, traces)
    finally:
        logging.getLogger().removeHandler(handler)
    traces.log.write(caplog.text)
    return traces


def _life(cast, traces: Traces) -> None:
    person = _registered()
    row = _hired(cast, person)
    _on_site(cast, person, row)
    _watched_over(cast, person)
    _scanned(cast)
    _imported(cast)
    _messages(cast)
    _pages(cast, person, traces)


def _registered() -> Person:
    card = cards.card_of(PERSON, on=DAY)
    photos = {"front": cards.photograph(cards.front(card)), "back": cards.photograph(cards.back(card))}
    given = {"number": PLANTED["身份证号"], "name": PERSON.name, "phone": PLANTED["手机号"]}
    person = people.submit(**photos, **given, notice_version="1", by=APPLICANT, register_address=PLANTED["户籍地址"])
    by = Actor(role=Role.SYSTEM, door=Door.ADMIN, name="身份核验")
    return people.verify(person, by=by)


def _hired(cast, person: Person) -> Employment:
    labour, who = firm(cast, cast.antai), {"name": PERSON.name, "number": PLANTED["身份证号"]}
    labour.post("/employments", once="first", **(who | {"name": "王某"}))
    answer = labour.post("/employments", once="second", **who)
    row = employment.confirm(Employment.objects.get(pk=answer.json()["id"]), by=cast.himself(person))
    given = {"trade": "钢筋工", "is_leader": True, "bank": "工商银行"}
    secret = {"bank_card": PLANTED["银行卡号"], "contact_phone": PLANTED["联系手机号"]}
    row = employment.complete_profile(row, kind="worker", by=cast.hr, **given, **secret)
    return employment.complete_profile(row, kind="worker", by=cast.hr, **(given | {"bank": "建设银行"}), **secret)


def _on_site(cast, person: Person, row: Employment) -> None:
    cast.filing(cast.labour_place, "孙劳务")
    [proposed] = assignment.propose([row], cast.labour_place, role="worker", by=cast.hr).done
    assignment.accept([proposed], by=cast.gc_pm)
    gate = site(cast.gc_pm)
    gate.post("/entries/scan", code=codes.personal_code(person.pk), event_id=str(uuid4()))
    attendance.punch(person.pk, cast.binjiang.pk, event_id=uuid4(), method="manual", by=cast.gc_pm)
    now = timezone.now()
    times = {"day": timezone.localdate(now), "came_at": now - timedelta(minutes=2), "left_at": None}
    attendance.request_correction(person, cast.binjiang, reason="忘记打卡", by=cast.himself(person), **times)
    presence.issue_card(person, by=cast.himself(person))


def _watched_over(cast, person: Person) -> None:
    people.update_profile(person, by=cast.hr, residence=PLANTED["现居住地"])
    people.reveal(person, "id_number", purpose="核对合同", by=cast.hr)
    people.reveal(person, "phone", purpose="联系本人", by=cast.hr)


def _scanned(cast) -> None:
    """The worker sends everything once more by the poster of another site."""
    given = {
        "name": PERSON.name,
        "id_number": PLANTED["身份证号"],
        "phone": PLANTED["手机号"],
        "birth_date": "",
        "sex": "",
    }
    given |= {"residence_detail": PLANTED["户籍地址"]}
    assert Client().post(f"/q/{poster_codes.code_of(cast.repair_place)}/", SCANNED | given).status_code == 302


def _imported(cast) -> None:
    """One imported line and one refused: both contain the planted number."""
    heads = ["合同信息报送编号", "报建编号", "统一社会信用代码", "合同标段名称"]
    heads += ["项目负责人姓名", "项目负责人身份证号", "项目负责人手机号"]
    about = [cast.binjiang.filing_code, cast.hengli.credit_code, "幕墙合同"]
    assert cast.specialist_place.company == cast.hengli
    planted = [PLANTED["身份证号"], PLANTED["手机号"]]
    lines = [["HT1", *about, PERSON.name, *planted], ["HT2", *about, "别的名字", *planted]]
    item = uploaded(cast.admin, "contracts", heads, *lines)
    client_of(cast.admin).post(f"/imports/files/{item}/commitment/")
    [run] = [task for name, task in app.tasks.items() if name.endswith(".run_import")]
    run(import_id=item)


def _messages(cast) -> None:
    outbox.send(PLANTED["手机号"], "您的验证码是 707707", "code.test")
    for address, typed in (
        ("/login/person/", {"phone": PLANTED["手机号"]}),
        ("/login/site/", {"id_number": PLANTED["身份证号"], "phone": PLANTED["手机号"], "user_type": "pm"}),
        ("/login/company/", {"username": PLANTED["身份证号"], "password": "wrong"}),
    ):
        Client().post(address, typed)


def _pages(cast, person: Person, traces: Traces) -> None:
    """Lists searched by the number, a person's page, exports: for firm, site, authority and administrator."""
    searched = {
        cast.hr: ("/people/", "/employments/", f"/people/{person.pk}/"),
        cast.gc_pm: ("/stays/", "/attendance/", "/assignments/list/", f"/people/{person.pk}/"),
        cast.regulator(): ("/people/", "/oversight/sites/", f"/oversight/places/{cast.labour_place.pk}/"),
        cast.admin: ("/people/", "/admin-tools/messages/", "/admin-tools/trail/", "/imports/"),
        cast.himself(person): ("/m/me/", "/m/inbox/", "/m/employments/"),
    }
    for actor, pages in searched.items():
        browser = client_of(actor)
        for page in pages:
            sealed = browser.post(
                "/_filters/", {"next": page, "number": PLANTED["身份证号"], "text": PLANTED["身份证号"]}
            )
            traces.addresses.append(sealed["Location"])
            for address in (page, sealed["Location"]):
                content = browser.get(address).content
                traces.pages[f"{actor.role} {address}"] = content.replace(TYPED, b"")
    for actor, address in (
        (cast.hr, "/people/"),
        (cast.hr, "/employments/"),
        (cast.hr, "/employments/profiles/"),
        (cast.regulator(), f"/oversight/places/{cast.labour_place.pk}/"),
    ):
        answer = export(client_of(actor), address)
        assert answer.status_code == 200
        traces.files[address] = b"".join(answer)


# The searched places.


def rows() -> dict[str, bytes]:
    """Every table with all its rows as text; bytes become hexadecimal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        tables, content = cursor.fetchall(), {}
        for schema, table in tables:
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table)))
            content[table] = "\n".join(row[0] for row in cursor.fetchall()).encode()
    return content


def kept_files(folder: Path) -> dict[str, bytes]:
    """The files of the data folder except the database's own, whose content is searched in a dump."""
    paths = [path for path in folder.rglob("*") if path.relative_to(folder).parts[0] not in ("postgres", "static")]
    return {str(path.relative_to(folder)): _content(path) for path in paths}


def _content(path: Path) -> bytes:
    """The content of a file; empty when another test of this run has deleted it."""
    try:
        return path.read_bytes() if path.is_file() else b""
    except FileNotFoundError:
        return b""


def dumped(live: Live) -> bytes:
    program = Path(find_programs()) / "bin" / "pg_dump"
    done = subprocess.run([program, f"--dbname={at(addresses()[0].owner, live.database)}"], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def scan(parts: dict[str, bytes]) -> dict[str, list[str]]:
    return {name: seen for name, content in parts.items() if (seen := found_in_file(content))}


def test_no_planted_value_is_found(live, left):
    everything = rows()
    assert {"people_person", "core_auditentry", "employment_employment", "outbox_outboxmessage"} <= set(everything)
    assert everything["people_person"] and everything["api_apianswer"]
    assert [name for name, content in everything.items() if name.endswith("sheetimport") and content]
    assert scan(everything) == {}
    assert scan({"pg_dump": dumped(live)}) == {}
    assert scan(kept_files(live.home)) == {}
    assert scan({"log": left.log.getvalue().encode(), "addresses": "\n".join(left.addresses).encode()}) == {}
    assert len(left.files) == 4 and scan(left.files) == {}
    assert scan(left.pages) == {}


def test_planted_worker_has_passed_every_step(live, left):
    """A refused step would leave nothing to find."""
    person = Person.by_id_number(PLANTED["身份证号"])
    row = person.employments.get()
    kept = [person.phone, row.contact_phone, row.bank_card, person.register_address, person.residence]
    assert [value.plain for value in kept] == [PLANTED[name] for name in PLANTED if name != "身份证号"]
    assert person.stays.count() == 1 and person.corrections.count() == 1
    assert len(attendance_queries.month_of(person.pk, DAY)) == 1
    assert OutboxMessage.objects.exists() and StoredFile.objects.exists()
    assert re.search(r'"to": "154\*{5}133".*707707', (live.home / "outbox.jsonl").read_text())
    assert AuditEntry.objects.filter(event="person.revealed").count() == 2
    assert all(
        PERSON.name.encode() in content for name, content in left.pages.items() if f"/people/{person.pk}/" in name
    )


def test_scan_finds_value_in_a_column(live):
    fields = {"event": "test", "by": "x", "role": "system", "door": "admin", "object_type": "x", "object_id": "x"}
    for name, value in PLANTED.items():
        for given in (
            {"reason": f"见 {value}"},
            {"params": {"a": [value]}},
            {"params": {"a": value.encode().hex()}},
            {"params": {"a": b64encode(f"号{value}码".encode()).decode()}},
        ):
            with transaction.atomic():
                AuditEntry.objects.create(at=timezone.now(), **fields, **given)
                assert scan(rows()) == {"core_auditentry": [name]}
                transaction.set_rollback(True)


def test_scan_finds_value_in_dump_file_log_sheet(live, tmp_path):
    number = PLANTED["身份证号"]
    live.cast.antai.address = number
    live.cast.antai.save()
    assert scan({"pg_dump": dumped(live)}) == {"pg_dump": ["身份证号"]}

    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "web.log").write_text(f"GET /people/?number={number}")
    assert scan(kept_files(tmp_path)) == {"logs/web.log": ["身份证号"]}

    book, out = Workbook(), io.BytesIO()
    book.active.append([number])
    book.save(out)
    assert found_in_file(out.getvalue()) == ["身份证号"]
    column = SimpleNamespace(label="号", kind="text", text=lambda row: row, value=lambda row: row)
    assert found_in("".join(csv_lines([column], [number])).encode()) == ["身份证号"]
