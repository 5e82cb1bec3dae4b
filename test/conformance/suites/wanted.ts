// Tests of others that end otherwise with us, and why they may.

export interface Wanted {
  readonly suite: string
  readonly tests: RegExp
  readonly why: string
}

export const wanted: readonly Wanted[] = []
