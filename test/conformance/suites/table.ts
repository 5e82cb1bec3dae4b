// The suites of others that are run without and with us.
import { mocha, nodesOwn, nodeTest, type Run, vitest } from './run'

export interface Suite {
  readonly name: string
  /** The version at npm that has its tests with it; the sources of the others are in a folder that whoever runs them has. */
  readonly version?: string
  /** Paths in the sources. */
  readonly files: RegExp
  readonly run: Run
  /** What the tests need to be made first: arguments of npm. */
  readonly prepare?: readonly string[]
  /** Major versions of Node.js on which the tests run. Default all. */
  readonly nodes?: readonly string[]
}

export const suites: readonly Suite[] = [
  {
    name: 'express',
    files: /^test\/(acceptance\/)?[^/]+\.js$/,
    run: mocha('--require', 'test/support/env', '--check-leaks'),
  },
  { name: 'koa', files: /^__tests__\/.*\.test\.js$/, run: nodeTest(), prepare: ['run', 'build'] },
  { name: 'fastify', version: '5.12.8', files: /^test\/(?!bundler|types).*\.test\.m?js$/, run: nodeTest() },
  { name: 'ws', files: /^test\/[^/]+\.test\.js$/, run: mocha('--throw-deprecation') },
  {
    name: 'undici',
    files:
      /^test\/([^/]+|(fetch|cookie|busboy|infra|webidl|subresource-integrity|node-fetch|interceptors|eventsource|websocket(\/\w+)?|node-test)\/[^/]+)\.js$/,
    run: nodeTest('--expose-gc'),
    prepare: ['run', 'generate-pem'],
    nodes: ['22', '24'],
  },
  { name: 'pino', version: '10.4.0', files: /^test\/(?!jest).*\.test\.m?js$/, run: nodeTest() },
  { name: 'axios', files: /^test\/unit\/.*\.js$/, run: mocha('--exit') },
  {
    name: 'hono',
    files: /^(src|runtime-tests\/node)\/(?!jsx).*\.test\.tsx?$/,
    run: vitest('--project', 'main', '--project', 'node', '--coverage.enabled=false'),
  },
]

/** Node's own are of the version that runs them. */
export const nodeSuite: Suite = {
  name: 'node',
  files:
    /^test\/(async-hooks\/test-|(parallel|sequential)\/test-(http|https|http2|async|diagnostics-channel|stream)\b).*\.m?js$/,
  run: nodesOwn,
}
