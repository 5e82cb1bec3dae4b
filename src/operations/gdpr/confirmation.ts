/** An erasure that is suspiciously large has to be confirmed by somebody who has read how large it is. */
import type { RequestState, StoreState } from './state'

/** A larger part of a store's traces, or of its records, has to be confirmed. */
export const LARGE = 0.1
/** So few records are no part of a store that says anything. */
const FEW = 10

const hasManyTraces = ({ traces = 0, allTraces = 0 }: StoreState): boolean => traces > LARGE * allTraces

const hasManyRecords = ({ found = 0, allRecords = Number.POSITIVE_INFINITY }: StoreState): boolean =>
  found > FEW && found > LARGE * allRecords

export const needsConfirmation = (store: StoreState): boolean =>
  !store.isConfirmed && ((store.allTraces !== undefined && hasManyTraces(store)) || hasManyRecords(store))

/** Undefined where nothing has to be confirmed. It has the number in it, so nobody types it from habit. */
export function phraseOf({ stores }: RequestState): string | undefined {
  const large = Object.values(stores).filter(needsConfirmation)
  if (large.length === 0) return undefined
  const many = large.filter(({ allTraces }) => allTraces !== undefined).filter(hasManyTraces)
  if (many.length > 0) return `erase ${Math.max(...many.map(({ traces = 0 }) => traces))} traces`
  return `erase ${Math.max(...large.map(({ found = 0 }) => found))} records`
}

export function confirm(request: RequestState, confirmation: string | undefined): void {
  if (confirmation === undefined || confirmation !== phraseOf(request)) return
  for (const store of Object.values(request.stores)) if (needsConfirmation(store)) store.isConfirmed = true
}
