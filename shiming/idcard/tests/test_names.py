"""Spelling of names, pinyin initials and search tokens: matches and non-matches."""

import hashlib
import hmac
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiming.core.refusals import refusal
from shiming.idcard.names import (
    acceptable,
    difference,
    id_tokens,
    initials,
    name_tokens,
    normalise,
    phone_tokens,
    query_tokens,
    same_name,
)
from shiming.idcard.number import complete

NUMBER = complete("41990119780612351")


def keyed(kind, text):
    return hmac.new(b"test", f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()[:16]


def shown(kind, text):
    return f"{kind}={text}"


PHONE = "15499000123"


def found(question, name="张三丰", number=NUMBER, parts=True):
    row = {*name_tokens(name), *id_tokens(number, keyed), *phone_tokens(PHONE, keyed)}
    return any(row.issuperset(reading) for reading in query_tokens(question, keyed, parts=parts))


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("张三", True),
        ("欧阳小二", True),
        ("阿卜杜拉·买买提", True),
        ("MARY JANE", True),
        ("José", True),
        ("བསྟན་འཛིན", False),  # the Tibetan mark between syllables is no letter: cards print such names in 汉字
        ("ئەخمەت", True),
        ("王〇", True),
        ("王\ue863", True),
        ("张", False),
        ("张" * 50, True),
        ("张" * 51, False),
        ("张三2", False),
        ("<b>张三</b>", False),
        ("=cmd|张三", False),
        ("张三&李四", False),
        ("张三'", False),
        ('张三"', False),
        ("张+三", False),
        ("张\u202e三", True),  # forgiven: the character is invisible
        ("John Smith", True),
    ],
)
def test_name_allows_letters_without_signs(name, is_one):
    assert acceptable(normalise(name)) is is_one


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (" 张 三 ", "张三"),
        ("张　三", "张三"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 ·· 买买提·", "阿卜杜拉·买买提"),
        ("ＡＢＣ", "ABC"),
        ("John  Smith ", "John Smith"),
        ("⻢⻩⻰", "马黄龙"),
        ("⼯⼈", "工人"),
        ("王\U000e0100建", "王建"),
        ("穆隐字\u200b", "穆隐字"),
    ],
)
def test_name_is_normalised(written, name):
    assert normalise(written) == name
    assert same_name(written, name)


def test_different_names_stay_different():
    assert not same_name("张三", "张叁")
    assert not same_name("买买提·阿卜杜拉", "阿卜杜拉·买买提")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("张三丰", "zsf"),
        ("单雄信", "sxx"),
        ("曾小贤", "zxx"),
        ("仇英", "qy"),
        ("解缙", "xj"),
        ("查良镛", "zly"),
        ("区志强", "ozq"),
        ("盖小明", "gxm"),
        ("尉迟恭", "ycg"),
        ("万俟卨", "mqx"),
        ("单于明", "cym"),
        ("欧阳修", "oyx"),
        ("朴正明", "pzm"),
        ("覃建国", "qjg"),
        ("阿卜杜拉·买买提", "abdlmmt"),
        ("Tom李", "toml"),
        ("", ""),
    ],
)
def test_initials_use_surname_readings(name, letters):
    assert initials(name) == letters


def test_row_has_grams_of_name_initials():
    assert name_tokens("张三丰") == sorted(["张", "三", "丰", "张三", "三丰", "~z", "~s", "~f", "~zs", "~sf"])


def test_row_has_keyed_parts_of_number():
    assert id_tokens(NUMBER, shown) == [
        f"id={NUMBER}",
        "first3=419",
        f"last3={NUMBER[-3:]}",
        "first6=419901",
        "birth=19780612",
        f"last4={NUMBER[-4:]}",
        f"last5={NUMBER[-5:]}",
        f"last6={NUMBER[-6:]}",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "张", "张三", "三丰", "张三丰", " 张 三丰", "zsf", "ZS", "sf",
        NUMBER, NUMBER.lower(), "419901", "19780612", "1978-06-12", "1978/6/12", "1978年6月12日", "780612",
        NUMBER[-4:], NUMBER[-5:], NUMBER[-6:], NUMBER[-4:].lower(), f"张三 {NUMBER[-4:]}", f"zs {NUMBER[-4:]}", "张sf",
        f"张三丰{NUMBER}", NUMBER[:6] + NUMBER[8:17],
    ],
)  # fmt: skip
def test_query_finds_the_person(question):
    assert found(question)


