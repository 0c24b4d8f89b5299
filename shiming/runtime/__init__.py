"""Runs Shiming on one machine: the embedded PostgreSQL, the web processes, the worker."""
