# make demo   what it does, on DuckDB, in a minute      make test   everything that is checked
# make stream   a load with gates and reports, on DuckDB
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo stream test test-matrix test-kill lint bench clean

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/pip install --quiet --constraint constraints.txt --editable . --group dev
	touch $@

demo: .venv/ready
	$(BIN)/execlog demo --folder build/demo

stream: .venv/ready
	rm -rf build/stream && mkdir -p build && cp -r examples/bcfinsg build/stream
	cd build/stream && sh demo.sh $(CURDIR)/$(BIN)

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
