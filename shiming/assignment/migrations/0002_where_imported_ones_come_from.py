from django.db import migrations, models

ORIGINS = [
    ("allocation", "分配"),
    ("qr", "项目二维码"),
    ("sync", "合同同步"),
    ("direct_entry", "现场登记"),
    ("imported", "导入"),
]


def tell_apart(apps, schema_editor):
    """登记台办的分配没有分配人；有分配人的，是从旧系统转入的。"""
    rows = apps.get_model("assignment", "Assignment").objects.filter(origin="direct_entry")
    rows.filter(allocated_by__isnull=False).update(origin="imported")


def as_before(apps, schema_editor):
    apps.get_model("assignment", "Assignment").objects.filter(origin="imported").update(origin="direct_entry")


class Migration(migrations.Migration):
    dependencies = [("assignment", "0001_initial")]

    operations = [
        migrations.AlterField(
            "assignment",
            "origin",
            models.CharField("来源", max_length=12, choices=ORIGINS, default="allocation"),
        ),
        migrations.RunPython(tell_apart, as_before),
    ]
