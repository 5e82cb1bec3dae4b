// What `afn-otel gdpr` prints of a request. Nothing of it names the person.
import { reminderAt } from '../../operations/gdpr/due'
import { hashOf } from '../../operations/gdpr/receipt'
import { exitCodeOf, type Outcome } from '../../operations/gdpr/saga'
import type { RequestState } from '../../operations/gdpr/state'
import { plainText } from '../terminal'

/** @returns the exit code */
export function printOutcome(outcome: Outcome, json: boolean): number {
  if (outcome.status === 'busy') console.error('another process is handling this person; try again later')
  else if (json)
    console.log(JSON.stringify({ status: outcome.status, ...publicOf(outcome.request), samples: samplesOf(outcome) }))
  else for (const line of linesOf(outcome)) console.log(line)
  return exitCodeOf(outcome)
}

function* linesOf(outcome: Exclude<Outcome, { status: 'busy' }>): Generator<string> {
  for (const [store, { step, found, remaining, shared, problem }] of Object.entries(outcome.request.stores)) {
    const atFirst = `${found ?? 'an unknown number of'} records found`
    const records = remaining === undefined ? atFirst : `${found} records found at first, ${remaining} left`
    const others = shared ? `, ${shared} traces with other persons` : ''
    yield `${store}: ${step}, ${records}${others}${problem ? `; ${problem}` : ''}`
    for (const sample of samplesOf(outcome)?.[store] ?? []) yield `  such as ${plainText(sample)}`
  }
  if (outcome.status === 'unconfirmed')
    yield `the subject matches more than a tenth of the traces or records of a store, so erasure stopped; if all of them belong to the person, run it again with --confirm '${outcome.phrase}'`
  if (outcome.status === 'partial') yield `partial: run it again after ${new Date(outcome.again).toISOString()}`
  if (outcome.status === 'done') yield `${JSON.stringify(outcome.receipt)}\nreceipt ${hashOf(outcome.receipt)}`
}

export function printRequests(requests: readonly RequestState[], json: boolean): void {
  for (const request of requests) console.log(json ? JSON.stringify(publicOf(request)) : lineOf(request))
}

const samplesOf = (outcome: Exclude<Outcome, { status: 'busy' }>) =>
  'samples' in outcome ? outcome.samples : undefined

function publicOf({ sealed: _, ...request }: RequestState): Omit<RequestState, 'sealed'> {
  return request
}

function lineOf({ id, phase, receivedAt, dueAt, isExtended }: RequestState): string {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const left = phase === 'done' ? undefined : reminderAt(dueAt, Date.now())
  const reminder = left === undefined ? '' : left <= 0 ? ', overdue' : `, ${left} days or less`
  return `${id} ${phase}, received ${day(receivedAt)}, due ${day(dueAt)}${isExtended ? ' (extended)' : ''}${reminder}`
}
