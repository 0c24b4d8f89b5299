import shiming.core.ids
import shiming.core.privacy
from django.db import migrations, models

# Whole rows go when their days are over (SHIMING_RAW_DAYS); within the first week, or in part, never.
TRIGGERS = """
CREATE TRIGGER append_only BEFORE UPDATE ON api_received
    FOR EACH ROW EXECUTE FUNCTION shiming_append_only();
CREATE TRIGGER kept_a_week BEFORE DELETE ON api_received
    FOR EACH ROW WHEN (OLD.created_at > now() - interval '7 days') EXECUTE FUNCTION shiming_append_only();
"""
NO_TRIGGERS = "DROP TRIGGER append_only ON api_received; DROP TRIGGER kept_a_week ON api_received;"


class Migration(migrations.Migration):
    dependencies = [("api", "0001_answers"), ("core", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="Received",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shiming.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                ("project_id", models.UUIDField()),
                ("request_id", models.CharField(max_length=36, verbose_name="请求编号")),
                ("path", models.CharField(max_length=60, verbose_name="地址")),
                ("sender", models.CharField(max_length=100, verbose_name="送件的密钥")),
                ("address", models.CharField(max_length=45, verbose_name="来源地址")),
                ("headers", models.JSONField(verbose_name="请求头")),
                ("body", shiming.core.privacy.SecretField(editable=False, verbose_name="原文")),
            ],
            options={
                "verbose_name": "打卡来件",
                "indexes": [
                    models.Index(fields=["created_at"], name="received_by_age"),
                    models.Index(fields=["project_id", "-created_at"], name="received_at_site"),
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
