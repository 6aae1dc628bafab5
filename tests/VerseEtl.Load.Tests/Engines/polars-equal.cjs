// Says whether a Parquet file and an Arrow IPC file hold the same table.
const pl = require(process.env.VERSEETL_POLARS_MODULE);
const [parquet, arrow] = [pl.readParquet(process.argv[2]), pl.readIPC(require('fs').readFileSync(process.argv[3]))];
const same = String(parquet.dtypes) === String(arrow.dtypes) && String(parquet.columns) === String(arrow.columns)
  && JSON.stringify(parquet.toRecords()) === JSON.stringify(arrow.toRecords());
process.stdout.write(`${arrow.height} rows, ${arrow.width} columns, ${same ? 'equal' : 'different'}`);
