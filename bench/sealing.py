"""How quickly a zone is sealed and opened: megabytes a second, on this machine.

``python -m bench.sealing [megabytes]`` writes a file of random bytes where working folders lie, and
seals it where zones lie.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from contracts.sealed import SealKey, seal, unseal
from contracts.working import working_folder
from contracts.workspace import default_root

_MEGABYTE = 1 << 20


def main() -> int:
    """Print both figures, the middle of three rounds each."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 256
    key = SealKey(secret=os.urandom(32))
    default_root().mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=default_root()) as rest,
        working_folder(Path(rest), size=megabytes * _MEGABYTE) as work,
    ):
        plain, sealed = work / "plain", Path(rest) / "sealed"
        with plain.open("wb") as out:
            for _ in range(megabytes):
                out.write(os.urandom(_MEGABYTE))
        rounds = []
        for number in range(3):
            started = time.perf_counter()
            seal(plain, sealed, key=key, purpose="bench")
            between = time.perf_counter()
            unseal(sealed, work / f"out-{number}", key=key, purpose="bench")
            rounds.append((between - started, time.perf_counter() - between))
            (work / f"out-{number}").unlink()
    for name, times in zip(("seal", "unseal"), zip(*rounds, strict=True), strict=True):
        print(f"{name}: {megabytes / sorted(times)[1]:,.0f} MB/s ({megabytes} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
