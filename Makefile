# make run   the chat, at http://127.0.0.1:7860
# make test  every test
# make check ruff and mypy; make -j check uses every core
# make eval  the known answers, as a table, JSON and an HTML page
# make bench SQUAD=FILE the long measurements
# make screenshots the pictures in docs/
# make lock  constraints.txt anew from pyproject.toml; make lock UPGRADE=--upgrade takes newer versions
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --constraint constraints.txt

.PHONY: run test check style types-linux types-darwin types-win32 eval bench screenshots lock programs clean

run: .venv/run.stamp
	$(BIN)/attest pull
	$(BIN)/attest index
	$(BIN)/attest serve

test: .venv/dev.stamp programs
	$(BIN)/attest pull
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: style types-linux types-darwin types-win32

style: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

# What is known of the types of one system is of no use to another.
types-linux types-darwin types-win32: types-%: .venv/dev.stamp
	$(BIN)/mypy --platform $* --cache-dir .mypy_cache/$*

eval: .venv/run.stamp
	$(BIN)/attest pull
	$(BIN)/attest index
	$(BIN)/attest eval

bench: .venv/dev.stamp
	@test -n "$(SQUAD)" || { echo 'Give files in SQuAD format: make bench SQUAD=dev-v2.0.json' >&2; exit 2; }
	$(BIN)/attest pull
	$(BIN)/attest eval --dataset squad $(SQUAD) --limit 300 --seed 1
	$(BIN)/attest eval --dataset conversations
	$(BIN)/python -m eval.bench $(SQUAD) --out reports/bench.md

screenshots: .venv/dev.stamp programs
	$(BIN)/attest pull
	$(BIN)/python -m tests.support.screenshots

# For every supported Python and system, and all extras; a pin stays unless it no longer fits.
lock: .venv/dev.stamp
	$(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 --all-extras \
	--no-annotate --custom-compile-command 'make lock' $(UPGRADE) --output-file constraints.txt pyproject.toml

# A stamp is made last, so that an interrupted installation is taken up again.
.venv/run.stamp: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Attest needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) torch
	$(PIP) --editable .
	touch $@

.venv/dev.stamp: .venv/run.stamp
	$(PIP) --editable '.[dev]'
	touch $@

programs:
	@{ command -v chromium && command -v tesseract && PATH=$$PATH:/usr/sbin command -v nginx; } >/dev/null || { command -v apt-get >/dev/null && \
	$$(test "$$(id -u)" = 0 || echo sudo) sh -c \
	'apt-get update -qq && apt-get install -y -qq chromium nginx-light tesseract-ocr'; } || \
	echo 'The tests need Chromium, nginx and Tesseract: install them with your package manager' >&2

clean:
	rm -rf .venv build reports
