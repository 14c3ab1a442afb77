"""Only ``flet test`` collects these: they need a device, or an emulator, and the app built for it."""

import os

collect_ignore_glob = [] if os.environ.get("FLET_TEST_DEVICE") else ["test_*.py"]
