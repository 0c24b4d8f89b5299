"""Pages of a person on the phone: registration, and the own data."""
