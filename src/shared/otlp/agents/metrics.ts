// The metrics of coding agents, without the names of persons. Their own names stay: boards and alerts of others know them.
import type { Document } from '../schema'
import { AttributeList } from './attributes'
import { addNames, documents, partsOfAgents } from './common'
import { hidePerson, type PseudonymOf } from './persons'

const KINDS = ['sum', 'gauge', 'histogram', 'exponentialHistogram', 'summary']

/**
 * Names them, in place.
 * @returns whether there is one
 */
export function nameMetrics(request: Document, pseudonymOf: PseudonymOf): boolean {
  let isOfAgent = false
  for (const part of partsOfAgents(request, ['resourceMetrics', 'scopeMetrics', 'metrics'], pseudonymOf)) {
    isOfAgent = true
    for (const metric of part.records)
      for (const kind of KINDS)
        for (const point of documents((metric[kind] as Document | undefined)?.dataPoints)) {
          const said = new AttributeList(point)
          hidePerson(said, pseudonymOf, part.person)
          addNames(said, part.dialect)
          for (const exemplar of documents(point.exemplars)) delete exemplar.filteredAttributes
        }
  }
  return isOfAgent
}
