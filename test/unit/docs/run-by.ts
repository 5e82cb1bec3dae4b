// Which test runs a command that the documentation shows, and how that test writes it.

export interface RunBy {
  /** Without variables before it and `npx`. */
  readonly command: RegExp
  /** The file of the test, or what all tests are run by. */
  readonly by: string
  /** A part of that file. */
  readonly as: string
}

const row = (command: RegExp, by: string, as: string): RunBy => ({ command, by, as })

export const runBy: readonly RunBy[] = [
  // to have the package, and to start an app with it
  row(/^npm ci && npm run build && npm pack$/, 'test/e2e/readme.test.ts', "commandsBelow('Use it')"),
  row(/^npm install \S*\.tgz( @duckdb\/node-api)?$/, 'test/e2e/readme.test.ts', "commandsBelow('Use it')"),
  row(/^npm install (@duckdb\/node-api )?\S*\.tgz( pino)?$/, 'test/examples/installed.ts', "npm('install'"),
  row(/^npm install @duckdb\/node-api$/, 'test/e2e/readme.test.ts', "commandsBelow('Use it')"),
  row(
    /^afn-otel run --record \S+ -- node app\.js$/,
    'test/e2e/replay.test.ts',
    "'run', '--port', '0', '--memory', '--record'",
  ),
  row(/^afn-otel replay \S+ -- node app\.js$/, 'test/e2e/replay.test.ts', "'replay', 'recordings', '--'"),
  row(/^afn-otel dataset --query .* --out cases\.jsonl?$/, 'test/e2e/dataset.test.ts', "'dataset', '--query', query"),
  row(
    /^afn-otel evaluate --dataset cases\.jsonl --evaluators /,
    'test/e2e/evaluate.test.ts',
    "'--evaluators', 'evaluators.yaml', '--run'",
  ),
  row(/^afn-otel evaluate --query .* --max-cost /, 'test/e2e/evaluate-stored.test.ts', "'--max-cost', String(most)"),
  row(/^npm run demo$/, 'test/e2e/demo.test.ts', "'examples/demo.mjs'"),
  row(/^node --require @afn\/otel \S+$/, 'test/support/compare.ts', "'--require'"),
  row(/^node --import @afn\/otel \S+$/, 'test/support/compare.ts', "'--import'"),
  row(/^npm ci$/, '.ci/run', 'npm ci'),
  row(/^vitest run --project unit \S+$/, 'test/run.mjs', "'run',"),
  row(/^npm test$/, '.ci/run', '|| true npm test'),
  row(/^npm run test:all$/, '.ci/run', 'npm run test:all'),
  row(/^npm run test:long$/, '.ci/run', 'test/long.mjs --changed'),

  row(
    /^npm i -D @afn\/otel @duckdb\/node-api$/,
    'test/e2e/up-notify.test.ts',
    "'@duckdb/node-api': '@duckdb/node-api'",
  ),
  row(
    /^afn-otel config init alerts-config\.yaml$/,
    'test/e2e/up-notify.test.ts',
    "'npx afn-otel config init alerts-config.yaml'",
  ),
  row(
    /^afn-otel up --notify alerts-config\.yaml$/,
    'test/e2e/up-notify.test.ts',
    "'npx afn-otel up --notify alerts-config.yaml'",
  ),

  // examples
  row(/^npm install( &&|$)/, 'test/examples/installed.ts', "npm('install'"),
  row(/^npm (?:start|run (?:dev|build|replay &))$/, 'test/examples/next-chat.test.ts', "'run'"),

  // commands
  row(/^afn-otel run \S+$/, 'test/e2e/run.test.ts', "cli, 'run'"),
  row(/^afn-otel mcp$/, 'test/e2e/mcp-server.test.ts', "'mcp'"),
  row(/^source <\(afn-otel completion bash\)/, 'test/e2e/terminal.test.ts', "scriptOf('bash')"),
  row(/^afn-otel completion fish /, 'test/e2e/terminal.test.ts', "scriptOf('fish')"),
  row(/^afn-otel collector run$/, 'test/collector/support.ts', "'run', ...args"),
  row(/^afn-otel up( --open| &)?$/, 'test/support/up.ts', "cli, 'up'"),
  row(/^afn-otel doctor( \S+)?$/, 'test/e2e/up.test.ts', "'doctor', '--json'"),
  row(/^afn-otel traces '/, 'test/e2e/up.test.ts', "'traces'"),
  row(/^afn-otel trace [\da-f]+$/, 'test/e2e/up.test.ts', "'trace', traceID"),
  row(/^afn-otel tail '/, 'test/e2e/up.test.ts', "'tail'"),
  row(/^afn-otel stats$/, 'test/e2e/up.test.ts', "'stats'"),
  row(/^afn-otel export --parquet /, 'test/e2e/up.test.ts', "'export', '--parquet'"),
  row(/^afn-otel export --to /, 'test/e2e/up-export.test.ts', "'export', '--to'"),
  row(/^afn-otel plan size /, 'test/unit/sizing/size.test.ts', "plan(['size', ...args])"),
  row(/^afn-otel query --list/, 'test/unit/queries/command.test.ts', "query(['--list'])"),
  row(/^afn-otel query /, 'test/e2e/up.test.ts', "'query', '{}'"),
  row(/^afn-otel sourcemaps upload /, 'test/e2e/sourcemaps.test.ts', "'sourcemaps', 'upload'"),
  row(/^afn-otel sourcemaps symbolicate /, 'test/e2e/sourcemaps.test.ts', "'sourcemaps', 'symbolicate'"),
  row(/^afn-otel generate /, 'test/e2e/cli.test.ts', "cli, 'generate', '--target'"),
  row(/^afn-otel redact /, 'test/e2e/cli.test.ts', "cli, 'redact', 'app.log'"),
  row(/^afn-otel audit init/, 'test/e2e/audit.test.ts', "'audit', 'init'"),
  row(/^afn-otel logs tail /, 'test/e2e/logs-command.test.ts', "'logs', 'tail'"),
  row(/^afn-otel logs (?:query|verify)/, 'test/e2e/logs-command.test.ts', "'logs', ...args"),
  row(/^afn-otel logs check$/, 'test/e2e/logs-command.test.ts', "'logs', 'check'"),
  row(/^afn-otel cost reconcile --spans /, 'test/e2e/cost.test.ts', "'reconcile', '--spans', '--since'"),
  row(/^afn-otel cost budget /, 'test/alerts/cost.test.ts', 'budget'),
  row(/^afn-otel cloudflare /, 'test/e2e/cloudflare.test.ts', "'cloudflare', ...args"),
]
