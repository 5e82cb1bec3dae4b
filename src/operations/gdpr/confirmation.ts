/** An unusually large erasure needs the confirmation of somebody who has seen its size. */
import type { RequestState, StoreState } from './state'

/** Erasing a larger share of a store's traces or records needs confirmation. */
export const LARGE = 0.1
/** Up to this number of records, a share of the store means nothing. */
const FEW = 10

const hasManyTraces = ({ traces = 0, allTraces = 0 }: StoreState): boolean => traces > LARGE * allTraces

const hasManyRecords = ({ found = 0, allRecords = Number.POSITIVE_INFINITY }: StoreState): boolean =>
  found > FEW && found > LARGE * allRecords

export const needsConfirmation = (store: StoreState): boolean =>
  !store.isConfirmed && ((store.allTraces !== undefined && hasManyTraces(store)) || hasManyRecords(store))

/** Undefined if no confirmation is needed. The phrase includes the number, so that nobody types it out of habit. */
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
