"""From lines of text to fields: order, tilt, merged labels, misread characters; without the OCR engine."""

import math
from datetime import date

import pytest

from shiming.idcard import text as card_text
from shiming.idcard.number import Sex, complete
from shiming.idcard.text import Field, Line, back_fields, disagreements, front_fields

NUMBER = complete("51991619940208935")
FRONT = [
    (60, 60, "姓名", 0.99), (160, 58, "郑振杰", 0.98),
    (60, 140, "性别男", 0.97), (320, 142, "民族汉", 0.96),
    (60, 226, "出生 1994 年2月8日", 0.95),
    (60, 310, "住址", 0.99), (160, 310, "四川省岫槐县磨盘镇上河", 0.94),
    (160, 366, "沿村3组38号", 0.93), (690, 460, "样例SAMPLE", 1.0),
    (60, 534, "公民身份号码", 0.99), (350, 530, NUMBER, 0.92),
]  # fmt: skip
BACK = [
    (400, 80, "中华人民共和国", 1.0), (400, 180, "居民身份证", 1.0),
    (210, 448, "签发机关", 1.0), (400, 448, "岫槐县公安局", 0.9),
    (210, 530, "有效期限", 1.0), (400, 530, "2021.05.20-2041.05.20", 0.9),
]  # fmt: skip


def lines(rows, degrees=0, height=44):
    """Text lines at these places on a card turned by `degrees`."""
    turn = math.radians(degrees)
    cosine, sine = math.cos(turn), math.sin(turn)

    def place(x, y):
        return (x * cosine - y * sine + 300, x * sine + y * cosine + 300)

    return [
        Line(
            (
                place(x, y),
                place(x + len(text) * 36, y),
                place(x + len(text) * 36, y + height),
                place(x, y + height),
            ),
            text,
            score,
        )
        for x, y, text, score in rows
    ]


def values(fields):
    return {name: field.value for name, field in fields.items()}


WHOLE_FRONT = {
    "name": "郑振杰",
    "sex": Sex.MALE,
    "ethnicity": "汉",
    "birth_date": date(1994, 2, 8),
    "address": "四川省岫槐县磨盘镇上河沿村3组38号",
    "id_number": NUMBER,
}


@pytest.mark.parametrize("degrees", [-10, -3, 0, 4, 10])
def test_front_is_read_at_any_tilt(degrees):
    assert values(front_fields(lines(FRONT, degrees))) == WHOLE_FRONT


def test_order_of_lines_does_not_matter():
    assert values(front_fields(lines(FRONT[::-1]))) == WHOLE_FRONT


@pytest.mark.parametrize(
    ("place", "read"),
    [
        (0, ("姓各", "姓石", "处名")),
        (3, ("民族漢", "族汉", "民旋汉")),
        (2, ("别男", "性別男", "男")),
        (9, ("公民身份号妈", "公民身份号")),
    ],
)
def test_misread_label_keeps_the_field(place, read):
    for text in read:
        rows = [*FRONT]
        x, y, _, score = rows[place]
        rows[place] = (x, y, text, score)
        assert values(front_fields(lines(rows))) | {"ethnicity": "汉"} == WHOLE_FRONT


def test_field_has_confidence_and_box():
    number = front_fields(lines(FRONT))["id_number"]

    assert number == Field(NUMBER, 0.92, (650, 830, 650 + 18 * 36, 874))


def test_back_is_read_with_both_dates():
    assert values(back_fields(lines(BACK, 5))) == {
        "issuer": "岫槐县公安局",
        "valid_from": date(2021, 5, 20),
        "valid_to": date(2041, 5, 20),
    }


@pytest.mark.parametrize("text", ["2021.05.20-长期", "有效期限2021.05.20-长期", "20210520-长期", "2021·05·20—长期"])
def test_open_end_is_read_as_none(text):
    fields = back_fields(lines([*BACK[:4], (400, 530, text, 0.9)]))

    assert (fields["valid_from"].value, fields["valid_to"].value) == (date(2021, 5, 20), None)


def test_name_with_dot_keeps_it():
    rows = [FRONT[0], (160, 58, "阿卜杜拉•麦麦提", 0.9), *FRONT[2:]]

    assert front_fields(lines(rows))["name"].value == "阿卜杜拉·麦麦提"


def test_traditional_name_is_not_converted():
    rows = [FRONT[0], (160, 58, "鄭東爾", 0.9), *FRONT[2:]]

    assert front_fields(lines(rows))["name"].value == "鄭東爾"


@pytest.mark.parametrize("text", ["出生1994年13月8日", "出生1994年2月31日"])
def test_impossible_day_is_not_read(text):
    rows = [*FRONT[:4], (60, 226, text, 0.9), *FRONT[5:]]

    assert "birth_date" not in front_fields(lines(rows))


def test_number_and_birthday_in_conflict_are_doubted():
    rows = [*FRONT[:4], (60, 226, "出生1994年2月9日", 0.95), *FRONT[5:]]
    checked, doubts = disagreements(front_fields(lines(rows)))

    assert doubts == ["birth_date"]
    assert (checked["birth_date"].value, checked["birth_date"].confidence) == (date(1994, 2, 9), 0.3)
    assert (checked["id_number"].value, checked["id_number"].confidence) == (NUMBER, 0.3)


def test_missing_birthday_comes_from_number():
    checked, doubts = disagreements(front_fields(lines([*FRONT[:4], *FRONT[5:]])))

    assert doubts == []
    assert checked["birth_date"].value == date(1994, 2, 8)


def test_number_with_wrong_check_is_doubted():
    wrong = NUMBER[:16] + str((int(NUMBER[16]) + 2) % 10) + NUMBER[17]
    checked, doubts = disagreements(front_fields(lines([*FRONT[:-1], (350, 530, wrong, 0.99)])))

    assert (doubts, checked["id_number"].value, checked["id_number"].confidence) == (["id_number"], wrong, 0.3)


def test_orientation_of_photo_is_detected():
    upright, over = lines(FRONT), lines(FRONT, 180)
    on_end = [line._replace(box=(line.box[0], line.box[3], line.box[2], line.box[1])) for line in upright]

    assert not card_text.is_sideways(upright)
    assert not card_text.is_upside_down(upright)
    assert card_text.is_upside_down(over)
    assert card_text.is_sideways(on_end)


@pytest.mark.parametrize(
    "rows", [[], [(0, 0, "", 0.5)], [(5, 5, "你好", 0.9)], [(0, 0, "住址", 1.0)], [(0, 0, "姓名", 1.0)]]
)
def test_other_text_gives_no_fields(rows):
    assert (front_fields(lines(rows)), back_fields(lines(rows))) == ({}, {})
