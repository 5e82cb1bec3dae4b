// What an answer of Prometheus' API says besides its numbers.

export interface Noted {
  readonly warnings?: readonly string[]
  readonly infos?: readonly string[]
}

/** For who reads the numbers: hints of Prometheus' own are for who wrote the query. Each once. */
export const notesOf = (answers: readonly Noted[]): string[] => [
  ...new Set([
    ...answers.flatMap(({ warnings = [] }) => warnings),
    ...answers.flatMap(({ infos = [] }) => infos).filter(info => !info.startsWith('PromQL info:')),
  ]),
]
