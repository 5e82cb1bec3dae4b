/** TraceQL queries that find a person in every attribute of a tenant. */
import { exactValues, identityKeys, sessionKeys, textPattern } from '../person-attributes'
import type { Identity } from '../subject'

/** Attribute names by scope, as returned by `/api/v2/search/tags`. */
export type Scopes = ReadonlyMap<string, ReadonlySet<string>>

/** Maximum number of conditions per query; one scan evaluates all of them. */
const MOST_CONDITIONS = 20
const attributeScopes = ['span', 'resource', 'event', 'link', 'instrumentation']
/** Texts that are not attributes. */
const intrinsics = ['name', 'statusMessage', 'event:name', 'instrumentation:name']

/** Each query finds traces with a span that names the person: first by identity attributes, which is fast, then in any text. */
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

/** Includes ids that were sent as numbers. */
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
