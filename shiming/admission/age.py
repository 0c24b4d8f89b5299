"""年龄: the upper age limits of a project, with lower ones for heavy and dangerous trades. Under 18 stays R-46 for all.

The defaults are those of 沪建质安联〔2019〕346号; a project may set its own.
"""

from django import forms

from shiming.admission.checks import Answer, Check, Failure, register
from shiming.dictionaries.queries import choices
from shiming.idcard.number import age_on
from shiming.people.models import Person


class AgeForm(forms.Form):
    """Ages in full years: a person of this age may enter, an older one may not."""

    men = forms.IntegerField(label="男，最高年龄", min_value=18, max_value=100, initial=60)
    women = forms.IntegerField(label="女，最高年龄", min_value=18, max_value=100, initial=50)
    men_heavy = forms.IntegerField(label="男，特殊岗位最高年龄", min_value=18, max_value=100, initial=55)
    women_heavy = forms.IntegerField(label="女，特殊岗位最高年龄", min_value=18, max_value=100, initial=45)
    trades = forms.MultipleChoiceField(
        label="特殊岗位", required=False, widget=forms.CheckboxSelectMultiple, help_text="井下、高空、高温、特别繁重"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trades"].choices = choices("trade")


def judge(answer: Answer) -> list[Failure]:
    """R-51 for a person older than the limit of their sex and trade."""
    sex, trade = answer.facts["sex"], answer.facts["trade"]
    if sex not in LIMITS:
        return []
    heavy = trade in answer.settings["trades"]
    limit = answer.settings[LIMITS[sex] + ("_heavy" if heavy else "")]
    if age_on(answer.birth_date, answer.on) <= limit:
        return []
    return [Failure("R-51", {"post": trade or "本岗位"})]


LIMITS = {Person.Sex.MALE: "men", Person.Sex.FEMALE: "women"}
AGE = register(
    Check(
        code="age",
        label="年龄",
        asks="不超过岗位的最高年龄",
        before="R-22",
        facts="jsonb_build_object('sex', p.sex, 'trade', a.trade)",
        judge=judge,
        form=AgeForm,
    )
)
