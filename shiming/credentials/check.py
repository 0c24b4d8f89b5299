"""The check of certificates: a trade asks for those that are valid on the day of entry (R-50).

Which trade asks for which is data: by default the trades of the entries of the dictionary `credential`; a project may
set its own list.
"""

import re

from django import forms

from shiming.admission.checks import Answer, Check, Failure, register
from shiming.dictionaries import queries as dictionaries

CODE = "credentials"
OR = "或"
BETWEEN = re.compile(r"\s*[或、，,]\s*")
EXAMPLE = "架子工：建筑架子工操作资格证"


class NeedsField(forms.CharField):
    """One need a line, as in EXAMPLE. The value is a list of {trade, any_of}, the codes of the dictionaries.

    Several certificates on one line are alternatives; several lines of one trade are all asked for.
    """

    def __init__(self, **about):
        super().__init__(
            widget=forms.Textarea({"rows": 10, "spellcheck": "false"}), max_length=5_000, strip=False, **about
        )

    def clean(self, value):
        lines = super().clean(value).splitlines()
        return [_need(at, line.strip()) for at, line in enumerate(lines, 1) if line.strip()]

    def prepare_value(self, value):
        return value if isinstance(value, str) else "\n".join(map(_line, value or []))


class CredentialCheckForm(forms.Form):
    needs = NeedsField(
        label="哪些工种须有哪些证书",
        initial=lambda: default_needs(),
        help_text=f"每行一个工种，如“{EXAMPLE}”。几种证书有一种即可的，写在一行，用“或”隔开；都要的，分行写",
    )


def default_needs() -> list[dict]:
    """The needs that the dictionary gives, in its order; the certificates of one trade are alternatives."""
    found: dict[str, list[str]] = {}
    for entry in dictionaries.entries("credential"):
        for trade in entry.extra.get("trades", []) if entry.active else []:
            found.setdefault(trade, []).append(entry.code)
    return [{"trade": trade, "any_of": codes} for trade, codes in found.items()]


def judge(answer: Answer) -> list[Failure]:
    """R-50 for each need of the trade without a certificate that is valid on the day."""
    held, on = answer.facts["held"], answer.on.isoformat()
    needs = [need["any_of"] for need in answer.settings["needs"] if need["trade"] == answer.facts["trade"]]
    lacking = [names for names in needs if not any(held.get(name, "") >= on for name in names)]
    return [Failure("R-50", {"credential": OR.join(names), "detail": _detail(names, held)}) for names in lacking]


def _detail(names: list[str], held: dict[str, str]) -> str:
    ended = [held[name] for name in names if name in held]
    return f"（{max(ended)} 到期）" if ended else ""


def _need(at: int, line: str) -> dict:
    trade, colon, names = (part.strip() for part in line.replace(":", "：").partition("："))
    if not (trade and colon and names):
        raise forms.ValidationError(f"第 {at} 行看不懂，请写成“{EXAMPLE}”")
    given = [names] if dictionaries.find("credential", names) else [name for name in BETWEEN.split(names) if name]
    any_of = [_code("credential", "证书名称", name, at) for name in given]
    return {"trade": _code("trade", "工种", trade, at), "any_of": list(dict.fromkeys(any_of))}


def _code(table: str, label: str, typed: str, at: int) -> str:
    code = dictionaries.find(table, typed)
    if code is None:
        raise forms.ValidationError(f"第 {at} 行的“{typed}”不在字典“{label}”里，请核对，或先在字典里新增")
    return code


def _line(need: dict) -> str:
    names = [dictionaries.label("credential", code) for code in need["any_of"]]
    return f"{dictionaries.label('trade', need['trade'])}：{OR.join(names)}"


# The last valid day of each certificate by its name; one without an end is valid for ever, one of the future not yet.
FACTS = """
SELECT jsonb_build_object('trade', COALESCE(a.trade, ''), 'held', COALESCE(jsonb_object_agg(h.name, h.until)
                          FILTER (WHERE h.name IS NOT NULL), '{}'::jsonb))
  FROM (SELECT c.name, max(COALESCE(c.valid_until, '9999-12-31')) AS until
          FROM people_credential c
         WHERE c.person_id = p.id AND COALESCE(c.valid_from <= %(on)s, TRUE)
         GROUP BY c.name) h"""

CREDENTIALS = register(
    Check(
        code=CODE,
        label="证书",
        asks="工种要求的证书已登记，而且在有效期内",
        before="R-22",
        facts=FACTS,
        judge=judge,
        form=CredentialCheckForm,
    )
)
