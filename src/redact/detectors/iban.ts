/** International bank account numbers (ISO 13616). Called by `letter-ids` at the two letters of a country. */
import { codeAt, DIGIT, is, LETTER, WORD } from '../chars'

/** Characters by country: SWIFT, "IBAN Registry". */
const REGISTRY =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 ' +
  'GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 ' +
  'MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20'
const lengths = new Map(REGISTRY.split(' ').map(entry => [entry.slice(0, 2), Number(entry.slice(2))]))

/** The end of the account number that begins at `start`, 0 when there is none; single spaces or hyphens may stand in it. */
export function ibanEnd(text: string, start: number): number {
  const length = lengths.get(text.slice(start, start + 2).toUpperCase())
  if (length === undefined) return 0
  let compact = ''
  let end = start
  for (; compact.length < length; end++) {
    const code = codeAt(text, end)
    if (is(code, LETTER | DIGIT)) compact += text[end]
    else if ((code !== 32 && code !== 45 && code !== 0xa0) || !is(codeAt(text, end + 1), LETTER | DIGIT)) return 0
  }
  return !is(codeAt(text, end), WORD) && passesMod97(compact.toUpperCase()) ? end : 0
}

/** ISO/IEC 7064 MOD 97-10, letters as 10 to 35, the first four characters last. */
function passesMod97(compact: string): boolean {
  let digits = ''
  for (const char of compact.slice(4) + compact.slice(0, 4)) digits += Number.parseInt(char, 36)
  return remainder(digits, 97) === 1
}

/** The remainder of a number of any length; longer ones than 15 digits are no safe integers. */
export function remainder(digits: string, modulus: number): number {
  let left = 0
  for (let i = 0; i < digits.length; i++) left = (left * 10 + Number(digits[i])) % modulus
  return left
}
