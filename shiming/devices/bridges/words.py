"""The notations of bridges for the data of a card."""

from base64 import b64encode

from shiming.devices.bridges import Shown

SEXES = {"1": "男", "2": "女"}


def portrait(shown: Shown) -> str:
    return b64encode(shown.portrait).decode()


def sex(shown: Shown) -> str:
    return SEXES.get(shown.card.sex, "未知")


def nation(shown: Shown) -> str:
    return shown.card.ethnicity.removesuffix("族")


def dotted(day: str) -> str:
    return f"{day[:4]}.{day[4:6]}.{day[6:]}" if len(day) == 8 else day
