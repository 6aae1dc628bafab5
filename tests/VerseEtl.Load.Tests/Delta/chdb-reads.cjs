// Answers each query on standard input, a JSON list, with its rows, each a line of JSON as ClickHouse wrote it, or with the error's text.
const { query } = require(process.env.VERSEETL_CHDB_MODULE);
const queries = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(queries.map(text => {
  try {
    return { rows: query(text, 'JSONCompactEachRow').split('\n').filter(line => line.length > 0) };
  } catch (error) {
    return { error: String(error.message) };
  }
})));
