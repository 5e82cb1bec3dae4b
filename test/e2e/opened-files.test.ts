// Nothing of an exporter or instrumentation that is not in use is read at start: by what the start chunk contains, and
// by the files that the process really opens (strace, where there is one; else the scripts that V8 parsed).
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeApp, root } from '../support/packed'
import { run } from '../support/run'

const off = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', AFN_LOG_LEVEL: 'none', OTEL_METRICS_EXPORTER: 'none' }

/** Our files that were opened while `args` ran, by strace. */
function opened(folder: string, args: string[]): string[] {
  const log = path.join(folder, 'strace.log')
  const node = args.map(arg => arg.replace('{folder}', folder))
  execFileSync('strace', ['-f', '-qq', '-e', 'trace=open,openat', '-o', log, process.execPath, ...node], {
    cwd: folder,
    env: { PATH: process.env.PATH, TMPDIR: folder, ...off },
  })
  const files = [
    ...readFileSync(log, 'utf8').matchAll(
      /"([^"]*node_modules\/(?:@afn|import-in-the-middle|@opentelemetry)[^"]*)"[^=]*= \d/g,
    ),
  ]
  return [...new Set(files.map(([, file]) => (file as string).replace(/^.*node_modules\//, '')))].sort()
}

const hasStrace = spawnSync('strace', ['-V']).status === 0

describe('the start chunk', () => {
  it('contains no exporter, no instrumentation, no reader of a provider and no price table', () => {
    const metafiles = JSON.parse(readFileSync(path.join(root, 'dist/.meta/metafiles.json'), 'utf8'))
    const inputs = Object.keys(metafiles['start.cjs'].inputs)
    expect(
      inputs.filter(input =>
        /exporter-|otlp-|instrumentation|fastify|genai-prices|\/yaml\/|resource-detector|src\/app\/(sdk\/otlp|health|system|llm\/(providers\/\w+\/|observe\/(call|open-calls|fetch\/body)\.))/.test(
          input,
        ),
      ),
    ).toEqual([])
  })

  // V8 parses all of it at each start, and keeps a text with one other character at two bytes for each

  it('is at most 240 kB, in ASCII', () => {
    const text = readFileSync(path.join(root, 'dist/start.cjs'))
    expect(text.length).toBeLessThan(240_000)
    expect(text.every(byte => byte < 128)).toBe(true)
  })
})

describe('the files that a start opens', () => {
  const files = {
    'plain.cjs': `console.log('nothing used')`,
    'plain.mjs': `console.log('nothing used')`,
    'http.cjs': `require('http'); console.log('http')`,
    'http2.cjs': `require('node:http2'); console.log('http2')`,
    'express.cjs': `require('express'); console.log('express')`,
    'serving.cjs': `require('node:net').createServer().listen(0); setTimeout(() => process.exit(), 4_000)`,
    'waiting.cjs': `setTimeout(() => process.exit(), 4_000)`,
  }
  const app = () => makeApp({ files, modules: { express: 'express' } })
  const start = ['@afn/otel/dist/chunks/api.cjs', '@afn/otel/dist/index.cjs', '@afn/otel/dist/start.cjs']
  const byName = '@afn/otel/package.json'
  // from Node.js 26 on, hooks run in the app's thread
  const loader = Number.parseInt(process.versions.node, 10) < 26 ? ['@afn/otel/dist/loader.mjs'] : []

  it.runIf(hasStrace)('are the start chunk and the API in CommonJS, and no other', () => {
    expect(opened(app(), ['--require', '{folder}/node_modules/@afn/otel/dist/index.cjs', 'plain.cjs'])).toEqual(start)
  })

  it.runIf(hasStrace)('ES modules: the hooks on top, and nothing of an instrumentation', () => {
    const files = opened(app(), ['--import', '@afn/otel', 'plain.mjs'])
    expect(
      files.filter(file => !file.startsWith('import-in-the-middle/') && !file.includes('module-details-from-path')),
    ).toEqual([...start, '@afn/otel/dist/index.mjs', ...loader, byName].sort())
  })

  it.runIf(hasStrace).each([
    [
      'http: its hook, its instrumentation and what all of them share',
      'http',
      ['instrument-http', 'instrumentation', 'llm-http'],
    ],
    ['http2: its hook and the instrumentation of HTTP', 'http2', ['instrument-http', 'instrumentation', 'llm-http2']],
  ])('%s', (_, app_, chunks) => {
    expect(opened(app(), ['--require', '@afn/otel', `${app_}.cjs`])).toEqual(
      [...start, byName, ...chunks.map(chunk => `@afn/otel/dist/chunks/${chunk}.cjs`)].sort(),
    )
  })

  it.runIf(hasStrace)('are those of http and of express for an app with express', () => {
    const files = opened(app(), ['--require', '@afn/otel', 'express.cjs']).filter(file => file.includes('instrument-'))
    expect(files).toEqual(['@afn/otel/dist/chunks/instrument-express.cjs', '@afn/otel/dist/chunks/instrument-http.cjs'])
  })

  it.runIf(hasStrace)(
    'the redactor and the price table are read before the first record where the app listens, and else not',
    () => {
      const late = ['otlp', 'prices-pieces', 'redact-pieces'].map(name => `@afn/otel/dist/chunks/${name}.cjs`)
      const read = (file: string) => opened(app(), ['--require', '@afn/otel', file]).filter(name => late.includes(name))
      expect(read('serving.cjs')).toEqual(late)
      expect(read('waiting.cjs')).toEqual([])
    },
  )

  // V8 tells every script of the process; other files (JSON) it does not see
  it.each([
    ['CommonJS', '--require', 'plain.cjs', ['chunks/api.cjs', 'index.cjs', 'start.cjs']],
    ['ES modules', '--import', 'plain.mjs', ['chunks/api.cjs', 'index.cjs', 'index.mjs', 'start.cjs']],
  ])('scripts of ours that V8 parsed, %s', async (_, flag, app_, expected) => {
    const folder = makeApp({
      files: {
        ...files,
        'record.cjs': `const { Session } = require('inspector')
          const session = new Session(); session.connect()
          const urls = []
          session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url))
          session.post('Debugger.enable')
          process.on('exit', () => require('fs').writeSync(1, urls.filter(url => url.includes('@afn')).join('\\n')))`,
      },
    })
    const { stdout } = await run(folder, ['--require', './record.cjs', flag, '@afn/otel', app_], { env: off })
    const scripts = stdout
      .split('\n')
      .slice(1)
      .map(url => url.replace(/^.*@afn\/otel\/dist\//, ''))
    expect([...new Set(scripts)].sort()).toEqual(expected)
  })
})
