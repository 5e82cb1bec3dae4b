// What redaction weighs in a browser: a core that is there at once, the engine as a lazy chunk, and what belongs to
// countries and languages as one more. `npx vitest run --project unit redact-size` prints the sizes.
import { expect, it } from 'vitest'
import { bundleForBrowser } from '../support/browser-bundle.mjs'

const core = await bundleForBrowser(['src/shared/redact/core.ts'])
const engine = await bundleForBrowser(['src/shared/redact/engine.ts'])
const all = await bundleForBrowser(['src/shared/redact/engine.ts', 'src/shared/redact/locales/index.ts'])

it.each([
  ['core', core.gzip, 3 * 1024, core.files],
  ['engine', engine.gzip, 23 * 1024, engine.files],
  ['locales, added to the engine', all.gzip - engine.gzip, 82 * 1024, all.files],
])('%s: %i of at most %i bytes of gzip', (name, gzip, most, files) => {
  console.log(`${name}: ${gzip} bytes of gzip, at most ${most}`)
  const table = Object.entries(files)
    .sort(([, one], [, other]) => other - one)
    .map(([file, bytes]) => `${String(bytes).padStart(6)} ${file}`)
  expect(gzip, `${gzip} bytes of gzip; minified by file:\n${table.join('\n')}`).toBeLessThanOrEqual(most)
})

it('needs nothing that a strict content security policy forbids, and nothing of Node', () => {
  for (const { text } of [core, all])
    expect(text).not.toMatch(/\beval\(|new Function|\bimport\(|\brequire\(|\bprocess\.(?:env|cpuUsage)|\bBuffer\./)
})
