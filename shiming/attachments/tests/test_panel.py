"""附件 on the page: the printed columns and buttons, 下载 on record, 删除 with undo; with scripts and without."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shiming.attachments import commands, rules
from shiming.attachments.models import Attachment
from shiming.attachments.tests.conftest import pdf, picture
from shiming.core.audit import trail_of
from shiming.people.commands import own_data
from tests.doors import client_of


@pytest.fixture
def place(cast, holder) -> str:
    return f"/attachments/for/employments/{cast.zhang.employments.get().pk}/"


def test_panel_shows_the_printed_columns_and_controls(cast, keep, place):
    keep("学历证书", name="毕业证.pdf")
    page = client_of(cast.clerk).get(place).content.decode()
    heads = [re.sub(r"<[^>]+>", "", head) for head in re.findall(r'<th[^>]*scope="col"[^>]*>(.*?)</th>', page)]
    assert heads == ["序号", "文件名", "上传时间", "大小", "状态", "操作"]
    for word in ("毕业证.pdf", "添加文件", "上传", "暂停", "继续", "下载", "删除", "已上传"):
        assert word in page
    kinds = re.findall(r'<option value="([^"]+)"', page)
    assert kinds == ["社保记录", "学历证书", "职称证书", "执业证书", "其他"]


def test_htmx_is_given_the_part_it_will_replace(cast, keep, place):
    keep()
    browser = client_of(cast.clerk)
    parts = {
        target: browser.get(place, HTTP_HX_REQUEST="true", HTTP_HX_TARGET=target).content.decode().lstrip()
        for target in ("attachments", "attachment-list")
    }
    assert parts["attachments"].startswith('<section id="attachments"')
    assert parts["attachment-list"].startswith('<div id="attachment-list"')


def test_browser_without_scripts_keeps_a_file(cast, place):
    file = SimpleUploadedFile("C:\\毕业证.exe", pdf())
    answer = client_of(cast.clerk).post(place, {"kind": "学历证书", "file": file})
    assert (answer.status_code, answer["Location"]) == (302, place)
    assert Attachment.objects.get().name == "毕业证.pdf"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "请选择附件类型"),
        ({"kind": "其他"}, "请先添加文件"),
        ({"kind": "社保记录", "file": pdf()}, "请填写：开具日期"),
        ({"kind": "社保记录", "issued_on": "2099-01-01", "file": pdf()}, "开具日期不能晚于今天"),
        ({"kind": "其他", "file": b"MZ"}, "不是 PDF"),
        ({"kind": "其他", "file": b""}, "这是一个空文件"),
    ],
)
def test_browser_without_scripts_is_told_what_is_wrong(cast, place, given, words):
    if "file" in given:
        given = given | {"file": SimpleUploadedFile("a.pdf", given["file"])}
    answer = client_of(cast.clerk).post(place, given)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Attachment.objects.exists()


def test_download_is_recorded_and_then_comes_with_a_link_of_its_own(cast, keep):
    kept = keep(whole=pdf(700_000), name="毕业证.pdf")
    browser = client_of(cast.hr)
    link = browser.post(f"/attachments/files/{kept.pk}/opening/")["Location"]
    answer = browser.get(link)
    assert b"".join(answer.streaming_content) == pdf(700_000)
    assert {name: answer[name] for name in ("Content-Type", "Content-Length", "X-Content-Type-Options")} == {
        "Content-Type": "application/pdf",
        "Content-Length": "700000",
        "X-Content-Type-Options": "nosniff",
    }
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E6%AF%95%E4%B8%9A%E8%AF%81.pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert str(trail_of(kept).first()) == "陈人事下载张三的附件（其他）"

    assert browser.get(link.partition("?")[0]).status_code == 404
    assert client_of(cast.clerk).get(link).status_code == 404


def test_who_opens_an_attachment(cast, keep, monkeypatch):
    kept, address = keep(), "/attachments/files/{}/opening/"
    statuses = {
        actor.role: client_of(actor).post(address.format(kept.pk)).status_code
        for actor in (cast.clerk, cast.hr, cast.implementer, cast.labour_pm, cast.regulator(), cast.himself())
    }
    assert list(statuses.values()) == [302, 302, 404, 403, 403, 403]
    assert client_of(cast.stranger_hr).post(address.format(kept.pk)).status_code == 404

    monkeypatch.setattr(rules, "_readers", [])
    rules.also_opens(lambda actor, attachment: actor.company_id == cast.anju.pk)
    assert client_of(cast.implementer).post(address.format(kept.pk)).status_code == 302


def test_removed_attachment_stays_with_its_undo(cast, keep, place):
    kept, browser = keep(), client_of(cast.clerk)
    part = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "attachment-list"}
    answer = browser.post(f"{place}removals/", {"file": kept.pk}, **part).content.decode()
    assert "已删除" in answer and "撤销删除" in answer and "下载" not in answer
    assert browser.post(f"/attachments/files/{kept.pk}/opening/").status_code == 404

    again = browser.post(f"{place}removals/", {"file": kept.pk}, **part)
    assert again.status_code == 422 and "附件已删除，无需再办" in again.content.decode()
    answer = browser.post(f"{place}restorations/", {"file": kept.pk}, **part).content.decode()
    assert "下载" in answer and "撤销" not in answer
    assert browser.post(f"{place}removals/", {"file": kept.pk})["Location"] == place


def test_unfinished_upload_can_be_given_up_by_a_colleague(cast, holder, place):
    upload = commands.begin(holder, kind="其他", name="扫描.pdf", size=200_000, by=cast.clerk)
    browser = client_of(cast.hr)
    assert "没有传完" in browser.get(place).content.decode()
    browser.post(f"{place}removals/", {"file": upload.pk})
    assert not Attachment.objects.exists()


def test_file_of_another_holder_is_not_removed(cast, keep, place):
    """The button names a file; it must belong to the person whose panel it is."""
    other = cast.employment(cast.person("李四"))
    kept, browser = keep(), client_of(cast.clerk)
    elsewhere = f"/attachments/for/employments/{other.pk}/"
    assert browser.post(f"{elsewhere}removals/", {"file": kept.pk}).status_code == 404
    assert browser.post(f"{place}removals/", {"file": "x"}).status_code == 404
    assert client_of(cast.stranger_hr).post(f"{place}removals/", {"file": kept.pk}).status_code == 404


@pytest.mark.parametrize("status", ["declined", "expired", "withdrawn"])
def test_company_that_the_person_refused_keeps_no_papers(cast, holder, status):
    row = cast.employment(cast.person("李四"), status=status, started_at=None)
    assert client_of(cast.clerk).get(f"/attachments/for/employments/{row.pk}/").status_code == 404


def test_persons_page_of_the_own_company_opens_the_panel(cast, place, holder):
    assert place in client_of(cast.clerk).get(f"/people/{cast.zhang.pk}/").content.decode()
    assert cast.stay(cast.assignment(cast.zhang.employments.get()))
    for other in (cast.labour_pm, cast.admin):
        assert place not in client_of(other).get(f"/people/{cast.zhang.pk}/").content.decode()


def test_papers_are_part_of_the_own_data(cast, keep):
    keep("学历证书", name="毕业证.pdf", whole=picture())
    [row] = own_data.export_own(cast.zhang, by=cast.himself())["附件"]
    assert (row["单位"], row["类型"], row["文件名"]) == ("安泰劳务", "学历证书", "毕业证.jpg")
