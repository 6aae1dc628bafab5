"""Is every version of the Delta tables the snapshot with its number? (Spark, Delta)

Compares both ways, by exceptAll. Not run by the tests: Spark was not at hand. Written for pyspark 4.2.0 with io.delta:delta-spark_4.2_2.13:4.4.0.
Usage: pip install pyspark==4.2.0 && python examples/delta_spark.py [warehouse]
"""
import sys
from pathlib import Path

from pyspark.sql import SparkSession

VERTEBRAE = ["scan_key", "label", "volume_mm3"]

spark = (
    SparkSession.builder.appName("delta tables").master("local[2]")
    .config("spark.jars.packages", "io.delta:delta-spark_4.2_2.13:4.4.0")
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .getOrCreate()
)
warehouse = Path(sys.argv[1] if len(sys.argv) > 1 else "warehouse").resolve()
compared = 0
for snapshot in sorted((warehouse / "snapshots").iterdir()):
    version = int(snapshot.name.split("-")[0])
    for table in sorted(folder.name for folder in (warehouse / "delta").iterdir()):
        if not (snapshot / table).is_dir():
            continue
        plain = spark.read.parquet(str(snapshot / table))
        delta = spark.read.format("delta").option("versionAsOf", version).load(str(warehouse / "delta" / table))
        differing = plain.exceptAll(delta).count() + delta.exceptAll(plain).count()
        assert differing == 0, f"{table} at {version}: {differing} rows differ"
        compared += 1

newest = spark.sql(f"SELECT {', '.join(VERTEBRAE)} FROM delta.`{warehouse}/delta/vertebrae` ORDER BY volume_mm3 DESC LIMIT 3").collect()
print(f"{compared} tables at their versions equal their snapshots; the largest vertebrae: {newest}")
sys.exit(0 if compared > 0 else 1)
