"""Kinds of documents, search tokens of the parts that lists print, and of names without look-alike characters."""

from django.db import migrations, models

from shiming.idcard.documents import kind_of
from shiming.people.models import tokens_of

CHUNK = 2000
FIELDS = ["document_kind", "search_tokens"]


def renew(apps, schema_editor):
    person = apps.get_model("people", "Person")
    rows = person.objects.only("name", "id_number", "phone", *FIELDS).order_by("pk")
    chunk = []
    for row in rows.iterator(chunk_size=CHUNK):
        number = row.id_number.plain
        row.document_kind = kind_of(number)
        row.search_tokens = tokens_of(row.name, number, row.phone.plain if row.phone else "")
        chunk.append(row)
        if len(chunk) == CHUNK:
            person.objects.bulk_update(chunk, FIELDS)
            chunk = []
    person.objects.bulk_update(chunk, FIELDS)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_certificates_valid_from_a_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="document_kind",
            field=models.CharField(
                choices=[
                    ("resident", "居民身份证"),
                    ("foreigner", "外国人永久居留身份证"),
                    ("hk_macau", "港澳居民居住证"),
                    ("taiwan", "台湾居民居住证"),
                    ("passport", "护照"),
                ],
                default="resident",
                max_length=10,
                verbose_name="证件类型",
            ),
        ),
        migrations.RunPython(renew, migrations.RunPython.noop),
    ]
