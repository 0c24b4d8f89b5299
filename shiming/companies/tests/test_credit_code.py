"""The check characters detect every single wrong character of a 统一社会信用代码."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiming.companies import credit_code
from shiming.companies.credit_code import InvalidCreditCode, is_valid, make, parse

codes = st.builds(
    make,
    st.sampled_from(["91319900", "92119900", "N1419900", "A1329900"]),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8),
)


@given(codes)
def test_made_code_is_valid(code):
    assert parse(f" {code[:8]}-{code[8:].lower()} ") == code


@given(codes, st.integers(0, 17), st.sampled_from(credit_code.ALPHABET))
def test_wrong_character_is_refused(code, place, wrong):
    typed = code[:place] + wrong + code[place + 1 :]

    assert is_valid(typed) is (typed == code)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("9131", "统一社会信用代码无效：应为 18 位，现有 4 位"),
        ("9I3199000000000000", "统一社会信用代码无效，请核对第 2 位：只能是数字和大写字母，不用 I、O、S、V、Z"),
        ("913199000000000009", "统一社会信用代码无效，请核对第 18 位：校验码与前 17 位不符，可能是任何一位写错"),
    ],
)
def test_refusal_names_place_and_reason(text, sentence):
    with pytest.raises(InvalidCreditCode) as refusal:
        parse(text)

    assert str(refusal.value) == sentence


def test_sample_of_standard_is_valid():
    assert is_valid("91350100M000100Y43")  # printed in GB 32100 as its example


def test_wrong_organisation_code_is_refused():
    first_17 = "91319900" + "12345678" + "9"
    with pytest.raises(InvalidCreditCode, match="第 17 位"):
        parse(first_17 + credit_code.check_character(first_17))
