"""Four layouts, each decoded to what was encoded; contradictions of a card are reported."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiming.devices.reader.nations import NATIONS
from shiming.devices.reader.text import BLANKS, LAYOUTS, LONG_TERM, BadText, Card, Kind, day, encode, parse
from shiming.devices.tests.vectors import CARDS, RESIDENT
from shiming.dictionaries import queries as dictionaries

letters = st.characters(exclude_categories=("Cs",))


@st.composite
def cards(draw):
    kind = draw(st.sampled_from(Kind))
    return Card(kind, **{name: draw(fitting(pieces)) for name, pieces in LAYOUTS[kind].items()})


def fitting(pieces):
    room = sum(length for _, length in pieces)
    texts = st.text(letters, max_size=room // 2).map(lambda text: text.rstrip(BLANKS))
    return texts.filter(lambda text: len(text.encode("utf-16-le")) <= room)


@given(cards())
def test_every_layout_round_trips(card):
    assert parse(encode(card)) == card


@given(st.binary(min_size=256, max_size=256))
def test_any_256_bytes_are_card_or_refused(text):
    try:
        card = parse(text)
    except BadText:
        return
    assert isinstance(card.problems, list) and isinstance(card.warnings(date(2026, 1, 1)), list)


@given(st.binary(max_size=600).filter(lambda text: len(text) != 256))
def test_other_lengths_are_refused(text):
    with pytest.raises(BadText):
        parse(text)


def test_oversized_field_is_refused():
    with pytest.raises(ValueError, match="name"):
        encode(replace(RESIDENT, name="长" * 16))
    with pytest.raises(ValueError, match="pass_number"):
        encode(replace(RESIDENT, pass_number="H1"))


@pytest.mark.parametrize("name", CARDS)
def test_genuine_card_has_no_problem(name):
    assert CARDS[name].problems == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"number": RESIDENT.number[:-1] + "0"}, "读到的证件号码不成立"),
        ({"birth": "19850313"}, "读到的出生日期与证件号码不一致"),
        ({"sex": "2"}, "读到的性别与证件号码不一致"),
        ({"number": ""}, "没有读到证件号码"),
        ({"name": ""}, "没有读到姓名"),
    ],
)
def test_contradicting_card_has_problems(change, problem):
    assert replace(RESIDENT, **change).problems == [problem]


def test_expired_card_is_shown_and_accepted():
    card = replace(RESIDENT, valid_to="20260101")
    assert card.problems == []
    assert card.warnings(date(2026, 1, 1)) == []
    assert card.warnings(date(2026, 1, 2)) == ["证件已于 2026-01-01 过期"]
    assert replace(card, valid_to=LONG_TERM).warnings(date(2026, 1, 2)) == []


@pytest.mark.parametrize("name", ["beyond the basic plane", "private use"])
def test_rare_character_is_kept_with_warning(name):
    assert "生僻字" in CARDS[name].warnings(date(2026, 1, 1))[0]


def test_half_character_is_shown_as_unreadable():
    text = bytearray(encode(RESIDENT))
    text[0:2] = b"\x00\xd8"
    card = parse(bytes(text))
    assert card.name == "�阳样例" and card.warnings(date(2026, 1, 1))


def test_impossible_days_are_none():
    assert [day(text) for text in ("20260230", "长期", "", "２０２６０１０１", "20260131")] == [None] * 4 + [
        date(2026, 1, 31)
    ]


@pytest.mark.django_db
def test_nations_match_the_dictionary():
    assert set(list(NATIONS.values())[:56]) == {label for _, label in dictionaries.choices("ethnicity")}
