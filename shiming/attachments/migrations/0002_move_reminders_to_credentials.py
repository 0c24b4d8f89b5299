"""The reminders of certificates move to the app `credentials`; the rows stay."""

from django.db import migrations

RENAME = "ALTER TABLE attachments_credentialreminder RENAME TO credentials_credentialreminder"
BACK = "ALTER TABLE credentials_credentialreminder RENAME TO attachments_credentialreminder"


class Migration(migrations.Migration):
    dependencies = [("attachments", "0001_attachments_and_reminders")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel("CredentialReminder")],
            database_operations=[migrations.RunSQL(RENAME, BACK)],
        )
    ]
