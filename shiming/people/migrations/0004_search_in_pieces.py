import django.contrib.postgres.indexes
from django.db import migrations

AFTER = django.contrib.postgres.indexes.GinIndex(
    fastupdate=True, fields=["search_tokens"], gin_pending_list_limit=256, name="person_search"
)


class Migration(migrations.Migration):
    """The index stays as it stands; only how new entries come into it changes."""

    dependencies = [("people", "0003_drafts")]

    operations = [
        migrations.RunSQL(
            "ALTER INDEX person_search SET (fastupdate = on, gin_pending_list_limit = 256)",
            "ALTER INDEX person_search SET (fastupdate = off); ALTER INDEX person_search RESET (gin_pending_list_limit)",
            state_operations=[
                migrations.RemoveIndex("person", "person_search"),
                migrations.AddIndex("person", AFTER),
            ],
        ),
    ]
