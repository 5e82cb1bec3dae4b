// The receipt. Oracles: RFC 8785's own example, OpenSSL, the dates of EDPB Guidelines 01/2022 on the right of access.
import { spawnSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { canonicalJson } from '../../../src/operations/gdpr/canonical'
import { dueDate, reminderAt } from '../../../src/operations/gdpr/due'
import {
  hashOf,
  type Receipt,
  type SignedReceipt,
  signReceipt,
  verifyReceipt,
} from '../../../src/operations/gdpr/receipt'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const receipt: Receipt = {
  version: 1,
  action: 'erase',
  request: '8a6e0804-2bd0-4672-b79d-d97027f9071a',
  receivedAt: '2026-11-01T09:00:00.000Z',
  dueAt: '2026-12-01T23:59:59.999Z',
  completedAt: '2026-11-02T09:00:00.000Z',
  keyIds: ['0123abcd'],
  elsewhere: [{ what: 'backups', why: 'they are outside of all stores', agesOut: null }],
  notAsked: [],
  stores: [
    {
      store: 'embedded',
      found: 12,
      remaining: 0,
      sharedTraces: 1,
      verifiedAt: '2026-11-02T08:59:00.000Z',
      unerasable: [{ what: 'backups', why: 'they are not ours – ask who makes them', agesOut: null }],
    },
  ],
}

describe('canonical JSON', () => {
  it("is RFC 8785's for its example (section 3.2.3)", () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    )
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it("has members in RFC 8785's order of UTF-16 code units", () => {
    const members = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }
    const order = Object.keys(JSON.parse(canonicalJson(members)) as object)
    // a whole number comes first in every object of JavaScript, so the text is looked at
    expect([...canonicalJson(members).matchAll(/:(\d)/g)].map(([, n]) => Number(n))).toEqual([2, 4, 6, 7, 1, 5, 3])
    expect(order).toHaveLength(7)
  })

  it('refuses what JSON does not have', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow('not a JSON number')
    expect(() => canonicalJson('\ud83d')).toThrow('surrogate')
  })
})

describe('a receipt', () => {
  afterEach(() => vi.useRealTimers())

  it('verifies two years later, and when its members stand in another order', () => {
    const signed = signReceipt(receipt, privateKey)
    vi.useFakeTimers({ now: Date.parse('2028-11-28T00:00:00Z') })
    expect(verifyReceipt(signed, [publicKey])).toBe('ok')
    const shuffled = JSON.parse(JSON.stringify(signed), (_, value) =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as SignedReceipt
    expect(JSON.stringify(shuffled)).not.toBe(JSON.stringify(signed))
    expect(verifyReceipt(shuffled, [publicKey])).toBe('ok')
    expect(hashOf(shuffled)).toBe(hashOf(signed))
  })

  it('verifies with OpenSSL alone', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-receipt-'))
    const signed = signReceipt(receipt, privateKey)
    const file = (name: string, content: string | Buffer) => {
      writeFileSync(path.join(folder, name), content)
      return path.join(folder, name)
    }
    const key = file('key.pem', publicKey.export({ format: 'pem', type: 'spki' }))
    const signature = file('signature', Buffer.from(signed.signature, 'base64'))
    const verify = (content: string) =>
      spawnSync(
        'openssl',
        ['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', key, '-sigfile', signature, '-in', file('text', content)],
        { encoding: 'utf8' },
      ).status
    expect(verify(canonicalJson(receipt as never))).toBe(0)
    expect(verify(canonicalJson({ ...receipt, version: 2 } as never))).not.toBe(0)
  })

  it('is forged when any value of it was changed, taken out or added', () => {
    const signed = signReceipt(receipt, privateKey)
    const text = JSON.stringify(signed)
    let changes = 0
    const visit = (value: unknown, change: (other: unknown) => unknown) => {
      const verdict = (other: unknown) => {
        changes++
        return verifyReceipt(change(other), [publicKey])
      }
      if (Array.isArray(value))
        for (const [n, one] of value.entries()) visit(one, other => change(value.with(n, other)))
      else if (value && typeof value === 'object') {
        for (const [name, one] of Object.entries(value)) {
          visit(one, other => change({ ...value, [name]: other }))
          expect([
            name,
            verdict(Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))),
          ]).toEqual([name, 'forged'])
        }
        expect(verdict({ ...value, more: 1 })).toBe('forged')
      } else {
        expect(verdict(typeof value === 'number' ? value + 1 : `${value} `)).toBe('forged')
        expect(verdict(null)).toBe(value === null ? 'ok' : 'forged')
      }
    }
    visit(signed.receipt, other => ({ ...(JSON.parse(text) as SignedReceipt), receipt: other }))
    expect(changes).toBeGreaterThan(40)
    for (const bad of [
      undefined,
      null,
      'x',
      {},
      { ...signed, signature: 'AA==' },
      { ...signed, signature: `${signed.signature} ` },
    ])
      expect(verifyReceipt(bad, [publicKey])).not.toBe('ok')
  })

  it('that brings a key of its own is of an unknown signer, and one of an earlier key verifies', () => {
    const other = generateKeyPairSync('ed25519')
    const signed = signReceipt(receipt, other.privateKey)
    expect(verifyReceipt({ ...signed, publicKey: other.publicKey.export({ format: 'jwk' }) }, [publicKey])).toBe(
      'unknown-signer',
    )
    expect(verifyReceipt(signed, [publicKey, createPublicKey(other.privateKey)])).toBe('ok')
    // who claims to be the other is found out
    expect(verifyReceipt({ ...signed, signer: signReceipt(receipt, privateKey).signer }, [publicKey])).toBe('forged')
  })
})

describe('a due date', () => {
  it.each([
    // EDPB Guidelines 01/2022, section 5.3 (Timing)
    ['2026-03-05T10:00:00Z', 1, '2026-04-05T23:59:59.999Z'],
    ['2026-08-31T10:00:00Z', 1, '2026-09-30T23:59:59.999Z'],
    // Article 3(2)(c) of Regulation 1182/71
    ['2027-01-31T23:59:59Z', 1, '2027-02-28T23:59:59.999Z'],
    ['2028-01-31T00:00:00Z', 1, '2028-02-29T23:59:59.999Z'],
    ['2026-12-15T00:00:00Z', 1, '2027-01-15T23:59:59.999Z'],
    // two further months, Article 12(3)
    ['2026-11-30T00:00:00Z', 3, '2027-02-28T23:59:59.999Z'],
  ])('of %s after %d months is %s', (received, months, due) => {
    expect(new Date(dueDate(Date.parse(received), months)).toISOString()).toBe(due)
  })

  it('has reminders, each once, and one each day when it is over', () => {
    const due = dueDate(Date.parse('2026-11-28T00:00:00Z'))
    const hours = Array.from({ length: 33 * 24 }, (_, hour) =>
      reminderAt(due, Date.parse('2026-11-28T00:00:00Z') + hour * 3_600_000),
    )
    const sent = hours.filter((days, hour) => days !== undefined && days !== hours[hour - 1])
    expect(sent).toEqual([14, 7, 3, 1, 0, -1])
  })
})
