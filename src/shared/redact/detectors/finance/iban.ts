/** International bank account numbers (ISO 13616). */
import { codeAt, DIGIT, is, LETTER, WORD } from '../../scan/chars'
import { spend } from '../../scan/work'

/** Countries by how many characters their numbers have: SWIFT, "IBAN Registry". */
const REGISTRY: Readonly<Record<number, string>> = {
  15: 'NO',
  16: 'BE',
  18: 'DK FI FK FO GL NL SD',
  19: 'MK SI',
  20: 'AT BA EE KZ LT LU MN XK',
  21: 'CH HR LI LV',
  22: 'BG BH CR DE GB GE IE ME RS VA',
  23: 'AE GI IL IQ OM SO TL',
  24: 'AD CZ ES MD PK RO SA SE SK TN VG',
  25: 'LY PT ST',
  26: 'IS TR',
  27: 'BI DJ FR GR IT MC MR SM',
  28: 'AL AZ BY CY DO GT HN HU LB NI PL SV',
  29: 'BR EG PS QA UA',
  30: 'JO KW MU YE',
  31: 'MT SC',
  32: 'LC',
  33: 'RU',
}
const lengths = new Map(
  Object.entries(REGISTRY).flatMap(([length, countries]) =>
    countries.split(' ').map(country => [country, Number(length)]),
  ),
)

const SHORTEST = 14
const LONGEST = 34
/** Of a number whose length is not its country's: printed in capitals, as one block or in fours. */
const FEWEST_DIGITS = 9

/** The end of the account number that begins at `start`, 0 when there is none; single spaces or hyphens may stand in it. */
export function ibanEnd(text: string, start: number): number {
  const length = lengths.get(text.slice(start, start + 2).toUpperCase())
  let compact = ''
  let end = start
  let joint = start + 4
  for (; compact.length < (length ?? LONGEST); end++) {
    const code = codeAt(text, end)
    if (is(code, LETTER | DIGIT)) compact += text[end]
    else {
      const next = end === joint ? jointEnd(text, end) : end
      if (next === end || !goesOn(codeAt(text, next), length)) break
      joint = next + 4
      end = next - 1
    }
  }
  spend(compact.length >> 3)
  if (is(codeAt(text, end), WORD)) return 0
  if (compact.length === length) return passesMod97(compact.toUpperCase()) ? end : 0
  return isAnyCountrys(compact) && passesMod97(compact) ? end : 0
}

/** Behind a space, also as URLs and forms write it, or a hyphen. */
function jointEnd(text: string, at: number): number {
  const code = codeAt(text, at)
  if (code === 32 || code === 45 || code === 43) return at + 1
  return text.startsWith('%20', at) ? at + 3 : at
}

/** Where the length is not known, a word in small letters ends the number. */
function goesOn(code: number, length: number | undefined): boolean {
  return is(code, LETTER | DIGIT) && (length !== undefined || code < 97)
}

/** Two letters, two digits and so many others that passing by chance is out of the question. */
function isAnyCountrys(compact: string): boolean {
  return (
    compact.length >= SHORTEST &&
    /^[A-Z]{2}\d{2}[A-Z\d]+$/.test(compact) &&
    compact.replace(/\D/g, '').length >= FEWEST_DIGITS
  )
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
