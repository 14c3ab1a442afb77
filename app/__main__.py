"""``python -m app``: a window of its own, or with ``--web`` a server for browsers. ``--help`` lists the options."""

import os
import sys

from app.config import ConfigError, load_region, read_settings
from app.main import run, serve


def main() -> int:
    """0: ended by the user, 2: the settings or the region profile are wrong (told in words)."""
    try:
        settings = read_settings(sys.argv[1:], os.environ)
        region = load_region(settings.region)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    return serve(settings, region) if settings.web else run(settings, region)


if __name__ == "__main__":
    raise SystemExit(main())
