// What reads texts in Node looks at what stands around an anchor before it calls detectors. It has to find what the scanner finds
// that calls each of them, which is the one in browsers.
import { expect, it } from 'vitest'
import { createRedactor } from '../../src/shared/redact'
import { createTextRedactor } from '../../src/shared/redact/engine'
import { locales } from '../../src/shared/redact/locales'
import { corpus } from '../redact/corpus/generate.mjs'
import { mixedTexts } from '../redact/mixed-texts.mjs'

const TEXTS = 6_000

const fast = createRedactor()
const plain = createTextRedactor(locales)

it('leaves of each text what the scanner leaves that calls every detector at its anchors', () => {
  const next = mixedTexts(
    corpus({ seed: 5, scale: 0.5 }).map(({ text }) => text),
    22,
  )
  let masked = 0
  for (let n = 0; n < TEXTS; n++) {
    const text = next()
    const left = fast.text(text)
    expect(left).toBe(plain(text))
    if (left !== text) masked++
  }
  expect(masked).toBeGreaterThan(TEXTS / 4)
})

it.each([
  ['ASCII', 'a'],
  ['another script at its end', 'は'],
  ['half a pair of surrogates', '\ud800'],
])('finds what stands at the end of a text of any length: %s', (_, last) => {
  for (const length of [1, 90, 95, 96, 97, 2048, 16 * 1024, 100 * 1024]) {
    const text = `${'word '.repeat(Math.ceil(length / 5))}bob@example.com ${last}`
    expect(fast.text(text)).toBe(text.replace('bob@example.com', '[EMAIL]'))
  }
})

it.each([
  ['in full width', 'ｂｏｂ＠ｅｘａｍｐｌｅ．ｃｏｍ'],
  ['with characters that have no width', 'b\u200bob@exa\u00admple.com'],
  ['with the full stop of Chinese', 'bob@example。com'],
  ['in percent-encoding beside digits in full width', '１２ bob%40example.com'],
  ['beside what are no characters', '\ufffe\uffff\u0000 bob@example.com'],
])('masks an address %s as browsers do', (_, address) => {
  const text = `宛先： ${address} です。`
  expect(fast.text(text)).toContain('[EMAIL]')
  expect(fast.text(text)).toBe(plain(text))
})

it('is not misled by a text that a detector of the user has redacted meanwhile', () => {
  const inner = createRedactor()
  const redactor = createRedactor({
    detectors: [{ type: 'INNER', sweep: () => void inner.text('another text in ASCII, '.repeat(20)) }],
  })
  const text = `${'word '.repeat(40)}bob@example.com`
  expect(redactor.text(text)).toBe(text.replace('bob@example.com', '[EMAIL]'))
})
