from django.db import migrations

TABLE = """
CREATE SEQUENCE attendance_event_seq AS bigint;
CREATE TABLE attendance_event (
    -- xid before seq: see core/seals.py
    xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    seq bigint NOT NULL DEFAULT nextval('attendance_event_seq'),
    project_id uuid NOT NULL,
    event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    person_id uuid NOT NULL,
    received_at timestamptz NOT NULL,
    direction varchar(8) NOT NULL CHECK (direction IN ('in', 'out', 'unknown')),
    method varchar(12) NOT NULL,
    by varchar(100) NOT NULL,
    by_user_id uuid,
    device varchar(60) NOT NULL,
    offline boolean NOT NULL,
    clock_gap boolean NOT NULL,
    photo_id uuid,
    place varchar(60) NOT NULL,
    note varchar(200) NOT NULL,
    PRIMARY KEY (project_id, event_id, occurred_at)
) PARTITION BY RANGE (occurred_at);
ALTER SEQUENCE attendance_event_seq OWNED BY attendance_event.seq;
CREATE TABLE attendance_event_other PARTITION OF attendance_event DEFAULT;
CREATE INDEX attendance_of_person ON attendance_event (person_id, occurred_at);
CREATE INDEX attendance_of_project ON attendance_event (project_id, occurred_at);
CREATE INDEX attendance_event_by_seq ON attendance_event (seq);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON attendance_event
    FOR EACH ROW EXECUTE FUNCTION shiming_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE attendance_event;")]
