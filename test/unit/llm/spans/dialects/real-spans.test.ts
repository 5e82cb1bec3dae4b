// Real spans: `fixtures/dialects` holds a library's own output of a run against a recorded answer (`origin` tells which),
// and what is expected to be added to it.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Attributes } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { ATTRIBUTE_TYPES } from '../../../../../semconv'
import { isContentKey } from '../../../../../src/shared/redact/content'
import type { SpanLike } from '../../llm-span'
import { added } from './normalised'

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../../../fixtures/dialects')
const goldens = readdirSync(fixtures).map(file => {
  const golden = JSON.parse(readFileSync(path.join(fixtures, file), 'utf8'))
  return { name: path.parse(file).name, ...(golden as { origin: string; span: SpanLike; expected: Attributes }) }
})

describe('a real span of another instrumentation', () => {
  it.each(goldens)('$name', ({ span, expected }) => {
    expect(added(span)).toEqual(expected)
  })

  it.each(goldens)('$name: with content off nothing that is written is content', ({ span }) => {
    expect(Object.keys(added(span, { content: false })).filter(isContentKey)).toEqual([])
  })

  it.each(goldens)('$name: every name stands in the registry, in its type', ({ expected }) => {
    for (const [name, value] of Object.entries(expected)) {
      const type = ATTRIBUTE_TYPES[name]
      const fits = {
        int: Number.isSafeInteger(value),
        double: typeof value === 'number',
        boolean: typeof value === 'boolean',
        string: typeof value === 'string',
        'string[]': Array.isArray(value),
      }
      expect([name, type && fits[type]]).toEqual([name, true])
    }
  })
})
