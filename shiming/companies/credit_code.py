"""The unified social credit code (GB 32100) and the organisation code inside it (GB 11714)."""

import unicodedata

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class InvalidCreditCode(ValueError):
    """`position` counts from 1; None when the error has no single place."""

    def __init__(self, position: int | None, reason: str):
        super().__init__(position, reason)
        self.position, self.reason = position, reason

    def __str__(self) -> str:
        if self.position is None:
            return _("统一社会信用代码无效：%(reason)s") % {"reason": self.reason}
        head = _("统一社会信用代码无效，请核对第 %(position)d 位") % {"position": self.position}
        return f"{head}：{self.reason}"


def parse(text: str) -> str:
    """The normalised code; raises InvalidCreditCode."""
    code = normalise(text)
    if len(code) != 18:
        raise InvalidCreditCode(None, format_lazy(_("应为 18 位，现有 {count} 位"), count=len(code)))
    for place, character in enumerate(code, 1):
        if character not in VALUES:
            raise InvalidCreditCode(place, _("只能是数字和大写字母，不用 I、O、S、V、Z"))
    if check_character(code[:17]) != code[17]:
        raise InvalidCreditCode(18, _("校验码与前 17 位不符，可能是任何一位写错"))
    if organisation_check(code[8:16]) != code[16]:
        raise InvalidCreditCode(17, _("第 9 至 17 位不是有效的组织机构代码"))
    return code


def normalise(text: str) -> str:
    """Narrow the characters, drop spaces and hyphens, upper-case the letters."""
    narrow = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in narrow if not character.isspace() and character != "-")


def is_valid(code: str) -> bool:
    try:
        return parse(code) == code
    except InvalidCreditCode:
        return False


def make(head: str, organisation: str) -> str:
    """A valid code from its first eight characters (authority, category, region) and eight of the organisation."""
    first_17 = head + organisation + organisation_check(organisation)
    return first_17 + check_character(first_17)


def check_character(first_17: str) -> str:
    total = sum(weight * VALUES[character] for weight, character in zip(WEIGHTS, first_17, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(first_8: str) -> str:
    values = (ORGANISATION_ALPHABET.index(character) for character in first_8)
    total = sum(weight * value for weight, value in zip(ORGANISATION_WEIGHTS, values, strict=True))
    return "0123456789X"[-total % 11]
