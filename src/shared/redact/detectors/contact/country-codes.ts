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

/** Of one digit, of two, of three. */
const CODE = new RegExp(
  `^(?:${[
    '[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]',
    '2(?:1[1-468]|[2346]\\d|5[0-8]|9[017-9])|3(?:5\\d|7[0-8]|8[0-35-79])|42[013]|5[09]\\d|6(?:7[02-9]|8\\d|9[0-2])',
    '8(?:0[08]|5[02356]|7[08]|8[0-368])|9(?:6[0-8]|7[0-79]|9[2-68])',
  ].join('|')})`,
)

export interface CountryCode {
  readonly digits: number
  /** fewest and most digits after it */
  readonly least: number
  readonly most: number
}

/** The country code with which the digits of an international number begin, undefined when they begin with none. */
export function countryCode(digits: string): CountryCode | undefined {
  const code = CODE.exec(digits)?.[0]
  if (!code) return undefined
  const [least, most] = LENGTHS[code] ?? [SHORTEST, LONGEST - code.length]
  return { digits: code.length, least, most }
}
