"""总包单位类型: the words of manual [002] for the kinds of companies."""

from django.db import migrations

TYPES = {
    "general": "施工企业",
    "specialist": "专业承包企业",
    "labour": "劳务企业",
    "supervision": "监理企业",
    "implementing": "建设单位",
    "other": "其他",
}


def fill(apps, schema_editor):
    model = apps.get_model("dictionaries", "DictionaryEntry")
    model.objects.bulk_create(
        [
            model(table="contractor_type", code=code, label=label, order=order * 10)
            for order, (code, label) in enumerate(TYPES.items(), 1)
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial"), ("dictionaries", "0004_manager_tables")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
