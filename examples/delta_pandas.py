"""Is every version of the Delta tables the snapshot with its number? (pandas, deltalake)

Reads each table at each version that is kept and compares it, column by column, with the snapshot's own file. Not run by the tests: neither package
was at hand. Written for pandas 3.1 and deltalake 1.6.6.
Usage: pip install pandas pyarrow deltalake && python examples/delta_pandas.py [warehouse]
"""
import sys
from pathlib import Path

import pandas as pd
from deltalake import DeltaTable

VERTEBRAE = ["scan_key", "label", "volume_mm3", "annotation_label"]

warehouse = Path(sys.argv[1] if len(sys.argv) > 1 else "warehouse").resolve()
compared = 0
for snapshot in sorted((warehouse / "snapshots").iterdir()):
    version = int(snapshot.name.split("-")[0])
    for table in sorted(folder.name for folder in (warehouse / "delta").iterdir()):
        if not (snapshot / table).is_dir():
            continue
        plain = pd.read_parquet(snapshot / table, dtype_backend="pyarrow")
        delta = DeltaTable(str(warehouse / "delta" / table), version=version).to_pandas(types_mapper=pd.ArrowDtype)
        pd.testing.assert_frame_equal(plain, delta, check_exact=True, check_dtype=False)
        compared += 1

newest = DeltaTable(str(warehouse / "delta" / "vertebrae")).to_pandas(columns=VERTEBRAE)
print(f"{compared} tables at their versions equal their snapshots; the newest has {len(newest)} vertebrae")
sys.exit(0 if compared > 0 else 1)
