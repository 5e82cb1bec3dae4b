/** Classifies each record of an OTLP request in JSON form, and removes the subject's records. */
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

/** The spans or log records; each also inherits from its resource and scope. */
export function entriesOf(signal: Signal, request: Document, matcher: Matcher): MatchedRecord[] {
  const entries: MatchedRecord[] = []
  without(signal, request, matcher, (record, whose) => {
    entries.push({ record, whose, isOther: namesOther(matcher, [...otlpLeaves(record)]) })
    return record
  })
  return entries
}

/**
 * A resource or scope belongs to the subject if an identity attribute says so. Text that names the subject, such as a host name, does not
 * make all records below it the subject's: only the text is masked.
 * @param left returns what remains of a record; undefined to remove it
 * @returns undefined if nothing remains
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
