// The bars of the redactor on the public corpus (`test/redact/corpus`): what has to be gone, what may be changed besides, and
// what a second pass or a JSON parser must not notice.
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { corpus } from '../redact/corpus/generate.mjs'
import { changedShare, measure, recall, touching } from '../redact/score/score.mjs'

const texts = corpus()
const score = await measure(texts, redact)

/** Least share of the labelled values that must be gone, in percent. */
const BARS = {
  structured: 98.5,
  ids: 95,
  prefixed: 100,
  contextual: 97,
  japanese: 97,
  llm: 95,
  names: 93,
  addresses: 90,
}

describe('values gone', () => {
  it.each(Object.entries(BARS))('%s: %s percent', (family, bar) => {
    const missed = score.misses.filter(({ label }) => label.family === family)
    const shown = missed.slice(0, 30).map(({ text, label }) => `${text.id}: ${text.text.slice(label.start, label.end)}`)
    expect(recall(score.byFamily.get(family)), shown.join('\n')).toBeGreaterThanOrEqual(bar)
  })
})

it('leaves harmless texts as they are, but for 0.05 % of their characters', () => {
  const shown = score.harmless.texts.map(({ text, left }) => `${text.id}: ${left}`)
  expect(changedShare(score.harmless), shown.join('\n')).toBeLessThanOrEqual(0.05)
})

it('changes next to nothing that touches no label', () => {
  expect(touching(score)).toBeGreaterThanOrEqual(99)
})

it('finds nothing in a second pass', { timeout: 60_000 }, () => {
  const unstable = texts.filter(({ text }) => redact(redact(text)) !== redact(text))
  expect(unstable.length, unstable.map(({ id }) => id).join(' ')).toBeLessThanOrEqual(4)
})

it('keeps JSON parseable', { timeout: 60_000 }, () => {
  const broken = texts.filter(({ text }) => isJson(text) && !isJson(redact(text)))
  expect(broken.map(({ id, text }) => `${id}: ${redact(text)}`)).toEqual([])
})

/** An object or an array: a number alone may become a mask. */
function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
