# Two commands do everything: `make serve` and `make test`. Each installs what it needs, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: serve test check lint types pytest clean

serve: $(VENV)/.serving  ## the page and the endpoint on 127.0.0.1:7860
	$(BIN)/banmian serve

test: $(VENV)/.development  ## everything CI runs
	$(MAKE) check

check: lint types pytest

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Mypy does not follow the folder mapping of an editable install, so what is checked is what ships: the wheel.
types: $(VENV)/.development
	rm -rf build/wheel build/site
	$(BIN)/python -m build --quiet --wheel --no-isolation --outdir build/wheel
	$(PIP) --no-deps --target build/site build/wheel/*.whl
	cd build && MYPYPATH=site ../$(BIN)/mypy --config-file ../pyproject.toml --explicit-package-bases \
		-p banmian.data -p banmian.serving -p banmian.eval -p banmian.training

pytest: $(VENV)/.development
	$(BIN)/python -m pytest

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.serving: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable '.[onnx]'
	touch $@

$(VENV)/.development: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable '.[dev,scan]'
	touch $@ $(VENV)/.serving

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache
