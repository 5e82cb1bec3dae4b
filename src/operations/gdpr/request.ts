/** A request of OTLP, in its JSON form: whose each of its records is, and the request without those of the subject. */
import { recordLists } from '../../shared/otlp/record-lists'
import type { Document } from '../../shared/otlp/schema'
import { maskedOtlp } from './masked-otlp'
import type { Matcher } from './person-attributes'
import { names, namesOther, otlpLeaves, type Whose, whoseIs } from './records'

export type Signal = keyof typeof recordLists

interface MatchedRecord {
  readonly record: Document
  readonly whose: Whose
  readonly isOther: boolean
}

/** Each span or log record; what its resource or scope is, it is. */
export function entriesOf(signal: Signal, request: Document, matcher: Matcher): MatchedRecord[] {
  const entries: MatchedRecord[] = []
  without(signal, request, matcher, (record, whose) => {
    entries.push({ record, whose, isOther: namesOther(matcher, [...otlpLeaves(record)]) })
    return record
  })
  return entries
}

/**
 * A resource or a scope is the subject's by an attribute that holds who somebody is. A text in it, such as a name of a machine, makes nobody
 * of all that is below it: the text goes, and the records stay.
 * @param left of a span or log record; undefined where nothing is
 * @returns undefined where nothing is left
 */
export function without(
  signal: Signal,
  request: Document,
  matcher: Matcher,
  left: (record: Document, whose: Whose) => Document | undefined,
): Document | undefined {
  const { resources, scopes, records } = recordLists[signal]
  const list = (document: Document, member: string) => (document[member] ?? []) as Document[]
  const kept = list(request, resources).flatMap(resource => {
    const ofResource = partWhose(matcher, resource.resource)
    const keptScopes = list(resource, scopes).flatMap(scope => {
      const ofScope = partWhose(matcher, scope.scope)
      const above = ofScope === 'own' ? ofScope : (ofResource ?? ofScope)
      const keptRecords = list(scope, records).flatMap(
        record => left(record, whoseIs(matcher, [...otlpLeaves(record)], above)) ?? [],
      )
      return keptRecords.length > 0 ? [{ ...maskedPart(matcher, scope, 'scope'), [records]: keptRecords }] : []
    })
    return keptScopes.length > 0 ? [{ ...maskedPart(matcher, resource, 'resource'), [scopes]: keptScopes }] : []
  })
  return kept.length > 0 ? { ...request, [resources]: kept } : undefined
}

function partWhose(matcher: Matcher, part: unknown): Whose {
  const leaves = [...otlpLeaves(part)]
  if (leaves.some(([key, value]) => matcher.exact(key, String(value)))) return 'own'
  return leaves.some(leaf => names(matcher, leaf)) ? 'shared' : undefined
}

const maskedPart = (matcher: Matcher, document: Document, part: 'resource' | 'scope'): Document =>
  document[part] === undefined ? document : { ...document, [part]: maskedOtlp(matcher, document[part]) }
