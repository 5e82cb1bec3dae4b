/**
 * The first redactor of a browser: small enough to be there at once, for what is sent before the engine (`engine.ts`) has
 * come. It knows secrets, e-mail addresses, cards and URLs, one expression a kind, and names what it masks as the engine
 * does, which leaves its masks alone.
 *
 * Linear time on any text: a repetition is bounded, or it is the last of its expression and never goes back.
 */
import { isCardNumber } from './detectors/finance/card-number'
import { COMMON_ISSUERS, type Form } from './detectors/secrets/formats/common-issuers'

type Mask = string | ((match: string, ...groups: string[]) => string)
/** `sign` is what a text that has a match always has, and is found sooner. */
type Rule = readonly [what: RegExp, mask: Mask, sign?: RegExp]

/** A rule for words; they begin after none of these, or after an escape in JSON or in a URL, which is no part of them. */
const word = (after: string, what: string, mask: Mask, sign: RegExp, flags = 'g'): Rule => [
  new RegExp(`(?:(?<![${after}\\\\])|(?<=\\\\(?:[bfnrt]|u[\\da-f]{4})|%[\\da-f]{2}))${what}`, flags),
  mask,
  sign,
]

/** What stands after the prefixes of `COMMON_ISSUERS`: of the alphabets those that they have. */
const CLASSES: Partial<Record<Form, string>> = { t: '\\w-', '.': '\\w.-', w: '\\w', A: '\\dA-Z' }
const KEY = COMMON_ISSUERS.map(
  ([form, least, prefixes]) => `(?:${prefixes.replace(/\./g, '\\.').replace(/ /g, '|')})[${CLASSES[form]}]{${least},}`,
).join('|')
/**
 * Eight letters and digits in a row, digits among them: a machine made it. Names begin with the prefixes of keys too
 * (`sk-learn-contrib`). It begins with what is rare, the digit, and is quick.
 */
export const HIGH_ENTROPY: RegExp = /\d(?=[a-z\d]*(?<=[a-z\d]{8}))/i

/** What a text has at least that is not clean: most have none of it, and go through one expression instead of all. */
export const SUSPECT: RegExp = new RegExp(`[:=%@?&]|--|eyJ|bearer|basic|\\d{4}|${HIGH_ENTROPY.source}`, 'i')

const SECRET =
  'pass(?:word|wd|phrase|code)|pwd|secret|credentials?|signature|sig|(?:api|access|private|secret)[-_]?key|[-_]?token|jwt|otp|session[-_]?id|authorization|(?<=[?&#])(?:code|sid|sas|ticket|assertion)'

const RULES: readonly Rule[] = [
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[\w\s+/=\\:,.]|-(?!----END))*(?:-----END [A-Z ]{0,60}-----)?/g,
    '[SECRET]',
  ],
  [
    /(:\/\/)(?!git@|\[)([^\s/?#"'`\\<>]{1,512})@/g,
    (all, scheme, user) => (user!.includes('${') ? all : `${scheme}[REDACTED]@`),
  ],
  word('\\w-', 'eyJ[\\w-]{8,4096}(?:\\.(?=[\\w.-])[\\w-]*){1,4}', '[JWT]', /eyJ/),
  word(
    '\\w',
    '((?:bearer|basic)(?:[ :=+]|%20){1,4})([\\w.~+/=%-]{5,4096}[\\w=/-])',
    (all, scheme, token) => (/\d|^(?=.*[a-z][A-Z]).{20}/.test(token!) ? `${scheme}[SECRET]` : all),
    /bearer|basic/i,
    'gi',
  ),
  word('\\w', `(?:${KEY})`, key => (HIGH_ENTROPY.test(key) ? '[SECRET]' : key), HIGH_ENTROPY),
  [
    new RegExp(`((?:${SECRET})\\\\{0,8}["']?)(\\s?(?:[:=]|%3D)\\s{0,2}\\\\{0,8}["']?)([^\\s"'\`\\\\&#<>]{4,})`, 'gi'),
    // of a token one that a machine made; else one in quotes, right behind the sign, or with a digit, unlike a sentence
    (all, key, sign, value) =>
      /^[[{$<*%]|\.{3}/.test(value!) ||
      !(/token/i.test(key!) ? HIGH_ENTROPY.test(value!) : /\d/.test(value!) || /^=$|["']|%3D/i.test(sign!))
        ? all
        : `${key}${sign}[REDACTED]`,
  ],
  word(
    '\\wÀ-ԯ+',
    "[\\wÀ-ԯ](?:[\\wÀ-ԯ.+'-]|%2b){0,127}(?:@|%40)(?!\\d{1,9}\\.\\d)(?:[\\wÀ-ԯ-]{1,63}\\.){1,8}(?!png|jpe?g|gif|svg|webp|css|[cm]?[jt]sx?\\b|json|html)[a-zÀ-ԯ]{2,24}",
    address => (address.startsWith('git@') ? address : '[EMAIL]'),
    /@|%/,
    'gi',
  ),
  word(
    '\\w.-',
    '(?:\\d{14,19}|\\d{4}([ \u00a0-])\\d{4}\\1\\d{4}\\1\\d{4}|\\d{4}([ \u00a0-])\\d{6}\\2\\d{4,5})(?!\\w|\\.\\d)',
    number => (isCardNumber(number.replace(/\D/g, '')) ? '[CARD]' : number),
    /\d{4}/,
  ),
]

/** The text with the secrets, e-mail addresses and cards in it masked; the same string when there is none. */
export function redactCore(text: string): string {
  return RULES.reduce(
    (left, [what, mask, sign]) => (!sign || sign.test(left) ? left.replace(what, mask as string) : left),
    text,
  )
}
