/** What a redactor did since it was made. Written by `redactor.ts`; the SDK reads it for the metrics `afn.redaction.*`. */
export interface Counts {
  /** Strings that were read. */
  values: number
  /** Values that were replaced, by type. */
  readonly matches: Map<string, number>
  /** Strings of which the tail, or all, was cut off since they were over the budget. */
  budgetExceeded: number
  /** Values on which a detector threw. */
  errors: number
}

export function newCounts(): Counts {
  return { values: 0, matches: new Map(), budgetExceeded: 0, errors: 0 }
}
