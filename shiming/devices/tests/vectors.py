"""Byte sequences on which the Python reader and the browser's must agree.

`python -m shiming.devices.tests.vectors` writes the file again; the tests of both read it.
"""

import json
from dataclasses import asdict
from pathlib import Path

from shiming.devices.reader import frames
from shiming.devices.reader.session import FIND, READ, SELECT, Session
from shiming.devices.reader.text import LONG_TERM, Card, Kind, encode
from shiming.idcard.number import complete

FILE = Path(__file__).with_name("vectors.json")
RESIDENT = Card(
    Kind.RESIDENT, "欧阳样例", complete("11990119850312001"), "1", "05", "19850312", "澜汀市汀东区样例路1号甲",
    "澜汀市公安局", "20200102", "20400102",
)  # fmt: skip
CARDS = {
    "resident": RESIDENT,
    "long term": Card(Kind.RESIDENT, "阿卜杜拉·样例", complete("65990119600229002"), "2", "05", "19600229", "样例村",
        "样例县公安局", "20200102", LONG_TERM),
    "beyond the basic plane": Card(Kind.RESIDENT, "王\U00020164\U00030edd", complete("11990119900101003"), "1", "01",
        "19900101"),
    "private use": Card(Kind.RESIDENT, "李\ue863", complete("11990119900101002"), "2", "97", "19900101"),
    "permit": Card(Kind.PERMIT, "陈港样", complete("81990019900312001"), "1", "", "19900312", "样例路",
        "澜汀市公安局", "20240520", "20290520", pass_number="H00000000", issues="01"),
    "foreigner 2017": Card(Kind.FOREIGNER_2017, "样例甲", "XXA990085031201", "1", "", "19850312", "", "", "20240520",
        "20340519", english_name="SPECIMEN, ALEXANDER BARTHOLOMEW THE VERY LONG", nationality="XXA", version="01",
        authority="9900"),
    "foreigner 2023": Card(Kind.FOREIGNER_2023, "样例乙", complete("99999919850312001"), "1", "", "19850312", "", "",
        "20240520", "20340519", english_name="SPECIMEN, BLAIR MAXIMILIAN THE VERY LONG", issues="02",
        nationality="XXA", earlier="123"),
}  # fmt: skip
PHOTO = frames.PREAMBLE * 8  # the bytes of a photo may hold the beginning of a frame
FOUND, SELECTED, NO_CARD = b"\0\0\x9f\0\0\0\0", b"\0\0\x90" + bytes(8), b"\0\0\x80"


def reading(card: Card, *, fingerprint: bytes | None = None) -> bytes:
    """The body of the reply to 读卡."""
    text, parts = encode(card), [encode(card), PHOTO]
    if fingerprint is not None:
        parts.append(fingerprint)
    return b"\0\0\x90" + b"".join(len(part).to_bytes(2, "big") for part in parts) + text + b"".join(parts[1:])


def broken(frame: bytes) -> bytes:
    return frame[:-1] + bytes([frame[-1] ^ 1])


def streams() -> list[dict]:
    """Bytes on the line and the bodies they contain, None for a broken frame."""
    whole, none = frames.build(reading(RESIDENT)), frames.build(NO_CARD)
    made = {
        "one frame": (none, [NO_CARD]),
        "noise before": (b"\x00\xaa\xaa\xaa\x01" + none, [NO_CARD]),
        "one more AA": (b"\xaa" + none, [NO_CARD]),
        "two together": (none + whole, [NO_CARD, reading(RESIDENT)]),
        "broken, then whole": (broken(none) + none, [None, NO_CARD]),
        "a LEN that cannot be": (frames.PREAMBLE + b"\0\x01" + none, [None, NO_CARD]),
        "a LEN too long": (frames.PREAMBLE + b"\xff\xff" + none, [None, NO_CARD]),
        "cut off": (whole[:200], []),
    }
    return [
        {"name": name, "bytes": data.hex(), "bodies": [body and body.hex() for body in bodies]}
        for name, (data, bodies) in made.items()
    ]


def talks() -> list[dict]:
    """Consecutive answers; after each: the next question, the reported card, the trouble."""
    text = reading(RESIDENT)
    cases = {
        "a card is put down": [NO_CARD, b"\0\0\x81", FOUND, SELECTED, text],
        "it stays there": [FOUND, SELECTED, text, NO_CARD, SELECTED, text, NO_CARD, SELECTED, text],
        "it is lifted and comes again": [
            *(FOUND, SELECTED, text, NO_CARD, b"\0\0\x81", NO_CARD, b"\0\0\x81", NO_CARD, b"\0\0\x81"),
            *(FOUND, SELECTED, text),
        ],
        "another one at once": [FOUND, SELECTED, text, FOUND, SELECTED, reading(CARDS["permit"])],
        "broken and again": [FOUND, SELECTED, None, FOUND, SELECTED, text],
        "a card of another kind": [FOUND, SELECTED, b"\0\0\x40"],
        "lengths that do not fit": [FOUND, SELECTED, text[:-1]],
        "with a fingerprint": [FOUND, SELECTED, reading(RESIDENT, fingerprint=bytes(512))],
        "an odd short answer": [b"\0", FOUND, b""],
    }
    return [{"name": name, "steps": list(_followed(answers))} for name, answers in cases.items()]


def _followed(answers):
    session, names = Session(), {FIND: "find", SELECT: "select", READ: "read"}
    for body in answers:
        found = session.answer(body)
        yield {
            "answer": None if body is None else body.hex(),
            "number": found and found.card.number,
            "next": names[session.ask],
            "trouble": session.trouble,
        }


def cards() -> list[dict]:
    return [{"name": name, "text": encode(card).hex(), "card": asdict(card)} for name, card in CARDS.items()]


def written() -> str:
    made = {"cards": cards(), "streams": streams(), "talks": talks()}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written())
