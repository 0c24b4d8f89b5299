"""The pages about projects, contracts, grants and teams."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from shiming.companies.models import Company
from shiming.core.models import AuditEntry
from shiming.core.privacy import blind_index
from shiming.projects import commands
from shiming.projects.models import ContractFiling, Grant, Participation, Project, Team
from tests.cast import invented_id
from tests.doors import client_of, export


def site_with_everything(cast):
    for place, pm in ((cast.gc_place, "王总包"), (cast.specialist_place, "刘专业"), (cast.labour_place, "孙劳务")):
        cast.filing(place, pm)
    cast.stay()
    cast.team()
    return cast.binjiang


def test_project_page_shows_chain_with_pms(cast):
    project = site_with_everything(cast)
    page = client_of(cast.admin).get(f"/projects/{project.pk}/").content.decode()

    order = [page.index(name) for name in ("宏基总包", "恒立幕墙", "安泰劳务")]
    assert order == sorted(order)
    assert "项目负责人 王总包" in page and "1 人" in page
    assert "聘用确认、扫码进场" in page


ADMIN_PAGES = ["/companies/", "/projects/", "/contracts/", "/stations/", "/companies/new/", "/projects/new/"]


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_lists_open_forms_for_administrator_only(cast, path):
    site_with_everything(cast)
    assert client_of(cast.admin).get(path).status_code == 200
    if path.endswith("/new/"):
        for actor in (cast.hr, cast.gc_pm, cast.regulator()):
            assert client_of(actor).get(path).status_code == 403


def test_stranger_gets_404_for_site(cast):
    project = site_with_everything(cast)
    filing = ContractFiling.objects.get(participation=cast.gc_place)
    stranger = client_of(cast.stranger_hr)

    for path in (f"/projects/{project.pk}/", f"/contracts/{filing.pk}/", f"/companies/{cast.antai.pk}/"):
        assert stranger.get(path).status_code == 404
        assert client_of(cast.admin).get(path).status_code == 200
    assert "滨江一期" not in stranger.get("/projects/").content.decode()


def test_subcontractor_sees_own_contract_only(cast):
    project = site_with_everything(cast)
    hr = client_of(cast.hr)
    page = hr.get(f"/projects/{project.pk}/").content.decode()
    listed = hr.get("/contracts/").content.decode()

    assert "宏基总包" in page and f"/companies/{cast.hongji.pk}/" not in page
    assert ContractFiling.objects.get(participation=cast.labour_place).number in listed
    assert ContractFiling.objects.get(participation=cast.gc_place).number not in listed


def test_site_and_chain_are_registered_on_pages(cast):
    admin, station = client_of(cast.admin), cast.station()
    asked = {"filing_code": "23990001", "name": "听澜小学", "station": station.pk, "policy": "invite_scan"}
    assert admin.post("/projects/new/", asked).status_code == 302
    project = Project.objects.get(filing_code="23990001")

    new = f"/projects/{project.pk}/places/new/"
    assert admin.post(new, {"company": cast.hongji.name, "kind": "general"}).status_code == 302
    top = Participation.objects.get(project=project)
    asked = {"company": cast.antai.credit_code, "kind": "labour", "parent": top.pk}
    assert admin.post(new, asked).status_code == 302
    assert Participation.objects.get(company=cast.antai, project=project).parent == top

    again = admin.post(new, {"company": "没有的企业", "kind": "general"})
    assert again.status_code == 422 and "没有登记过这家企业" in again.content.decode()


def test_contract_page_registers_pm_masked(cast):
    admin, number = client_of(cast.admin), invented_id(7001)
    asked = {
        "filing_code": cast.gc_place.project.filing_code,
        "company": cast.hongji.name,
        "number": "HT-2024-77",
        "name": "滨江一期施工总承包",
        "category": "施工总承包合同",
        "pm_name": "周启明",
        "pm_number": number,
        "pm_phone": "15499007001",
        "file": "on",
    }
    answer = admin.post("/contracts/new/", asked | {"pm_number": number[:-1] + ("1" if number[-1] != "1" else "2")})
    assert answer.status_code == 422 and "请核对第" in answer.content.decode()
    assert 'value="周启明"' in answer.content.decode()

    assert admin.post("/contracts/new/", asked).status_code == 302
    filing = ContractFiling.objects.get(number="HT-2024-77")
    page = admin.get(f"/contracts/{filing.pk}/").content.decode()
    assert (filing.status, filing.pm.name, filing.pm.phone) == ("filed", "周启明", None)
    assert "154*****001" in page and "15499007001" not in page


def test_pm_manages_grants_on_board(cast):
    pm, number = client_of(cast.gc_pm), invented_id(7002)
    today = timezone.localdate()
    asked = {"name": "李操作", "number": number, "phone": "154 9900 7002", "rights": ["entry", "attendance"]}

    too_long = pm.post("/site/operators/new/", asked | {"ends_on": "2098-01-01"})
    assert too_long.status_code == 422 and "授权到期日期应在" in too_long.content.decode()
    nothing = pm.post("/site/operators/new/", asked | {"rights": [], "ends_on": today})
    assert "请填写：权限" in nothing.content.decode()

    assert pm.post("/site/operators/new/", asked | {"ends_on": today}).status_code == 302
    given = Grant.objects.get(participation=cast.gc_place)
    assert (given.rights, given.state, given.phone_digest) == (
        ["entry", "attendance"],
        Grant.State.EXPIRING,
        blind_index("phone", "15499007002"),
    )
    board = pm.get("/site/operators/").content.decode()
    assert "李操作" in board and "即将到期" in board and "15499007002" not in board

    assert pm.post(f"/site/operators/{given.pk}/longest/").status_code == 302
    given.refresh_from_db()
    assert (given.ends_on - today).days == 180
    assert pm.post(f"/site/operators/{given.pk}/revocation/").status_code == 302
    assert client_of(cast.specialist_pm).post(f"/site/operators/{given.pk}/revocation/").status_code == 404
    story = pm.get("/site/operators/").content.decode()
    assert all(sentence in story for sentence in ("王总包授权李操作现场操作：进场、考勤", "王总包收回李操作的授权"))


def test_site_user_reads_own_contract(cast):
    filing = cast.filing(cast.gc_place, "王总包")
    page = client_of(cast.gc_pm).get("/site/contract/").content.decode()

    assert all(word in page for word in ("合同信息报送编号", filing.number, "合同已报送", "切换项目"))


def test_firm_manages_its_teams_on_pages(cast):
    cast.employment()
    hr = client_of(cast.hr)
    asked = {"name": "钢筋一组", "trade": "钢筋工", "leader": cast.zhang.pk}
    assert hr.post("/teams/new/", asked).status_code == 302
    team = Team.objects.get(company=cast.antai)
    assert "钢筋一组" in hr.get("/teams/").content.decode()
    assert client_of(cast.stranger_hr).get(f"/teams/{team.pk}/edit/").status_code == 404
    assert hr.post(f"/teams/{team.pk}/closing/").status_code == 302


def test_leader_is_found_by_typing(cast):
    cast.employment(cast.person("张三丰", phone="14500000031"))
    cast.employment(cast.person("李四"))
    cast.employment(cast.person("张三别家"), cast.yuanda)
    hr = client_of(cast.hr)
    assert "张三丰" not in hr.get("/teams/new/").content.decode()

    found = hr.post("/teams/leaders/", {"leader_text": "张三"}).content.decode()
    assert "张三丰" in found and "李四" not in found and "别家" not in found
    assert "没有找到" in hr.post("/teams/leaders/", {"leader_text": "王五", "leader": "nobody"}).content.decode()


def test_typed_leader_needs_a_single_match(cast):
    first = cast.employment(cast.person("张三丰", phone="14500000031")).person
    cast.employment(cast.person("张三平", phone="14500000032"))
    hr = client_of(cast.hr)

    asked = hr.post("/teams/new/", {"name": "一组", "leader_text": "张三"})
    assert (asked.status_code, Team.objects.count()) == (422, 0)
    assert "不止一人" in asked.content.decode() and "张三平" in asked.content.decode()
    assert "没有找到" in hr.post("/teams/new/", {"name": "一组", "leader_text": "赵六"}).content.decode()

    assert hr.post("/teams/new/", {"name": "一组", "leader_text": "张三丰"}).status_code == 302
    assert Team.objects.get().leader == first
    edit = hr.get(f"/teams/{Team.objects.get().pk}/edit/").content.decode()
    assert "张三丰" in edit and f'value="{first.pk}" checked' in edit


def test_list_query_count_is_constant(cast):
    admin = client_of(cast.admin)
    project = site_with_everything(cast)
    paths = ["/projects/", "/contracts/", "/companies/", f"/projects/{project.pk}/"]

    def cost(path):
        with CaptureQueriesContext(connection) as seen:
            admin.get(path)
        return len(seen)

    first = [cost(path) for path in paths]
    for serial in (1, 2):
        other = commands.register_project(
            filing_code=f"2388{serial}", name=f"另一处{serial}", station=cast.station(), by=cast.admin
        )
        place = commands.add_participation(other, cast.hongji, "general", by=cast.admin)
        cast.filing(place, f"项目经理{serial}")
        extra = cast.company(f"第{serial}家劳务", Company.Kind.LABOUR)
        commands.add_participation(project, extra, "labour", parent=cast.gc_place, by=cast.admin)
    assert [cost(path) for path in paths] == first


@pytest.mark.parametrize("path", ["/companies/", "/projects/", "/contracts/", "/people/"])
def test_export_requires_fresh_login(cast, path):
    client = client_of(cast.admin)
    session = client.session
    session["proved_at"] -= 400
    session.save()
    assert export(client, path)["Location"].startswith("/login/again/")
    assert not AuditEntry.objects.filter(event="data.exported").exists()


@pytest.mark.parametrize("path", ["/companies/", "/projects/", "/contracts/"])
def test_export_is_masked_and_recorded(cast, path):
    site_with_everything(cast)
    answer = export(client_of(cast.admin), path)
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]

    phones = [filing.pm_phone.plain for filing in ContractFiling.objects.all()]
    assert "宏基总包" in cells and not set(phones) & set(cells)
    assert AuditEntry.objects.filter(event="data.exported").count() == 1


def test_missing_inputs_keep_their_values(cast):
    site_with_everything(cast)
    firm, project, filing = cast.antai, cast.binjiang, ContractFiling.objects.first()
    firm.contact, filing.section_no = "陈联系", "二标"
    firm.save(), filing.save()
    client = client_of(cast.admin)
    sent = {"name": "安泰建筑劳务", "credit_code": firm.credit_code, "kind": firm.kind, "seen": firm.version}
    assert client.post(f"/companies/{firm.pk}/edit/", sent).status_code == 302
    sent = {
        "filing_code": project.filing_code,
        "name": "滨江新名",
        "station": str(project.station_id),
        "seen": project.version,
    }
    assert client.post(f"/projects/{project.pk}/edit/", sent).status_code == 302
    assert client.post(f"/contracts/{filing.pk}/edit/", {"name": "新合同名", "seen": filing.version}).status_code == 302

    for row in (firm, project, filing):
        row.refresh_from_db()
    assert (firm.name, firm.contact) == ("安泰建筑劳务", "陈联系")
    assert (project.name, project.address) == ("滨江新名", "滨江路 1 号")
    assert (filing.name, filing.section_no) == ("新合同名", "二标")
