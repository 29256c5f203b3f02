# make demo   what it does, on DuckDB, in a minute      make test   everything that is checked
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-matrix test-kill lint bench clean

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --constraint constraints.txt --editable . --group dev
	touch $@

demo: .venv/ready
	$(BIN)/execlog demo --folder build/demo

lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: .venv/ready lint
	$(BIN)/pytest

test-matrix: .venv/ready
	$(BIN)/python -m tests.matrix

test-kill: .venv/ready
	EXECLOG_KILLS=60 $(BIN)/pytest tests/kill

bench: .venv/ready
	$(BIN)/python -m benchmarks.overhead

clean:
	rm -rf .venv build dist target logs .pytest_cache .mypy_cache .ruff_cache .hypothesis examples/jaffle_shop/target
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
