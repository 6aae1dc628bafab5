"""Is the newest version of the Delta tables the newest snapshot? (DuckDB with its delta extension)

Compares each table both ways, by EXCEPT ALL. Not run by the tests: the extension was not at hand. Written for DuckDB 1.5.
Usage: pip install duckdb && python examples/delta_duckdb.py [warehouse]
"""
import sys
from pathlib import Path

import duckdb

VERTEBRAE = ["scan_key", "label", "volume_mm3"]

warehouse = Path(sys.argv[1] if len(sys.argv) > 1 else "warehouse").resolve()
duck = duckdb.connect()
duck.execute("INSTALL delta; LOAD delta;")
compared = 0
for table in sorted(folder.name for folder in (warehouse / "delta").iterdir()):
    if not (warehouse / "current" / table).is_dir():
        continue
    plain = f"SELECT * FROM '{warehouse}/current/{table}/*.parquet'"
    delta = f"SELECT * FROM delta_scan('{warehouse}/delta/{table}')"
    for one, other in [(plain, delta), (delta, plain)]:
        differing = duck.execute(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})").fetchone()[0]
        assert differing == 0, f"{table}: {differing} rows differ"
    compared += 1

rows = duck.execute(f"SELECT {', '.join(VERTEBRAE)} FROM delta_scan('{warehouse}/delta/vertebrae') ORDER BY volume_mm3 DESC LIMIT 3").fetchall()
print(f"{compared} tables equal the newest snapshot; the largest vertebrae: {rows}")
sys.exit(0 if compared > 0 else 1)
