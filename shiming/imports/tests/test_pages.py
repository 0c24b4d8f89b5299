"""Imports of companies, projects and contracts, from upload to commit, in commands and on pages."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from shiming.companies.credit_code import make
from shiming.companies.models import Company
from shiming.core import files
from shiming.core.errors import Conflict
from shiming.core.models import AuditEntry, StoredFile
from shiming.imports import commands as imports
from shiming.imports import jobs, workbooks
from shiming.imports.commands import committing
from shiming.imports.models import SheetImport
from shiming.imports.sheet import SHEETS
from shiming.people.models import Person
from shiming.projects.models import ContractFiling, Participation, Project
from tests.cast import invented_id
from tests.doors import client_of
from tests.tables import problems, tally, workbook

CODES = [make("91990000", f"0077{number:04d}") for number in range(9)]
COMPANY_HEADS = ["企业名称 *", "统一信用代码", "类型", "联系人", "内部备注"]


def upload(cast, code, *lines) -> SheetImport:
    return imports.upload(SHEETS[code], workbook(*lines), file_name="表.xlsx", by=cast.admin)


def commit(cast, item) -> SheetImport:
    return imports.finish(imports.start(item, by=cast.admin))


def companies_file(cast):
    known = [cast.antai.name, cast.antai.credit_code, "劳务分包", "陆文轩", ""]
    return [
        ["2024 年企业名录"],
        COMPANY_HEADS,
        ["新一建设", CODES[0], "施工总包", "何东来", "忽略"],
        ["新二劳务", CODES[1].lower(), "labour", "", ""],
        known,
        ["", CODES[2], "劳务分包", "", ""],  # 没有名称
        ["新四", CODES[3][:-1] + ("1" if CODES[3][-1] != "1" else "2"), "劳务分包", "", ""],
        ["新五", CODES[0], "劳务公司", "", ""],  # 类型不在表里
        ["新六", CODES[1], "劳务分包", "", ""],  # 与上面重复
    ]


def test_upload_names_bad_cells_imports_nothing(cast):
    item = upload(cast, "companies", *companies_file(cast))

    assert (item.total, item.good, item.bad, item.notes) == (7, 3, 4, ["没有用到的列：内部备注"])
    found = problems(item)
    assert found[6] == {"name": "请填写：企业名称（R-10）"}
    assert "请核对第 18 位" in found[7]["credit_code"]
    assert found[8]["kind"].startswith("只能填：施工总包、专业分包、劳务分包")
    assert found[9] == {"credit_code": "与第 4 行重复"}
    assert set(Company.objects.values_list("name", flat=True)) == {"安泰劳务"}


def test_second_import_of_file_changes_nothing(cast):
    lines = companies_file(cast)
    first = commit(cast, upload(cast, "companies", *lines))
    again = commit(cast, upload(cast, "companies", *lines))

    assert tally(first) == (2, 1, 0, [])
    assert tally(again) == (0, 0, 3, [])
    assert set(Company.objects.values_list("name", "contact")) == {
        ("安泰劳务", "陆文轩"),
        ("新一建设", "何东来"),
        ("新二劳务", ""),
    }
    assert str(AuditEntry.objects.filter(event="data.imported").first()) == "系统管理员导入企业 3 行"


def test_cancel_imports_nothing_deletes_file(cast):
    item = upload(cast, "companies", *companies_file(cast))
    imports.cancel(item, by=cast.admin)

    assert Company.objects.count() == 1 and not StoredFile.objects.filter(kind="import").exists()


def test_killed_import_continues_at_position(cast, monkeypatch):
    monkeypatch.setattr(committing, "CHUNK", 2)
    lines = [COMPANY_HEADS[:3], *([f"第{n}家", CODES[n], "劳务分包"] for n in range(5))]
    item = imports.start(upload(cast, "companies", *lines), by=cast.admin)
    good = imports.rows_of(item, values=True)

    item = imports.advance(item, good)
    assert (item.position, item.status, Company.objects.count()) == (2, "running", 2)
    item = imports.finish(SheetImport.objects.get(pk=item.pk))
    assert (item.position, item.status, item.created, Company.objects.count()) == (5, "done", 5, 5)


def chain_files(cast):
    cast.station()
    for number, (name, kind) in enumerate([("总", "general"), ("专", "specialist"), ("劳", "labour")]):
        Company.objects.create(name=f"{name}包企业", credit_code=CODES[number], kind=kind)
    projects = [
        ["报建编号", "项目名称", "监督站", "用工流程"],
        ["23001", "听澜小学", "东区监督站", "聘用确认、扫码进场"],
    ]
    chain = [
        ["报建编号", "统一社会信用代码", "参建类型", "上级单位信用代码"],
        ["23001", CODES[2], "劳务分包", CODES[1]],  # 写在上级之前也可以
        ["23001", CODES[1], "专业分包", CODES[0]],
        ["23001", CODES[0], "施工总包", ""],
    ]
    contracts = [
        ["合同信息报送编号", "报建编号", "信用代码", "合同标段名称", "项目负责人", "身份证号", "手机号"],
        ["HT-9", "23001", CODES[0], "总承包", "周启明", invented_id(9001), "15499009001"],
        ["HT-8", "23001", CODES[2], "劳务", "何新", 119900198503120000, "15499009002"],  # 数字格式的证件号
        ["HT-7", "23001", CODES[3], "外人", "何新", invented_id(9002), "1549900"],
    ]
    return projects, chain, contracts


def test_projects_chain_and_contracts_import_once(cast):
    projects, chain, contracts = chain_files(cast)
    for _ in range(2):
        assert commit(cast, upload(cast, "projects", *projects)).refused == []
        assert commit(cast, upload(cast, "participations", *chain)).refused == []
        item = upload(cast, "contracts", *contracts)
        assert (item.good, item.bad) == (1, 2)
        commit(cast, item)

    labour = Participation.objects.get(company__credit_code=CODES[2])
    assert labour.parent.parent.company.name == "总包企业"
    filing = ContractFiling.objects.get()
    assert (filing.status, filing.pm.name, str(filing.pm_phone)) == ("filed", "周启明", "154*****001")
    assert (Project.objects.count(), Participation.objects.count(), Person.objects.count()) == (1, 3, 1)


def test_id_stored_as_number_is_refused(cast):
    projects, chain, contracts = chain_files(cast)
    commit(cast, upload(cast, "projects", *projects))
    commit(cast, upload(cast, "participations", *chain))
    bad = problems(upload(cast, "contracts", *contracts))

    assert "末几位已丢失" in bad[3]["pm_number"]
    assert bad[4]["pm_phone"] == "手机号应为 11 位（R-13）"


def test_pm_name_mismatch_is_refused_first(cast):
    projects, chain, contracts = chain_files(cast)
    commit(cast, upload(cast, "projects", *projects))
    commit(cast, upload(cast, "participations", *chain))
    contracts[1][5] = cast.zhang.id_number.plain

    assert problems(upload(cast, "contracts", *contracts))[2] == {"pm_name": "姓名与身份证号不一致（R-07）"}


def test_uploaded_rows_are_encrypted_on_disk(cast):
    _, _, contracts = chain_files(cast)
    number = contracts[1][5].encode()
    item = upload(cast, "contracts", *contracts)

    assert number in files.read(item.rows)
    assert number not in files.path_of(item.rows).read_bytes()


def test_template_has_headings_lists_text_cells(cast):
    cast.station()
    for sheet in SHEETS.values():
        page = load_workbook(BytesIO(workbooks.template(sheet, cast.admin))).worksheets[0]
        assert [cell.value.rstrip(" *") for cell in page[1]] == [column.label for column in sheet.columns]
        assert page["B2"].number_format == "@"
        assert len(page.data_validations.dataValidation) == sum(bool(c.choices or c.offers) for c in sheet.columns)


def test_template_uploads_without_changes(cast):
    page = workbooks.template(SHEETS["companies"], cast.admin)
    with pytest.raises(Exception, match="表头下面没有内容"):
        imports.upload(SHEETS["companies"], page, file_name="模板.xlsx", by=cast.admin)


def test_pages_preview_mark_and_commit_file(cast):
    admin = client_of(cast.admin)
    file = SimpleUploadedFile("名录.xlsx", workbook(*companies_file(cast)))
    answer = admin.post("/imports/companies/", {"file": file})
    assert answer.status_code == 302
    preview = admin.get(answer["Location"]).content.decode()
    assert "导入正确的 3 行" in preview and "与第 4 行重复" in preview

    marked = load_workbook(BytesIO(admin.get(answer["Location"] + "marked/").content)).active
    marks = {row[0].value: row[-1].value for row in marked.iter_rows(min_row=2)}
    assert marks["新六"] == "统一社会信用代码：与第 4 行重复" and not marks["新一建设"]

    assert admin.post(answer["Location"] + "commitment/").status_code == 302
    done = admin.get(answer["Location"]).content.decode()
    assert "已导入" in done and Company.objects.count() == 3


def test_secret_columns_are_masked_on_the_preview(cast):
    projects, chain, contracts = chain_files(cast)
    commit(cast, upload(cast, "projects", *projects))
    commit(cast, upload(cast, "participations", *chain))
    item = upload(cast, "contracts", *contracts)
    page = client_of(cast.admin).get(f"/imports/files/{item.pk}/").content.decode()

    assert "119*****" in page and contracts[1][5] not in page and "15499009001" not in page


def test_wrong_file_is_refused_on_page(cast):
    admin = client_of(cast.admin)
    answer = admin.post(
        "/imports/companies/", {"file": SimpleUploadedFile("名录.xls", b"\xd0\xcf\x11\xe0" + b"0" * 99)}
    )
    assert answer.status_code == 422 and "另存为 .xlsx" in answer.content.decode()
    answer = admin.post("/imports/companies/", {"file": SimpleUploadedFile("x.xlsx", workbook(["姓名"], ["张三"]))})
    assert "缺少这些列：企业名称、统一社会信用代码、企业类型" in answer.content.decode()


def test_only_uploader_sees_the_file(cast):
    item = upload(cast, "companies", *companies_file(cast))
    other = cast.user("另一位管理员")
    other.is_admin = True
    other.save()
    colleague = client_of(replace(cast.admin, user_id=other.pk, name=other.name))
    assert colleague.get(f"/imports/files/{item.pk}/").status_code == 404
    assert colleague.post(f"/imports/files/{item.pk}/commitment/").status_code == 404
    for actor, status in ((cast.hr, 404), (cast.gc_pm, 404), (cast.regulator(), 403)):
        assert client_of(actor).get("/imports/companies/").status_code == status
        assert client_of(actor).get(f"/imports/files/{item.pk}/").status_code == status


def test_old_files_are_deleted_records_stay(cast):
    item = upload(cast, "companies", *companies_file(cast))
    assert imports.forget_old() == 0
    SheetImport.objects.filter(pk=item.pk).update(created_at="2024-01-01T00:00:00Z")
    assert (imports.forget_old(), imports.forget_old()) == (1, 0)
    assert client_of(cast.admin).get(f"/imports/files/{item.pk}/").status_code == 200


def test_long_file_is_committed_by_job(cast, monkeypatch):
    monkeypatch.setattr(imports, "ROWS_AT_ONCE", 2)
    admin = client_of(cast.admin)
    item = upload(cast, "companies", COMPANY_HEADS[:3], *([f"第{n}家", CODES[n], "劳务分包"] for n in range(5)))
    at = f"/imports/files/{item.pk}/"
    assert admin.post(f"{at}commitment/").status_code == 302

    job = ProcrastinateJob.objects.get(task_name__endswith="run_import")
    assert (job.args, Company.objects.count()) == ({"import_id": str(item.pk)}, 0)
    assert "正在导入" in admin.get(at).content.decode()
    assert "HX-Refresh" not in admin.get(f"{at}progress/").headers

    jobs.run_import(**job.args)
    assert admin.get(f"{at}progress/").headers["HX-Refresh"] == "true"
    assert "已导入" in admin.get(at).content.decode()


def test_import_without_job_can_continue(cast, monkeypatch):
    monkeypatch.setattr(imports, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(committing, "CHUNK", 2)
    admin, lines = client_of(cast.admin), [COMPANY_HEADS[:3], *([f"第{n}家", CODES[n], "劳务分包"] for n in range(5))]
    item = imports.start(upload(cast, "companies", *lines), by=cast.admin)
    imports.advance(item, imports.rows_of(item, values=True))
    at = f"/imports/files/{item.pk}/"

    assert admin.get(f"{at}progress/").headers["HX-Refresh"] == "true"
    page = admin.get(at).content.decode()
    assert "导入停下了" in page and "已处理 2 行，还有 3 行" in page and "正在导入" not in page

    for _ in range(2):  # two clicks on the button
        assert admin.post(f"{at}commitment/").status_code == 302
    job = ProcrastinateJob.objects.get(task_name__endswith="run_import")
    assert "正在导入" in admin.get(at).content.decode()
    jobs.run_import(**job.args)
    item.refresh_from_db()
    assert (item.status, item.created, Company.objects.count()) == ("done", 5, 5)


@pytest.mark.parametrize("running", [False, True])
@pytest.mark.parametrize("harm", ["lost", "garbled", "short"])
def test_import_with_a_damaged_file_says_so_and_is_given_up(cast, harm, running):
    item = upload(cast, "companies", *companies_file(cast))
    if running:
        item = imports.start(item, by=cast.admin)
    path, admin = files.path_of(item.rows), client_of(cast.admin)
    path.unlink() if harm == "lost" else path.write_bytes(b"" if harm == "short" else b"x" * 99)

    page = admin.get(f"/imports/files/{item.pk}/").content.decode()
    assert "这次导入的文件已损坏或丢失，不能继续。点“全部放弃”" in page and "全部放弃</button>" in page
    assert admin.post(f"/imports/files/{item.pk}/cancellation/").status_code == 302
    item.refresh_from_db()
    assert (item.status, item.rows) == ("cancelled", None)


def test_running_import_is_not_given_up(cast):
    item = imports.start(upload(cast, "companies", *companies_file(cast)), by=cast.admin)
    with pytest.raises(Conflict, match="导入正在进行"):
        imports.cancel(item, by=cast.admin)
