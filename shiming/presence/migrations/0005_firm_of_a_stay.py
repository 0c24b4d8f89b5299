import django.db.models.deletion
from django.db import migrations, models

COMPANY = {"db_constraint": False, "db_index": False, "on_delete": django.db.models.deletion.PROTECT}
FIRMS = """
SET statement_timeout = 0;
UPDATE presence_stay SET company_id = place.company_id
  FROM assignment_assignment was JOIN projects_participation place ON place.id = was.participation_id
 WHERE was.id = presence_stay.assignment_id
"""


class Migration(migrations.Migration):
    dependencies = [("companies", "0001_initial"), ("presence", "0004_roster_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="stay", name="stay_newest"),
        migrations.RemoveIndex(model_name="stay", name="stay_of_project"),
        migrations.RemoveIndex(model_name="stay", name="stay_left"),
        migrations.AddField(
            model_name="stay",
            name="company",
            field=models.ForeignKey(null=True, related_name="+", to="companies.company", **COMPANY),
        ),
        migrations.RunSQL(FIRMS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="stay",
            name="company",
            field=models.ForeignKey(related_name="+", to="companies.company", **COMPANY),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(fields=["company", "-entered_on", "-id", "exited_on"], name="stay_of_company"),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(fields=["project", "-entered_on", "-id", "exited_on"], name="stay_of_project"),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(fields=["company", "person"], name="stay_of_company_person"),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(fields=["-entered_on", "-id", "exited_on"], name="stay_newest"),
        ),
    ]
