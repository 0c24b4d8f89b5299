"""找卡、选卡、读卡: each card is reported once, with its own data."""

from hypothesis import given
from hypothesis import strategies as st

from shiming.devices.reader.frames import Receiver
from shiming.devices.reader.session import Session, module_number
from shiming.devices.reader.text import encode
from shiming.devices.simulator.sam import Sam
from shiming.devices.simulator.stack import Specimen, Stack
from shiming.devices.tests import vectors


def readings_of(answers) -> list[str]:
    session = Session()
    return [found.card.number for body in answers if (found := session.answer(body))]


def steps(name: str) -> list:
    return next(talk["steps"] for talk in vectors.talks() if talk["name"] == name)


def test_card_left_in_place_is_read_once():
    numbers = [step["number"] for step in steps("it stays there") if step["number"]]
    assert numbers == [vectors.RESIDENT.number]


def test_lifted_and_other_cards_are_read_again():
    again = [step["number"] for step in steps("it is lifted and comes again") if step["number"]]
    other = [step["number"] for step in steps("another one at once") if step["number"]]
    assert again == [vectors.RESIDENT.number] * 2
    assert other == [vectors.RESIDENT.number, vectors.CARDS["permit"].number]


def test_broken_answer_restarts_with_message():
    assert [step["next"] for step in steps("broken and again")] == ["select", "read", "find", "select", "read", "find"]
    assert steps("broken and again")[2]["trouble"] == "没有读完，请把证件放稳"


def test_other_kind_of_card_is_named():
    assert steps("a card of another kind")[-1]["trouble"] == "放的不是身份证"


@given(st.lists(st.one_of(st.none(), st.binary(max_size=1400)), max_size=12))
def test_random_answers_give_no_card(answers):
    assert readings_of(body for body in answers if body is None or b"\x01\x00" not in body[3:5]) == []


@given(
    st.lists(st.sampled_from([*vectors.CARDS.values()]), min_size=1, max_size=5),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_noise_and_cuts_keep_order_of_cards(cards, noise, cut, reselect):
    stack = Stack([Specimen(card, b"", vectors.PHOTO) for card in cards])
    sam, session, numbers = Sam(stack, noise=noise, cut=cut, reselect=reselect), Session(), []
    for _ in cards:
        stack.next()
        numbers += _rounds(session, sam, 8)
        stack.take_away()
        numbers += _rounds(session, sam, 4)
    assert numbers == [card.number for card in cards]


def _rounds(session: Session, sam: Sam, count: int) -> list[str]:
    numbers = []
    for _ in range(count * 3):
        bodies = Receiver().feed(sam.feed(session.request()))
        if found := session.answer(next((body for body in bodies if body), None)):
            numbers.append(found.card.number)
    return numbers


def test_module_number_reads_as_on_label():
    raw = bytes.fromhex("05000300") + b"".join(n.to_bytes(4, "little") for n in (20260101, 12345678, 1234567890))
    assert module_number(raw) == "05.03-20260101-0012345678-1234567890"
    assert module_number(raw[:-1]) == ""


def test_text_of_reading_is_that_of_card():
    assert vectors.reading(vectors.RESIDENT)[7:263] == encode(vectors.RESIDENT)
