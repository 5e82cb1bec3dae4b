// A substitution of the build that replaces nothing fails the build: each on esbuild itself, with a bundle in which upstream
// has moved the file. (That each replaces something today is what every build holds.)
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, type Plugin } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { buildAppModules } from '../../../scripts/app-modules.mjs'
import { inlineSemconv } from '../../../scripts/inline-semconv.mjs'
import { priceData } from '../../../scripts/price-data-plugin.mjs'
import { ownParts, redactionFile, requiredFiles, substitute } from '../../../scripts/substitutions.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-substitutions-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The message with which a bundle of these files fails, '' when it does not; the first file is its entry. */
async function failure(files: Record<string, string>, ...plugins: Plugin[]): Promise<string> {
  const root = mkdtempSync(path.join(folder, 'app-'))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
  const entryPoints = [path.join(root, Object.keys(files)[0]!)]
  const options = { entryPoints, bundle: true, write: false, logLevel: 'silent', platform: 'node' } as const
  return build({ ...options, plugins }).then(
    () => '',
    ({ errors }) => errors.map(({ text }: { text: string }) => text).join('\n'),
  )
}

const all = [...ownParts, ...requiredFiles, redactionFile('./redact.cjs', 'next.cjs'), redactionFile('x', 'modules')]
const cases = all.flatMap(one => one.in.map(bundle => [one.name, bundle, one] as const))

describe('a bundle in which nothing is replaced', () => {
  it.each(cases)('fails for %s in %s', async (name, bundle, substitution) => {
    const text = await failure(
      { 'index.js': "export * from './moved'", 'moved.js': '' },
      substitute(bundle, [substitution]),
    )
    expect(text).toContain(`${bundle}: nothing was replaced of ${name}`)
  })

  it.each(cases)('passes for %s where it is not expected (%s is another bundle)', async (_, __, substitution) => {
    expect(await failure({ 'index.js': '' }, substitute('other.cjs', [substitution]))).toBe('')
  })
})

describe('a bundle in which it is replaced', () => {
  it('passes, and holds the replacement', async () => {
    const middleware = path.join('src/app/middleware/index.js')
    const files = { [middleware]: "import '../health'\nimport '../logs'" }
    expect(await failure(files, substitute('middleware.cjs', requiredFiles))).toBe('')
  })

  it('fails for the one of two that is gone', async () => {
    const middleware = path.join('src/app/middleware/index.js')
    const text = await failure({ [middleware]: "import '../health'" }, substitute('middleware.cjs', requiredFiles))
    expect(text).toMatch(/^middleware\.cjs: nothing was replaced of src\/app\/logs of src\/app\/middleware/)
    expect(text).not.toContain('src/app/health')
  })
})

describe('names of semantic conventions', () => {
  const file = 'node_modules/@opentelemetry/instrumentation-x/build/src/index.js'

  it.each([
    "const semconv = require('@opentelemetry/semantic-conventions'); exports.a = semconv.ATTR_HTTP_ROUTE",
    "const { ATTR_HTTP_ROUTE } = require('@opentelemetry/semantic-conventions'); exports.a = ATTR_HTTP_ROUTE",
  ])('stand in the place of %s', async source => {
    expect(await failure({ [file]: source }, inlineSemconv)).toBe('')
  })

  it.each([
    "exports.a = require('@opentelemetry/semantic-conventions')[process.argv[2]]",
    "let semconv = require('@opentelemetry/semantic-conventions'); exports.a = semconv.ATTR_HTTP_ROUTE",
    "const semconv = require('@opentelemetry/semantic-conventions'); exports.a = Object.keys(semconv)",
  ])('fail the bundle that keeps the whole package: %s', async source => {
    expect(await failure({ [file]: source }, inlineSemconv)).toContain('still requires the names of semconv')
  })
})

describe('the price table', () => {
  it('fails where the package has moved its file', async () => {
    expect(await failure({ 'index.js': '' }, priceData)).toContain(
      'the file of @pydantic/genai-prices is not where it was',
    )
  })

  it('fails where the table looks different', async () => {
    const file = 'node_modules/@pydantic/genai-prices/dist/index.js'
    expect(await failure({ [file]: 'export const data = {}' }, priceData)).toContain(
      'the table of @pydantic/genai-prices',
    )
  })
})

describe('modules for bundlers of apps', () => {
  it('fail where no import of the base is replaced', async () => {
    const inputs = Object.fromEntries(
      ['initialize', 'monitor', 'late'].map(name => [`src/browser/${name}.ts`, { imports: [] }]),
    )
    const options = { bundle: true, metafile: true, write: false, logLevel: 'silent', plugins: [] }
    await expect(buildAppModules(options, inputs)).rejects.toThrow('base.mjs was replaced')
  })
})
