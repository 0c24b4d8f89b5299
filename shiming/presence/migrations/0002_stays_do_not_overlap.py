import django.contrib.postgres.constraints
import shiming.presence.periods
import uuid
from django.db import migrations, models

# Stays that overlapped before this version keep their days: the later one is marked, shown as 日期重叠 on the page of
# the person, and left out of the constraint. Attendance counts each day once, so no total changes.
MARK = """
UPDATE presence_stay later
   SET overlapping = TRUE
 WHERE EXISTS (
       SELECT FROM presence_stay earlier
        WHERE earlier.person_id = later.person_id AND earlier.project_id = later.project_id
          AND (earlier.entered_on, earlier.id) < (later.entered_on, later.id)
          AND NOT (earlier.exited_on = earlier.entered_on AND later.exited_on = later.entered_on)
          AND tsrange(earlier.entered_on::timestamp, earlier.exited_on::timestamp,
                      CASE WHEN earlier.entered_on = earlier.exited_on THEN '[]' ELSE '()' END)
           && tsrange(later.entered_on::timestamp, later.exited_on::timestamp,
                      CASE WHEN later.entered_on = later.exited_on THEN '[]' ELSE '()' END))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('presence', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='stay',
            name='overlapping',
            field=models.BooleanField(default=False, editable=False, verbose_name='日期重叠'),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='stay',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('overlapping', False)), expressions=[('person', '='), ('project', '='), (shiming.presence.periods.Span(), '&&'), (models.Case(models.When(models.Q(('exited_on', models.F('entered_on'))), then=models.Value(uuid.UUID('00000000-0000-0000-0000-000000000000'), models.UUIDField())), default=models.F('id'), output_field=models.UUIDField()), '<>')], name='stays_do_not_overlap', violation_error_message='进场日期早于上次退场日期'),
        ),
    ]
