from django.db import migrations

# 处置方式 → the status that it sets.
WAYS = (
    ("未发现异常情况 同意进场", "clear"),
    ("隔离期满 同意进场", "clear"),
    ("治愈出院 同意进场", "clear"),
    ("集中隔离观察", "isolate"),
    ("居家隔离观察", "isolate"),
    ("疑似病例 送医排查", "suspected"),
    ("确诊病例 住院治疗", "confirmed"),
)


def write(apps, schema_editor):
    model = apps.get_model("dictionaries", "DictionaryEntry")
    rows = [
        model(table="disposition", code=code, label=code, order=10 * at, extra={"status": status})
        for at, (code, status) in enumerate(WAYS, 1)
    ]
    model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("health", "0001_initial"), ("dictionaries", "0004_manager_tables")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
