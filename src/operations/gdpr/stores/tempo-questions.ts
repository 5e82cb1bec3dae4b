/** Queries of TraceQL that find a person in every attribute of a tenant. */
import { exactValues, identityKeys, sessionKeys, textPattern } from '../person-attributes'
import type { Identity } from '../subject'

/** Names of attributes by their scope, as `/api/v2/search/tags` has them. */
export type Scopes = ReadonlyMap<string, ReadonlySet<string>>

/** Conditions of one query: a row is read once for all of them. */
const MOST_CONDITIONS = 20
const attributeScopes = ['span', 'resource', 'event', 'link', 'instrumentation']
/** Texts that are no attributes. */
const intrinsics = ['name', 'statusMessage', 'event:name', 'instrumentation:name']

/** Each finds traces with a span that names the person: first by attributes that hold an identity, which takes no time, then in any text. */
export function questionsAbout(identity: Identity, scopes: Scopes): string[] {
  const pattern = textPattern(identity)
  const attributes = attributeScopes.flatMap(scope =>
    [...(scopes.get(scope) ?? [])].map(name => ({ name, path: `${scope}.${JSON.stringify(name)}` })),
  )
  const expression = pattern === undefined ? undefined : new RegExp(pattern)
  const inText = pattern === undefined ? [] : [...attributes.map(({ path }) => path), ...intrinsics]
  return [
    ...questionsOf(equals(identityKeys, exactValues(identity))),
    ...questionsOf([
      ...inText.map(path => `${path} =~ ${JSON.stringify(`(?s).*(?:${pattern}).*`)}`),
      ...attributes.filter(({ name }) => expression?.test(name)).map(({ path }) => `${path} != nil`),
    ]),
  ]
}

export const questionsOfSessions = (sessions: readonly string[]): string[] => questionsOf(equals(sessionKeys, sessions))

/** An id may have been sent as a number. */
const equals = (keys: readonly string[], values: readonly string[]): string[] =>
  keys.flatMap(key =>
    values.flatMap(value => [
      `.${key} = ${JSON.stringify(value)}`,
      ...(/^-?\d{1,15}$/.test(value) ? [`.${key} = ${value}`] : []),
    ]),
  )

function questionsOf(conditions: readonly string[]): string[] {
  const count = Math.ceil(conditions.length / MOST_CONDITIONS)
  return Array.from({ length: count }, (_, at) => {
    const some = conditions.slice(at * MOST_CONDITIONS, (at + 1) * MOST_CONDITIONS)
    return `{ ${some.join(' || ')} }`
  })
}
