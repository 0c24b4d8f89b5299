from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_sheet_columns")]

    operations = [
        migrations.CreateModel(
            name="WordChoice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owner", models.UUIDField(verbose_name="企业或账号")),
                ("sheet", models.CharField(max_length=30, verbose_name="种类")),
                ("column", models.CharField(max_length=30, verbose_name="栏")),
                ("word", models.CharField(max_length=60, verbose_name="写法")),
                ("meaning", models.CharField(max_length=100, verbose_name="选的词")),
            ],
            options={
                "verbose_name": "词的对应",
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "sheet", "column", "word"), name="one_meaning_per_word")
                ],
            },
        ),
    ]
