"""国务院办公厅公布的放假安排，2024 至 2026 年。以后各年由管理员在字典里录入。"""

from datetime import date, timedelta

from django.db import migrations

# (年, 节日, 起, 止, 调休上班日)
HOLIDAYS = [
    (2024, "元旦", "01-01", "01-01", ()),
    (2024, "春节", "02-10", "02-17", ("02-04", "02-18")),
    (2024, "清明节", "04-04", "04-06", ("04-07",)),
    (2024, "劳动节", "05-01", "05-05", ("04-28", "05-11")),
    (2024, "端午节", "06-10", "06-10", ()),
    (2024, "中秋节", "09-15", "09-17", ("09-14",)),
    (2024, "国庆节", "10-01", "10-07", ("09-29", "10-12")),
    (2025, "元旦", "01-01", "01-01", ()),
    (2025, "春节", "01-28", "02-04", ("01-26", "02-08")),
    (2025, "清明节", "04-04", "04-06", ()),
    (2025, "劳动节", "05-01", "05-05", ("04-27",)),
    (2025, "端午节", "05-31", "06-02", ()),
    (2025, "国庆节、中秋节", "10-01", "10-08", ("09-28", "10-11")),
    (2026, "元旦", "01-01", "01-03", ("01-04",)),
    (2026, "春节", "02-15", "02-23", ("02-14", "02-28")),
    (2026, "清明节", "04-04", "04-06", ()),
    (2026, "劳动节", "05-01", "05-05", ("05-09",)),
    (2026, "端午节", "06-19", "06-21", ()),
    (2026, "中秋节", "09-25", "09-27", ()),
    (2026, "国庆节", "10-01", "10-07", ("09-20", "10-10")),
]


def days():
    for year, name, first, last, worked in HOLIDAYS:
        day, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}")
        while day <= end:
            yield day.isoformat(), name
            day += timedelta(days=1)
        for code in worked:
            yield f"{year}-{code}", f"{name}调休上班"


def fill(apps, schema_editor):
    entry = apps.get_model("core", "DictionaryEntry")
    rows = [entry(table="holiday", code=code, label=label, order=0) for code, label in days()]
    entry.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
