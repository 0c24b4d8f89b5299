"""限制进场: the row of the admission table (R-47). It reads the dates of the entries itself, so none outlives its end.

The facts hold neither category nor evidence: the gate learns only that an entry exists.
"""

from shiming.admission.checks import Answer, Check, Failure, register

CODE = "restriction"


def judge(answer: Answer) -> list[Failure]:
    return [Failure("R-47", {})] if answer.facts["restricted"] else []


FACTS = """
SELECT jsonb_build_object('restricted', EXISTS (
       SELECT FROM restrictions_restriction x
        WHERE x.person_id = p.id AND x.status <> 'lifted' AND x.from_date <= %(on)s AND x.until >= %(on)s
          AND (x.project_id = r.id
               OR x.project_id IS NULL
                  AND EXISTS (SELECT FROM projects_participation w
                               WHERE w.project_id = r.id AND w.company_id = x.company_id AND w.left_on IS NULL))
          AND (x.alone_until >= %(on)s
               OR EXISTS (SELECT FROM restrictions_opinion o
                           WHERE o.restriction_id = x.id AND o.project_id = r.id AND o.status = 'opinion_agreed'))))"""

RESTRICTION = register(
    Check(
        code=CODE,
        label="限制进场",
        asks="不在限制进场名单中",
        before="R-45",
        facts=FACTS,
        judge=judge,
        while_on_site=True,
    )
)
