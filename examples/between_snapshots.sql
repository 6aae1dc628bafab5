-- What changed between two snapshots? Vertebrae that came, went, or have another volume, against the newest snapshot.
-- Snapshots keep their folders: warehouse/snapshots/<sequence>-<id>. Put the older one here.
WITH older AS (SELECT scan_key, label, volume_mm3 FROM 'warehouse/snapshots/0000000001-*/vertebrae/*.parquet'),
     newer AS (SELECT scan_key, label, volume_mm3 FROM 'warehouse/current/vertebrae/*.parquet')
SELECT scan_key, label, older.volume_mm3 AS older_mm3, newer.volume_mm3 AS newer_mm3,
       CASE WHEN older.volume_mm3 IS NULL THEN 'came' WHEN newer.volume_mm3 IS NULL THEN 'went' ELSE 'changed' END AS what
FROM older FULL JOIN newer USING (scan_key, label)
WHERE older.volume_mm3 IS DISTINCT FROM newer.volume_mm3
ORDER BY scan_key, label;
