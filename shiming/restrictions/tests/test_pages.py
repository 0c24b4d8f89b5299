"""限制进场 in the pages: the whole due process over HTTP, the phone, the list and its file, what a stranger reads."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiming.core.models import AuditEntry
from shiming.presence.models import Stay
from shiming.restrictions.models import Restriction
from shiming.restrictions.tests.cases import EVIDENCE, PDF, day, issue
from tests.doors import client_of, export
from tests.journeys.asking import Pages
from tests.tables import commit, problems, tally, upload

pytestmark = pytest.mark.django_db


def filled(cast, **changes):
    given = {"number": cast.zhang.id_number.plain, "category": "打架斗殴", "from_date": day(0), "until": day(59)}
    return given | {"text": EVIDENCE, "second": ""} | changes


def page_of(answer) -> str:
    return unescape(answer.content.decode())


def says_until(page: str, last) -> bool:
    return f"您不能进滨江一期，到{last.year}年{last.month}月{last.day}日为止" in page


def test_due_process_from_entry_to_lifting_over_http(site):
    pm, other, worker = client_of(site.gc_pm), client_of(site.supervision_pm), client_of(site.himself())

    papers = SimpleUploadedFile("经过.pdf", PDF)
    answer = pm.post("/restrictions/new/", filled(site, papers=papers, second=site.supervision_place.pk))
    row = Restriction.objects.get()
    assert answer["Location"] == f"/restrictions/{row.pk}/"

    why = page_of(worker.get(f"/m/why/{site.binjiang.pk}/"))
    assert "在限制进场名单中，可提出申诉" in why and 'href="/m/restrictions/"' in why
    assert "滨江一期" in page_of(worker.get("/m/restrictions/"))
    mine = page_of(worker.get(f"/m/restrictions/{row.pk}/"))
    assert says_until(mine, day(29)) and EVIDENCE in mine and "打架斗殴" in mine
    paper = row.lines.get(step="issued").papers.get()
    assert worker.post(f"/restrictions/papers/{paper.pk}/").content == PDF

    asked = page_of(other.get(f"/restrictions/{row.pk}/"))
    assert "贵单位的意见" in asked and EVIDENCE in asked
    opinion = row.opinions.get()
    other.post(f"/restrictions/opinions/{opinion.pk}/", {"text": "属实", "agree": ""})
    assert says_until(page_of(worker.get(f"/m/restrictions/{row.pk}/")), day(59))

    photo = SimpleUploadedFile("证明.pdf", PDF)
    answer = worker.post(f"/m/restrictions/{row.pk}/", {"text": "不是我先动手", "papers": photo})
    assert answer.status_code == 302 and "等答复" in page_of(worker.get(f"/m/restrictions/{row.pk}/"))

    pm.post(f"/restrictions/{row.pk}/decision/", {"text": "有录像", "uphold": ""})
    worker.post(f"/m/restrictions/{row.pk}/", {"text": "录像不全"})
    pm.post(f"/restrictions/{row.pk}/decision/", {"text": "录像不全，解除", "lift": ""})
    row.refresh_from_db()
    assert row.status == "lifted" and "已经结束" in page_of(worker.get(f"/m/restrictions/{row.pk}/"))
    assert "在限制进场名单中" not in page_of(worker.get(f"/m/why/{site.binjiang.pk}/"))
    steps = [line.step for line in row.lines.order_by("created_at", "pk")]
    assert steps == ["issued", "asked", "agreed", "appealed", "upheld", "appealed", "lifted"]
    opened = AuditEntry.objects.get(event="restriction.opened")
    assert (str(opened), opened.person_id) == ("张三打开张三的限制进场材料", site.zhang.pk)


def test_gate_refuses_without_category_evidence_and_issuer(site):
    issue(site, by=site.supervision_pm)
    shown = page_of(Pages(site).scan(site.gc_pm, site.zhang))
    assert "在限制进场名单中，可提出申诉" in shown and "作出限制的单位" in shown
    assert not [word for word in ("打架", EVIDENCE, "明诚监理") if word in shown]
    assert not Stay.objects.exists()


def test_form_names_what_is_wrong_at_its_field(site):
    pm = client_of(site.gc_pm)
    unknown = filled(site, number=site.person("李四").id_number.plain)
    answer = pm.post("/restrictions/new/", unknown)
    assert answer.status_code == 422 and "没有在这个范围分配过这名人员" in page_of(answer)
    answer = pm.post("/restrictions/new/", filled(site, until=day(365)))
    assert answer.status_code == 422 and "最长 365 天" in page_of(answer)
    answer = pm.post("/restrictions/new/", filled(site, papers=SimpleUploadedFile("a.exe", b"MZ not a paper")))
    assert answer.status_code == 422 and not Restriction.objects.exists()


def test_company_restricts_on_all_its_sites_and_asks_later(site):
    hr = client_of(site.hr)
    hr.post("/restrictions/new/", filled(site, project=""))
    row = Restriction.objects.get()
    assert (row.project, row.company) == (None, site.antai)
    assert "提请另一家单位" in page_of(hr.get(f"/restrictions/{row.pk}/"))
    hr.post(f"/restrictions/{row.pk}/second/", {"second": site.gc_place.pk})
    assert row.opinions.get().firm == site.hongji
    assert client_of(site.gc_pm).get(f"/restrictions/{row.pk}/").status_code == 200


def test_authority_restricts_on_its_site(site):
    regulator = client_of(site.regulator())
    assert regulator.post("/restrictions/new/", filled(site, project=site.binjiang.pk)).status_code == 302
    row = Restriction.objects.get()
    assert (row.station, row.company) == (site.binjiang.station, None)
    regulator.post(f"/restrictions/{row.pk}/decision/", {"text": "已改正", "lift": ""})
    row.refresh_from_db()
    assert row.status == "lifted"


@pytest.mark.parametrize(
    ("state", "shown"),
    [("", True), ("restricted", True), ("appealed", False), ("lapsed", False), ("expired", False), ("lifted", False)],
)
def test_list_filters_by_state_and_exports_masked(site, state, shown):
    issue(site)
    pm, address = client_of(site.gc_pm), f"/restrictions/?state={state}"
    assert ("张三" in page_of(pm.get(address))) is shown
    file = b"".join(export(pm, address, kind="csv").streaming_content).decode("utf-8-sig")
    assert ("打架斗殴" in file) is shown and site.zhang.id_number.plain not in file


def test_menu_shows_the_list_where_a_site_has_the_check(site):
    assert 'href="/restrictions/"' in page_of(client_of(site.gc_pm).get("/restrictions/"))
    assert 'href="/restrictions/"' not in page_of(client_of(site.stranger_pm).get("/site/"))


def test_administrator_sees_whom_the_check_would_stop(site):
    issue(site)
    admin, address = client_of(site.admin), f"/projects/{site.binjiang.pk}/checks/restriction/"
    assert admin.post(address, {"effect": "warn"}).status_code == 302
    stopped = page_of(admin.get(f"{address}stopped/"))
    assert "张三" in stopped and "在限制进场名单中" in stopped and "打架" not in stopped


def test_phone_without_an_entry_says_so(site):
    worker = client_of(site.himself())
    assert "没有单位限制您进场" in page_of(worker.get("/m/restrictions/"))
    assert "/m/restrictions/" not in page_of(worker.get("/m/me/"))


HEADS = ["姓名", "身份证号", "项目", "类别", "自", "至", "事实与依据"]


def test_excel_adds_entries_once_and_refuses_strangers(site):
    stranger = site.employment(site.person("外人"), site.yuanda).person
    who, dates = [site.zhang.name, site.zhang.id_number.plain], [str(day(0)), str(day(9))]
    line = [*who, "滨江一期", "打架斗殴", *dates, EVIDENCE]
    for expected in ((1, 0, 0, []), (0, 0, 1, [])):
        assert tally(commit(upload("restrictions", site.hr, HEADS, line), site.hr)) == expected
    [row] = Restriction.objects.all()
    assert (row.company, row.project, row.until) == (site.antai, site.binjiang, day(9))
    other = [stranger.name, stranger.id_number.plain, "", "打架斗殴", *dates, EVIDENCE]
    found = problems(upload("restrictions", site.hr, HEADS, other, [*line[:-1], ""]))
    assert {row: [*problem] for row, problem in found.items()} == {2: ["number"], 3: ["text"]}
    assert Restriction.objects.count() == 1
