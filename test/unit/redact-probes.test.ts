// Hard cases by kind: how many of the values in `test/redact/probes` are gone, and how many texts that look alike are changed. The table
// in docs/redaction.md has these figures.
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { type ProbeText, probes } from '../redact/probes/index.mjs'
import { isGone } from '../redact/score/score.mjs'
import { read } from '../support/pages'

const share = (texts: readonly ProbeText[]): string => {
  const values = texts.flatMap(({ text, values }) => values.map(value => isGone(text, redact(text), value)))
  return `${values.filter(Boolean).length} of ${values.length}`
}

const rows = [...probes].map(([kind, { gone, kept }]) => {
  const changed = kept.filter(({ text }) => redact(text) !== text)
  return `| ${kind} | ${share(gone)} | ${share(gone.filter(text => text.isUnseen))} | ${changed.length} of ${kept.length} |`
})

it('the table of hard cases in docs/redaction.md says something else than the redactor does', () => {
  const table = read('docs/redaction.md')
    .split('\n')
    .filter(line => / of \d+ \|$/.test(line))
  expect(table, `the rows should be\n${rows.join('\n')}`).toEqual(rows)
})

describe('a second pass finds more in a text that was redacted', () => {
  it.each([...probes])('%s', (_, { gone, kept }) => {
    const texts = [...gone, ...kept].map(({ text }) => redact(text))
    expect(texts.map(redact)).toEqual(texts)
  })
})
