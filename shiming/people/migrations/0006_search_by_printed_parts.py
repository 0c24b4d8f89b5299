"""Search tokens of the parts that lists print, and of names without look-alike characters."""

from django.db import migrations

from shiming.people.models import tokens_of

CHUNK = 2000


def renew(apps, schema_editor):
    person = apps.get_model("people", "Person")
    rows = person.objects.only("name", "id_number", "phone", "search_tokens").order_by("pk")
    chunk = []
    for row in rows.iterator(chunk_size=CHUNK):
        row.search_tokens = tokens_of(row.name, row.id_number.plain, row.phone.plain if row.phone else "")
        chunk.append(row)
        if len(chunk) == CHUNK:
            person.objects.bulk_update(chunk, ["search_tokens"])
            chunk = []
    person.objects.bulk_update(chunk, ["search_tokens"])


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0005_consent_to_history"),
    ]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
