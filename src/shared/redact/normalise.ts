/**
 * The one spelling of a value from which its pseudonym is made, so that `Bob@Example.com` and `bob%40example.com` are the
 * same person.
 */
import { isSecretTag, type Tag } from './mask'

/**
 * @returns of an e-mail address small letters; of a phone number `+` and digits (E.164) where the country is known, else
 *   digits; of other numbers and ids letters and digits in capitals; of a text one space between words; of a secret
 *   every character as it is
 */
export function normalise(tag: Tag, value: string): string {
  if (isSecretTag(tag)) return value
  if (tag === 'EMAIL')
    return value
      .replace(/%(?:25)?40/, '@')
      .replace(/%2b/gi, '+')
      .toLowerCase()
  if (tag === 'PHONE') return phoneNumber(value)
  if (/^[\dA-Za-z .\-/\u00a0\u2010-\u2015\u2212]+$/.test(value) && /\d/.test(value)) {
    return value.replace(/[^\dA-Za-z]/g, '').toUpperCase()
  }
  return value.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
}

/** A Japanese mobile number or one of North America has a shape of its own; of others the country is not known. */
function phoneNumber(value: string): string {
  const isInternational = /^\s*(?:\+|%2b)/i.test(value)
  const digits = value.replace(/%2b/i, '').replace(isInternational ? /\(0\)|\D/g : /\D/g, '')
  if (isInternational) return `+${digits}`
  if (/^0[5789]0\d{8}$/.test(digits)) return `+81${digits.slice(1)}`
  if (/^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits)) return `+1${digits.slice(-10)}`
  return digits
}
