/** Takes the records of subjects who objected out of a request of OTLP, in its JSON shape. */
import { type KeyValue, plainAttributes } from '../../shared/otlp/any-value'
import { recordLists } from '../../shared/otlp/record-lists'
import type { Document } from '../../shared/otlp/schema'
import type { Attributes, Subjects } from './subjects'

export type RequestSignal = keyof typeof recordLists

/** In place. A scope or resource without records goes too. @returns how many records are left */
export function removeRecords(signal: RequestSignal, request: Document, subjects: Subjects): number {
  const { resources, scopes, records } = recordLists[signal]
  const attributes = new Map<Document, Attributes>()
  // who is in a trace may stand in its last record
  for (const resource of listIn(request, resources))
    for (const scope of listIn(resource, scopes))
      for (const record of listIn(scope, records)) {
        const own = attributesOf(record)
        attributes.set(record, own)
        subjects.see(traceOf(record), own)
      }
  let left = 0
  request[resources] = listIn(request, resources).filter(resource => {
    const of = { attributes: attributesOf((resource.resource ?? {}) as Document) }
    resource[scopes] = listIn(resource, scopes).filter(scope => {
      const kept = listIn(scope, records).filter(
        record => !subjects.suppresses(traceOf(record), attributes.get(record) ?? {}, of),
      )
      scope[records] = kept
      left += kept.length
      return kept.length > 0
    })
    return listIn(resource, scopes).length > 0
  })
  return left
}

const listIn = (document: Document, member: string): Document[] => (document[member] as Document[] | undefined) ?? []

const attributesOf = ({ attributes }: Document): Attributes =>
  plainAttributes(attributes as readonly KeyValue[] | undefined)

/** A log record outside of a trace has none, or zeros. */
function traceOf({ traceId }: Document): string | undefined {
  return typeof traceId === 'string' && /[1-9a-f]/i.test(traceId) ? traceId : undefined
}
