"""Faces [004]: consent, enrolment, 人工核验, comparison; the engine is an adaptor."""
