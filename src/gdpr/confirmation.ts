/** An erasure that is suspiciously large has to be confirmed by somebody who has read how large it is. */
import type { RequestState, StoreState } from './state'

/** A larger part of a store's traces has to be confirmed. */
const LARGE = 0.1

export const needsConfirmation = ({ traces = 0, allTraces = 0, isConfirmed }: StoreState): boolean =>
  !isConfirmed && allTraces > 0 && traces / allTraces > LARGE

/** Undefined where nothing has to be confirmed. It has the number in it, so nobody types it from habit. */
export function phraseOf({ stores }: RequestState): string | undefined {
  const large = Object.values(stores).filter(needsConfirmation)
  return large.length > 0 ? `erase ${Math.max(...large.map(({ traces = 0 }) => traces))} traces` : undefined
}

export function confirm(request: RequestState, confirmation: string | undefined): void {
  if (confirmation === undefined || confirmation !== phraseOf(request)) return
  for (const store of Object.values(request.stores)) if (needsConfirmation(store)) store.isConfirmed = true
}
