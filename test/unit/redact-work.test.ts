// What strangers send is read only so far. The oracle is arithmetic: units of work and characters are counted, never time.
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/shared/redact'
import { RECORD_WORK, REQUEST_WORK, STRING_WORK, VALUE_WORK, work } from '../../src/shared/redact/scan/work'
import { learnNumberWords, nearestKind } from '../../src/shared/redact/words/number-words'

const hostile = (chars: number) => ` -password ${'(0)11 '.repeat(chars / 6)}`
const RANDOM_KEY = `sk-ant-api03-${'aB3dE5gH7jK9mN1pQ'.repeat(6)}`
/** The work is looked at once in sixteen questions to detectors, which may be runs of digits. */
const ONE_QUESTION = 16 * 60

function workOf(task: () => unknown): number {
  const before = work.spent
  task()
  return work.spent - before
}

describe('what a request brings', () => {
  it.each([
    'user_agent.original',
    'url.path',
    'url.query',
    'url.full',
    'http.target',
    'http.url',
    'http.request.header.x-note',
  ])('%s is read up to 2 KiB', key => {
    const redacted = createRedactor().value(key, 'a'.repeat(15_000)) as string
    expect(redacted.length).toBeLessThanOrEqual(2048)
    expect(redacted).toMatch(/^a{2000,}\[TRUNCATED \d+ chars\]$/)
    expect(redacted.match(/^a+/)![0].length + Number(/\d+/.exec(redacted)![0])).toBe(15_000)
  })

  it('costs no more work when it is hostile than a bound says', () => {
    const redactor = createRedactor()
    expect(workOf(() => redactor.value('user_agent.original', hostile(15_000)))).toBeLessThan(VALUE_WORK + ONE_QUESTION)
    expect(redactor.value('user_agent.original', hostile(15_000))).toMatch(/\[TRUNCATED \d+ chars\]$/)
  })

  it('costs no more work in all its values together, of which none is let through unread', () => {
    const redactor = createRedactor()
    const attributes: Record<string, unknown> = {
      'http.request.method': 'GET',
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, i) => [
          `http.request.header.x-note-${'abcdefghij'[i % 10]}${'klm'[Math.floor(i / 10)]}`,
          [`${i}${hostile(500)} bob${i}@example.com`],
        ]),
      ),
      'url.query': `q=${hostile(2000)}`,
      'app.note': 'call 090-1234-5678',
    }
    // what is found out about a key is kept
    redactor.attributes(attributes)
    expect(workOf(() => redactor.attributes(attributes))).toBeLessThan(REQUEST_WORK + VALUE_WORK + ONE_QUESTION)
    const redacted = redactor.attributes(attributes)
    expect(JSON.stringify(redacted)).not.toContain('@example.com')
    expect(JSON.stringify(redacted['http.request.header.x-note-jm'])).toMatch(/TRUNCATED \d+ chars/)
    // what the app itself says is read, and so is the next request
    expect(redacted['app.note']).toBe('call [PHONE]')
    expect(redactor.attributes({ 'url.path': '/users/bob@example.com' })).toEqual({ 'url.path': '/users/[EMAIL]' })
  })

  it.each([
    [
      'user_agent.original',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 ',
      12,
    ],
    ['url.query', 'utm_source=newsletter&utm_campaign=spring_2026&gclid=k3jd92ma7ql1&', 20],
    ['url.query', 'ids[]=4711815&', 100],
    ['url.query', 'id=81512347,', 120],
    ['url.query', 'id=0b1c9a52-6d3f-4a8e-9c61-2f7d5e8a4b30,', 45],
    ['url.query', 'from=2026-11-01T00:00:00Z&to=2026-11-27T23:59:59Z&', 24],
    ['url.query', 'columns%5B0%5D%5Bdata%5D=name&columns%5B0%5D%5Borderable%5D=true&', 25],
    ['url.full', '/points/35.681236,139.767125|', 60],
    ['url.path', '/api/v1/orders/4711/items/', 70],
  ])('%s is read to its end, as long as browsers and links make it: %s', (key, piece, times) => {
    expect(createRedactor().value(key, piece.repeat(times))).not.toContain('TRUNCATED')
  })

  it('loses no part of a secret that crosses the end of what is kept', () => {
    for (let before = 1900; before < 2100; before += 7) {
      const redacted = createRedactor().value(
        'url.query',
        `${'a=b&'.repeat(before / 4)}note=${RANDOM_KEY}&c=${'d'.repeat(900)}`,
      )
      expect(redacted).not.toContain('aB3dE5gH7')
    }
  })

  it('is not cut where it is no request', () => {
    const redactor = createRedactor()
    expect(redactor.value('app.note', 'a'.repeat(15_000))).toBe('a'.repeat(15_000))
    expect(redactor.value('http.request.header.accept', ['text/html'])).toEqual(['text/html'])
  })
})

