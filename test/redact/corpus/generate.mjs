// The corpus: texts with what has to go out of them, and texts that have to pass unchanged. It is made from a seed.
import { Draft } from './mark.mjs'
import { prose } from './negatives/prose.mjs'
import { telemetry } from './negatives/telemetry.mjs'
import { seeded } from './random.mjs'
import { ids } from './scenes/ids.mjs'
import { japanese } from './scenes/japanese.mjs'
import { llm } from './scenes/llm.mjs'
import { addresses, names } from './scenes/named.mjs'
import { contextual, prefixed } from './scenes/secrets.mjs'
import { structured } from './scenes/structured.mjs'

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {(type: string, value: string) => string} Put marks a value in a text under construction */
/**
 * @typedef {{ id: string, family: string, scene: string, text: string, labels: import('./mark.mjs').Label[] }} Text
 * no labels: nothing in it may change
 */

/** [family, its scenes, texts a scene at scale 1] */
// biome-ignore format: a table
const SETS = /** @type {const} */ ([
  ['structured', structured, 80],
  ['ids', ids, 16],
  ['prefixed', prefixed, 10],
  ['contextual', contextual, 50],
  ['japanese', japanese, 24],
  ['llm', llm, 50],
  ['names', names, 60],
  ['addresses', addresses, 60],
])
/** [name, its texts, texts a scene at scale 1] */
const HARMLESS = /** @type {const} */ ([
  ['telemetry', telemetry, 20],
  ['prose', prose, 60],
])

/** A name belongs to the names wherever it stands, but in the Japanese texts, whose bar counts every type. @param {string} family @param {string} type */
const familyOf = (family, type) => (family === 'llm' && type.startsWith('name') ? 'names' : family)

/** FNV-1a: a scene's chance is its own, so that a change of one leaves the others as they were. @param {string} text */
const hash = text => [...text].reduce((sum, sign) => Math.imul(sum ^ sign.charCodeAt(0), 0x01000193), 0x811c9dc5)

/**
 * @param {{ seed?: number, scale?: number }} [options] `scale` multiplies the number of texts, about 6,100 at 1
 * @returns {Text[]}
 */
export function corpus({ seed = 20261124, scale = 1 } = {}) {
  /** @type {Text[]} */
  const texts = []
  for (const [family, scenes, count] of SETS) {
    for (const [scene, make] of Object.entries(scenes)) {
      const random = seeded(seed ^ hash(`${family}/${scene}`))
      for (let round = 0; round < count * scale; round++) {
        const draft = new Draft()
        const marked = make(random, (type, value) => draft.mark(value, type, familyOf(family, type)))
        texts.push({ id: `${family}/${scene}/${round}`, family, scene, ...draft.settle(marked) })
      }
    }
  }
  for (const [family, scenes, count] of HARMLESS) {
    for (const [scene, make] of Object.entries(scenes)) {
      const random = seeded(seed ^ hash(`${family}/${scene}`))
      for (let round = 0; round < count * scale; round++) {
        texts.push({ id: `${family}/${scene}/${round}`, family, scene, text: make(random), labels: [] })
      }
    }
  }
  return texts
}
