"""The backend Django calls at each request: the user of the session, while the account is active."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from shiming.accounts.models import User
from shiming.core import prepared_statements

FIELDS = [field.attname for field in User._meta.concrete_fields]
SELECT = str(User.objects.filter(is_active=True).query) + ' AND "accounts_user"."id" = %(id)s'


class Accounts(BaseBackend):
    def get_user(self, user_id):
        row = prepared_statements.fetch_one(SELECT, {"id": UUID(str(user_id))})
        return User.from_db("default", FIELDS, [row[name] for name in FIELDS]) if row else None
