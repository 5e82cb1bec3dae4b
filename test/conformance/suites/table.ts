// The suites of others that are run without and with us.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../support/packed'
import { mocha, nodesOwn, nodeTest, type Run, vitest } from './run'

export interface Suite {
  readonly name: string
  /** Whose sources these are. Default its name. */
  readonly package?: string
  /** The version at npm that has its tests with it; the sources of the others are in a folder that whoever runs them has. */
  readonly version?: string
  /** Where in the sources the package is. Default at the top. */
  readonly within?: string
  /** Paths in the package. */
  readonly files: RegExp
  readonly run: Run
  /** What the tests need to be made first: arguments of npm. */
  readonly prepare?: readonly string[]
  /** Packages of npm beside those that it names. */
  readonly needs?: readonly string[]
  /** What the tests run with in place of our preload. */
  readonly env?: Readonly<Record<string, string>>
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
  { name: 'axios', files: /^test\/unit\/.*\.js$/, run: mocha() },
  {
    name: 'hono',
    files: /^(src|runtime-tests\/node)\/(?!jsx).*\.test\.tsx?$/,
    run: vitest('--project', 'main', '--project', 'node', '--coverage.enabled=false'),
  },
]

/** In place of what has gone from npm meanwhile, or that the tests do not yet know. */
const upstreamNeeds = [
  '@opentelemetry/contrib-test-utils@0.69.0',
  'mocha@11.8.0',
  'typescript@5.9.3',
  'sinon@15.1.2',
  'semver@7.8.6',
  'koa-compose@4.1.0',
]

/**
 * OpenTelemetry's own tests of an instrumentation, on theirs as npm has it, and on ours.
 * @param within in the repository of opentelemetry-js-contrib, or of opentelemetry-js
 */
function upstream(short: string, within: string, files: RegExp): Suite {
  const name = `@opentelemetry/instrumentation-${short}`
  const theirs = JSON.parse(readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8')).version
  return {
    name: `instrumentation-${short}`,
    within,
    files,
    run: mocha('--require', path.join(root, 'test/conformance/suites/upstream.cjs')),
    needs: [...upstreamNeeds, `${name}@${theirs}`],
    env: {},
  }
}

const contrib = (short: string) => upstream(short, `packages/instrumentation-${short}`, /^test\/.*\.test\.ts$/)

/** With AFN_MIDDLEWARE_SPANS=true, as theirs is by default. */
const withSpans = (suite: Suite): Suite => ({
  ...suite,
  name: `${suite.name}+spans`,
  package: suite.name,
  env: { AFN_SUITES_CONFIG: JSON.stringify({ spans: true }) },
})

export const upstreams: readonly Suite[] = [
  contrib('express'),
  withSpans(contrib('express')),
  contrib('koa'),
  withSpans(contrib('koa')),
  contrib('undici'),
  upstream('http', 'experimental/packages/opentelemetry-instrumentation-http', /^test\/functionals\/.*\.test\.ts$/),
]

/** Node's own are of the version that runs them. */
export const nodeSuite: Suite = {
  name: 'node',
  files:
    /^test\/(async-hooks\/test-|(parallel|sequential)\/test-(http|https|http2|async|diagnostics-channel|stream)\b).*\.m?js$/,
  run: nodesOwn,
}
