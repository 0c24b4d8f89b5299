"""Kinds of identity documents and how their numbers tell them apart."""

import re
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Document(StrEnum):
    RESIDENT = "resident"
    FOREIGNER = "foreigner"
    HK_MACAU = "hk_macau"
    TAIWAN = "taiwan"
    PASSPORT = "passport"

    @property
    def label(self):
        return LABELS[self]


LABELS = {
    Document.RESIDENT: _("居民身份证"),
    Document.FOREIGNER: _("外国人永久居留身份证"),
    Document.HK_MACAU: _("港澳居民居住证"),
    Document.TAIWAN: _("台湾居民居住证"),
    Document.PASSPORT: _("护照"),
}
CHOICES = [(kind.value, label) for kind, label in LABELS.items()]

# The form of 2017: nationality, place of application, birthday as yymmdd, two digits.
FOREIGNER_2017 = re.compile(r"[A-Z]{3}[0-9]{4}([0-9]{6})[0-9]{2}")
# Only numbers with a letter at their head differ from a slip in a number of 18 digits; the others are passports by
# the choice of the user.
PASSPORT = re.compile(r"(?=.{6,9}$)[A-Z]{1,3}[0-9]{5,8}")
CHOSEN_PASSPORT = re.compile(r"[A-Z0-9]{5,12}")


def kind_of(number: str) -> Document:
    """The kind of a valid number: the residence permits have provinces of their own, foreigners begin with 9."""
    if len(number) == 18:
        if number[0] == "9":
            return Document.FOREIGNER
        permits = {"81": Document.HK_MACAU, "82": Document.HK_MACAU, "83": Document.TAIWAN}
        return permits.get(number[:2], Document.RESIDENT)
    return Document.FOREIGNER if FOREIGNER_2017.fullmatch(number) else Document.PASSPORT


def tells_no_birthday(number: str, kind: str = "") -> bool:
    """Whether birthday and sex must be given beside this number, because it does not have them."""
    if kind == Document.PASSPORT:
        return bool(CHOSEN_PASSPORT.fullmatch(number))
    return bool(FOREIGNER_2017.fullmatch(number) or PASSPORT.fullmatch(number))
