// What the browser SDK weighs. `npx vitest run --project unit browser-size` prints what each feature adds.
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleCode } from '../support/browser-bundle.mjs'
import { expectInTable } from '../support/documented'

const from = (names: string[]) => `export { ${names.join(', ')} } from './src/browser/core'`
const weigh = async (code: string) => (await bundleCode(code)).gzip

const features = [
  'errors',
  'resourceErrors',
  'cspReports',
  'fingerprints',
  'webVitals',
  'navigationTiming',
  'resourceTiming',
  'longFrames',
  'clicks',
  'submits',
  'scrollDepth',
  'fetchSpans',
  'xhrSpans',
  'streams',
  'navigations',
  'sessionEvents',
  'compression',
  'offlineQueue',
  'beacon',
  'suppression',
  'recordFeedback',
]
/** What may be added; without an entry 1,500 bytes. */
const gates: Record<string, number> = { webVitals: 6800, recordFeedback: 512 }

const atOnce = "export { initializeMonitor, monitor } from './src/browser'"
const chunks = ['late', 'older', 'features/suppression']
/** With what is lazy, in one file. */
const everything = [
  atOnce,
  ...chunks.map((file, index) => `export { features as _${index} } from './src/browser/${file}'`),
].join('\n')

it.each([
  ['core and errors', from(['startMonitor', 'captureError', 'errors']), 4.5],
  ['initial part of everything', atOnce, 8.5],
  ['everything', everything, 15_000 / 1024],
])('%s: gzip within its gate', async (name, code, most) => {
  const { gzip, files } = await bundleCode(code)
  expectInTable('Parts', name, { bytes: gzip })
  console.log(`${name}: ${gzip} bytes of gzip, at most ${most * 1024}`)
  const table = Object.entries(files)
    .sort(([, one], [, other]) => other - one)
    .map(([file, bytes]) => `${String(bytes).padStart(6)} ${file}`)
  expect(gzip, `${gzip} bytes of gzip; minified by file:\n${table.join('\n')}`).toBeLessThanOrEqual(most * 1024)
})

describe('each feature alone', () => {
  let core = 0
  beforeAll(async () => {
    core = await weigh(from(['startMonitor']))
    console.log(`${String(core).padStart(6)} the core alone; each feature on top of it:`)
  })

  it.each(features)('%s is left out of a bundle that does not name it', async name => {
    const added = (await weigh(from(['startMonitor', name]))) - core
    console.log(`${String(added).padStart(6)} ${name}`)
    expect(added).toBeGreaterThan(0)
    expectInTable('Features', name, { bytes: added })
    expect(added).toBeLessThanOrEqual(gates[name] ?? 1500)
  })
})

it('needs nothing that a strict content security policy forbids, and nothing of Node', async () => {
  const { text } = await bundleCode(everything)
  expect(text).not.toMatch(
    /\beval\(|new Function|new Worker|createElement\(|innerHTML|\brequire\(|\bprocess\.|\bBuffer\./,
  )
})
