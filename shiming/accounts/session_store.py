"""Django's sessions in the database, read by a prepared statement: every request starts with this query."""

from django.contrib.sessions.backends import db

from shiming.core import prepared_statements

SELECT = """
SELECT session_data, expire_date FROM django_session WHERE session_key = %(key)s AND expire_date > now()
"""


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        row = prepared_statements.fetch_one(SELECT, {"key": self.session_key}) if self.session_key else None
        if row is None:
            self._session_key = None
            return None
        return self.model(session_key=self.session_key, **row)
