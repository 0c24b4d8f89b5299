from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("employment", "0004_objections")]

    operations = [
        migrations.AddIndex(
            "employment",
            models.Index(
                fields=["-objected_at", "-id"],
                name="employment_objections",
                condition=models.Q(("objected_at__isnull", False)),
            ),
        ),
    ]
