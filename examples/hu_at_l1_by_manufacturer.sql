-- How dense is the core of L1, by the scanner's maker? Hounsfield units within 5 mm of the annotated middle of the body.
-- A body that touches the border may be cut off; a scan that repeats another's mask is counted once.
SELECT coalesce(s.manufacturer, '(not said)') AS manufacturer, count(*) AS scans, round(avg(v.body_hu_mean), 1) AS mean_hu,
       round(stddev_samp(v.body_hu_mean), 1) AS std_between_scans_hu, min(s.kvp) AS lowest_kvp, max(s.kvp) AS highest_kvp
FROM 'warehouse/current/vertebrae/*.parquet' v
JOIN 'warehouse/current/scans/*.parquet' s USING (scan_key)
WHERE v.vertebra = 'L1' AND v.body_hu_mean IS NOT NULL AND NOT v.touches_border AND s.duplicate_of IS NULL
GROUP BY s.manufacturer
ORDER BY scans DESC, manufacturer;
