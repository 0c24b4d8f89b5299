"""Pages about people for companies, sites, regulators and administrators."""
