"""The invented city, written in bulk: firms and sites, then each person's past, then the events of today.

`plan` lays out firms, sites and officials; `lives` gives each person one of the `fates`, taken in `steps` and, where a
site works by one of the two older flows, in `older_steps`; `punches` fills the days; `today` runs the real commands at
the hours of the last days, so that open questions stand in the inboxes; `accounts` lists the logins. The seed and the
present day determine the whole city.
"""
