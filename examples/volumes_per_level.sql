-- Do the volumes per level agree with the published medians? One line a vertebra, head to tail; cm3.
-- Each distinct scan counts once: a scan that repeats another's mask is left out, as in the published table.
WITH published AS (
    SELECT unnest(labels, recursive := true)
    FROM read_json('src/Transform/Cohort/Reference/labels.json')
), measured AS (
    SELECT v.label, any_value(v.anatomical_order) AS anatomical_order, count(*) AS cases, median(v.volume_cm3) AS median_cm3
    FROM 'warehouse/current/vertebrae/*.parquet' v
    JOIN 'warehouse/current/scans/*.parquet' s USING (scan_key)
    WHERE s.duplicate_of IS NULL
    GROUP BY v.label
)
SELECT p.vertebra, m.cases, round(m.median_cm3, 2) AS median_cm3, p.volume_cm3_median AS published_median_cm3,
       round(100 * (m.median_cm3 / p.volume_cm3_median - 1), 1) AS difference_percent
FROM measured m JOIN published p USING (label)
ORDER BY m.anatomical_order;
