"""The invented city: plausible data that belongs to no real person, the same for the same seed."""

import random
from datetime import date
from itertools import islice

import pytest

from shiming.companies import credit_code
from shiming.demo import invented, word_lists
from shiming.idcard import names
from shiming.idcard import number as id_number

ON = date(2025, 6, 1)


@pytest.fixture(scope="module")
def crowd():
    return list(invented.people(7, 20_000, on=ON))


def test_same_seed_gives_same_people(crowd):
    assert list(invented.people(7, 500, on=ON)) == crowd[:500]
    assert list(invented.people(8, 500, on=ON)) != crowd[:500]


def test_id_numbers_are_valid_and_never_issued(crowd):
    for person in crowd:
        read = id_number.parse(person.id_number, birth_date=person.birth_date, sex=person.sex, today=ON)
        assert read.number == person.id_number
        assert id_number.is_invented(person.id_number)


def test_no_number_and_no_phone_comes_twice(crowd):
    assert len({person.id_number for person in crowd}) == len(crowd)
    assert len({person.phone for person in crowd}) == len(crowd)


def test_crowded_birthday_uses_more_counties():
    days, numbers = invented.Days(ON), invented.Numbers()
    born = days.born(30, 0.5)
    made = [numbers.next("41", born, id_number.Sex.MALE, 3)[0] for _ in range(1200)]

    assert len(set(made)) == 1200
    assert all(id_number.is_valid(number, ON) for number in made)


def test_phones_have_an_unassigned_prefix(crowd):
    assert all(len(person.phone) == 11 and person.phone.isdigit() for person in crowd)
    assert {person.phone[:3] for person in crowd} == {"154"}


def test_people_and_companies_never_share_a_phone(crowd):
    offices = set(islice(invented.phone_numbers(1, invented.COMPANIES_PHONES), 5000))

    assert len(offices) == 5000
    assert not offices & {person.phone for person in crowd}


def test_ages_and_sexes_are_those_of_building_workers(crowd):
    ages = [(ON - person.birth_date).days / 365.25 for person in crowd]
    women = sum(person.sex is id_number.Sex.FEMALE for person in crowd)

    assert min(ages) >= 18
    assert max(ages) < 63
    assert 43 < sum(ages) / len(ages) < 46
    assert 0.11 < women / len(crowd) < 0.15


def test_everyone_is_adult_even_on_leap_day():
    leap = date(2024, 2, 29)

    assert all(p.birth_date <= date(2006, 2, 28) for p in invented.people(3, 5000, on=leap))


def test_names_are_plausible_and_some_have_dot(crowd):
    assert all(names.normalise(person.name) == person.name for person in crowd)
    assert all(names.initials(person.name).isalpha() for person in crowd)
    assert any("·" in person.name for person in crowd if person.ethnicity == "维吾尔族")
    assert {len(person.name) for person in crowd if person.ethnicity == "汉族"} == {2, 3, 4}


def test_address_is_in_province_of_number(crowd):
    for person in crowd[:2000]:
        assert person.address.startswith(word_lists.PROVINCE_NAMES[person.id_number[:2]])


def test_companies_have_unique_names_and_codes():
    made = invented.companies(7, {"general": 4, "specialist": 8, "labour": 40, "supervision": 3, "owner": 3})

    assert len({company.name for company in made}) == len({company.credit_code for company in made}) == 58
    for company in made:
        assert credit_code.is_valid(company.credit_code)
        assert company.credit_code[4:6] == "99"
        assert company.name.startswith("澜汀")
    assert made == invented.companies(7, {"general": 4, "specialist": 8, "labour": 40, "supervision": 3, "owner": 3})


def test_projects_are_open_with_unique_numbers():
    made = invented.projects(7, 600, on=ON)

    assert len({project.name for project in made}) == len({project.filing_code for project in made}) == 600
    assert all(project.started_on < ON < project.ends_on for project in made)
    assert invented.contract_no(made[0].filing_code, 3) == f"{made[0].filing_code}D01C03"


def test_bank_cards_pass_luhn_and_no_bank_issues_them():
    rng = random.Random(1)
    for _ in range(200):
        bank, card = invented.bank_card(rng)
        digits = [int(digit) for digit in reversed(card)]
        total = sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
        assert (len(card), card[:1], total % 10) == (19, "0", 0)
        assert bank in word_lists.BANKS


def test_trades_keep_their_shares_and_pay():
    rng = random.Random(1)
    made = [invented.trade(rng) for _ in range(5000)]

    assert set(made) == set(word_lists.TRADES)
    assert made.count("建筑、装饰工程普工") > made.count("钢筋工") > made.count("油漆工")
    assert all(180 <= invented.day_rate(rng, trade) <= 400 for trade in word_lists.TRADES)


def test_team_is_named_after_leader_and_trade():
    assert invented.team_name("李建国", "木工(模板工)") == "李建国木工班组"
    assert invented.team_name("李建国", "抹灰、镶贴工") == "李建国抹灰班组"
