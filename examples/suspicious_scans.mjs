// Which scans deserve a look before they are used? (Polars for Node)
// A vertebra in pieces, a point annotated outside its own label (C1 is a ring: its middle is), a body far from its annotation, or a finding above "info".
// npm install nodejs-polars@0.26.1, then: node examples/suspicious_scans.mjs [warehouse]
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const pl = createRequire(import.meta.url)(process.env.VERSEETL_POLARS_MODULE ?? 'nodejs-polars');
const current = join(process.argv[2] ?? 'warehouse', 'current');
const table = name => pl.readParquet(join(current, name, readdirSync(join(current, name))[0]));

const vertebrae = table('vertebrae').select(
  pl.col('scan_key'),
  pl.col('vertebra'),
  pl.col('largest_component_fraction').lt(pl.lit(0.99)).alias('in_pieces'),
  pl.col('annotation_label').neq(pl.col('label')).and(pl.col('vertebra').neq(pl.lit('C1'))).fillNull(pl.lit(false)).alias('annotated_elsewhere'),
  pl.col('annotation_distance_mm').gt(pl.lit(25)).fillNull(pl.lit(false)).alias('far_from_annotation'),
);
const reasons = [
  ...['in_pieces', 'annotated_elsewhere', 'far_from_annotation'].flatMap(reason =>
    vertebrae.filter(pl.col(reason)).toRecords().map(row => [row.scan_key, `${row.vertebra} ${reason}`])),
  ...table('findings').filter(pl.col('severity').neq(pl.lit('info')).and(pl.col('scan_key').isNotNull())).toRecords().map(row => [row.scan_key, row.code]),
];
const byScan = new Map();
for (const [scan, why] of reasons) byScan.set(scan, (byScan.get(scan) ?? new Set()).add(why));
for (const scan of [...byScan.keys()].sort()) console.log(`${scan}: ${[...byScan.get(scan)].sort().join(', ')}`);
