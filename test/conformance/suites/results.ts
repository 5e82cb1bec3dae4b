// How each test of a suite ended, and which of them end otherwise with us.

type Outcome = 'passed' | 'failed' | 'skipped'

/** By `FILE > TITLE`, or by the file alone where that is the test. */
export type Results = Readonly<Record<string, Outcome>>

export const fileOf = (test: string) => test.split(' > ', 1)[0]!

/** @param tests titles may be there more than once */
export function resultsOf(tests: Iterable<readonly [file: string, title: string, outcome: Outcome]>): Results {
  const results: Record<string, Outcome> = {}
  for (const [file, title, outcome] of tests) {
    const name = title ? `${file} > ${title}` : file
    let free = name
    for (let n = 2; Object.hasOwn(results, free); n++) free = `${name} (${n})`
    results[free] = outcome
  }
  return results
}

const outcomes = ['passed', 'failed', 'skipped'] as const

export const count = (results: Results) =>
  outcomes.map(outcome => Object.values(results).filter(other => other === outcome).length).join('/')

/** What some files of a suite gave in one run. */
export interface Round {
  readonly files: readonly string[]
  readonly results: Results
}

export interface Difference {
  readonly test: string
  readonly bare: readonly string[]
  readonly ours: readonly string[]
}

/** What came out in any round of the one and in any of the other is no difference: a busy machine fails tests of time. */
export function differences(bare: readonly Round[], ours: readonly Round[]): Difference[] {
  const tests = new Set([...bare, ...ours].flatMap(({ results }) => Object.keys(results)))
  return [...tests].flatMap(test => {
    const found = (rounds: readonly Round[]) =>
      rounds.filter(({ files }) => files.includes(fileOf(test))).map(({ results }) => results[test] ?? 'missing')
    const difference = { test, bare: found(bare), ours: found(ours) }
    return difference.bare.some(outcome => difference.ours.includes(outcome)) ? [] : [difference]
  })
}
