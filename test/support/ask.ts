// Asks a question as a user does, by the command of the package, and holds the answer against what was derived by hand.
import path from 'node:path'
import { expect } from 'vitest'
import { readCatalogue } from '../../src/shared/queries/catalogue'
import type { Language } from '../../src/shared/queries/query'
import { root } from './packed'
import { type Run, run } from './run'

export interface Expected {
  parameters?: Record<string, string>
  /** Names of the traces; in this order where `ordered`. */
  traces?: string[]
  ordered?: true
  /** Value by labels, joined with ` / `; `nil` where the spans have none. */
  groups?: Record<string, number>
  /** As `groups`; of each series the values that are not 0, in order. */
  series?: Record<string, number[]>
  /** As `groups`, of rates: how many there were in the whole window. */
  counts?: Record<string, number>
  /** As `groups`: the last value of each series. */
  last?: Record<string, number>
  /** How far a value may be from what is expected, as a share of it: some are estimated from buckets. */
  within?: number
}

export interface Found {
  traces: { traceId: string }[]
  groups: { labels: Labels; value: number }[]
  series: Series[]
  stepSeconds: number
}

type Labels = Record<string, unknown>
interface Series {
  labels: Labels
  samples: [string, number][]
}

export function namesOf(language: Language): string[] {
  const catalogue = [...readCatalogue(path.join(root, 'collector/queries')).values()]
  return catalogue.filter(query => query.language === language).map(({ name }) => name)
}

export const query = (args: string[]): Promise<Run> => run(root, ['dist/cli.cjs', 'query', ...args])

export async function answerOf(args: string[]) {
  const { code, stdout, stderr } = await query(['--json', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

export const parametersOf = ({ parameters = {} }: Expected): string[] =>
  Object.entries(parameters).flatMap(pair => ['--param', pair.join('=')])

/** @param nameOf what a trace is called in the expectation */
export function check(found: Found, expected: Expected, nameOf = (traceId: string) => traceId): void {
  const { traces, ordered, groups, series, counts, last, within = 1e-9 } = expected
  if (traces) {
    const names = found.traces.map(({ traceId }) => nameOf(traceId))
    expect(ordered ? names : names.sort()).toEqual(ordered ? traces : [...traces].sort())
  }
  const about = (value: number) => ({
    asymmetricMatch: (actual: number) => Math.abs(actual - value) <= value * within,
    toString: () => `about ${value}`,
  })
  const equal = <T extends { labels: Labels }>(rows: T[], of: (row: T) => unknown, by: Record<string, unknown>) =>
    expect(Object.fromEntries(rows.map(row => [labelOf(row.labels), of(row)]))).toEqual(by)
  const each = (by: Record<string, number>) => mapped(by, about)
  if (groups) equal(found.groups, ({ value }) => value, each(groups))
  if (series)
    equal(
      found.series,
      one => valuesOf(one).filter(Boolean),
      mapped(series, list => list.map(about)),
    )
  if (counts) equal(found.series, one => sum(valuesOf(one)) * found.stepSeconds, each(counts))
  if (last) equal(found.series, one => valuesOf(one).at(-1), each(last))
}

const labelOf = (labels: Labels): string =>
  Object.entries(labels)
    .filter(([name]) => name !== '__name__' && name !== 'p')
    .map(([, value]) => value ?? 'nil')
    .join(' / ')

const valuesOf = ({ samples }: Series): number[] => samples.map(([, value]) => value)
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
const mapped = <T, U>(by: Record<string, T>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(by).map(([key, value]) => [key, change(value)]))
