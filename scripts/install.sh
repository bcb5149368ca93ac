#!/bin/sh
# install.sh VENV LOCK [alone]: this checkout (not where `alone`) and everything in LOCK, by hash, into VENV.
set -eu
venv=$1 lock=$2 what=${3:-}
python=${PYTHON_FOR_VENV:-python3}
if command -v uv >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
    uv pip install --quiet --python "$venv/bin/python" --require-hashes --compile-bytecode -r "$lock"
    [ "$what" = alone ] || uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
else
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    # The lock is complete: pip need not resolve anything, and cannot where a pinned package is wanted with an extra.
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
    [ "$what" = alone ] || "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
