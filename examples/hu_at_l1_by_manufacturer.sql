-- How dense is the trabecular bone of L1, by the scanner's maker? Hounsfield units of the body at least 5 mm inside.
-- A crushed body reads as dense bone: one with no 5 mm around its middle, or little inside for its size, is left out.
-- A body that touches the border may be cut off; a scan that repeats another's mask is counted once.
SELECT coalesce(s.manufacturer, '(not said)') AS manufacturer, count(*) AS scans, round(avg(v.trabecular_hu_mean), 1) AS mean_hu,
       round(stddev_samp(v.trabecular_hu_mean), 1) AS std_between_scans_hu,
       min(s.kvp::DOUBLE) AS lowest_kvp, max(s.kvp::DOUBLE) AS highest_kvp
FROM 'warehouse/current/vertebrae/*.parquet' v
JOIN 'warehouse/current/scans/*.parquet' s USING (scan_key)
WHERE v.vertebra = 'L1' AND v.trabecular_hu_mean IS NOT NULL AND v.body_ball_fraction = 1
  AND v.trabecular_volume_mm3 > 0.15 * v.volume_mm3 AND NOT v.touches_border AND s.duplicate_of IS NULL
GROUP BY s.manufacturer
ORDER BY scans DESC, manufacturer;
