"""The invented city, written in bulk: firms and sites, then what became of each person, then what happens today.

`plan` lays out firms, sites and officials; `lives` gives each person one of the `fates`, taken in `steps` and, where a
site works by one of the two older flows, in `older_steps`; `punches` fills the days; `today` lets the real commands run
at the hours of the last days, so that everything that waits for an answer waits in somebody's inbox; `accounts` says
how to get in. Everything follows from a seed and the present day.
"""
