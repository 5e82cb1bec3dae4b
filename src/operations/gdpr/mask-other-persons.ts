/** Prepares a record for its subject: masks other persons, because access must not affect their rights (Art. 15(4) GDPR). */
import { createRedactor } from '../../shared/redact'
import { exactValues, isOfPerson } from './person-attributes'
import type { Identity } from './subject'

export const OTHER = '[OTHER PERSON]'
const PSEUDONYM = /\[[A-Z][A-Z\d_]+:[\da-f]{16}\]/g

/** Masks personal data of others, and their ids under the keys that hold ids. */
export function withoutOthers(identity: Identity): (record: unknown) => unknown {
  const own = new Set(exactValues(identity))
  const redactor = createRedactor({ allow: { values: identity.identifiers.map(({ value }) => value) } })
  const clean = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') {
      if (isOfPerson(key)) return own.has(value) ? value : OTHER
      // a pseudonym also stands for a person
      return redactor.text(value).replace(PSEUDONYM, found => (own.has(found) ? found : OTHER))
    }
    if (typeof value === 'number' && isOfPerson(key)) return own.has(String(value)) ? value : OTHER
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(one => clean(one, key))
    // `{ key: 'user.id', value: { stringValue: 'x' } }` is an OTLP attribute
    const { key: name, value: inner } = value as { key?: unknown; value?: unknown }
    if (typeof name === 'string' && inner !== undefined && Object.keys(value).length === 2)
      return { key: name, value: clean(inner, name) }
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        clean(member, name.endsWith('Value') ? key : joined(key, name)),
      ]),
    )
  }
  return record => clean(record, '')
}

const joined = (key: string, name: string): string => (key === '' ? name : `${key}.${name}`)
