"""Invented cards for the simulated reader: ordinary, 长期, expired, with rare characters, and three other layouts."""

from dataclasses import replace
from datetime import date, timedelta

from shiming.demo import invented, wlt
from shiming.demo.cards import card_of
from shiming.demo.portraits import portrait
from shiming.devices.reader.nations import NATIONS
from shiming.devices.reader.text import LONG_TERM, Card, Kind
from shiming.devices.simulator.stack import Specimen
from shiming.idcard.number import complete

CODES = {name: code for code, name in NATIONS.items()}
RARE = "\U00020164"  # 𠅤, beyond the basic plane
# User-assigned country codes XXA and 999 belong to no country; 819900 was never issued.
OTHERS = (
    Card(
        Kind.PERMIT, "陈港样", complete("81990019900312001"), "1", "", "19900312", "澜汀市汀东区样例路1号", "澜汀市公安局",
        "20240520", "20290520", pass_number="H00000000", issues="01",
    ),
    Card(
        Kind.FOREIGNER_2017, "样例甲", "XXA990085031201", "1", "", "19850312", "", "", "20240520", "20340519",
        english_name="SPECIMEN, ALEX", nationality="XXA", version="01", authority="9900",
    ),
    Card(
        Kind.FOREIGNER_2023, "样例乙", complete("99999919850312001"), "1", "", "19850312", "", "", "20240520",
        "20340519", english_name="SPECIMEN, BLAIR", issues="01", nationality="XXA", earlier="",
    ),
)  # fmt: skip


def stack(count: int = 30, *, seed: int = 2026, on: date, expired: bool = False) -> list[Specimen]:
    """Residents first (with `expired`, the first one's card is out of date), then one card of each other kind."""
    residents = [_resident(person, on) for person in invented.people(seed, count, on=on)]
    if expired:
        residents[0] = replace(residents[0], valid_to=f"{on - timedelta(days=30):%Y%m%d}")
    residents[-1] = replace(residents[-1], name=residents[-1].name[:1] + RARE)
    return [specimen(card) for card in [*residents, *OTHERS]]


def specimen(card: Card) -> Specimen:
    drawn = portrait(card.number, card.sex or "1", 40).resize((wlt.WIDTH, wlt.HEIGHT))
    packed = wlt.encode(drawn)
    return Specimen(card, wlt.decode(packed), packed)


def _resident(person: invented.Person, on: date) -> Card:
    made = card_of(person, on=on)
    return Card(
        Kind.RESIDENT,
        person.name[:15],
        person.id_number,
        str(person.sex),
        CODES[person.ethnicity],
        f"{person.birth_date:%Y%m%d}",
        person.address[:35],
        made.issuer[:15],
        f"{made.valid_from:%Y%m%d}",
        f"{made.valid_to:%Y%m%d}" if made.valid_to else LONG_TERM,
    )
