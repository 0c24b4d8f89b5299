"""安全培训: the row of the admission table. Each level asks for enough hours of trainings that are still valid (R-49).

The defaults are those of 建教〔1997〕83号: 15 hours at company level, 15 at project level, 20 in the team.
"""

from django import forms

from shiming.admission.checks import Answer, Check, Failure, register
from shiming.safety.models import Level

CODE = "training"
MONTHS = 12


class TrainingCheckForm(forms.Form):
    """Smallest hours of each level, 0 where the level is not asked, and how long a training counts."""

    company = forms.FloatField(label="公司级，最少学时", min_value=0, max_value=200, initial=15)
    project = forms.FloatField(label="项目级，最少学时", min_value=0, max_value=200, initial=15)
    team = forms.FloatField(label="班组级，最少学时", min_value=0, max_value=200, initial=20)
    months = forms.IntegerField(
        label="最长有效月数", min_value=1, max_value=120, initial=MONTHS, help_text="登记的有效期更短的，按登记的"
    )


def judge(answer: Answer) -> list[Failure]:
    """R-49 with every level that lacks hours."""
    lacking = [
        f"{level.label} {asked:g} 学时，已有 {had:g}"
        for level in Level
        if (had := answer.facts[level.value]) < (asked := answer.settings[level.value])
    ]
    return [Failure("R-49", {"missing": "；".join(lacking)})] if lacking else []


FACTS = """
SELECT jsonb_build_object('company', COALESCE(sum(t.hours) FILTER (WHERE t.level = 'company'), 0),
                          'project', COALESCE(sum(t.hours) FILTER (WHERE t.level = 'project'), 0),
                          'team', COALESCE(sum(t.hours) FILTER (WHERE t.level = 'team'), 0))
  FROM safety_training t
 WHERE t.person_id = p.id AND t.passed AND t.removed_at IS NULL AND t.taken_on <= %(on)s AND t.valid_until >= %(on)s
   AND t.taken_on + make_interval(months => (k.settings ->> 'months')::int) >= %(on)s
   AND (t.project_id = r.id
        OR t.level = 'company'
           AND t.company_id = (SELECT w.company_id FROM projects_participation w WHERE w.id = a.participation_id))"""

TRAINING = register(
    Check(
        code=CODE,
        label="安全培训",
        asks="三级教育的学时够数，而且都在有效期内",
        before="R-22",
        facts=FACTS,
        judge=judge,
        form=TrainingCheckForm,
    )
)
