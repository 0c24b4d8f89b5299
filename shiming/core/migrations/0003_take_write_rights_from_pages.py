from django.db import migrations

# Everyone who was granted the tables of the evidence, except their owner, may only read and add; keys are added by
# migrations alone. The roles are read from the database, since an outside server may call them otherwise.
TAKE_RIGHTS = """
DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT t.relname, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END AS role
          FROM pg_class t
         CROSS JOIN LATERAL aclexplode(t.relacl) a
          LEFT JOIN pg_roles r ON r.oid = a.grantee
         WHERE t.oid IN ('core_auditentry'::regclass, 'core_seal'::regclass, 'core_datakey'::regclass)
           AND a.grantee <> t.relowner
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM %s', granted.relname, granted.role);
        IF granted.relname = 'core_datakey' THEN
            EXECUTE format('REVOKE INSERT ON core_datakey FROM %s', granted.role);
        END IF;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [("core", "0002_name_records_in_seals")]

    operations = [migrations.RunSQL(TAKE_RIGHTS, migrations.RunSQL.noop)]
