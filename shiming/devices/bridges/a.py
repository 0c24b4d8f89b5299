"""Bridge A (port 8989): GET /api/ReadMsg?waitTime=5."""

from shiming.devices.bridges import Shown, Source
from shiming.devices.bridges.words import nation, portrait, sex
from shiming.devices.reader.text import Kind

PORT = 8989
LONGEST_WAIT = 10
CARD_TYPES = {Kind.RESIDENT: "0", Kind.FOREIGNER_2017: "1", Kind.PERMIT: "2", Kind.FOREIGNER_2023: "3"}


def answer(method: str, path: str, query: dict, source: Source) -> dict | None:
    match path:
        case "/api/Version":
            return {"code": "0", "retmsg": "成功", "version": source.version()}
        case "/api/ReadMsg":
            shown = source.read(_wait(query))
            return _card(shown) if shown else {"code": "1", "retmsg": source.trouble or "未放卡"}
    return None


def _wait(query: dict) -> float:
    asked = query.get("waitTime", "0")
    return min(int(asked), LONGEST_WAIT) if asked.isdigit() else 0


def _card(shown: Shown) -> dict:
    card = shown.card
    return {
        "code": "0",
        "retmsg": "读卡成功",
        "CardType": CARD_TYPES[card.kind],
        "name": card.name,
        "EngName": card.english_name,
        "sex": sex(shown),
        "nation": nation(shown),
        "born": card.birth,
        "address": card.address,
        "cardno": card.number,
        "police": card.issuer,
        "userlifeb": card.valid_from,
        "userlifee": card.valid_to,
        "PassID": card.pass_number,
        "IssuesTimes": card.issues,
        "Reserved": "",
        "photobase64": portrait(shown),
    }
