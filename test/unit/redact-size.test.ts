// What redaction weighs in a browser: a core that is there at once, the engine, and what belongs to countries and
// languages, as two lazy chunks. `npx vitest run --project unit redact-size` prints the sizes.
import path from 'node:path'
import { expect, it } from 'vitest'
import { weigh } from '../support/browser-bundle.mjs'

/** Bytes of gzip -9, each without what was loaded before it. */
const limits = {
  'src/redact/core.ts': 3 * 1024,
  'src/redact/engine.ts': 20 * 1024,
  'src/redact/locales/index.ts': 70 * 1024,
}

const root = path.join(import.meta.dirname, '../..')
const weighed = await weigh(Object.keys(limits), root)
console.log(weighed.map(({ entry, gzip }) => `${entry}: ${gzip} bytes`).join('\n'))

it.each(Object.entries(limits))('%s is at most %i bytes', (name, most) => {
  const { gzip, files } = weighed.find(({ entry }) => entry === name)!
  const table = Object.entries(files)
    .sort(([, one], [, other]) => other - one)
    .map(([file, bytes]) => `${String(bytes).padStart(6)} ${file}`)
  expect(gzip, `${gzip} bytes of gzip; minified by file:\n${table.join('\n')}`).toBeLessThanOrEqual(most)
})

it('needs nothing that a strict content security policy forbids, and nothing of Node', () => {
  for (const { outputs } of weighed) {
    for (const text of Object.values(outputs))
      expect(text).not.toMatch(/\beval\b|new Function|\bimport\(|\brequire\b|\bprocess\.(?!env\|)|\bBuffer\b/)
  }
})
