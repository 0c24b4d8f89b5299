"""ID numbers: every single wrong digit is detected, and the real number is always among the suggestions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiming.idcard import number as id_number
from shiming.idcard.number import InvalidIdNumber, Sex, age_on, candidates, complete, parse

TODAY = date(2025, 6, 1)
GOOD = complete("11990019900307101")

numbers = st.builds(
    lambda province, county, born, order: complete(f"{province}99{county:02}{born:%Y%m%d}{order:03}"),
    st.sampled_from(sorted(id_number.PROVINCES)),
    st.integers(0, 99),
    st.dates(date(1900, 1, 1), date(2009, 12, 31)),
    st.integers(0, 999),
)


@given(numbers)
def test_valid_number_is_parsed(number):
    read = parse(number, today=TODAY)

    assert (read.number, read.region, f"{read.birth_date:%Y%m%d}") == (number, number[:6], number[6:14])
    assert read.sex is (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


@given(numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_wrong_digit_is_refused_with_candidate(number, place, wrong):
    typed = number[:place] + wrong + number[place + 1 :]
    if typed == number:
        return
    with pytest.raises(InvalidIdNumber) as refusal:
        parse(typed, today=TODAY)

    assert number in refusal.value.candidates
    assert number in candidates(typed, id_number.birth_of(number), id_number.sex_of(number), today=TODAY)
    assert all(id_number.is_valid(proposal, TODAY) for proposal in refusal.value.candidates)


@given(numbers, st.integers(0, 15))
def test_swapped_digits_are_refused_with_candidate(number, place):
    typed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if typed == number:
        return
    with pytest.raises(InvalidIdNumber) as refusal:
        parse(typed, today=TODAY)

    assert number in refusal.value.candidates


@given(numbers, st.integers(0, 17))
def test_missing_digit_is_refused_with_candidate(number, place):
    with pytest.raises(InvalidIdNumber) as refusal:
        parse(number[:place] + number[place + 1 :], today=TODAY)

    assert refusal.value.position == 18
    assert number in refusal.value.candidates


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("91990019900307101" + "2", 1, "前两位不是省级地区代码"),
        ("16990019900307101" + "2", 2, "前两位不是省级地区代码"),
        ("1199O019900307101" + "2", 5, "应为数字，只有第 18 位可以是 X"),
        (GOOD[:16] + "X" + GOOD[17], 17, "应为数字，只有第 18 位可以是 X"),
        (complete("11990039900307101"), 7, "出生年份不在合理范围"),
        (complete("11990020990307101"), 9, "出生年份不在合理范围"),
        (complete("11990019901307101"), 12, "出生月份应为 01 至 12"),
        (complete("11990019902307101"), 11, "出生月份应为 01 至 12"),
        (complete("11990019900230101"), 14, "出生日期中没有这一天"),
        (complete("11990019900247101"), 13, "出生日期中没有这一天"),
        (complete("11990020250602101"), 14, "出生日期晚于今天"),
        (complete("11990020250701101"), 12, "出生日期晚于今天"),
    ],
)
def test_refusal_names_the_wrong_digit(text, position, reason):
    with pytest.raises(InvalidIdNumber) as refusal:
        parse(text, today=TODAY)

    assert refusal.value.position == position
    assert refusal.value.sentence == f"身份证号码无效，请核对第 {position} 位"
    assert str(refusal.value) == f"身份证号码无效，请核对第 {position} 位：{reason}"


def test_wrong_check_character_names_place_18():
    with pytest.raises(InvalidIdNumber) as refusal:
        parse(GOOD[:15] + "9" + GOOD[16:], today=TODAY)

    assert str(refusal.value) == ("身份证号码无效，请核对第 18 位：校验码与前 17 位不符，可能是任何一位写错")
    assert refusal.value.next_step == "请对照证件逐位核对，看是否为所列号码之一；系统不会代为改动。"


@pytest.mark.parametrize(
    ("text", "position", "count"), [("", 1, 0), ("1199", 5, 4), (GOOD + "0", 19, 19), (GOOD * 50, 19, 900)]
)
def test_wrong_length_names_the_count(text, position, count):
    with pytest.raises(InvalidIdNumber) as refusal:
        parse(text, today=TODAY)

    assert str(refusal.value) == f"身份证号码无效，请核对第 {position} 位：应为 18 位，现有 {count} 位"


def test_width_spaces_and_case_are_normalised():
    number = next(n for n in (complete(f"11990019900307{i:03}") for i in range(99)) if n[17] == "X")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number[:17]) + "ｘ"

    assert [parse(t, today=TODAY).number for t in (wide, f" {number[:6]} {number[6:]}\n", number.lower())] == [
        number
    ] * 3


def test_old_number_is_converted_with_notice():
    read = parse("119900900307101", today=TODAY)

    assert (read.number, read.converted_from_15) == (GOOD, True)
    assert read.notice == "15 位旧号码已换算为 18 位，请对照证件核对。"
    assert parse(GOOD, today=TODAY).notice == ""


def test_position_in_old_number_is_typed():
    with pytest.raises(InvalidIdNumber) as refusal:
        parse("119900901307101", today=TODAY)

    assert (refusal.value.position, refusal.value.candidates) == (10, [])


def test_birthday_and_sex_must_agree():
    assert parse(GOOD, birth_date=date(1990, 3, 7), sex=Sex.MALE, today=TODAY).number == GOOD

    for typed, position in (({"birth_date": date(1990, 3, 17)}, 13), ({"sex": Sex.FEMALE}, 17)):
        with pytest.raises(InvalidIdNumber) as refusal:
            parse(GOOD, today=TODAY, **typed)
        assert refusal.value.position == position


def test_birthday_and_sex_filter_candidates():
    typed = GOOD[:14] + GOOD[15] + GOOD[14] + GOOD[16:]  # two digits swapped

    assert candidates(typed, date(1990, 3, 7), Sex.MALE, today=TODAY)[0] == GOOD
    assert len(candidates(typed, date(1990, 3, 7), Sex.MALE, today=TODAY)) < len(candidates(typed, today=TODAY))


def test_standard_sample_and_hong_kong_pass():
    assert parse("440524188001010014", today=TODAY).birth_date == date(1880, 1, 1)
    assert parse(complete("81000019900307101"), today=TODAY).province == "香港"


def test_invented_number_has_unused_region():
    assert id_number.is_invented(GOOD)
    assert not id_number.is_invented("440524188001010014")
    assert id_number.is_invented(id_number.INVENTED_REGION + GOOD[6:])


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 6, 1), date(2026, 5, 31), 17),
        (date(2008, 6, 1), date(2026, 6, 1), 18),
        (date(2008, 6, 1), date(2026, 12, 31), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),  # 2026 has no 29 February
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2008, 6, 1), date(2008, 6, 1), 0),
    ],
)
def test_age_completes_on_1_march_for_leap_births(born, day, age):
    assert age_on(born, day) == age
