"""Do the volumes per level agree with the published medians? (pandas, pyarrow)

Not run by the tests: neither package was at hand. volumes_per_level.sql answers the same and is run.
"""
import json

import pandas as pd

VERTEBRAE = ["scan_key", "label", "vertebra", "anatomical_order", "volume_cm3"]
SCANS = ["scan_key", "duplicate_of"]

vertebrae = pd.read_parquet("warehouse/current/vertebrae", columns=VERTEBRAE, dtype_backend="numpy_nullable")
scans = pd.read_parquet("warehouse/current/scans", columns=SCANS, dtype_backend="numpy_nullable")
with open("src/Transform/Cohort/Reference/labels.json", encoding="utf-8") as file:
    published = pd.DataFrame(json.load(file)["labels"])[["label", "volume_cm3_median"]]

# each distinct scan counts once, as in the published table
distinct = vertebrae.merge(scans[scans["duplicate_of"].isna()][["scan_key"]], on="scan_key")
levels = (
    distinct.groupby(["anatomical_order", "label", "vertebra"])["volume_cm3"].agg(cases="size", median_cm3="median").reset_index()
    .merge(published, on="label").sort_values("anatomical_order")
)
levels["difference_percent"] = (100 * (levels["median_cm3"] / levels["volume_cm3_median"] - 1)).round(1)
print(levels[["vertebra", "cases", "median_cm3", "volume_cm3_median", "difference_percent"]].to_string(index=False))
