"""The pages of 个人信息登记, step by step; typed values survive every refusal."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shiming.core import files
from shiming.demo import cards
from shiming.people import commands, jobs, notice
from shiming.people.models import Person, RegistrationDraft
from shiming.people.tests.conftest import PHONE, card
from shiming.web.sealing import seal
from tests.doors import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone():
    """A browser session with a phone just proved."""
    client = Client()
    session = client.session
    session["verified_phone"] = seal(PHONE, purpose="phone")
    session.save()
    return client


def upload(content):
    return SimpleUploadedFile("photo.jpg", content, "image/jpeg")


def walk(client, serial=0, *, number=None, name=None, portrait=False):
    """Walk from the notice to the end with good photos."""
    mine = card(serial)
    client.post("/m/register/notice/", {"agreed": "on"})
    client.post("/m/register/photo/front/", {"photo": upload(mine.front)})
    client.post("/m/register/photo/back/", {"photo": upload(mine.back)})
    client.post("/m/register/photo/portrait/", {})
    return client.post("/m/register/identity/", {"number": number or mine.number, "name": name or mine.name})


def test_registration_runs_to_waiting_page(phone):
    answer = walk(phone)
    assert answer.url == "/m/register/card/"
    page = phone.get("/m/register/card/").content.decode()
    assert card().card.issuer in page and "data:image/jpeg;base64," in page

    answer = phone.post("/m/register/card/", {"ethnicity": "", "issuer": card().card.issuer})
    assert answer.url == "/m/register/status/"
    page = phone.get(answer.url).content.decode()
    assert "待核验" in page and "第 1 个工作日/共 15" in page
    person = Person.objects.get()
    assert (person.name, person.notice_version, person.issuer) == (card().name, notice.VERSION, card().card.issuer)
    assert not RegistrationDraft.objects.exists()


def test_notice_must_be_ticked(phone):
    answer = phone.post("/m/register/notice/", {})
    assert (answer.status_code, RegistrationDraft.objects.count()) == (422, 0)


def test_photo_fields_are_filled_beside_crop(phone):
    phone.post("/m/register/notice/", {"agreed": "on"})
    for side in ("front", "back"):
        phone.post(f"/m/register/photo/{side}/", {"photo": upload(getattr(card(), side))})
    page = phone.get("/m/register/identity/").content.decode()

    assert f'value="{card().number}"' in page and f'value="{card().name}"' in page
    assert page.count("data:image/jpeg;base64,") == 2


def test_wrong_digit_shows_candidates_keeps_input(phone):
    wrong = card().number[:-1] + ("1" if card().number[-1] != "1" else "2")
    answer = walk(phone, number=wrong, name="张三改")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "身份证号码无效，请核对第 18 位" in page
    assert f'data-value="{card().number}"' in page
    assert f'value="{wrong}"' in page and 'value="张三改"' in page
    assert not Person.objects.exists()


def test_clerk_gets_the_same_candidates(cast):
    wrong = card().number[:-1] + ("1" if card().number[-1] != "1" else "2")
    page = client_of(cast.hr).post("/employments/new/", {"name": "张三", "number": wrong}).content.decode()
    assert f'value="{wrong}"' in page and f'data-fill="id_number" data-value="{card().number}"' in page


def test_other_file_is_refused_at_step(phone):
    phone.post("/m/register/notice/", {"agreed": "on"})
    answer = phone.post("/m/register/photo/front/", {"photo": upload(b"%PDF-1.4 not a photo")})

    assert answer.status_code == 422
    assert "这不是 JPG、PNG 或 WEBP 照片" in answer.content.decode()


def test_dark_photo_is_usable_with_advice(phone):
    phone.post("/m/register/notice/", {"agreed": "on"})
    dark = cards.photograph(cards.front(card().card), light=0.2)
    answer = phone.post("/m/register/photo/front/", {"photo": upload(dark)})
    assert answer.url == "/m/register/photo/front/"
    page = phone.get(answer.url).content.decode()

    assert "照片太暗，请到光线充足处重拍" in page and "仍用这张，下一步" in page
    assert phone.post(answer.url, {}).url == "/m/register/photo/back/"


def test_own_photo_is_for_owner_only(phone):
    phone.post("/m/register/notice/", {"agreed": "on"})
    phone.post("/m/register/photo/front/", {"photo": upload(card().front)})
    mine = phone.get("/m/register/photo/front/image/")

    assert (mine["Content-Type"], mine["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert mine["X-Content-Type-Options"] == "nosniff"
    assert Client().get("/m/register/photo/front/image/").status_code == 302


def test_returning_phone_continues_its_draft(phone):
    walk(phone)
    again = Client()
    session = again.session
    session["verified_phone"] = seal(PHONE, purpose="phone")
    session.save()

    assert again.get("/m/register/").url == "/m/register/card/"


def test_submitted_person_sees_progress(phone, submitted):
    submitted()
    assert walk(phone).url == "/m/register/status/"
    assert "待核验" in phone.get("/m/register/status/").content.decode()


def test_pending_registration_of_others_is_hidden(phone, submitted):
    submitted(phone="15499000001")
    answer = walk(phone)

    assert answer.status_code == 422
    assert "个人信息正在处理，无需重复登记" in answer.content.decode()
    assert phone.get("/m/register/status/").url == "/m/register/"


def test_verified_person_is_sent_to_login(phone, submitted, cast):
    commands.verify(submitted(), by=cast.admin)
    answer = walk(phone)

    assert answer.status_code == 422
    assert "该人员已登记" in answer.content.decode() and "去登录" in answer.content.decode()


def test_known_number_with_other_name_is_refused(phone, submitted):
    submitted()
    assert "姓名与身份证号不一致" in walk(phone, name="别的名字").content.decode()


def test_failed_person_sees_reason_and_resubmits(submitted, cast):
    person = commands.fail(submitted(name="写错的"), reason="照片与填写的姓名不一致", by=cast.admin)
    himself = client_of(cast.himself(person))
    assert "照片与填写的姓名不一致" in himself.get("/m/register/status/").content.decode()

    assert walk(himself).url == "/m/register/card/"
    himself.post("/m/register/card/", {})
    person.refresh_from_db()
    assert (person.identity_status, person.name) == ("pending", card().name)


def test_failed_person_corrects_wrong_number(submitted, cast):
    person = commands.fail(submitted(number=card(1).number), reason="照片与填写的号码不一致", by=cast.admin)
    himself = client_of(cast.himself(person))
    walk(himself)
    himself.post("/m/register/card/", {})

    person.refresh_from_db()
    assert (Person.objects.count(), person.birth_date) == (1, card().card.birth_date)


def test_pending_person_corrects_without_new_photos(submitted, cast):
    person = submitted(name="写错的")
    himself = client_of(cast.himself(person))
    himself.post("/m/register/notice/", {"agreed": "on"})
    himself.post("/m/register/identity/", {"number": card().number, "name": card().name})
    himself.post("/m/register/card/", {})

    corrected = Person.objects.get()
    assert (corrected.name, corrected.id_front_id, corrected.submitted_on) == (
        card().name,
        person.id_front_id,
        person.submitted_on,
    )


@pytest.mark.parametrize("step", ["", "notice/", "photo/front/", "photo/front/image/", "identity/", "card/", "status/"])
def test_step_without_phone_leads_to_entrance(step):
    answer = Client().get(f"/m/register/{step}")
    assert answer.url == "/login/person/?next=/m/register/"


def test_clerk_is_sent_to_person_entrance(cast):
    assert client_of(cast.hr).get("/m/register/").url.startswith("/login/person/")


def test_old_draft_is_deleted_after_a_day(phone, django_capture_on_commit_callbacks):
    phone.post("/m/register/notice/", {"agreed": "on"})
    phone.post("/m/register/photo/front/", {"photo": upload(card().front)})
    jobs.discard_old_drafts(timestamp=0)
    assert RegistrationDraft.objects.count() == 1

    kept = files.path_of(RegistrationDraft.objects.get().front)
    RegistrationDraft.objects.update(updated_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        jobs.discard_old_drafts(timestamp=0)
    assert not RegistrationDraft.objects.exists() and not kept.exists()


def test_sides_have_names_and_pictures_of_their_own_and_every_step_leads_back(phone):
    steps = ["photo/front", "photo/back", "photo/portrait", "identity"]
    assert "上一步" not in phone.get("/m/register/notice/").content.decode()
    walk(phone)
    pages = {step: phone.get(f"/m/register/{step}/").content.decode() for step in [*steps, "card"]}

    before = ["notice", *steps]
    assert [f'href="/m/register/{back}/"' in page for back, page in zip(before, pages.values(), strict=True)] == [
        True
    ] * 5
    assert "card_front.svg" in pages["photo/front"] and "人像面" in pages["photo/front"]
    assert "card_back.svg" in pages["photo/back"] and "国徽面" in pages["photo/back"]
    assert all("从相册选" in pages[step] and "拍照</button>" in pages[step] for step in steps[:3])


def test_wrong_side_is_said_at_once(phone):
    phone.post("/m/register/notice/", {"agreed": "on"})
    answer = phone.post("/m/register/photo/front/", {"photo": upload(card().back)})
    assert answer.url == "/m/register/photo/front/"
    assert "这一面是国徽面，请翻过来拍人像面" in phone.get(answer.url).content.decode()

    answer = phone.post("/m/register/photo/front/", {"photo": upload(card().front)})
    assert answer.url == "/m/register/photo/back/"
