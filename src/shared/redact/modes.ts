/**
 * What a value becomes once it was found. The redactor hands the maskers that are made here to the
 * scanner.
 */
import { isSecretTag, type Masker, type Tag } from './mask'
import { normalise } from './normalise'

/**
 * - `mask`: `[EMAIL]`.
 * - `pseudonym`: `[EMAIL:` + the first 16 hexadecimal digits of the HMAC + `]`, the same for the same value.
 * - `partial`: `[CARD:*1111]`, the last four letters or digits; a value of less than nine, or a secret of less than
 *   twenty, is masked.
 * - `drop`: nothing. A secret in a text leaves its mask: what follows a bare key would be read as its value.
 */
export type Mode = 'mask' | 'pseudonym' | 'drop' | 'partial'

export const MODES: readonly Mode[] = ['mask', 'pseudonym', 'drop', 'partial']

/**
 * Keyed HMAC-SHA256 of a text as hexadecimal digits; at least the first 16. In Node:
 * `text => createHmac('sha256', key).update(text).digest('hex')`.
 */
export type Hmac = (text: string) => string

const PSEUDONYM_DIGITS = 16
const SHORTEST_PARTIAL = 9
const SHORTEST_PARTIAL_SECRET = 20

export interface How {
  /** Of personal data; secrets are masked unless `types` names them. */
  readonly mode: Mode
  readonly types: Readonly<Partial<Record<string, Mode>>>
  readonly hmac: Hmac | undefined
}

/** The masker of an attribute. @param keyMode what the user's list says of its key; it wins over the type */
export function createMasker({ mode, types, hmac }: How, keyMode?: Mode): Masker {
  return (tag, value) => {
    const chosen = keyMode ?? types[tag] ?? (isSecretTag(tag) ? 'mask' : mode)
    if (chosen === 'pseudonym' && hmac) return `[${tag}:${hmac(normalise(tag, value)).slice(0, PSEUDONYM_DIGITS)}]`
    if (chosen === 'partial') return partial(tag, value)
    return chosen === 'drop' && !isSecretTag(tag) ? '' : `[${tag}]`
  }
}

function partial(tag: Tag, value: string): string {
  const plain = value.replace(/[^\dA-Za-z]/g, '')
  const isShort = plain.length < (isSecretTag(tag) ? SHORTEST_PARTIAL_SECRET : SHORTEST_PARTIAL)
  return isShort ? `[${tag}]` : `[${tag}:*${plain.slice(-4)}]`
}
