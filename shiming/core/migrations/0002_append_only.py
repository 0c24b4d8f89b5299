from django.db import migrations

FUNCTION = """
CREATE FUNCTION shiming_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% 只能追加，不能修改或删除', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
TRIGGERS = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION shiming_append_only();"
    for table in ("core_auditentry", "core_seal")
)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(
            FUNCTION + TRIGGERS,
            "DROP TRIGGER append_only ON core_auditentry; DROP TRIGGER append_only ON core_seal;"
            "DROP FUNCTION shiming_append_only;",
        )
    ]
