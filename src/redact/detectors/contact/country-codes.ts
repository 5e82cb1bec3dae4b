/**
 * Country calling codes and how many digits follow each: ITU-T E.164, "List of E.164 assigned country codes", and the
 * numbering plans that the countries notified.
 */

/** Digits after the code, where a country has fixed it; ranges are a digit wider where plans are changing. */
const LENGTHS: Readonly<Record<string, readonly [number, number]>> = {
  '1': [10, 10],
  '7': [10, 10],
  '33': [9, 9],
  '34': [9, 9],
  '39': [6, 12],
  '43': [4, 13],
  '44': [9, 10],
  '49': [6, 13],
  '52': [10, 11],
  '55': [10, 11],
  '81': [9, 10],
  '86': [9, 11],
  '90': [10, 10],
  '91': [10, 10],
}
const SHORTEST = 5
const LONGEST = 15

const TWO_DIGITS =
  '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'
/** First two digits of the codes of three, with the third digits that are assigned. */
const THREE_DIGITS =
  '21:123468 22:0123456789 23:0123456789 24:0123456789 25:012345678 26:0123456789 29:01789 35:0123456789 37:012345678 38:01235679 ' +
  '42:013 50:0123456789 59:0123456789 67:023456789 68:0123456789 69:012 80:08 85:02356 87:08 88:012368 96:012345678 97:012345679 99:234568'

const twoDigits = TWO_DIGITS.split(' ')
const threeDigits = THREE_DIGITS.split(' ').flatMap(entry =>
  [...entry.slice(3)].map(third => entry.slice(0, 2) + third),
)
const codes = new Set(['1', '7', ...twoDigits, ...threeDigits])

export interface CountryCode {
  readonly digits: number
  /** fewest and most digits after it */
  readonly least: number
  readonly most: number
}

/** The country code with which the digits of an international number begin, undefined when they begin with none. */
export function countryCode(digits: string): CountryCode | undefined {
  const first = digits.slice(0, 1)
  const two = digits.slice(0, 2)
  const code = first === '1' || first === '7' ? first : codes.has(two) ? two : digits.slice(0, 3)
  if (!codes.has(code)) return undefined
  const [least, most] = LENGTHS[code] ?? [SHORTEST, LONGEST - code.length]
  return { digits: code.length, least, most }
}
