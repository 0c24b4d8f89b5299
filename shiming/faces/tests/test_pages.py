"""The pages: the manager's phone, 人工核验 and 人工比对 of the company, the administrator's alerts."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shiming.core import files
from shiming.core.environment import environment
from shiming.faces import commands
from shiming.faces.models import FaceAlert, FaceComparison, FaceConsent, FaceSession, FaceTemplate, HandCheck
from shiming.faces.tests import drawn
from shiming.faces.tests.conftest import Site, drafted, frames
from shiming.people.models import Person
from tests.doors import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(site: Site):
    return client_of(site.manager)


def page(browser, name: str, *args) -> str:
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def send(browser, address: str, sent: list[bytes]):
    return browser.post(address, {"frame": [SimpleUploadedFile("frame.jpg", frame, "image/jpeg") for frame in sent]})


# 立即注册


def test_manager_registers_first_themselves_then_the_worker(site, phone):
    assert "登记我的脸" in page(phone, "face-people") and "先登记您自己的脸" in page(phone, "face-people")
    for person, name in ((site.manager_person, "other"), (site.worker, "zhang")):
        begun = phone.post(reverse("face-consent", args=[person.pk]), {"answer": "agree", "agreed": "on"})
        session = FaceSession.objects.latest("created_at")
        assert begun["Location"] == reverse("face-session", args=[session.pk])
        assert "data-face-camera" in page(phone, "face-session", session.pk)
        done = send(phone, begun["Location"], frames(session.moves, name))
        assert done["Location"] == begun["Location"]
        assert "登记好了" in page(phone, "face-session", session.pk)
    shown = text(page(phone, "face-people"))
    assert "张三" in shown and "已认证" in shown
    assert site.worker.id_number.plain not in shown


def test_people_without_a_face_or_check_stand_first(site, phone, cast):
    drafted(cast, cast.person("李四"))
    drafted(cast, cast.person("王五"))
    Person.objects.filter(pk=site.worker.pk).update(hand_checked_at=timezone.now())
    Person.objects.filter(name="王五").update(face_status="registered", face_registered_at=timezone.now())
    shown = text(page(phone, "face-people"))
    assert sorted(["张三", "李四", "王五"], key=shown.index)[0] == "李四"


def test_consent_is_ticked_by_hand_and_refusing_is_as_easy(site, phone):
    html = page(phone, "face-consent", site.worker.pk)
    assert "checked" not in html
    buttons = re.findall(r'<button class="(btn[^"]*)" name="answer" value="(\w+)"', html)
    assert buttons == [("btn btn-wide", "decline"), ("btn btn-wide", "agree")]

    answer = phone.post(reverse("face-consent", args=[site.worker.pk]), {"answer": "agree"})
    assert answer.status_code == 422 and not FaceConsent.objects.exists()
    answer = phone.post(reverse("face-consent", args=[site.worker.pk]), {"answer": "decline"})
    assert "改用人工核验" in answer.content.decode()
    assert [row.answer for row in FaceConsent.objects.all()] == ["declined"]


def test_camera_page_names_the_moves_the_server_chose(site, phone):
    commands.agree(site.manager_person, by=site.manager)
    session = commands.start(site.manager_person, by=site.manager)
    assert re.findall(r'data-move="(\w+)"', page(phone, "face-session", session.pk)) == session.moves


@pytest.mark.parametrize(
    ("frame", "codes"),
    [(b"zhang", []), (b"zhang dark twice", ["many"]), (b"zhang left", ["askew"]), (b"?", ["unreadable"])],
)
def test_preview_says_what_to_do_and_keeps_nothing(site, phone, frame, codes):
    commands.agree(site.manager_person, by=site.manager)
    session = commands.start(site.manager_person, by=site.manager)
    answer = send(phone, reverse("face-preview", args=[session.pk]), [frame])
    assert [each["code"] for each in answer.json()["advice"]] == codes
    assert FaceSession.objects.get(pk=session.pk).version == session.version


def test_failed_attempt_is_answered_in_words_with_another_try(site, phone):
    commands.agree(site.manager_person, by=site.manager)
    session = commands.start(site.manager_person, by=site.manager)
    send(phone, reverse("face-session", args=[session.pk]), [f"zhang still{time}".encode() for time in range(8)])
    shown = text(page(phone, "face-session", session.pk))
    assert "没有看到您向左转头" in shown and "没有看到您靠近" in shown and "再拍一次" in shown


def test_expired_session_offers_another(site, phone):
    commands.agree(site.manager_person, by=site.manager)
    session = commands.start(site.manager_person, by=site.manager)
    FaceSession.objects.update(expires_at=session.created_at)
    assert "已经过时" in text(page(phone, "face-session", session.pk))
    assert phone.post(reverse("face-session-new", args=[site.manager_person.pk])).status_code == 302


def test_people_beyond_the_own_company_and_project_do_not_exist(site, phone, cast):
    assert phone.get(reverse("face-consent", args=[cast.person("外人").pk])).status_code == 404
    session = commands.start(site.ready.manager_person, by=site.manager)
    assert client_of(cast.himself(site.worker)).get(reverse("face-session", args=[session.pk])).status_code == 404


def test_worker_sees_that_nothing_waits(site, cast):
    worker = client_of(cast.himself(site.worker))
    assert "没有要您登记人脸的项目" in page(worker, "face-people")
    assert "没有登记" in page(worker, "my-face")


def test_worker_withdraws_on_the_phone(site, cast):
    site.ready.enrol(site.worker)
    worker = client_of(cast.himself(site.worker))
    assert "已登记" in text(page(worker, "my-face"))
    worker.post(reverse("my-face-withdrawal"))
    assert "已撤回" in text(page(worker, "my-face"))
    assert not FaceTemplate.objects.filter(person=site.worker).exists()
    assert "我的人脸" in page(worker, "me")


def test_without_an_engine_the_page_names_the_other_way(site, phone, monkeypatch):
    monkeypatch.setattr("shiming.faces.mobile.enrolment.engine", lambda: None)
    shown = page(phone, "face-people")
    assert "没有安装人脸识别" in shown and "人工核验" in shown


def test_whole_way_with_the_real_engine(site, phone, monkeypatch):
    monkeypatch.setattr(environment(), "face_engine", "local")
    person = site.manager_person
    person.id_front = files.store(drawn.jpeg(drawn.ZHANG, small=0.5), kind="id_front", media_type="image/jpeg")
    person.save()
    begun = phone.post(reverse("face-consent", args=[person.pk]), {"answer": "agree", "agreed": "on"})
    moves = FaceSession.objects.get().moves
    previewed = send(phone, reverse("face-preview", args=[FaceSession.objects.get().pk]), [drawn.jpeg(helmet=True)])
    assert [each["sentence"] for each in previewed.json()["advice"]] == ["请摘下安全帽"]
    send(phone, begun["Location"], drawn.frames(moves))
    assert FaceSession.objects.get().status == "passed"

    template = FaceTemplate.objects.get()
    assert (template.engine, len(template.embedding)) == ("yunet-2023mar+sface-2021dec", 128)
    proof = phone.post(reverse("face-session-new", args=[person.pk]))
    send(phone, proof["Location"], drawn.frames(FaceSession.objects.latest("created_at").moves, drawn.OTHER))
    assert "与您登记的脸不一致" in page(phone, "face-session", FaceSession.objects.latest("created_at").pk)


# 人工核验


def test_two_users_check_by_hand_on_their_pages(site, cast):
    first, second = client_of(cast.clerk), client_of(site.second)
    assert "人工核验" in page(first, "person", site.worker.pk)
    answer = first.post(reverse("face-check-new", args=[site.worker.pk]), {"place": "项目部"})
    assert answer.status_code == 422 and "项目部" in answer.content.decode()
    first.post(reverse("face-check-new", args=[site.worker.pk]), {"place": "项目部", "note": "不同意", "seen": "on"})

    check = HandCheck.objects.get()
    assert "第一人自己不能确认" in page(first, "face-check", check.pk)
    assert "您是第二人" in page(second, "face-check", check.pk)
    given = {"answer": "confirm", "seen": "on", "version": check.version}
    assert first.post(reverse("face-check", args=[check.pk]), given).status_code == 403
    assert second.post(reverse("face-check", args=[check.pk]), given).status_code == 302
    assert "已核验" in text(page(first, "face-checks"))
    assert Person.objects.get(pk=site.worker.pk).face_answer == "否（人工核验）"


def test_company_with_one_user_is_told_what_to_do(site, cast):
    assert "本单位只有一名经办用户" in page(client_of(cast.clerk), "face-checks")
    assert site.second and "只有一名" not in page(client_of(cast.clerk), "face-checks")


def test_second_user_declines_with_a_reason(site, cast):
    check = commands.ask_check(site.worker, place="项目部", by=cast.clerk)
    second, address = client_of(site.second), reverse("face-check", args=[check.pk])
    assert second.post(address, {"answer": "decline", "version": check.version}).status_code == 422
    second.post(address, {"answer": "decline", "version": check.version, "reason": "没有见到本人"})
    assert "没有见到本人" in page(second, "face-check", check.pk)


def test_company_withdraws_on_the_persons_word(site, cast):
    site.ready.enrol(site.worker)
    clerk, address = client_of(cast.clerk), reverse("face-withdrawal", args=[site.worker.pk])
    assert address in page(clerk, "person", site.worker.pk)
    assert clerk.post(address, {"note": ""}).status_code == 422
    clerk.post(address, {"note": "7 月 3 日当面提出"})
    assert FaceConsent.objects.get(person=site.worker).ended == "company"
    assert "没有可以撤回" in page(clerk, "face-withdrawal", site.worker.pk)


def test_other_companies_find_nothing(site, cast):
    check = commands.ask_check(site.worker, place="项目部", by=cast.clerk)
    stranger = client_of(cast.stranger_hr)
    for name, pk in (("face-check-new", site.worker.pk), ("face-withdrawal", site.worker.pk), ("face-check", check.pk)):
        assert stranger.get(reverse(name, args=[pk])).status_code == 404
    assert "张三" not in page(stranger, "face-checks")


# 人工比对


@pytest.fixture
def comparison(site, monkeypatch) -> FaceComparison:
    monkeypatch.setattr("shiming.faces.engine.process.cut", lambda jpeg, box: jpeg)
    site.worker.card_portrait = files.store(b"other", kind="card_portrait", media_type="image/jpeg")
    site.worker.save()
    site.ready.enrol(site.worker)
    return FaceComparison.objects.get()


def test_comparison_shows_both_faces_until_it_is_decided(site, cast, comparison):
    clerk = client_of(cast.clerk)
    pictures = [reverse("face-comparison-picture", args=[comparison.pk, kind]) for kind in ("face", "card")]
    shown = page(clerk, "face-comparison", comparison.pk)
    assert all(picture in shown for picture in pictures)
    assert [clerk.get(picture).content.split()[0] for picture in pictures] == [b"zhang", b"other"]
    assert client_of(cast.stranger_hr).get(pictures[0]).status_code == 404

    clerk.post(reverse("face-comparison", args=[comparison.pk]), {"answer": "same"})
    assert [clerk.get(picture).status_code for picture in pictures] == [404, 404]
    assert "画面在比对后已删除" in page(clerk, "face-comparison", comparison.pk)


def test_administrator_compares_where_the_company_has_no_other_user(site, cast, comparison):
    admin = client_of(cast.admin)
    assert "张三" in page(admin, "face-comparisons")
    admin.post(reverse("face-comparison", args=[comparison.pk]), {"answer": "different", "note": "不像"})
    assert FaceComparison.objects.get().status == "different"


# 一张脸、两个身份证号


def test_administrator_settles_an_alert(site, cast):
    first, second = sorted((site.worker.pk, site.manager_person.pk))
    alert = FaceAlert.objects.create(first_id=first, second_id=second, score=0.7)
    admin = client_of(cast.admin)
    assert "张三" in page(admin, "face-alerts")
    address = reverse("face-alert", args=[alert.pk])
    assert admin.post(address, {"outcome": "twins"}).status_code == 422
    admin.post(address, {"outcome": "twins", "note": "看过户口簿"})
    assert "没有待处理的提示" in page(admin, "face-alerts")
    assert client_of(cast.clerk).get(address).status_code == 403


def test_menu_of_the_company_offers_checks_where_a_site_asks_for_faces(site, cast):
    assert reverse("face-checks") in page(client_of(cast.clerk), "face-checks")
    cast.filing(cast.stranger_place, "郑外人")
    assert f'href="{reverse("face-checks")}"' not in page(client_of(cast.stranger_hr), "people")
