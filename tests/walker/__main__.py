"""``make walk``: many walks, one after the other; what breaks is told with its seed and the fewest steps to it.

WALK=n walks (200), STEPS=n steps each (60), FIRST_SEED=n; without it they are new ones. Ends with 1 when anything
broke.
"""

import os
import random
import sys
import time

from app.platform.flet_fixes import install
from tests.walker.walk import shortest, walk


def main() -> int:
    """Walk and tell."""
    walks, length = int(os.environ.get("WALK", "200")), int(os.environ.get("STEPS", "60"))
    first = int(os.environ.get("FIRST_SEED", "0")) or random.SystemRandom().randrange(1, 2**31)
    install(strict=True)
    steps, kinds, began = 0, dict[str, int](), time.monotonic()
    for seed in range(first, first + walks):
        path = walk(seed, length)
        steps += path.done
        if path.found is not None:
            kind = path.found.kind
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] == 1:
                print(shortest(path.found), flush=True)
    for kind, times in sorted(kinds.items(), key=lambda pair: -pair[1]):
        print(f"{times} × {kind}")
    print(
        f"{walks} walks from seed {first}, {steps} steps, {len(kinds)} faults, {time.monotonic() - began:.0f} s"
    )
    return 1 if kinds else 0


sys.exit(main())
