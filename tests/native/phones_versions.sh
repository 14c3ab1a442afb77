#!/usr/bin/env bash
# The app's logic with the versions of compiled packages that phones have (tests/native/mobile_wheels.toml).
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
place=${1:-build/phones}
"$python" -m venv "$place"
"$python" tests/native/phones_pins.py requirements.txt > "$place/pins.txt"
"$place/bin/python" -m pip install -q --disable-pip-version-check -r "$place/pins.txt"
"$place/bin/python" -m pytest tests/domain tests/api tests/offline tests/stores tests/i18n tests/test_config.py -q -p no:cacheprovider
