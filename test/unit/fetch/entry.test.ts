// What `@afn/otel/fetch` weighs in an app's bundle, that it needs nothing of Node's, and what it says of options that are wrong.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { beforeAll, expect, it, vi } from 'vitest'
import { buildFetchEntries } from '../../../scripts/fetch-entries.mjs'
import { check, type OtelOptions } from '../../../src/app/fetch/options'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-fetch-'))

beforeAll(async () => {
  await buildFetchEntries({ outdir: folder, define: { AFN_OTEL_VERSION: '"0.0.0"' } })
})

async function bundle(...names: string[]) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: names.map(name => `export * from './${name}.mjs'`).join('\n'), resolveDir: folder },
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    charset: 'utf8',
    external: ['@opentelemetry/api'],
  })
  const { contents, text } = outputFiles[0]!
  const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
  return { size: contents.length, gzip: gzipSync(contents).length, text, imports: [...new Set(imports)] }
}

it('the entry is at most 120 KB minified, without a module or a global of Node', async () => {
  const { size, gzip, text, imports } = await bundle('index')
  console.log(`@afn/otel/fetch ${size} bytes, ${gzip} in gzip`)
  expect(size).toBeLessThanOrEqual(120_000)
  expect(imports).toEqual(['@opentelemetry/api'])
  // AsyncLocalStorage is asked for by name, and may be absent
  const ofNode = text.match(/["']node:[\w/]+["']|(?<![\w.#$])(?:Buffer|setImmediate|process)\.\w+|\brequire\(/g)
  expect(ofNode).toEqual(['"node:async_hooks"'])
})

it('protocols and prices bring no second copy of what the entry has', async () => {
  const [alone, both] = [await bundle('index'), await bundle('index', 'protocols')]
  const prices = await bundle('prices')
  console.log(`with protocols ${both.size}, prices ${prices.size}`)
  expect(both.size - alone.size).toBeLessThanOrEqual(80_000)
  expect(prices.size).toBeLessThanOrEqual(140_000)
})

it('instrumented Durable Objects bring no second copy of what the entry has', async () => {
  const [alone, both] = [await bundle('index'), await bundle('index', 'durable-objects')]
  console.log(`with Durable Objects ${both.size}`)
  expect(both.size - alone.size).toBeLessThanOrEqual(3_000)
})

it('every option that is wrong is named, with what is to be done', () => {
  const wrong = {
    serviceName: '',
    exporter: { url: 'collector:4318' },
    captureContent: 'redacted',
    includeUsage: 'yes',
    sampleRate: 2,
  }
  expect(() => check(wrong as unknown as OtelOptions)).toThrow(
    '@afn/otel/fetch: serviceName is missing; give the name of the service; exporter.url "collector:4318" is no http(s) address; give the Collector\'s, as https://collector.example; ' +
      'captureContent "redacted" needs a redactor; pass createRedactor of @afn/otel/redact; includeUsage "yes" is unknown; use auto, on or off; sampleRate 2 is not between 0 and 1',
  )
  expect(() => check({ serviceName: 'a', exporter: { url: 'http://127.0.0.1:4318' } })).not.toThrow()
})

it('a protocol that was not passed is named once, and the call goes on', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const native = globalThis.fetch
  globalThis.fetch = async () => Response.json({ ok: true })
  const { createOtel } = await import(path.join(folder, 'index.mjs'))
  const otel = createOtel({ serviceName: 'a', exporter: { url: 'http://127.0.0.1:1' }, metrics: false })
  try {
    const url = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:generateContent'
    for (let n = 0; n < 3; n++)
      expect(await (await otel.fetch(url, { method: 'POST', body: '{}' })).json()).toEqual({ ok: true })
    expect(said.mock.calls.flat()).toEqual([
      expect.stringMatching(/AFN150 .*google-generate.*@afn\/otel\/fetch\/protocols/),
    ])
  } finally {
    await otel.shutdown()
    globalThis.fetch = native
    said.mockRestore()
  }
})
