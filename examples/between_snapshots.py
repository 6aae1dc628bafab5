"""What changed between two snapshots? (Spark)

Vertebrae that came, went, or have another volume. Not run by the tests: Spark was not at hand. between_snapshots.sql answers the same and is run.
Usage: spark-submit examples/between_snapshots.py warehouse/snapshots/<older> warehouse/snapshots/<newer>
"""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

VERTEBRAE = ["scan_key", "label", "volume_mm3"]

spark = SparkSession.builder.appName("between snapshots").getOrCreate()
older, newer = (spark.read.parquet(f"{snapshot}/vertebrae").select(VERTEBRAE) for snapshot in sys.argv[1:3])
older = older.withColumnRenamed("volume_mm3", "older_mm3")
newer = newer.withColumnRenamed("volume_mm3", "newer_mm3")

what = F.when(F.col("older_mm3").isNull(), "came").when(F.col("newer_mm3").isNull(), "went").otherwise("changed")
changed = (
    older.join(newer, ["scan_key", "label"], "full")  # keys are never null, so the join loses nothing
    .where(~F.col("older_mm3").eqNullSafe(F.col("newer_mm3")))
    .withColumn("what", what)
    .orderBy("scan_key", "label")
)
changed.show(1000, truncate=False)
