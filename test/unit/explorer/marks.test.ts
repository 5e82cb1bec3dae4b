import { describe, expect, it } from 'vitest'
import { piecesOf } from '../../../src/backend/explorer/data/redaction-masks'
import { createRedactor } from '../../../src/shared/redact'

const kinds = (text: string) =>
  piecesOf(text).map(piece => (piece.kind === 'mask' ? `${piece.type}:${piece.detail}` : piece.kind))

describe('marks of redaction', () => {
  it('are found with what they say of the value', () => {
    expect(piecesOf('to [EMAIL], card [CARD:*1111]')).toEqual([
      { kind: 'text', text: 'to ' },
      { kind: 'mask', text: '[EMAIL]', type: 'EMAIL', detail: '' },
      { kind: 'text', text: ', card ' },
      { kind: 'mask', text: '[CARD:*1111]', type: 'CARD', detail: '*1111' },
    ])
    expect(kinds('[NAME:0123456789abcdef]')).toEqual(['NAME:0123456789abcdef'])
  })

  it('are found for the types of the user, by underscore or detail', () => {
    expect(kinds('[EMPLOYEE_ID] [BADGE:0123456789abcdef]')).toEqual(['EMPLOYEE_ID:', 'text', 'BADGE:0123456789abcdef'])
  })

  it('are not seen in what people write between brackets', () => {
    expect(kinds('[INFO] [DONE] [1] [a] [EMAIL [email] [NOTE: x]')).toEqual(['text'])
  })

  it('are those that the redactor writes', () => {
    const redact = createRedactor()
    const masked = redact.text('mail ada@example.com or call +44 20 7946 0958')
    expect(piecesOf(masked).filter(({ kind }) => kind === 'mask')).toHaveLength(2)
  })

  it('leave the text whole', () => {
    const text = 'a [EMAIL] b [TRUNCATED 12 chars] [X] \u{1f600}'
    expect(
      piecesOf(text)
        .map(piece => piece.text)
        .join(''),
    ).toBe(text)
  })
})

describe('what a budget cut, and characters that deceive', () => {
  it('are named', () => {
    expect(kinds('x[TRUNCATED 900 chars]')).toEqual(['text', 'cut'])
    expect(piecesOf('txt\u202Egpj.exe')).toContainEqual({ kind: 'control', text: 'U+202E' })
    expect(kinds('line\nnext\ttab')).toEqual(['text'])
  })
})

it('a megabyte of brackets is read in one pass', () => {
  expect(piecesOf('[A'.repeat(500_000))).toHaveLength(1)
})