describe('work on one string and one record', () => {
  it('is bounded for a string of numbers, whose tail is not let through unread', () => {
    const redactor = createRedactor()
    const text = `${hostile(250_000)} bob@example.com`
    expect(workOf(() => redactor.text(text))).toBeLessThan(STRING_WORK + ONE_QUESTION)
    expect(redactor.text(text)).toMatch(/\[TRUNCATED \d+ chars\]$/)
    expect(redactor.text(text)).not.toContain('bob@')
    expect(redactor.counts.budgetExceeded).toBeGreaterThan(0)
  })

  it('is bounded for all strings of a span together', () => {
    const redactor = createRedactor()
    const attributes = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `app.${'abcdefghij'[i % 10]}${'klmn'[i >> 3]}x`,
        ` ${i}${hostile(24_000)} bob${i}@example.com`,
      ]),
    )
    expect(workOf(() => redactor.attributes(attributes))).toBeLessThan(RECORD_WORK + STRING_WORK + ONE_QUESTION)
    expect(JSON.stringify(redactor.attributes(attributes))).not.toContain('@example.com')
    // the next record has a budget of its own
    expect(redactor.text('call 090-1234-5678')).toBe('call [PHONE]')
  })

  it('masks what stands before the place at which hostile text stops it', () => {
    const redacted = createRedactor().text(`mail bob@example.com\n${hostile(250_000)}`)
    expect(redacted).toMatch(/^mail \[EMAIL\]\n -password /)
    expect(redacted).toMatch(/\[TRUNCATED \d+ chars\]$/)
  })

  it.each([
    ['of two digits', '12 34 5 '],
    ['of four digits', '1712 9154 '],
    ['of fractions', '0.1234 -0.5678\n'],
    ['of ranges', '12-34 56-78 '],
    ['of octal digits', '0012345 012345\n'],
    ['of rows of CSV', '4711,12.50,815123456\n'],
    ['of Markdown', '| 4711 | 1.5% | 815123 |\n'],
  ])('leaves a table %s whole', (_, piece) => {
    const text = piece.repeat(250_000 / piece.length)
    expect(createRedactor().text(text) === text).toBe(true)
  })
})

describe('the nearest word', () => {
  it('is the same for a row of groups in order as for each of them alone', () => {
    learnNumberWords({ phone: 'phone tel', card: 'card', other: 'order' })
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % below
    }
    const pieces = [
      'phone ',
      'order ',
      'card ',
      'tel: ',
      '12 ',
      '1234 ',
      '5',
      '123456 ',
      ') ',
      '[EMAIL] ',
      'x',
      'y ',
      '(0) ',
      '\n',
    ]
    for (let round = 0; round < 2000; round++) {
      const text = Array.from({ length: 4 + random(30) }, () => pieces[random(pieces.length)]!).join('')
      const groups = [...text.matchAll(/\d+/g)].map(found => [found.index, found.index + found[0].length] as const)
      const questions = groups.flatMap(([start], i) => groups.slice(i, i + 3).map(([, end]) => [start, end] as const))
      const inOrder = questions.map(([start, end]) => nearestKind(text, start, end))
      const alone = questions.map(([start, end]) => {
        nearestKind('-', 0, 1)
        return nearestKind(text, start, end)
      })
      expect(inOrder, text).toEqual(alone)
    }
  })
})
