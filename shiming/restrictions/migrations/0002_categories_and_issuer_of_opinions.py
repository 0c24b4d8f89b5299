from django.db import migrations

CATEGORIES = ("严重违反安全规程", "打架斗殴", "盗窃或损坏财物", "酒后上岗", "使用虚假证件", "扰乱现场管理", "其他")

# The key of the issuer in an opinion is that of its entry, so the CHECK on the row compares with the real issuer.
ISSUER = """
ALTER TABLE restrictions_opinion ADD CONSTRAINT opinion_repeats_the_issuer
    FOREIGN KEY (restriction_id, issuer_key) REFERENCES restrictions_restriction (id, issuer_key)
    ON DELETE CASCADE"""


def write(apps, schema_editor):
    model = apps.get_model("dictionaries", "DictionaryEntry")
    rows = [
        model(table="restriction_category", code=code, label=code, order=10 * at) for at, code in enumerate(CATEGORIES, 1)
    ]
    model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("restrictions", "0001_initial"), ("dictionaries", "0004_manager_tables")]
    operations = [
        migrations.RunSQL(ISSUER, "ALTER TABLE restrictions_opinion DROP CONSTRAINT opinion_repeats_the_issuer"),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
