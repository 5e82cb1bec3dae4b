// The first line finds whatever the Collector's second line would find. The oracle is the second line's own expressions
// (`src/shared/redact/re2.ts`, which the generated configuration of the Collector holds): texts are generated from them, wrapped
// in the ways in which texts are quoted, logged and encoded, and redacted; what is left may match none of them.
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { createTextRedactor } from '../../src/shared/redact/engine'
import { locales } from '../../src/shared/redact/locales'
import { encoders, generator, left, privateKeys, secondLine, wrappers } from './redact-superset'

const redactors: Record<string, (text: string) => string> = {
  'in Node': redact,
  "in the browser's engine": createTextRedactor(locales),
}

const SAMPLES = 6

describe.each(Object.entries(redactors))('what the second line would find is gone %s', (_, redacted) => {
  it.each(secondLine.filter(pattern => !pattern.includes('PRIVATE KEY')))('%s', pattern => {
    const make = generator(pattern)
    const leaks: string[] = []
    for (const [name, wrap] of Object.entries(wrappers)) {
      for (let n = 0; n < SAMPLES; n++) {
        const text = wrap(make())
        if (left(redacted(text)).length > 0) leaks.push(`${name}: ${text} -> ${redacted(text)}`)
      }
    }
    expect(leaks).toEqual([])
  })
})

describe.each(Object.entries(redactors))('no line of a private key is left %s', (_, redacted) => {
  it.each(Object.entries({ ...wrappers, ...encoders }))('%s', (_, wrap) => {
    for (const key of privateKeys) {
      const result = redacted(wrap(key))
      const lines = key.split('\n').filter(line => /^[\w+/=]{16,}$/.test(line))
      for (const line of lines) {
        for (const form of [line, encodeURIComponent(line)]) expect(result).not.toContain(form.slice(0, 24))
      }
    }
  })
})
