"""Specimen cards and portraits: distinct, stable, marked 样例, and drawn even without a Chinese font."""

from datetime import date
from pathlib import Path

import pytest

from shiming.demo import cards, fonts, invented
from shiming.demo.portraits import portrait
from shiming.idcard import photos
from shiming.idcard.number import Sex

ON = date(2025, 6, 1)
PEOPLE = list(invented.people(11, 300, on=ON))


def test_face_is_stable_per_seed():
    faces = {seed: cards.jpeg(portrait(seed, age=30)) for seed in range(12)}

    assert cards.jpeg(portrait(3, age=30)) == faces[3]
    assert len(set(faces.values())) == 12


@pytest.mark.parametrize("sex", list(Sex))
@pytest.mark.parametrize("helmet", [False, True])
def test_faces_of_every_age_are_usable_photos(sex, helmet):
    assert all(photos.inspect(cards.jpeg(portrait(age, sex, age, helmet=helmet))).ok for age in range(18, 63, 6))


def test_card_shows_the_persons_data():
    person = PEOPLE[0]
    card = cards.card_of(person, on=ON)

    assert (card.name, card.id_number, card.birth_date) == (person.name, person.id_number, person.birth_date)
    assert (card.address, card.sex, f"{card.ethnicity}族") == (person.address, person.sex, person.ethnicity)
    assert card.issuer in f"{person.address.split('县')[0]}县公安局"


def test_cards_have_real_validity_periods():
    issued = [cards.card_of(person, on=ON) for person in PEOPLE]
    years = {card.valid_to and card.valid_to.year - card.valid_from.year for card in issued}

    assert years == {None, 10, 20}
    assert all(card.valid_from < ON < (card.valid_to or date.max) for card in issued)


def test_photographed_card_is_a_usable_photo():
    for person in PEOPLE[:5]:
        card = cards.card_of(person, on=ON)
        for side in (cards.front(card), cards.back(card)):
            assert photos.inspect(cards.photograph(side, tilt=3)).ok


def test_sample_mark_stands_on_both_sides():
    card = cards.card_of(PEOPLE[0], on=ON)
    for side, place in ((cards.front(card), (689, 480)), (cards.back(card), (689, 370))):
        red, green, blue = side.getpixel((place[0] - 2, place[1]))
        assert red > 150 > green > blue - 40


def test_shipped_font_draws_chinese():
    assert "noto_cjk_sans_otc" in Path(fonts.font_file()).parts
    assert fonts.chinese(40).getname()[0] == "Noto Sans CJK SC"
    assert fonts.chinese(40).getmask("柏").getbbox()
