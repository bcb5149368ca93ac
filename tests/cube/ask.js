// ask.js SEMANTICS QUERIES: the SQL that Cube makes of each query (JSON list) on the data model, as a JSON list.
process.env.CUBEJS_TESSERACT_SQL_PLANNER = 'false'; // The other planner is a binary that npm does not deliver.
console.log = console.error; // Warnings are no answer.
const fs = require('fs');
const { prepareCompiler, PostgresQuery } = require('@cubejs-backend/schema-compiler');

const content = fs.readFileSync(process.argv[2], 'utf8');
const files = { localPath: () => __dirname, dataSchemaFiles: async () => [{ fileName: 'semantics.yml', content }] };
// Templates are rendered by the same binary; there are none in the file.
const compilers = prepareCompiler(files, { nativeInstance: { newJinjaEngine: () => ({}) } });
compilers.compiler.compile().then(
  () => {
    const made = JSON.parse(process.argv[3]).map((q) => new PostgresQuery(compilers, { timezone: 'UTC', ...q }).buildSqlAndParams()[0]);
    process.stdout.write(JSON.stringify(made));
  },
  (fault) => {
    process.stderr.write(String(fault.message || fault));
    process.exitCode = 1;
  },
);
