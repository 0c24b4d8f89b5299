"""Must show 4: ten thousand rows from Excel into the register, and a hundred thousand out of it in constant memory.

python -m bench.sheets 100000     (its own child: exports this number of people and reports time and memory)
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from itertools import islice
from types import SimpleNamespace

LIMIT = 4.0  # seconds, for read + validate + preview, and for commit
MORE = 40_000_000  # bytes that ten times the rows may need in addition
FIRM = "测量用劳务企业"
HEADS = ["姓名", "身份证号码", "联系电话", "工种", "班组", "文化程度", "合同生效日期", "银行卡号"]
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超"


def measure(quick: bool, say) -> bool:
    """Returns False when a limit is exceeded."""
    count = 2_000 if quick else 10_000
    kept = _import(count, say)
    return _export(2_000 if quick else 10_000, say) and kept


def _import(count: int, say) -> bool:
    from shiming.core.bulk import many_values
    from shiming.imports import commands as imports
    from shiming.imports import preview
    from shiming.imports.sheet import SHEETS

    by, lines = _clerk(), _lines(count)
    content, sheet = _workbook(lines), SHEETS["employments"]
    plain, _ = _timed(lambda: _plain_read(content))
    copied, _ = _timed(lambda: _plain_copy(lines))
    _forget()
    read, item = _timed(lambda: imports.upload(sheet, content, file_name="花名册.xlsx", by=by))
    with many_values():
        shown, _ = _timed(lambda: _show(preview, sheet, imports.rows_of(item), by))
    item = imports.start(item, by=by)
    written, item = _timed(lambda: imports.finish(item))
    again, second = _timed(lambda: imports.finish(_again(imports, sheet, content, by)))
    _forget()
    say(f"{count:,} 行花名册：读取、检查 {read:.2f} 秒，预览 {shown:.2f} 秒（calamine 只读 {plain:.2f} 秒）")
    say(
        f"导入：建档 {item.created:,} 人，邀请、痕迹、待办一并写下 {written:.2f} 秒（同样的行只做 COPY {copied:.2f} 秒）"
    )
    say(f"同一份再来一次：{second.same:,} 行无变化，{again:.2f} 秒")
    done = (item.created, second.same) == (count, count)
    return done and read + shown <= LIMIT and written <= LIMIT


def _again(imports, sheet, content, by):
    return imports.start(imports.upload(sheet, content, file_name="花名册.xlsx", by=by), by=by)


def _show(preview, sheet, rows, by) -> None:
    preview.bad_rows(sheet, rows, by)
    list(preview.good_rows(sheet, rows).body)


def _export(count: int, say) -> bool:
    few, many = (_in_a_child(number) for number in (count, count * 10))
    more = many["memory"] - few["memory"]
    for one in (few, many):
        say(
            f"导出 {one['rows']:,} 人：{one['seconds']:.1f} 秒，{one['size'] / 1e6:.1f} MB，内存最高 {one['memory'] / 1e6:.0f} MB"
        )
    say(f"十倍的行多用内存 {more / 1e6:.0f} MB")
    return more <= MORE


def _in_a_child(count: int) -> dict:
    run = subprocess.run([sys.executable, "-m", __name__, str(count)], capture_output=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def export(count: int) -> dict:
    """Export this number of people into a workbook, read in chunks as the export button reads them."""
    from shiming.people.console.people import COLUMNS
    from shiming.people.models import Person
    from shiming.web.export import hand_out
    from shiming.web.paging import Paged

    request, counts = SimpleNamespace(actor=SimpleNamespace(name="测量", company_name=""), POST={}, GET={}), []
    rows = islice(Paged(Person.objects.all(), request, order=("-pk",)).whole(), count)
    seconds, answer = _timed(lambda: hand_out(request, COLUMNS, rows, name="人员", note=counts.append))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    size = sum(map(len, answer.streaming_content))
    return {"rows": counts[0], "seconds": seconds, "memory": memory, "size": size}


def _clerk():
    from shiming.accounts.models import User
    from shiming.companies.credit_code import make
    from shiming.companies.models import Company
    from shiming.core.actor import Actor, Door, Role

    code = make("91990000", "99999998")
    firm, _ = Company.objects.get_or_create(name=FIRM, defaults={"credit_code": code, "kind": Company.Kind.LABOUR})
    user, _ = User.objects.get_or_create(username="bench-clerk", defaults={"name": "测量"})
    about = {"user_id": user.pk, "company_id": firm.pk, "company_name": firm.name}
    return Actor(role=Role.HR_OFFICER, door=Door.COMPANY, name=user.name, **about)


def _forget() -> None:
    """Delete the people of the last run; their lines in the trail remain."""
    from shiming.employment.models import Employment
    from shiming.imports.models import SheetImport
    from shiming.inbox.models import InboxItem
    from shiming.people.models import Person
    from shiming.projects.models import Team

    hired = Employment.objects.filter(company__name=FIRM)
    people = list(hired.values_list("person_id", flat=True))
    InboxItem.objects.filter(person__in=people).delete()
    hired.delete()
    Person.objects.filter(pk__in=people).delete()
    Team.objects.filter(company__name=FIRM).delete()
    SheetImport.objects.filter(actor__company_name=FIRM).delete()


def _lines(count: int) -> list[list[str]]:
    from shiming.dictionaries import queries as dictionaries
    from shiming.idcard.number import complete

    trades = [label for _, label in dictionaries.choices("trade")]
    lines = []
    for number in range(count):
        born = date(1966, 1, 1) + timedelta(days=number % 14_000)
        name = SURNAMES[number % 20] + GIVEN[number // 20 % 19] + GIVEN[number // 380 % 19]
        lines.append(
            [
                name,
                complete(f"829977{born:%Y%m%d}{number // 14_000 * 2 + 1:03d}"),
                f"154{90_000_000 + number}",
                trades[number % len(trades)],
                f"测量{number % 40:02d}班",
                "初中",
                "2026-03-15",
                f"6217{number:015d}",
            ]
        )
    return lines


def _workbook(lines) -> bytes:
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    page = book.add_worksheet()
    for number, line in enumerate([HEADS, *lines]):
        page.write_row(number, 0, line)
    book.close()
    return out.getvalue()


def _plain_read(content: bytes) -> list:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def _plain_copy(lines) -> None:
    from django.db import connection

    from shiming.core.bulk import copy_tuples

    columns = tuple(f"c{place}" for place in range(len(HEADS)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bench_copy ({', '.join(f'{name} text' for name in columns)})")
        copy_tuples("bench_copy", columns, lines)
        cursor.execute("DROP TABLE bench_copy")


def _timed(work: Callable) -> tuple[float, object]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(export(int(sys.argv[1]))))
