// The app's own loaders of ES modules, and what Node says of a wrong import, beside our hooks. Each case runs the same app
// bare and preloaded, and compares.
import { writeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compare, esm, nobody } from '../support/compare'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const env = { OTEL_EXPORTER_OTLP_ENDPOINT: nobody, OTEL_METRICS_EXPORTER: 'none' }

describe("with the app's own module loaders", () => {
  const typescript = `export async function load(url, context, next) {
      if (!url.endsWith('.ts')) return next(url, context)
      const { format, source } = await next(url, { ...context, format: 'commonjs' })
      const text = source ?? (await import('node:fs')).readFileSync(new URL(url))
      return { format, source: String(text).replace(/: number/g, '') }
    }`
  it.each([
    ['a missing export is reported as Node reports it', `import { nothing } from './other.cjs'`],
    [
      'CommonJS from a loader for TypeScript requires what it wants',
      `import './register.mjs'
      const { default: types } = await import('./types.ts')
      console.log(types)`,
    ],
  ])('%s', async (_, app) => {
    const files = {
      'app.mjs': app,
      'other.cjs': 'exports.some = 1',
      'register.mjs': `import { register } from 'node:module'; register('./typescript.mjs', import.meta.url)`,
      'typescript.mjs': typescript,
      'types.ts': `const http = require('http'), n: number = http.METHODS.length\nmodule.exports = [typeof http.get, n > 5]`,
    }
    await compare({ files }, esm, { env }, [])
  })
})

const today = nodeBinary(nodes[24])
if ('missing' in today) writeSync(1, `skipped: code of the command line on Node.js 24: ${today.missing}\n`)
const asked = `http.get('http://127.0.0.1:1').on('error', ({ code }) => console.log(code))`
describe.each([20, ...('path' in today ? [24] : [])])('code of the command line that imports, on Node.js %s', line => {
  it.each([
    // `os` is a global there, which Node requires when it is first used
    ['-e', ['-e', `import('node:http').then(({ default: http }) => ${asked}); os.EOL`]],
    ['--input-type=module -e', ['--input-type=module', '-e', `import http from 'node:http'; ${asked}`]],
  ])('has no spans, or fails: %s', async (_, code) => {
    const receiver = await startReceiver()
    try {
      const { stdout, stderr } = await run(makeApp({ files: {} }), ['--require', '@afn/otel', ...code], {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
        ...(line === 24 && 'path' in today && { node: today.path }),
      })
      expect({ stdout, stderr }).toEqual({ stdout: 'ECONNREFUSED\n', stderr: '' })
      expect(receiver.spans()).toEqual([expect.objectContaining({ name: 'GET', kind: 3 })])
    } finally {
      await receiver.close()
    }
  })
})
