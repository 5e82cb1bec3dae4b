// The texts of bench:redact, made by the seeded generator of the unit tests: nothing that looks like a live key is in git.
// Bundled and called by redact.mjs.
import { detectors } from '../../../src/redact/detectors'
import { createScanner } from '../../../src/redact/scan'
import { harmless, keyed, personal, secrets, seeded, wrappers } from '../../unit/redact-corpus'

export interface Labelled {
  readonly type: string
  readonly text: string
  /** What must be gone; undefined for a text that has to pass unchanged. */
  readonly value?: string
}

const each = 4

/** Each type in each way to write it: plain, in sentences, in JSON at three depths, cut off, in logs. */
export function corpus(): Labelled[] {
  const random = seeded(2026)
  const texts: Labelled[] = []
  for (const wrap of Object.values(wrappers)) {
    for (let round = 0; round < each; round++) {
      for (const [type, make] of Object.entries({ ...personal, ...secrets })) {
        const value = make(random)
        texts.push({ type, value: value.replace(/^Bearer /, ''), text: wrap(value) })
      }
      for (const [type, make] of Object.entries(keyed)) {
        const [text, value] = make(random)
        texts.push({ type: `key: ${type}`, value, text: wrap(text) })
      }
      for (const [type, make] of Object.entries(harmless)) texts.push({ type, text: wrap(make(random)) })
    }
  }
  return texts
}

/** A scanner of each detector alone, with the text that asks it at every character. */
export const alone = detectors.map(({ names, anchors }, index) => {
  const scan = createScanner([detectors[index]!])
  return {
    name: names[0]!,
    anchors: anchors.map(({ at }) => at).join(''),
    read: (text: string) =>
      scan(
        text,
        tag => `[${tag}]`,
        () => {},
      ),
  }
})
