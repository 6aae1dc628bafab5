"""Measures a VerSe tree on Spark, then publishes once: a task is one batch of lines of `verse-etl plan --json-lines`.
usage: spark-submit spark_measure.py SOURCE WAREHOUSE [TASKS]     (every worker has verse-etl, and mounts SOURCE and WAREHOUSE)
Not run by the tests: Spark was not at hand. A trial with an older build measured 28 scans in 4, 8 and 28 tasks and gave the same rows."""
import os, subprocess, sys
from pyspark.sql import SparkSession

TOOL = os.environ.get("VERSE_ETL", "verse-etl")
SOURCE, WAREHOUSE, TASKS = (sys.argv[1:] + ["64"])[:3]
PIPELINE = ["--source", SOURCE, "--output", WAREHOUSE, "--quiet"]

VERTEBRAE = ["scan_key", "vertebra", "volume_cm3"]


def measure(batches):
    for batch in batches:
        lines = "\n".join(batch.column("scan").to_pylist())
        done = subprocess.run([TOOL, "measure", *PIPELINE, "--scans", "-", "-p", "1"], input=lines, capture_output=True, text=True)
        if done.returncode:  # Spark tries the task again; twins of it do no harm
            raise RuntimeError(f"verse-etl ended with {done.returncode}: {done.stdout}{done.stderr}")
        yield batch


spark = SparkSession.builder.getOrCreate()
plan = subprocess.run([TOOL, "plan", "--json-lines", *PIPELINE], capture_output=True, text=True, check=True).stdout.splitlines()
scans = spark.createDataFrame(spark.sparkContext.parallelize([(line,) for line in plan], int(TASKS)), "scan string")
print(scans.mapInArrow(measure, "scan string").count(), "scans")
subprocess.run([TOOL, "run", "--measured-only", *PIPELINE, "--fail-on", "never"], check=True)
spark.read.parquet(f"{WAREHOUSE}/current/vertebrae").select(VERTEBRAE).groupBy("vertebra").avg("volume_cm3").show()
