"""Passwords too easy to guess: names of the product and the firm, rows of digits, repetitions.

The profile `dengbao3` (等级保护三级) adds what its assessors require: three kinds of characters, and a new password every 90
days.
"""

from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

HOUSE_WORDS = ("shiming", "实名", "建筑", "工人", "工地", "管理", "password", "密码", "admin", "qwerty", "asdf")
LEAST_OF_ONES_OWN = 6
LEAST_DIFFERENT = 5
KINDS = (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())
LEAST_KINDS = 3
LASTS = timedelta(days=90)


class NotTheObvious:
    def validate(self, password: str, user=None) -> None:
        rest = password.lower()
        for word in sorted({*HOUSE_WORDS, *_words_of(user)}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < LEAST_OF_ONES_OWN:
            raise ValidationError("密码里除了企业名、姓名、用户名和常见的词，自己想的内容太少")
        if len(set(rest)) < LEAST_DIFFERENT or _is_a_row(rest):
            raise ValidationError("密码太有规律，容易被猜到")

    def get_help_text(self) -> str:
        return "不要用企业名、姓名或常见的词，也不要用连续或重复的字符。"


class AsTheProfileAsks:
    def validate(self, password: str, user=None) -> None:
        if not strict():
            return
        if sum(any(map(belongs, password)) for belongs in KINDS) < LEAST_KINDS:
            raise ValidationError("密码须含大写字母、小写字母、数字、符号中的至少三类")
        if user is not None and user.has_password and user.check_password(password):
            raise ValidationError("新密码不能与现在的密码相同")

    def get_help_text(self) -> str:
        return f"须含大写字母、小写字母、数字、符号中的至少三类，每 {LASTS.days} 天更换一次。" if strict() else ""


def strict() -> bool:
    return settings.PASSWORD_PROFILE == "dengbao3"


def is_due(user) -> bool:
    """Whether the password must be changed before any other page opens."""
    return strict() and user.has_password and (user.password_set_at or user.created_at) < timezone.now() - LASTS


def _words_of(user) -> set[str]:
    if user is None:
        return set()
    firms = {name for post in user.posts.select_related("company") if (name := post.company.name)}
    return {word.lower() for word in (user.username, user.name, *firms) if len(word) > 1}


def _is_a_row(text: str) -> bool:
    """Rows like 123456789012, abcdefabcdef: nine of ten steps lead to the next character."""
    steps = [ord(later) - ord(earlier) for earlier, later in pairwise(text)]
    return sum(step in (1, -1, 0, -9) for step in steps) >= len(steps) * 0.9
