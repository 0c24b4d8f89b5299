import django.db.models.deletion
from django.db import migrations, models

CREWS = """
SET statement_timeout = 0;
UPDATE presence_stay SET team_id = was.team_id, trade = was.trade
  FROM assignment_assignment was WHERE was.id = presence_stay.assignment_id
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("presence", "0005_firm_of_a_stay")]

    operations = [
        migrations.RemoveIndex(model_name="stay", name="stay_of_company"),
        migrations.RemoveIndex(model_name="stay", name="stay_of_project"),
        migrations.AddField(
            model_name="stay",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="projects.team",
            ),
        ),
        migrations.AddField(
            model_name="stay",
            name="trade",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="从事主要工种"),
            preserve_default=False,
        ),
        migrations.RunSQL(CREWS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                fields=["company", "-entered_on", "-id", "exited_on", "trade", "team"], name="stay_of_company"
            ),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                fields=["project", "-entered_on", "-id", "exited_on", "company", "trade", "team"],
                name="stay_of_project",
            ),
        ),
    ]
