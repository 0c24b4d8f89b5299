"""The form of the reader page: one reading as its script sends it, validated like typed input."""

import binascii
import json
import re
from base64 import b64decode
from datetime import date

from django import forms

from shiming.core.actor import Actor
from shiming.core.errors import Invalid
from shiming.desk.cards import registers_by_card
from shiming.devices.commands import Read, record_reading
from shiming.devices.models import CardReading
from shiming.devices.reader.text import Kind
from shiming.people.commands import CardContent
from shiming.people.models import Person

LONGEST = 500_000
PICTURE = re.compile(r"data:image/(?:jpeg|png);base64,")
TEXTS = {"name": 50, "number": 24, "ethnicity": 20, "address": 100, "issuer": 60, "reader": 60, "id": 36}
AGAIN = "读到的内容不完整，请再点一次“点击读卡”"


@registers_by_card
def person_of_reading(reading: str, *, by: Actor) -> Person:
    """The reading that a registration form at the desk carries; Invalid when it is not whole."""
    form = ReadingForm({"reading": reading})
    if not form.is_valid():
        raise Invalid(AGAIN, next_step="再读一次证件")
    return record_reading(form.read, by=by).person


class ReadingForm(forms.Form):
    reading = forms.CharField(required=False, widget=forms.HiddenInput)
    renaming = forms.CharField(
        label="更名原因",
        required=False,
        max_length=200,
        help_text="证件比登记的新、确是本人换领的，写明原因后再点“完成读卡返回”，姓名随新证件，原名留作曾用名",
    )

    def clean(self):
        written = self.cleaned_data.get("reading", "")
        if not written:
            raise forms.ValidationError("请先点“点击读卡”，看到照片和姓名后再返回")
        try:
            self.read = _read(written)
        except (ValueError, TypeError, KeyError, AttributeError) as wrong:
            raise forms.ValidationError(AGAIN) from wrong
        return self.cleaned_data


def _read(written: str) -> Read:
    if len(written) > LONGEST:
        raise ValueError("too long")
    fields = json.loads(written)
    text = {name: _text(fields.get(name, ""), longest) for name, longest in TEXTS.items()}
    if not re.fullmatch(r"[0-9a-f-]{32,36}", text["id"]):
        raise ValueError("no id")
    content = CardContent(
        number=text["number"],
        name=text["name"].replace(",", " "),  # SPECIMEN, ALEXANDER
        birth_date=_day(fields.get("birth")),
        sex=_one_of(fields.get("sex"), ("1", "2")),
        ethnicity=text["ethnicity"],
        register_address=text["address"],
        issuer=text["issuer"],
        valid_from=_day(fields.get("valid_from")),
        valid_to=_day(fields.get("valid_to")),
        portrait=bytes_of(PICTURE.sub("", fields.get("photo") or "", count=1)),
    )
    kind, way = Kind(fields["kind"]).value, CardReading.Way(fields["way"]).value
    return Read(text["id"], kind, way, content, text["reader"], bytes_of(fields.get("wlt") or ""))


def bytes_of(base64: str) -> bytes:
    try:
        return b64decode(base64, validate=True)
    except binascii.Error as wrong:
        raise ValueError("no base64") from wrong


def _text(value: str, longest: int) -> str:
    """Keep printable characters up to the length of the card's field, without unpaired surrogates."""
    return "".join(char for char in value if char.isprintable() or _is_rare(char)).strip()[:longest]


def _is_rare(char: str) -> bool:
    return 0xE000 <= ord(char) <= 0xF8FF or ord(char) > 0x1FFFF


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _one_of(value: str | None, known: tuple[str, ...]) -> str | None:
    return value if value in known else None
