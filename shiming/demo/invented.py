"""Invented people, companies and projects that look real and are not.

The seed determines everything: the same seed gives the same city, and a longer list starts with the shorter one.
Identifiers are taken from ranges that are assigned to no real person or company:

- ID numbers: digits 3–4 of the region code are 99, which was never issued (idcard/number.py).
- Phones: prefix 154. 工信部 has assigned it to no operator, and the usual check 15[0-35-9] leaves it out.
- Bank cards: prefix 009900. ISO/IEC 7812 assigns a leading 0 to no bank.
- Credit codes (统一社会信用代码): digits 3–4 of the region are 99 as well.
- Cities, counties, towns, villages, streets and companies are invented; all companies are in the city 澜汀.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from datetime import date, datetime
from itertools import accumulate, islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shiming.companies import credit_code
from shiming.demo import word_lists as words
from shiming.idcard.number import CHECK_CHARACTERS, WEIGHTS, Sex

PHONE_PREFIX = "154"
PEOPLES_PHONES = range(90_000_000)
COMPANIES_PHONES = range(90_000_000, 100_000_000)
CARD_PREFIX = "009900"
CHUNK = 4096
POOL = 4096

MEN_A_DAY = 500  # serial numbers have three digits: odd for men, even for women
COUNTIES = 20


class Person(NamedTuple):
    name: str
    id_number: str
    sex: Sex
    birth_date: date
    phone: str
    ethnicity: str
    address: str


def people(seed: int, n: int, *, on: date | None = None) -> Iterator[Person]:
    """n people as they are on a day; no number and no phone twice. One stream per installation."""
    return islice(_people(seed, on or datetime.now(ZoneInfo("Asia/Shanghai")).date()), n)


def _people(seed: int, on: date) -> Iterator[Person]:
    rng = random.Random(f"people {seed}")
    names, days, numbers = Names(seed), Days(on), Numbers()
    phones = phone_numbers(seed)
    while True:
        ages = rng.choices(AGES, cum_weights=AGE_WEIGHTS, k=CHUNK)
        homes = rng.choices(HOMES, cum_weights=HOME_WEIGHTS, k=CHUNK)
        for age, home in zip(ages, homes, strict=True):
            chance = rng.random
            sex = Sex.FEMALE if chance() < words.SHARE_OF_WOMEN else Sex.MALE
            born = days.born(age, chance())
            ethnicity = ethnicity_at(home, chance())
            name = names.name(ethnicity, sex, born.decade, chance(), chance())
            number, region = numbers.next(home, born, sex, int(chance() * COUNTIES))
            yield Person(name, number, sex, born.date, next(phones), ethnicity, _address(region, chance()))


AGES = [age for low, high in words.AGES for age in range(low, high + 1)]
AGE_WEIGHTS = list(
    accumulate(share / (high - low + 1) for (low, high), share in words.AGES.items() for _ in range(low, high + 1))
)
HOMES = list(words.HOMES)
HOME_WEIGHTS = list(accumulate(share for share, _ in words.HOMES.values()))


def ethnicity_at(province: str, chance: float) -> str:
    for ethnicity, share in words.HOMES[province][1].items():
        if chance < share:
            return ethnicity
        chance -= share
    return "汉族"


class Day(NamedTuple):
    date: date
    text: str
    sum: int
    decade: int


class Days:
    """Birthdays of people of a given age on a day; each day is computed once."""

    def __init__(self, on: date):
        self.on, self.known = on, {}

    def born(self, age: int, chance: float) -> Day:
        """A birthday for this age, the last one up to a year ago."""
        ordinal = _years_before(self.on, age).toordinal() - int(chance * 365)
        day = self.known.get(ordinal)
        if day is None:
            born = date.fromordinal(ordinal)
            text = f"{born:%Y%m%d}"
            decade = min(2000, max(1960, born.year // 10 * 10))
            day = self.known[ordinal] = Day(born, text, weighted(text, 6), decade)
        return day


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def weighted(text: str, place: int) -> int:
    """The contribution of these digits, from that place on, to the check sum of an ID number."""
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS[place:], text, strict=False))


class Numbers:
    """Unique ID numbers of regions never issued: per birthday and sex 500 in twenty counties, then 500 in the next."""

    def __init__(self):
        self.used: dict[tuple[int, Sex], int] = {}

    def next(self, province: str, born: Day, sex: Sex, county: int) -> tuple[str, str]:
        ordinal = born.date.toordinal()
        count = self.used.get((ordinal, sex), 0)
        self.used[ordinal, sex] = count + 1

        lap, turn = divmod(count, MEN_A_DAY)
        region = f"{province}99{county + 1 + lap * COUNTIES:02}"
        order = (turn * 137 + ordinal) % MEN_A_DAY * 2 + (sex is Sex.MALE)
        total = _REGION_SUM(region) + born.sum + ORDER_SUMS[order]
        return f"{region}{born.text}{order:03}{CHECK_CHARACTERS[total % 11]}", region


ORDER_SUMS = [weighted(f"{order:03}", 14) for order in range(1000)]


class _RegionSums(dict):
    def __missing__(self, region: str) -> int:
        self[region] = weighted(region, 0)
        return self[region]


_REGION_SUM = _RegionSums().__getitem__


# Names.


class Names:
    """Names with the frequencies of each decade; names of other peoples in their Chinese spelling."""

    def __init__(self, seed: int):
        self.seed, self.pools = seed, {}
        rng = random.Random(f"surnames {seed}")
        self.surnames = rng.choices(list(words.SURNAMES), list(words.SURNAMES.values()), k=POOL * 4)

    def name(self, ethnicity: str, sex: Sex, decade: int, chance: float, other: float) -> str:
        if own := OTHER_NAMES.get(ethnicity):
            return own(sex, chance, other)
        given = self.given(sex, decade)
        surname = "马" if ethnicity == "回族" and chance < 0.4 else _pick(self.surnames, chance)
        return surname + _pick(given, other)

    def given(self, sex: Sex, decade: int) -> list[str]:
        if (sex, decade) not in self.pools:
            rng = random.Random(f"given {sex} {decade} {self.seed}")
            self.pools[sex, decade] = list(_given_names(rng, sex, decade))
        return self.pools[sex, decade]


def _given_names(rng: random.Random, sex: Sex, decade: int) -> Iterator[str]:
    first, second, share_of_two = (words.MEN if sex is Sex.MALE else words.WOMEN)[decade]
    falling = [1 / (rank + 4) for rank in range(max(len(first), len(second)))]  # frequent characters come first
    for _ in range(POOL):
        (a,) = rng.choices(first, falling[: len(first)])
        (b,) = rng.choices(second, falling[: len(second)])
        yield a + b if rng.random() < share_of_two and a != b else b


def _uyghur(sex: Sex, chance: float, other: float) -> str:
    own = words.UYGHUR_MEN if sex is Sex.MALE else words.UYGHUR_WOMEN
    return f"{_pick(own, chance)}·{_pick(words.UYGHUR_MEN, other)}"


def _tibetan(sex: Sex, chance: float, other: float) -> str:
    own, second = _pick(words.TIBETAN, chance), _pick(words.TIBETAN, other)
    return own if own == second else own + second


def _yi(sex: Sex, chance: float, other: float) -> str:
    own = _pick(words.YI_MEN, chance) if sex is Sex.MALE else "阿" + _pick("依果洛支牛", chance)
    return f"{_pick(words.YI_CLANS, other)}{own}"


def _mongol(sex: Sex, chance: float, other: float) -> str:
    return _pick(words.MONGOL, chance) if sex is Sex.MALE else _pick(["乌云", "其其格", "萨仁", "娜仁", "高娃"], other)


OTHER_NAMES = {"维吾尔族": _uyghur, "藏族": _tibetan, "彝族": _yi, "蒙古族": _mongol}


def _pick(choices, chance: float):
    return choices[int(chance * len(choices))]


# Origin and contact data.


def region_name(region: str) -> str:
    """Full name of the region as printed on a card, such as 河南省汀棠县, an invented county."""
    if region in words.DISTRICTS or region == words.CITY_REGION:
        return f"{words.PROVINCE_NAMES['32']}{words.CITY}{words.DISTRICTS.get(region, '')}"
    first, last = divmod((int(region[:2]) * 7 + int(region[4:])) % 80, 8)
    return f"{words.PROVINCE_NAMES[region[:2]]}{words.PLACE_FIRST[first]}{words.PLACE_LAST[last]}县"


def _address(region: str, chance: float) -> str:
    number = int(chance * 1_000_000)
    town, village = number % len(words.TOWNS), number // 12 % len(words.VILLAGES)
    group, house = number // 168 % 9 + 1, number // 1512 % 180 + 1
    return f"{_region_name(region)}{words.TOWNS[town]}镇{words.VILLAGES[village]}村{group}组{house}号"


class _RegionNames(dict):
    def __missing__(self, region: str) -> str:
        self[region] = region_name(region)
        return self[region]


_region_name = _RegionNames().__getitem__


def city_address(rng: random.Random, region: str | None = None) -> str:
    region = region or rng.choice(list(words.DISTRICTS))
    return f"{words.CITY}{words.DISTRICTS[region]}{rng.choice(words.STREETS)}{rng.randint(1, 1888)}号"


def phone_numbers(seed: int, block: range = PEOPLES_PHONES) -> Iterator[str]:
    """Unique numbers of eleven digits: a walk through a block of an unassigned prefix."""
    at = random.Random(f"phones {seed}").randrange(len(block))
    while True:
        at = (at + 55_623_059) % len(block)  # no factor 2, 3 or 5: the walk visits every number once
        yield f"{PHONE_PREFIX}{block[at]:08}"


def bank_card(rng: random.Random) -> tuple[str, str]:
    """The bank and a card number of 19 digits with a valid Luhn digit."""
    (bank,) = rng.choices(list(words.BANKS), list(words.BANKS.values()))
    body = f"{CARD_PREFIX}{rng.randrange(10**12):012}"
    return bank, body + luhn(body)


def luhn(body: str) -> str:
    doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in body[::-2])
    return str(-(doubled + sum(int(digit) for digit in body[-2::-2])) % 10)


# Work.


def trade(rng: random.Random) -> str:
    return TRADES[bisect(TRADE_WEIGHTS, rng.random() * TRADE_WEIGHTS[-1])]


TRADES = list(words.TRADES)
TRADE_WEIGHTS = list(accumulate(share for share, _, _ in words.TRADES.values()))


def day_rate(rng: random.Random, of_trade: str) -> int:
    """Day rate in 元, a multiple of ten."""
    _, low, high = words.TRADES[of_trade]
    return rng.randrange(low, high + 10, 10)


def education(rng: random.Random) -> str:
    return rng.choices(list(words.EDUCATION), list(words.EDUCATION.values()))[0]


# Companies, projects, filings.


class Company(NamedTuple):
    kind: str
    name: str
    short_name: str
    credit_code: str
    address: str
    phone: str


def companies(seed: int, counts: dict[str, int]) -> list[Company]:
    """counts: {"general": 4, "labour": 14, …} — each company and each name once."""
    rng = random.Random(f"companies {seed}")
    phones = phone_numbers(seed, COMPANIES_PHONES)
    made, taken = [], set()
    for kind, count in counts.items():
        for name in islice(_company_names(rng, kind, taken), count):
            code = organisation_code(rng, "91")
            made.append(Company(kind, f"{words.CITY[:-1]}{name}", name[:2], code, city_address(rng), next(phones)))
    return made


def _company_names(rng: random.Random, kind: str, taken: set[str]) -> Iterator[str]:
    names = [brand + form for form in words.COMPANY_FORMS[kind] for brand in words.BRANDS]
    rng.shuffle(names)
    names.sort(key=lambda name: name[:2] in taken)  # unused brands first; a brand is used twice only when all are used
    for name in names:
        taken.add(name[:2])
        yield name


def organisation_code(rng: random.Random, head: str) -> str:
    """A 统一社会信用代码 of an authority in an invented region."""
    organisation = "MA" + "".join(rng.choices(credit_code.ALPHABET[:10] + "ABCDEFGHJK", k=6))
    return credit_code.make(head + rng.choice(list(words.DISTRICTS)), organisation)


class Project(NamedTuple):
    name: str
    filing_code: str
    section_no: str
    region: str
    address: str
    started_on: date
    ends_on: date


def projects(seed: int, count: int, *, on: date) -> list[Project]:
    """Projects under construction: begun within the last two years, to be finished within one."""
    rng = random.Random(f"projects {seed}")
    names = [place + work for work in words.PROJECT_WORKS for place in words.PROJECT_PLACES]
    rng.shuffle(names)
    names += [f"{name}{section}标段" for section in range(2, count // len(names) + 2) for name in names]
    return [_project(rng, name, order, on) for order, name in enumerate(names[:count], 1)]


def _project(rng: random.Random, name: str, order: int, on: date) -> Project:
    region = rng.choice(list(words.DISTRICTS))
    started = date.fromordinal(on.toordinal() - rng.randint(120, 700))
    ends = date.fromordinal(on.toordinal() + rng.randint(60, 500))
    code = filing_code(started, order)
    return Project(f"{words.CITY[:-1]}{name}", code, "D01", region, city_address(rng, region), started, ends)


def filing_code(day: date, order: int) -> str:
    """报建编号: year, month, district code (ZZ is no district) and a serial number."""
    return f"{day:%y%m}ZZ{order:04}"


def contract_no(filing: str, order: int) -> str:
    """Number of a filed contract: filing code of the project, section and serial number of the contract."""
    return f"{filing}D01C{order:02}"


def team_name(leader: str, of_trade: str) -> str:
    """The name of a team, after its leader: 李建国木工班组."""
    return f"{leader}{of_trade.split('(')[0].split('、')[0]}班组"
