"""Earlier years: a city is built with the present stays, and this adds the earlier ones.

Written in SQL, because three million model instances are too slow. A person with a stay gets PAST earlier stays on the
sites of the same firm, each with its ended allocation, one after the other and all before the first; so a city has at
least three stays per person.
"""

import psycopg

PAST = 3
PARTS = 20  # transactions: one for a million people would keep ten million foreign key checks in memory
FIRST = """
CREATE TEMP TABLE past AS
WITH places AS (
    SELECT company_id, array_agg(id ORDER BY id) AS ids, array_agg(project_id ORDER BY id) AS projects
    FROM projects_participation GROUP BY company_id
), first AS (
    SELECT DISTINCT ON (stay.person_id) stay.person_id, stay.entered_on, stay.entered_by_id,
        was.employment_id, was.team_id, was.trade, was.role, was.allocated_by_id, was.confirmed_by_id, stay.company_id
    FROM presence_stay stay
    JOIN assignment_assignment was ON was.id = stay.assignment_id
    WHERE abs(hashtext(stay.person_id::text)) %% %(parts)s = %(part)s
    ORDER BY stay.person_id, stay.entered_on
)
SELECT uuidv7() AS stay_id, uuidv7() AS assignment_id, first.*,
    places.ids[chosen.place] AS participation_id, places.projects[chosen.place] AS project_id,
    first.entered_on - number * 110 - chosen.days AS came, first.entered_on - number * 110 + 80 - chosen.days AS went
FROM first JOIN places USING (company_id), generate_series(1, %(past)s) AS number,
    LATERAL (SELECT abs(hashtext(first.person_id::text || number)) AS seed) AS drawn,
    LATERAL (SELECT seed %% cardinality(places.ids) + 1 AS place, seed %% 29 AS days) AS chosen
"""
ALLOCATIONS = """
INSERT INTO assignment_assignment (id, created_at, version, person_id, employment_id, participation_id, project_id,
    role, status, origin, team_id, trade, allocated_on, allocated_by_id, confirmed_at, confirmed_by_id, decision_note,
    ended_at)
SELECT assignment_id, came - interval '2 days', 1, person_id, employment_id, participation_id, project_id,
    role, 'ended', 'allocation', team_id, trade, came - 2, allocated_by_id, came - interval '1 day', confirmed_by_id,
    '', went + interval '17 hours'
FROM past
"""
STAYS = """
INSERT INTO presence_stay (id, created_at, assignment_id, person_id, project_id, company_id, team_id, trade,
    entered_on, entered_at, entered_by_id, method, exited_on, exited_at, exited_by_id, auto, offline,
    overlapping, rating, rating_note)
SELECT stay_id, came, assignment_id, person_id, project_id, company_id, team_id, trade,
    came, came + interval '6 hours', entered_by_id, 'scan', went, went + interval '17 hours', entered_by_id,
    false, false, false, '', ''
FROM past
"""


def fill(connection: psycopg.Connection, say=print) -> None:
    """Fill the database of the bench, as its owner."""
    connection.execute("SET statement_timeout = 0")
    for part in range(PARTS):
        with connection.transaction():
            connection.execute(FIRST, {"parts": PARTS, "part": part, "past": PAST})
            connection.execute(ALLOCATIONS)
            connection.execute(STAYS)
            connection.execute("DROP TABLE past")
    count = connection.execute("SELECT count(*) FROM presence_stay").fetchone()[0]
    say(f"  {count:,} 次进退场")
