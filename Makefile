.PHONY: setup run demo test check bench screens clean

setup:
	@scripts/setup dev

run:
	@scripts/setup face
	@exec .venv/bin/shiming run

demo:
	@scripts/setup face
	@exec .venv/bin/shiming demo $(if $(PEOPLE),--people $(PEOPLE))

test:
	@scripts/timed test scripts/test

check:
	@scripts/timed check scripts/check

bench:
	@scripts/setup dev
	@scripts/timed bench .venv/bin/python -m bench

screens:
	@scripts/setup dev
	@scripts/install-test-packages
	@scripts/timed screens .venv/bin/python -m tests.screens

clean:
	@rm -rf .venv .pytest_cache .ruff_cache .hypothesis screens staticfiles
