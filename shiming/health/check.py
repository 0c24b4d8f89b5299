"""防疫准入: the row of the admission table. Entry asks for an open pre-registration and for 可进场 (R-33, R-34).

The disposition belongs to the person, so it blocks at every site with the overlay (domain.md §12.3).
"""

from django import forms

from shiming.admission.checks import Answer, Check, Effect, Failure, register
from shiming.health.models import Status

CODE = "health"
LABELS = dict(Status.choices)


class HealthCheckForm(forms.Form):
    declaration_days = forms.IntegerField(
        label="健康申报有效天数",
        min_value=1,
        max_value=90,
        initial=14,
        help_text="预登记时申报早于这些天的，提醒后可继续",
    )
    retention_days = forms.IntegerField(
        label="停用后保存天数",
        min_value=1,
        max_value=365,
        initial=30,
        help_text="停用后只能查看，过了这些天自动删除",
    )


def judge(answer: Answer) -> list[Failure]:
    """At a punch only R-34: people who were on site before the first day need no pre-registration."""
    known = answer.facts
    found = []
    if known["place"] is None and not answer.on_site:
        found.append(Failure("R-33", {}))
    if known["status"] != Status.CLEAR:
        found.append(Failure("R-34", {"status": LABELS[known["status"]]}))
    if known["place"] and known["allocated"] and known["place"] != known["allocated"] and not answer.on_site:
        found.append(Failure("W-03", {"company": known["company"]}, effect=Effect.WARN))
    return found


FACTS = """
SELECT jsonb_build_object(
         'place', g.participation_id, 'company', g.name, 'allocated', a.participation_id,
         'status', COALESCE((SELECT d.status FROM health_disposition d
                              WHERE d.person_id = p.id ORDER BY d.id DESC LIMIT 1), 'clear'))
  FROM (VALUES (0)) one
  LEFT JOIN LATERAL (
       SELECT q.participation_id, c.name
         FROM health_preregistration q
         JOIN projects_participation n ON n.id = q.participation_id
         JOIN companies_company c ON c.id = n.company_id
        WHERE q.person_id = p.id AND q.project_id = r.id AND q.ended_at IS NULL) g ON TRUE"""

HEALTH = register(
    Check(
        code=CODE,
        label="防疫准入",
        asks="进场前已预登记，当前状态为可进场",
        before="R-26",
        facts=FACTS,
        judge=judge,
        effects=(Effect.REFUSE,),
        form=HealthCheckForm,
        while_on_site=True,
    )
)
