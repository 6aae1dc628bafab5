"""Is every version of the Delta tables the snapshot with its number? (Polars, deltalake)

Not run by the tests: neither package was at hand. Written for Polars 1.39 and deltalake 1.6.6.
Usage: pip install polars deltalake && python examples/delta_polars.py [warehouse]
"""
import sys
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

VERTEBRAE = ["scan_key", "label", "volume_mm3", "annotation_label"]

warehouse = Path(sys.argv[1] if len(sys.argv) > 1 else "warehouse").resolve()
compared = 0
for snapshot in sorted((warehouse / "snapshots").iterdir()):
    version = int(snapshot.name.split("-")[0])
    for table in sorted(folder.name for folder in (warehouse / "delta").iterdir()):
        if not (snapshot / table).is_dir():
            continue
        plain = pl.read_parquet(snapshot / table / "*.parquet")
        delta = pl.scan_delta(str(warehouse / "delta" / table), version=version).collect()
        assert_frame_equal(plain, delta, check_exact=True)
        compared += 1

newest = pl.scan_delta(str(warehouse / "delta" / "vertebrae")).select(VERTEBRAE).filter(pl.col("annotation_label") != pl.col("label")).collect()
print(f"{compared} tables at their versions equal their snapshots; {newest.height} vertebrae are annotated as another level")
sys.exit(0 if compared > 0 else 1)
