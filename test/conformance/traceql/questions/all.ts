// The whole list, in the order in which it is asked.
import { catalogue } from './catalogue'
import { conditions } from './conditions'
import { lookups, traceLookups } from './lookups'
import { metrics } from './metrics'
import { pipelines } from './pipelines'
import type { Question } from './question'
import { refused } from './refused'
import { tagged } from './tagged'

/** @param ids of traces to read whole */
export function allQuestions(ids: readonly string[]): Question[] {
  return [
    ...conditions,
    ...pipelines,
    ...tagged,
    ...metrics,
    ...lookups,
    ...traceLookups(ids),
    ...refused,
    ...catalogue(),
  ]
}
