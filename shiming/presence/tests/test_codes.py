"""Personal codes rotate every 30 seconds and are valid for three steps; cards and site codes are fixed.

None can be forged, and none holds an ID number.
"""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shiming.core.errors import Refused
from shiming.presence import codes

pytestmark = pytest.mark.django_db
NOW = 1_780_000_000.0
WHO = UUID("01980000-0000-7000-8000-000000000001")


def at(seconds):
    return datetime.fromtimestamp(NOW + seconds, UTC)


def refusal(code, when=None):
    with pytest.raises(Refused) as refused:
        codes.read(code, when)
    return refused.value.codes, str(refused.value)


@pytest.mark.parametrize("late", [0, 29, 30, 60, 80])
def test_code_is_valid_for_three_steps(late):
    start = NOW - NOW % codes.STEP
    code = codes.personal_code(WHO, start)
    assert codes.read(code, datetime.fromtimestamp(start + late, UTC)) == codes.PersonalCode(WHO)


@pytest.mark.parametrize("off", [-31, 91, 3600, -86400])
def test_old_and_future_codes_are_refused(off):
    start = NOW - NOW % codes.STEP
    code = codes.personal_code(WHO, start)
    assert refusal(code, datetime.fromtimestamp(start + off, UTC)) == (["R-30"], "二维码已过期，请刷新")


@given(shift=st.integers(-400, 400))
def test_window_holds_at_any_distance(shift):
    code = codes.personal_code(WHO, NOW)
    steps = int((NOW + shift) // codes.STEP) - int(NOW // codes.STEP)
    if 0 <= steps <= codes.LATE_STEPS:
        assert codes.read(code, at(shift)).person_id == WHO
    else:
        assert refusal(code, at(shift))[0] == ["R-30"]


@given(place=st.integers(0, 50), letter=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_code_with_changed_letter_is_refused(place, letter):
    code = codes.personal_code(WHO, NOW)
    forged = code[:place] + letter + code[place + 1 :]
    if forged != code:
        assert refusal(forged, at(0)) == (["R-30"], "二维码无效")


@given(text=st.text(max_size=80))
def test_any_scanned_text_gets_an_answer(text):
    assert refusal(text)[0] == ["R-30"]


@given(text=st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=30, max_size=60))
def test_lookalike_code_is_not_genuine(text):
    for kind in "PCG":
        assert refusal(kind + text) == (["R-30"], "二维码无效")


def test_codes_of_other_kinds_stay_apart():
    card, other = codes.card_code(WHO), codes.personal_code(uuid4(), NOW)
    assert codes.read(card) == codes.CardCode(WHO)
    assert codes.read(other, at(0)).person_id != WHO
    assert refusal("P" + card[1:])[1] == "二维码无效"


def test_phone_gets_codes_of_ten_minutes():
    ahead = codes.codes_ahead(WHO, NOW)
    assert len(ahead) * codes.STEP == 600
    assert ahead[0][1] == codes.personal_code(WHO, NOW)
    assert codes.read(ahead[-1][1], at(599)) == codes.PersonalCode(WHO)


def test_code_holds_no_id_number(cast):
    number = cast.zhang.id_number.plain
    code = codes.personal_code(cast.zhang.pk, NOW)
    assert number not in code and number[6:14] not in code
    assert re.fullmatch(r"[A-Z2-7]+[0-9]{8}[A-Z2-7]+", code)


def test_poster_is_valid_until_renewed(cast):
    project = cast.binjiang
    poster = codes.site_code(project)
    assert codes.read_site_code(poster) == project.pk

    project.site_code_version += 1
    project.save()

    with pytest.raises(Refused, match="二维码已过期，请刷新"):
        codes.read_site_code(poster)
    assert codes.read_site_code(codes.site_code(project)) == project.pk
    with pytest.raises(Refused, match="二维码无效"):
        codes.read_site_code(codes.personal_code(WHO, NOW))


def test_camera_reads_every_kind_of_code(cast):
    for code in (codes.personal_code(WHO, NOW), codes.card_code(WHO), codes.site_code(cast.binjiang)):
        assert _seen(code) == code


def test_picture_is_plain_svg():
    svg = codes.picture(codes.personal_code(WHO, NOW)).decode()
    assert svg.startswith("<svg") and "style" not in svg and "script" not in svg


def _seen(code: str) -> str:
    rows = list(segno.make(code, error="m", boost_error=False).matrix_iter(scale=6, border=4))
    image = Image.new("L", (len(rows[0]), len(rows)), 255)
    image.putdata([0 if dark else 255 for row in rows for dark in row])
    return zxingcpp.read_barcodes(image)[0].text
