// Names in the sentences of message content. How many are found in texts of others, and how many words are masked that are none,
// says `npm run bench:names`.
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/shared/redact'
import { unpackNames } from '../../src/shared/redact/prose'
import { CODE, ENGLISH, LATIN } from '../bench/redact/prose'

function unpacked() {
  const unpacking = unpackNames()
  for (;;) {
    const step = unpacking.next()
    if (step.done) return step.value
  }
}

const persons = unpacked()
const redactor = createRedactor({ persons })
const content = (text: string) => redactor.value('gen_ai.input.messages', text) as string

describe('a name in a sentence', () => {
  it.each([
    [
      'I spoke with Maria Fernandez this morning about the invoice.',
      'I spoke with [NAME] this morning about the invoice.',
    ],
    ['According to Thomas Becker, the parcel never came.', 'According to [NAME], the parcel never came.'],
    [
      'My sister Julia moved to the coast, and Peter Novak helped her.',
      'My sister [NAME] moved to the coast, and [NAME] helped her.',
    ],
    ['Laut Sabine Hoffmann ist die Lieferung nie angekommen.', 'Laut [NAME] ist die Lieferung nie angekommen.'],
    ['Selon Claire Lefebvre, la commande est partie hier.', 'Selon [NAME], la commande est partie hier.'],
    ['Según Carmen Ortega, el pedido nunca llegó.', 'Según [NAME], el pedido nunca llegó.'],
  ])('is masked: %s', (text, left) => {
    expect(content(text)).toBe(left)
    expect(content(left)).toBe(left)
  })

  it('is masked in the messages of a call, which stay JSON', () => {
    const messages = JSON.stringify([
      { role: 'user', parts: [{ type: 'text', content: 'Hi,\nplease tell Laura Jensen that her order is late.' }] },
    ])
    const left = content(messages)
    expect(JSON.parse(left)[0].parts[0].content).toBe('Hi,\nplease tell [NAME] that her order is late.')
  })

  it('stays outside of content, where the words of a span name services and routes', () => {
    const text = 'According to Thomas Becker, the parcel never came.'
    expect(redactor.value('app.note', text)).toBe(text)
  })

  it('stays where nobody asked for names', () => {
    const text = 'According to Thomas Becker, the parcel never came.'
    expect(createRedactor().value('gen_ai.input.messages', text)).toBe(text)
  })

  it('is found in the same way in a text that is read in pieces', () => {
    const sentence = 'The meeting was moved, since Karin Lindqvist and Paul Meyer are away until the end of the month. '
    const text = sentence.repeat(500)
    const steps = redactor.ahead({ 'gen_ai.input.messages': text }, false, () => content(text))
    let step = steps.next()
    let pauses = 0
    for (; !step.done; step = steps.next()) pauses++
    expect(pauses).toBeGreaterThan(4)
    expect(step.value).toBe(content(text))
    expect(step.value).toBe(sentence.replace(/Karin Lindqvist|Paul Meyer/g, '[NAME]').repeat(500))
  })

  it('beside what other detectors find is a mask of its own', () => {
    expect(content('Please write to Laura Jensen at laura@example.com before Monday.')).toBe(
      'Please write to [NAME] at [EMAIL] before Monday.',
    )
  })
})

describe('texts without names stay as they are', () => {
  it.each([...ENGLISH, ...LATIN])('%s', text => {
    expect(content(text)).toBe(text)
  })

  it.each(CODE)('code: %s', text => {
    expect(content(text)).toBe(text)
  })

  it.each([
    '2026-11-27T10:00:00.000Z ERROR [Worker-3] NullPointerException in OrderService.createOrder: Order Not Found',
    'GET /api/users/Anna HTTP/1.1 Host: example.com User-Agent: Mozilla/5.0 Chrome/120.0',
    '{"type":"object","properties":{"Victoria":{"type":"string"},"firstName":{"type":"string"}}}',
    'new Map<String, Integer>() and Class.forName("Foo") and import React from "react"',
  ])('telemetry: %s', text => {
    expect(content(text)).toBe(text)
  })
})

it('a second pass finds nothing, whatever stands next to a name', () => {
  const names = ['Anna Kern', 'Bob', 'Jean-Pierre Lambert', "O'Neill", 'J. Smith', 'van den Berg', 'Rodriguez']
  const words = ['and', ',', 'of Microsoft', 'said', '\n', '(', ')', 'The', 'in Paris', 'bob@example.com', '.', ': ']
  let seed = 7
  const next = (many: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
    return (seed >>> 8) % many
  }
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 9 }, (_, i) =>
      i % 2 ? words[next(words.length)] : names[next(names.length)],
    ).join(' ')
    const once = content(text)
    expect(content(once), text).toBe(once)
  }
})
