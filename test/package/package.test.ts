// What a user installs: entries, types, licences, size; and the rules of the repository that a machine can hold.
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { install } from '../../scripts/install.mjs'
import { makeApp, root, tarball } from '../support/packed'
import { run } from '../support/run'

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

/** Runs a tool of this repository, by its file; its output is the failure's message. */
function tool(script: string, args: string[], cwd = root): void {
  try {
    execFileSync(process.execPath, [path.join(root, script), ...args], {
      cwd,
      encoding: 'utf8',
      stdio: 'pipe',
      // knip reads vitest's configuration, and has to find all suites in it
      env: { ...process.env, AFN_TEST_SCOPE: '' },
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${script} ${args.join(' ')}\n${stdout}\n${stderr}`)
  }
}

beforeAll(() => {
  install('tools')
  install('docs/.vitepress')
}, 300_000)

describe('the repository', () => {
  it('is linted and formatted', () => tool('tools/node_modules/@biomejs/biome/bin/biome', ['check', '.']))
  it.each(['test', 'test/browser/pages', 'examples', 'docs/.vitepress'])('has right types, %s', folder =>
    tool('node_modules/typescript/bin/tsc', ['-p', folder]),
  )
  it('has no unused file, export or dependency', () =>
    tool('tools/node_modules/knip/bin/knip.js', ['--config', 'tools/knip.ts']))
  it('has no generated file that differs from its table', () => {
    execFileSync(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: root, stdio: 'pipe' })
  })
})

/** For runtimes that have no CommonJS. */
const ofFetch = ['./fetch', './fetch/protocols', './fetch/prices', './fetch/durable-objects']

describe('the tarball', () => {
  it('is what publint expects', () => tool('tools/node_modules/publint/src/cli.js', [tarball(), '--strict']))
  it('has types that resolve in every module system', () =>
    tool('tools/node_modules/@arethetypeswrong/cli/dist/index.js', [
      tarball(),
      '--profile',
      'node16',
      // ES modules alone, for runtimes that have no others
      '--exclude-entrypoints',
      ...ofFetch,
    ]))

  it('holds the listed folders and nothing else', () => {
    const files = execFileSync('tar', ['tzf', tarball()], { encoding: 'utf8' }).trim().split('\n')
    const tops = new Set(files.map(file => file.split('/')[1]))
    expect([...tops].sort()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SECURITY.md',
        'THIRD_PARTY_NOTICES',
        'collector',
        'dist',
        'docs',
        'otel-collector.yaml',
        'package.json',
        'sbom.cdx.json',
        'semconv',
        'skills',
      ].sort(),
    )
    expect(files.filter(file => /\.(test|spec)\.|tsbuildinfo|\.meta\//.test(file))).toEqual([])
  })

  // of them 0.23 are the tables of names in sentences, which only those load who send content (decision 0155), and 0.1 the entry for fetch
  it('stays small: 2.95 MB packed, and two packages beside it', () => {
    expect(statSync(tarball()).size).toBeLessThan(2_950_000)
    expect(Object.keys(manifest.dependencies)).toEqual(['import-in-the-middle'])
  })

  it('names the licence of everything that is bundled', () => {
    const notices = readFileSync(path.join(root, 'THIRD_PARTY_NOTICES'), 'utf8')
    const metafiles: Record<string, { inputs: object }> = JSON.parse(
      readFileSync(path.join(root, 'dist/.meta/metafiles.json'), 'utf8'),
    )
    const bundled = Object.values(metafiles).flatMap(({ inputs }) => Object.keys(inputs))
    const folders = new Set(bundled.flatMap(input => /node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []))
    expect(folders.size).toBeGreaterThan(30)
    // one can be installed under another name
    const nameOf = (folder: string) => JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')).name
    expect([...folders].map(nameOf).filter(name => !notices.includes(`${name} `))).toEqual([])
  })
})

describe('entries', () => {
  const entries = Object.keys(manifest.exports).filter(entry => !entry.endsWith('.json'))

  it('are the ones that the design names, each for both module systems, with types that exist', () => {
    expect(entries).toEqual([
      '.',
      './api',
      './sdk',
      './redact',
      './browser',
      './browser/core',
      './browser/otel',
      ...ofFetch,
      './next',
      './health',
      './audit',
      './logs',
      './middleware',
      './esbuild',
      './rollup',
      './webpack',
      './semconv',
    ])
    for (const entry of entries) {
      for (const condition of ofFetch.includes(entry) ? [undefined] : ['import', 'require']) {
        const ofEntry = manifest.exports[entry]
        for (const file of Object.values(condition ? ofEntry[condition] : ofEntry) as string[])
          expect(statSync(path.join(root, file)).isFile()).toBe(true)
      }
    }
  })

  it('offer the same names to import and to require', async () => {
    const forBoth = entries.filter(entry => !ofFetch.includes(entry))
    const list =
      'names => console.log(JSON.stringify(names.filter(name => name !== "default" && name !== "module.exports").sort()))'
    const folder = makeApp({
      files: {
        'names.cjs': `const print = ${list}; for (const entry of ${JSON.stringify(forBoth)}) print(Object.keys(require(('@afn/otel' + entry.slice(1)))))`,
        'names.mjs': `const print = ${list}; for (const entry of ${JSON.stringify(forBoth)}) print(Object.keys(await import('@afn/otel' + entry.slice(1))))`,
      },
      modules: { '@opentelemetry/sdk-node': '@opentelemetry/sdk-node', '@opentelemetry/api': '@opentelemetry/api' },
    })
    const env = { OTEL_SDK_DISABLED: 'true' }
    const [cjs, esm] = [await run(folder, ['names.cjs'], { env }), await run(folder, ['names.mjs'], { env })]
    expect(cjs).toMatchObject({ code: 0, stderr: '' })
    expect(esm).toEqual(cjs)
    const api = JSON.stringify([
      'AgentLoopError',
      'BudgetExceededError',
      'BudgetUnknownError',
      'addEvaluator',
      'flush',
      'guard',
      'libsqlBudgets',
      'recordEvaluation',
      'recordLlmMetrics',
      'redisBudgets',
      'setTags',
      'setUser',
      'status',
      'withAgent',
      'withConversation',
      'withRetrieval',
      'withTool',
      'withWorkflow',
    ])
    expect(cjs.stdout.split('\n').slice(0, 4)).toEqual([
      api,
      api,
      '["afnNodeSDK"]',
      '["createRedactor","defineDetector","redact"]',
    ])
  })

  it('./api has no side effect, and does nothing before a start', async () => {
    const app = `const { flush, recordEvaluation, status } = require('@afn/otel/api')
      recordEvaluation({ name: 'relevance', score: 1 })
      require('@afn/otel/api').recordLlmMetrics({ provider: 'openai', model: 'gpt-4o', duration: 1 })
      flush().then(() => console.log(status(), process.listenerCount('uncaughtExceptionMonitor'), Object.keys(require.cache).filter(file => file.includes('start.cjs'))))`
    expect(await run(makeApp({ files: { 'app.cjs': app } }), ['app.cjs'])).toEqual({
      code: 0,
      signal: null,
      stdout: 'undefined 0 []\n',
      stderr: '',
    })
  })

  it('types compile for a user, with and without node16 resolution', () => {
    const folder = makeApp({
      files: {
        'user.cts': `import otel = require('@afn/otel'); import { redact } from '@afn/otel/redact'; const text: string = redact('x'); void otel.flush(1); void text`,
        'bundle.mts': `import { build } from 'esbuild'; import { rollup } from 'rollup'; import webpack from 'webpack'
          import * as esbuild from '@afn/otel/esbuild'; import * as forRollup from '@afn/otel/rollup'; import * as forWebpack from '@afn/otel/webpack'
          void build({ plugins: [esbuild.openTelemetryPlugin()] }); void rollup({ plugins: [forRollup.openTelemetryPlugin()] }); webpack({ plugins: [forWebpack.openTelemetryPlugin()] })`,
        'user.mts': `import { flush, recordEvaluation, status, type Evaluation, type Status } from '@afn/otel'; import { type Span } from '@opentelemetry/api'; import { afnNodeSDK } from '@afn/otel/sdk'; import { ATTR_GEN_AI_REQUEST_MODEL } from '@afn/otel/semconv'
          const s: Status | undefined = status(); const key: 'gen_ai.request.model' = ATTR_GEN_AI_REQUEST_MODEL; afnNodeSDK({ settings: { workers: true } }).start(); void [flush(), s, key]
          const e: Evaluation = { name: 'relevance', score: 4, min: 1, max: 5, evaluator: { type: 'llm' }, target: {} as Span }; recordEvaluation(e)`,
      },
      modules: Object.fromEntries(
        ['@opentelemetry/sdk-node', '@opentelemetry/api', '@types/node', 'esbuild', 'rollup', 'webpack'].map(name => [
          name,
          name,
        ]),
      ),
    })
    for (const resolution of ['node16', 'bundler']) {
      const module = resolution === 'bundler' ? 'preserve' : 'node16'
      tool(
        'node_modules/typescript/bin/tsc',
        [
          '--noEmit',
          '--strict',
          '--skipLibCheck',
          '--types',
          'node',
          '--module',
          module,
          '--moduleResolution',
          resolution,
          'user.cts',
          'user.mts',
          'bundle.mts',
        ],
        folder,
      )
    }
  })

  it.each([
    ['with its peer', ['@opentelemetry/sdk-node']],
    ['without its peer', []],
  ])('declarations of ./sdk are checked too, %s', (_, peer) => {
    const user = `import { afnNodeSDK, type AfnNodeSDKOptions, type Ner, type Settings } from '@afn/otel/sdk'
      import { withAgent } from '@afn/otel/api'
      const ner: Ner = async texts => texts.map(() => [])
      const settings: Partial<Settings> = { captureContent: 'redacted', spanAttributes: 10 }
      const options: AfnNodeSDKOptions = { settings, redaction: { ner } }
      const sdk = afnNodeSDK(options); sdk.start(); const done: Promise<void> = sdk.shutdown(); void [done, withAgent]`
    const folder = makeApp({
      files: { 'user.cts': user, 'user.mts': user },
      modules: Object.fromEntries(['@opentelemetry/api', '@types/node', ...peer].map(name => [name, name])),
    })
    const flags = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--types', 'node']
    for (const [module, resolution] of [['node16', 'node16'], ['preserve', 'bundler']] as const) // biome-ignore format: pairs
      tool(
        'node_modules/typescript/bin/tsc',
        [...flags, '--module', module, '--moduleResolution', resolution, 'user.cts', 'user.mts'],
        folder,
      )
  })
})
