"""The built-in check: pass when card photos, number and name agree, fail when they contradict, else leave it open.

It queries no register; it only finds contradictions. Without OCR (extra `[ocr]`) it only checks that the photos exist
and are usable.
"""

import re

from django.utils import timezone

from shiming.core import files
from shiming.idcard import image_process, names, ocr
from shiming.idcard import number as id_number
from shiming.idcard.documents import Document
from shiming.people.authority import Answer, Outcome
from shiming.people.models import Person

PLAUSIBLE = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]{2,6}|[㐀-鿿]+(·[㐀-鿿]+)+")
SURE = 0.9
PASSED = Answer(Outcome.PASSED)


def check(person: Person) -> Answer:
    for question in (_number, _name, _photos, _validity, _card):
        if answer := question(person):
            return answer
    return PASSED


def _number(person) -> Answer | None:
    number = person.id_number.plain
    if person.document_kind != Document.RESIDENT:
        return _unclear(f"证件是{person.get_document_kind_display()}，请对照证件人工核验")
    if not id_number.is_valid(number):
        return _failed("身份证号码无效")
    if (id_number.birth_of(number), id_number.sex_of(number)) != (person.birth_date, person.sex):
        return _unclear("号码与登记的出生日期、性别不一致")
    return None


def _name(person) -> Answer | None:
    return None if PLAUSIBLE.fullmatch(person.name) else _unclear("姓名写法少见，请对照证件")


def _photos(person) -> Answer | None:
    if person.id_front is None:
        return _unclear("没有证件照片，请核对其他材料")
    if person.id_back is None:
        return _failed("缺少身份证国徽面照片")
    for label, photo in (("人像面", person.id_front), ("国徽面", person.id_back)):
        if problems := image_process.inspect(files.read(photo)).problems:
            return _unclear(f"{label}：{problems[0].sentence}")
    return None


def _validity(person) -> Answer | None:
    expired = person.valid_to and person.valid_to < timezone.localdate()
    return _failed(f"身份证已于 {person.valid_to:%Y-%m-%d} 到期，请用新证提交") if expired else None


def _card(person) -> Answer | None:
    """Compare with the text read from the photos, if OCR is installed."""
    if not ocr.ocr_available():
        return None
    reading = ocr.read_card(files.read(person.id_front), files.read(person.id_back))
    if reading.id_number is None or reading.name is None:
        return _unclear("照片上的号码或姓名没能识别，请人工对照")
    return _number_on_card(person, reading) or _name_on_card(person, reading)


def _number_on_card(person, reading) -> Answer | None:
    read = reading.id_number
    if read.value == person.id_number.plain:
        return None
    if id_number.is_valid(read.value) and read.confidence >= SURE:
        return _failed("照片上的身份证号码与填写的不一致")
    return _unclear("照片上的号码识别不清，请人工对照")


def _name_on_card(person, reading) -> Answer | None:
    """OCR misreads rare characters more often than people mistype them, so a name alone never fails a person."""
    return (
        None if names.same_name(reading.name.value, person.name) else _unclear("照片上的姓名与填写的不一致，请人工对照")
    )


def _failed(reason: str) -> Answer:
    return Answer(Outcome.FAILED, reason)


def _unclear(reason: str) -> Answer:
    return Answer(Outcome.UNCLEAR, reason)
