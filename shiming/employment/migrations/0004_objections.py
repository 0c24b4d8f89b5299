from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("employment", "0003_lists_of_large_firms")]

    operations = [
        migrations.AddField(
            "employment", "objected_at", models.DateTimeField("本人提出异议时间", null=True, blank=True)
        ),
        migrations.AddField("employment", "objection", models.CharField("本人异议", max_length=200, blank=True)),
    ]
