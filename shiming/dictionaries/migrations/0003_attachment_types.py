from django.db import migrations

TYPES = ("社保记录", "学历证书", "职称证书", "执业证书", "其他")  # domain.md §11.6


def fill(apps, schema_editor):
    model = apps.get_model("dictionaries", "DictionaryEntry")
    rows = [model(table="attachment_type", code=code, label=code, order=10 * at) for at, code in enumerate(TYPES, 1)]
    model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("dictionaries", "0002_content")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
