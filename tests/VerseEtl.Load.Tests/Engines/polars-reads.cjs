// Reads one Parquet file whole and through filters, as the JSON on standard input asks; answers with JSON. Every value travels as text.
const pl = require(process.env.VERSEETL_POLARS_MODULE);
const job = JSON.parse(require('fs').readFileSync(0, 'utf8'));

const literal = (type, text) => {
  switch (type) {
    case 'int32': return pl.lit(Number(text)).cast(pl.Int32);
    case 'int64': return pl.lit(text).cast(pl.Int64);
    case 'double': return pl.lit(Number(text));
    case 'boolean': return pl.lit(text === 'true');
    default: return pl.lit(text);
  }
};

// a column of values in the table's own type
const values = (name, type, texts) => {
  const parse = type === 'boolean' ? text => text === 'true' : type === 'int32' || type === 'double' ? Number : text => text;
  const kind = { string: pl.Utf8, int64: pl.Utf8, boolean: pl.Bool }[type] ?? pl.Float64;
  const series = pl.Series(name, texts.map(text => text === null ? null : parse(text)), kind);
  return type === 'int32' ? series.cast(pl.Int32) : type === 'int64' ? series.cast(pl.Int64) : series;
};

const condition = ({ name, type, condition: kind, low, high, list }) => {
  const column = pl.col(name);
  switch (kind) {
    case 'Equal': return column.eq(literal(type, low));
    case 'AtLeast': return column.gtEq(literal(type, low));
    case 'Below': return column.lt(literal(type, low));
    case 'Between': return column.gtEq(literal(type, low)).and(column.ltEq(literal(type, high)));
    case 'In': return column.isIn(values(name, type, list));
    case 'NotIn': return column.isIn(values(name, type, list)).not();
    case 'Same': return column.isIn(values(name, type, [low]), true);
    case 'IsNull': return column.isNull();
    case 'IsNotNull': return column.isNotNull();
  }
  throw new Error(kind);
};

const count = predicate => {
  const { name, type, list } = predicate, rows = pl.scanParquet(job.path);
  const matches = predicate.condition === 'Join'
    ? rows.join(pl.DataFrame([values(name, type, list)]).lazy(), { on: name, how: 'inner' })
    : rows.filter(condition(predicate));
  return matches.select(pl.col(name)).collectSync().height;
};

const text = value =>
  value === null ? null : Array.isArray(value) ? value.map(text) : Object.is(value, -0) ? '-0' : String(value);

const frame = pl.readParquet(job.path);
const numeric = new Set(['int32', 'int64', 'double']);
const column = name => frame.getColumn(name);
process.stdout.write(JSON.stringify({
  names: frame.columns,
  types: frame.dtypes.map(String),
  // a whole number beyond 2^53 has no exact JavaScript number
  values: job.columns.map(({ name, type }) => (type === 'int64' ? column(name).cast(pl.Utf8) : column(name)).toArray().map(text)),
  sums: job.columns.map(({ name, type }) => numeric.has(type) ? column(name).cast(pl.Float64).sum() ?? 0 : null),
  counts: job.predicates.map(count),
}));
