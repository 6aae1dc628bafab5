"""Which scans deserve a look before they are used? (Polars)

A vertebra in pieces, a point annotated outside its own label (C1 is a ring: its middle is), a body far from its annotation, or a finding above "info".
Not run by the tests: Polars for Python was not at hand. suspicious_scans.mjs is the same query for Node and is run.
"""
import polars as pl

VERTEBRAE = ["scan_key", "vertebra", "label", "largest_component_fraction", "annotation_label", "annotation_distance_mm"]
FINDINGS = ["scan_key", "code", "severity"]

vertebrae = pl.scan_parquet("warehouse/current/vertebrae/*.parquet").select(VERTEBRAE)
findings = pl.scan_parquet("warehouse/current/findings/*.parquet").select(FINDINGS)

signs = {
    "in_pieces": pl.col("largest_component_fraction") < 0.99,
    "annotated_elsewhere": (pl.col("annotation_label") != pl.col("label")) & (pl.col("vertebra") != "C1"),
    "far_from_annotation": pl.col("annotation_distance_mm") > 25,
}
# a comparison with null is null, and a filter takes null for false
reasons = [
    vertebrae.filter(sign).select("scan_key", (pl.col("vertebra") + f" {name}").alias("why")) for name, sign in signs.items()
]
reasons.append(
    findings.filter((pl.col("severity") != "info") & pl.col("scan_key").is_not_null()).select("scan_key", pl.col("code").alias("why"))
)
report = pl.concat(reasons).group_by("scan_key").agg(pl.col("why").unique().sort()).sort("scan_key").collect()
for scan, why in report.iter_rows():
    print(f"{scan}: {', '.join(why)}")
