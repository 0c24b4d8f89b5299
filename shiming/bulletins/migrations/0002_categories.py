from django.db import migrations

CATEGORIES = ("通知公告", "操作说明", "政策文件", "系统维护")


def write(apps, schema_editor):
    model = apps.get_model("dictionaries", "DictionaryEntry")
    rows = [model(table="bulletin", code=code, label=code, order=10 * at) for at, code in enumerate(CATEGORIES, 1)]
    model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0001_bulletins"), ("dictionaries", "0004_manager_tables")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
