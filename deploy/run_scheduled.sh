#!/bin/sh
# Runs a pipeline for this moment, from tables that are up to date: for cron and systemd.
# The one that came before is waited for, since both write to the same tables.
set -eu
case ${1-} in
    inference) parameters=inference.as_of=$(date -u +%Y-%m-%dT%H:%MZ) ;;
    monitoring) parameters=monitoring.period=$(date -u -d "16 days ago" +%Y-%m) ;;
    continuous_training) parameters=continuous_training.as_of=$(date -u +%Y-%m-01) ;;
    *) echo "$0 inference|monitoring|continuous_training" >&2; exit 2 ;;
esac
cd "$(dirname "$0")/.."
exec flock data "${KEDRO:-.venv/bin/kedro}" run "--pipelines=data_collection,data_processing,$1" "--params=$parameters"
