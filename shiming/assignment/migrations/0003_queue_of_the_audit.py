from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assignment", "0002_manual_004"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["project", "status", "submitted_at", "id"], name="assignment_queue"),
        ),
    ]
