// Phone numbers: by country code, by area code, by how they are written, by a word beside them in many languages. The
// numbers are those that regulators set aside for examples, or made up.
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'

const masked: Record<string, [string, string][]> = {
  international: [
    ['+44 20 7946 0958, +33 1 99 00 12 34', '[PHONE], [PHONE]'],
    ['+81 (0)3-1234-5678 / +81-90-1234-5678', '[PHONE] / [PHONE]'],
    ['+1 (212) 555-0123 x456', '[PHONE]'],
    ['0049 30 901820, 001-212-555-0123', '[PHONE], [PHONE]'],
  ],
  'North American': [
    ['(212)555-0123x45', '[PHONE]'],
    ['212-555-0123 ext. 7', '[PHONE]'],
    ['call me: 212 555 0123', 'call me: [PHONE]'],
  ],
  Japanese: [
    ['03-1234-5678 (03) 1234-5678 03(1234)5678', '[PHONE] [PHONE] [PHONE]'],
    ['０４５－１２３－４５６７', '[PHONE]'],
    ['045‐123‐4567 0800-123-4567 0120-123-456', '[PHONE] [PHONE] [PHONE]'],
    ['電話：045・123・4567', '電話：[PHONE]'],
    ['0451234567にお電話ください', '[PHONE]にお電話ください'],
  ],
  'with a trunk 0': [
    ['020 7946 0958 or 0341 8387176', '[PHONE] or [PHONE]'],
    ['06 12 34 56 78', '[PHONE]'],
  ],
  'by a word': [
    ['Телефон: 200 18 67, Τηλ. 210 584 7502', 'Телефон: [PHONE], Τηλ. [PHONE]'],
    ['mon numéro est le 199 001 234', 'mon numéro est le [PHONE]'],
    ['Telefon: 06-5/421 1248', 'Telefon: [PHONE]'],
    ["They're not answering at 71-33-52-22", "They're not answering at [PHONE]"],
    ['请拨打13812345678', '请拨打[PHONE]'],
    ['phone=06+12+34+56+78&x=1', 'phone=[PHONE]&x=1'],
    ['電話：0463-\n12-3456', '電話：[PHONE]'],
  ],
}

describe('masked', () => {
  for (const [kind, rows] of Object.entries(masked)) {
    it.each(rows)(`${kind}: %s`, (text, after) => {
      expect(redact(text)).toBe(after)
      expect(redact(after)).toBe(after)
    })
  }
})

it.each([
  // no such country, no such area
  '+281474976710656 f(x)+4294967296 02-1234-5678 0199-12-3456',
  // dates, times and years near a word
  'mobile 2016-2020, contact 2018/04/22, call 26/09/2017, Thu Feb 02 16:10:03 -0500 2006',
  'SET counter:page:home 12345678',
  'call 1.2.300 text-3-20210422 message 49925039-2025-cd1a',
  // a dump in hexadecimal
  '4e00 0069 0307 0301 4500 af 06 12 34 56 78 1d',
  '0041 0004 06 00 00 00 Compressed Length',
])('passes: %s', text => {
  expect(redact(text)).toBe(text)
})
