// What the dearest text that the adversary keeps of each surface costs beside a harmless one of its length: CPU, and the longest turn of
// the event loop for 16 KB and, where so much may come, for 1 MB.
import { createRequire } from 'node:module'
import path from 'node:path'
import { redaction } from '../../adversary/redact.mjs'
import { look, turnOf } from '../../adversary/search.mjs'
import { seedsOf, textOf } from '../../adversary/shapes.mjs'
import { bundleSource } from '../../support/bundle-source.mjs'

const ROUNDS = 5
/** Before anything is measured: V8 compiles what it has met often. */
const WARM = 30
const [SHORT, LONG] = [16_384, 1_048_576]

/** @param {string} root of the repository */
export async function printSurfaces(root) {
  const file = path.join(root, 'test/node_modules/.cache/afn-bench/surfaces.cjs')
  await bundleSource(`export * from './test/adversary/surfaces'\nexport { redact } from './src/shared/redact'`, file)
  const { surfaces, redact } = createRequire(import.meta.url)(file)
  const redacted = { name: 'redaction', surface: () => redaction(root, redact), lengths: [SHORT, 4 * SHORT] }
  console.log(
    '\n| surface | the dearest text kept | CPU / harmless | MB a second | ms in one turn, 16 KB | harmless | ms in one turn, 1 MB | harmless |\n|---|---|---|---|---|---|---|---|',
  )
  for (const { name, surface, lengths } of [redacted, ...surfaces]) {
    const attacked = await surface()
    for (let round = 0; round < WARM; round++)
      for (const shape of seedsOf(attacked.name)) await attacked.run(textOf(shape, SHORT))
    const found = []
    for (const shape of seedsOf(attacked.name)) found.push(await look(attacked, shape, SHORT, ROUNDS))
    const [worst] = found.sort((one, other) => other.ratio - one.ratio)
    if (!worst) continue
    const turns = []
    for (const length of lengths.some(each => each > SHORT) ? [SHORT, LONG] : [SHORT])
      for (const text of [textOf(worst.shape, length), attacked.harmless(length)])
        turns.push((await turnOf(attacked, text, ROUNDS)) / 1000)
    const cells = [
      name,
      `\`${JSON.stringify(worst.shape.pieces.join('')).slice(1, 30)}\``,
      worst.ratio.toFixed(1),
      (SHORT / worst.micros).toFixed(1),
      ...turns.map(ms => ms.toFixed(1)),
    ]
    console.log(`| ${cells.join(' | ').replaceAll('\n', ' ')} |`)
  }
}
