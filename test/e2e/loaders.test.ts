// The app's own loaders of ES modules, and what Node says of a wrong import, beside our hooks. Each case runs the same app
// bare and preloaded, and compares.
import { describe, it } from 'vitest'
import { compare, esm, nobody } from '../support/compare'

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
