// What one question to a detector costs, and all questions of a text: each detector has said it, and the adversary's texts hold it.
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRedactor, redact } from '../../src/shared/redact'
import { detectorsWith } from '../../src/shared/redact/detectors'
import { registered } from '../../src/shared/redact/detectors/registry'
import { locales } from '../../src/shared/redact/locales'
import { detectors } from '../../src/shared/redact/redactor'
import { createFastReader } from '../../src/shared/redact/scan/fast-reader'
import { createScanner, type Detector } from '../../src/shared/redact/scan/scanner'
import { CHARACTER_WORK, REQUEST_WORK, SHORT_WORK, VALUE_WORK, work } from '../../src/shared/redact/scan/work'
import { literalsOf } from '../adversary/literals.mjs'
import { Mutations, seedsOf, textOf } from '../adversary/shapes.mjs'
import { corpus } from '../redact/corpus/generate.mjs'

const literals = literalsOf(path.resolve(import.meta.dirname, '../../src/shared/redact'))
const random = new Mutations(literals, 11)
const shapes = [
  ...seedsOf('redact'),
  ...literals.map((word, n) => ({ opening: '', pieces: [word, ['="', ': ', ' '][n % 3]!], ending: '' })),
  ...Array.from({ length: 1000 }, () => random.fresh()),
]
const texts = [
  ...corpus({ seed: 1 }).map(({ text }) => text.slice(0, 1024)),
  ...shapes.map(shape => textOf(shape, 1024)),
]

/** Those that one place of a text is asked at most, behind which the work is looked at. */
const QUESTIONS = 4

it('every detector says what a question to it costs at most', () => {
  expect(
    detectorsWith(locales)
      .filter(detector => !registered(detector))
      .map(({ anchors }) => anchors),
  ).toEqual([])
  expect(detectors).toEqual(detectorsWith(locales))
  expect(detectors.filter(detector => !(registered(detector)!.most > 0))).toEqual([])
})

describe('no question costs more than was said', () => {
  it.each(detectors.map(detector => [registered(detector)!.names.join(), detector] as const))('%s', (_, detector) => {
    let most = 0
    const measured: Detector = {
      ...detector,
      at(text, at, hits) {
        const before = work.spent
        const settled = detector.at(text, at, hits)
        if (settled <= at) most = Math.max(most, work.spent - before)
        return settled
      },
    }
    const scan = createScanner([measured], [], undefined, createFastReader)
    for (const text of texts)
      scan(
        `${text} `,
        tag => tag,
        () => {},
      )
    expect(most).toBeLessThanOrEqual(registered(detector)!.most)
  })
})

const overshoot = QUESTIONS * Math.max(...detectors.map(detector => registered(detector)!.most))

/** Without halves of characters, which no URL has. */
const wellFormed = (text: string) => Buffer.from(text).toString()

function workOf(task: () => unknown): number {
  const before = work.spent
  task()
  return work.spent - before
}

it('no text costs more work than its length allows', () => {
  for (const shape of shapes) {
    const text = textOf(shape, 4096)
    const most = SHORT_WORK + text.length * CHARACTER_WORK + overshoot
    expect(
      workOf(() => redact(text)),
      JSON.stringify(shape),
    ).toBeLessThan(most)
  }
})

it('no request of 16 KB costs more work than one with harmless values may', () => {
  const redactor = createRedactor()
  for (const shape of shapes.filter((_, n) => n % 6 === 0)) {
    const text = textOf(shape, 4096)
    const request = {
      'url.path': `/${encodeURIComponent(wellFormed(text)).slice(0, 4096)}`,
      'url.query': `q=${encodeURIComponent(wellFormed(text)).slice(0, 4096)}`,
      'user_agent.original': text,
      'http.request.header.x-note': [text],
    }
    expect(
      workOf(() => redactor.attributes(request)),
      JSON.stringify(shape),
    ).toBeLessThan(REQUEST_WORK + VALUE_WORK + overshoot)
  }
})
