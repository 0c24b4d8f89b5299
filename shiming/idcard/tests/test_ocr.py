"""The real OCR engine on drawn specimen cards; a dead or slow process does not stop the product."""

import io
import os
import signal
import sys
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from shiming.demo import cards, invented
from shiming.idcard import image_process, image_worker, ocr
from shiming.idcard.image_process import PictureFailed, PictureProcess
from shiming.idcard.ocr import CardReading, ocr_available, read_card
from shiming.idcard.photos import UnusablePhoto

ON = date(2025, 6, 1)
PEOPLE = [*invented.people(5, 400, on=ON)]
FIELDS = ("name", "sex", "ethnicity", "birth_date", "address", "id_number", "issuer", "valid_from", "valid_to")
ZHENG = cards.card_of(PEOPLE[0], on=ON)
FRONT, BACK = cards.photograph(cards.front(ZHENG)), cards.photograph(cards.back(ZHENG))


@pytest.fixture(scope="module", autouse=True)
def _stopped_afterwards():
    yield
    image_process.process.stop()


def values(reading):
    return {name: getattr(reading, name) and getattr(reading, name).value for name in FIELDS}


def on_card(card):
    return {name: getattr(card, name) for name in FIELDS}


def turned(photo, degrees):
    return cards.jpeg(Image.open(io.BytesIO(photo)).rotate(degrees, expand=True))


def test_both_sides_are_read_with_crops():
    reading = read_card(FRONT, BACK)

    assert values(reading) == on_card(ZHENG)
    assert set(reading.crops) == set(FIELDS)
    assert all(Image.open(io.BytesIO(crop)).format == "JPEG" for crop in reading.crops.values())
    assert (reading.notices, reading.id_candidates) == ((), [])
    assert reading.id_number.confidence > 0.8


@pytest.mark.parametrize(("place", "tilt", "blur"), [(1, -6, 0), (2, 5, 1.5), (3, 9, 0)])
def test_tilted_or_blurred_card_is_read(place, tilt, blur):
    card = cards.card_of(PEOPLE[place], on=ON)
    reading = read_card(cards.photograph(cards.front(card), tilt=tilt, blur=blur, seed=place))

    assert (reading.name.value, reading.id_number.value) == (card.name, card.id_number)
    assert (reading.birth_date.value, reading.sex.value) == (card.birth_date, card.sex)


def test_name_with_dot_is_read():
    card = cards.card_of(next(person for person in PEOPLE if "·" in person.name), on=ON)
    reading = read_card(cards.photograph(cards.front(card)))

    assert (reading.name.value, reading.ethnicity.value) == (card.name, "维吾尔")


def test_card_without_end_date_is_read():
    old = next(person for person in PEOPLE if person.birth_date.year < 1966)
    card = cards.card_of(old, on=ON)
    reading = read_card(cards.photograph(cards.front(card)), cards.photograph(cards.back(card)))

    assert (reading.valid_from.value, reading.valid_to.value) == (card.valid_from, None)
    assert reading.valid_to is not None


@pytest.mark.parametrize("degrees", [90, 180])
def test_turned_card_is_read(degrees):
    assert values(read_card(turned(FRONT, degrees), turned(BACK, degrees))) == on_card(ZHENG)


def test_swapped_sides_are_recognised():
    reading = read_card(BACK, FRONT)

    assert values(reading) == on_card(ZHENG)
    assert [str(notice) for notice in reading.notices] == ["人像面与国徽面放反了，已按内容对调"]


def test_photo_without_card_leaves_fields_empty():
    reading = read_card(cards.jpeg(Image.new("RGB", (900, 600), "white")), b"no picture")

    assert values(reading) == dict.fromkeys(FIELDS)
    assert [str(notice) for notice in reading.notices] == ["照片没能自动识别，请手工填写，或换一张清楚的照片"]


def test_misread_number_comes_with_candidates():
    wrong = ZHENG.id_number[:16] + str((int(ZHENG.id_number[16]) + 2) % 10) + ZHENG.id_number[17]
    printed = cards.Card(**{name: getattr(ZHENG, name) for name in ZHENG.__slots__} | {"id_number": wrong})
    reading = read_card(cards.photograph(cards.front(printed)))

    assert reading.id_number.value == wrong
    assert ZHENG.id_number in reading.id_candidates
    assert [str(notice) for notice in reading.notices] == ["识别出的身份证号码没有通过校验，请逐位核对"]


def test_fields_are_empty_without_ocr(monkeypatch):
    monkeypatch.setitem(sys.modules, "rapidocr", None)  # as without the extra [ocr]
    monkeypatch.setattr(ocr, "ocr_available", ocr_available.__wrapped__)

    assert read_card(FRONT, BACK) == CardReading(notices=(ocr.NOTICES["missing"],))


# The process.


def test_killed_process_is_restarted():
    read_card(FRONT)
    os.kill(image_process.process.child.pid, signal.SIGKILL)

    assert read_card(FRONT).name.value == ZHENG.name


def test_slow_picture_fails_next_one_works():
    hasty = PictureProcess(seconds=0.01)
    with pytest.raises(PictureFailed):
        hasty.ask({"do": "inspect"}, FRONT)

    hasty.seconds = 60
    assert hasty.ask({"do": "inspect"}, FRONT)[0]["problems"] == []
    hasty.stop()


def test_process_has_no_secrets_bounded_memory(monkeypatch):
    monkeypatch.setenv("SHIMING_SECRET", "not for strangers' pictures")
    own = PictureProcess()
    own.ask({"do": "inspect"}, FRONT)
    about = Path(f"/proc/{own.child.pid}")

    assert b"SHIMING_SECRET" not in (about / "environ").read_bytes()
    limits = [line for line in (about / "limits").read_text().splitlines() if line.startswith("Max address space")]
    assert str(image_worker.MEMORY) in limits[0]
    own.stop()


def test_process_ends_with_the_server():
    own = PictureProcess()
    own.ask({"do": "inspect"}, FRONT)
    own.child.stdin.close()

    assert own.child.wait(timeout=30) == 0


def test_photos_are_inspected_in_separate_process():
    report = image_process.inspect(FRONT)
    cleaned, fingerprint = image_process.clean(FRONT, max_side=800)

    assert (report.ok, report.format, report.width) == (True, "JPEG", 1600)
    assert max(Image.open(io.BytesIO(cleaned)).size) == 800
    assert len(fingerprint) == 768
    assert [problem.code for problem in image_process.inspect(b"nothing").problems] == ["format"]
    small = image_process.inspect(cards.jpeg(Image.open(io.BytesIO(FRONT)).resize((260, 200))))
    assert str(small.problems[0]) == "照片只有 260×200 像素，看不清，请靠近些重拍，或上传原图"
    with pytest.raises(UnusablePhoto, match="这不是 JPG、PNG 或 WEBP 照片"):
        image_process.clean(b"nothing")