@pytest.mark.parametrize(
    "question",
    [
        "", "  ", "李", "张丰", "fz", "419902", "19780613", "1978-13-40", "0000", "124", "41990", "张三 0000",
        "·", "1234567",
    ],
)  # fmt: skip
def test_query_does_not_find_other_people(question):
    assert not found(question)


def test_six_digits_have_all_possible_readings():
    assert query_tokens("650812", shown, parts=True) == [
        ["first6=650812"],
        ["last6=650812"],
        ["birth=19650812"],
        ["birth=20650812"],
    ]
    assert query_tokens("00123X", shown, parts=True) == [["last6=00123X"]]


def test_tokens_hold_no_digits():
    assert not [token for token in id_tokens(NUMBER, keyed) if "19780612" in token or "419901" in token]


@given(st.text(max_size=60))
def test_any_typed_text_is_answered(text):
    for reading in query_tokens(text, keyed):
        assert reading and all(reading)


@given(st.text("张王李赵陈建国明华阿买提·", min_size=1, max_size=8), st.data())
def test_every_part_of_a_name_finds_it(name, data):
    plain = normalise(name).replace("·", "")
    if not plain:
        return
    start = data.draw(st.integers(0, len(plain) - 1))
    part = plain[start : data.draw(st.integers(start + 1, len(plain)))]

    assert found(part, name=name)


def test_birthday_is_found_in_any_format():
    day = date(2001, 2, 3)
    wanted = [["birth=20010203"]]

    assert [query_tokens(f"{day:{form}}", shown, parts=True) for form in ("%Y%m%d", "%Y-%m-%d", "%Y.%m.%d")] == [
        wanted
    ] * 3


@pytest.mark.parametrize(
    "question", ["419", NUMBER[-3:], f"419*****{NUMBER[-3:]}", "154*****123", PHONE, f"+86 {PHONE}"]
)
def test_printed_parts_find_for_everybody(question):
    assert found(question, parts=False)


@pytest.mark.parametrize(
    "question", ["419901", "19780612", NUMBER[-4:], NUMBER[-5:], NUMBER[-6:], "418", "1234567", "1", "12"]
)
def test_other_parts_alone_find_nobody(question):
    assert not found(question, parts=False)


@pytest.mark.parametrize("question", [f"张三 {NUMBER[-4:]}", f"zs {NUMBER[-4:]}", "张 1978-06-12"])
def test_other_parts_find_together_with_a_name(question):
    assert found(question, parts=False)


@pytest.mark.parametrize(
    "question", ["张" * 10_000, "1" * 10_000, "*" * 60, "419*****", "👷", "\x00", "\u202d", "-", "٣٣٣"]
)
def test_strange_text_finds_nobody(question):
    assert not found(question)


@pytest.mark.parametrize(
    ("registered", "searched"), [("王\U000e0100建", "王建"), ("穆\ue863", "穆䶮"), ("马黄龙", "⻢⻩⻰")]
)
def test_characters_that_look_the_same_are_found(registered, searched):
    assert same_name(registered, searched)
    assert found(searched, registered)
    assert found(f"\u200b{searched}\u202c", registered)


@pytest.mark.parametrize("given", ["艾力买买提", "艾力 买买提"])
def test_missing_dot_is_hinted_at(given):
    refused = difference("艾力·买买提", given)
    assert (refused.code, refused.hint) == ("R-07", "：艾力·买买提?")
    assert "艾力·买买提" in refused.advice


def test_other_name_gets_no_hint():
    assert difference("艾力·买买提", "艾力") == refusal("R-07")
    assert difference("John Smith", "JOHN SMITH") is None
