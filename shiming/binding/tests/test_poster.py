"""项目二维码 [004] 4-25: what it prints, who keeps it, and when it dies."""

import cv2
import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from shiming.binding import poster_codes, poster_paper
from shiming.binding.models import Poster
from shiming.binding.self_forms import commands
from shiming.companies.models import Company
from shiming.core.actor import Role
from shiming.core.environment import environment
from shiming.core.errors import Conflict, NotAllowed, Refused
from shiming.core.models import AuditEntry
from shiming.projects.models import Project, ProjectPolicy
from shiming.web import press
from tests.doors import client_of

pytestmark = pytest.mark.django_db


def opened(place) -> int:
    return Client().get(f"/q/{poster_codes.code_of(place)}/").status_code


def test_sheet_prints_project_company_code_and_three_steps(cast):
    page = client_of(cast.clerk).get(f"/binding/places/{cast.repair_place.pk}/poster/sheet/").content.decode()

    for printed in (cast.yanhe.filing_code, "沿河修缮", "安泰劳务", "data:image/svg+xml", "打印"):
        assert printed in page
    assert page.count("<li>") == 3
    assert "renewal" not in page and "stopping" not in page


def test_poster_page_renews_and_stops_beside_printing(cast):
    page = client_of(cast.clerk).get(f"/binding/places/{cast.repair_place.pk}/poster/").content.decode()
    for shown in ("sheet/", "renewal/", "stopping/", "self-forms/"):
        assert f"/binding/places/{cast.repair_place.pk}/" in page and shown in page


def test_pdf_is_one_page_with_the_words_and_the_code_of_the_sheet(cast):
    place, browser = cast.repair_place, client_of(cast.clerk)
    answer = browser.get(f"/binding/places/{place.pk}/poster/pdf/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF") and b"/Type/Pages/Count 1" in answer.content
    sheet = browser.get(f"/binding/places/{place.pk}/poster/sheet/").content.decode()
    words = poster_paper.words(place, 1)
    shown = [
        *(value for _, value in words["facts"]),
        words["heading"],
        words["foot"],
        *(step[1] for step in words["steps"]),
    ]
    assert [text for text in shown if text not in sheet] == []


def test_printed_pdf_is_read_by_a_phone(cast):
    address = f"https://shiming.example/q/{poster_codes.code_of(cast.repair_place)}/"
    page = press.compose(
        poster_paper.POSTER, poster_paper.printed(cast.repair_place, 1, address), format="png", ppi=100
    )
    seen = cv2.imdecode(np.frombuffer(page, np.uint8), cv2.IMREAD_COLOR)
    assert cv2.QRCodeDetector().detectAndDecode(seen)[0] == address


def test_stopped_poster_has_no_pdf(cast):
    commands.stop_poster(cast.repair_place, by=cast.clerk)
    address = f"/binding/places/{cast.repair_place.pk}/poster/"
    browser = client_of(cast.clerk)
    assert browser.get(f"{address}pdf/").url == address
    assert "PDF" not in browser.get(address).content.decode()
    assert client_of(cast.stranger_hr).get(f"{address}pdf/").status_code == 404


def test_link_is_that_of_the_configured_host(cast, rf, monkeypatch):
    code = poster_codes.code_of(cast.repair_place)
    assert poster_codes.link(code, rf.get("/")) == f"http://testserver/q/{code}/"
    monkeypatch.setattr(environment(), "public_url", "https://shiming.example/")
    assert poster_codes.link(code, rf.get("/")) == f"https://shiming.example/q/{code}/"


@pytest.mark.parametrize("spoil", [lambda code: code[:-1], lambda code: code[::-1], lambda code: "x", str.lower])
def test_forged_code_opens_nothing(cast, spoil):
    answer = Client().get(f"/q/{spoil(poster_codes.code_of(cast.repair_place))}/")
    assert (answer.status_code, "二维码无效" in answer.content.decode()) == (404, True)


def test_code_of_one_place_cannot_be_signed_for_another(cast):
    mine, other = poster_codes.code_of(cast.repair_place), poster_codes.code_of(cast.repair_gc_place)
    assert Client().get(f"/q/{other[:30]}{mine[30:]}/").status_code == 404


def test_renewed_code_kills_the_printed_one(cast):
    printed = poster_codes.code_of(cast.repair_place)
    assert commands.renew_poster(cast.repair_place, by=cast.clerk).version == 2

    answer = Client().get(f"/q/{printed}/")
    assert (answer.status_code, "已失效" in answer.content.decode()) == (410, True)
    assert opened(cast.repair_place) == 200
    assert str(AuditEntry.objects.get(event="poster.renewed")) == "冯经办更换安泰劳务在沿河修缮的项目二维码"


def test_stopped_code_opens_nothing_until_it_is_renewed(cast):
    commands.stop_poster(cast.repair_place, by=cast.clerk)
    assert opened(cast.repair_place) == 410
    with pytest.raises(Conflict):
        commands.stop_poster(cast.repair_place, by=cast.clerk)

    commands.renew_poster(cast.repair_place, by=cast.clerk)
    assert opened(cast.repair_place) == 200
    assert Poster.objects.get().version == 2


def left(cast):
    cast.repair_place.left_on = timezone.localdate()
    cast.repair_place.save()


def finished(cast):
    Project.objects.filter(pk=cast.yanhe.pk).update(status=Project.Status.FINISHED)


def other_flow(cast):
    ProjectPolicy.objects.filter(project=cast.yanhe).update(base="two_tier")


def closed(cast):
    Company.objects.filter(pk=cast.antai.pk).update(status=Company.Status.CLOSED)


@pytest.mark.parametrize("end", [left, finished, other_flow, closed])
def test_poster_dies_with_its_place(cast, end):
    code = poster_codes.code_of(cast.repair_place)
    assert Client().get(f"/q/{code}/").status_code == 200
    end(cast)
    assert Client().get(f"/q/{code}/").status_code == 410
    assert client_of(cast.clerk).get(f"/binding/places/{cast.repair_place.pk}/poster/").status_code == 404


@pytest.mark.parametrize("kind", ["supervision", "implementing", "other"])
def test_only_builders_have_a_poster(cast, kind):
    place = cast.participation(cast.yanhe, cast.company("别的单位", kind), kind)
    assert not poster_codes.has_poster(place)
    assert opened(place) == 410


@pytest.mark.parametrize("page", ["poster/", "poster/sheet/", "self-forms/"])
def test_poster_of_another_company_does_not_exist(cast, page):
    address = f"/binding/places/{cast.repair_place.pk}/{page}"
    assert client_of(cast.clerk).get(address).status_code == 200
    assert client_of(cast.staff("何经办", cast.hongji, Role.PARTICIPANT_CLERK)).get(address).status_code == 404
    assert client_of(cast.implementer).get(address).status_code == 403


def test_only_keepers_of_the_company_renew_and_stop(cast):
    for by in (cast.stranger_hr, cast.implementer, cast.gc_pm):
        for command in (commands.renew_poster, commands.stop_poster):
            with pytest.raises(NotAllowed):
                command(cast.repair_place, by=by)
    finished(cast)
    with pytest.raises(Refused, match="已停用或竣工"):
        commands.renew_poster(cast.repair_place, by=cast.clerk)
