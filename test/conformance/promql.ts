/**
 * Prometheus' own test scripts of PromQL (`promql/promqltest/testdata/*.test`), run against our evaluator:
 *   npm run conformance:promql [-- --scripts FOLDER] [--verbose]
 * They are read where Go keeps the module `github.com/prometheus/prometheus`, and are no part of this repository. The exit code is 1 when an
 * answer differs that is not refused by name.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { answerInstant, answerRange, type PromqlAnswer } from '../../src/backend/promql/answer-query'
import { PromqlError } from '../../src/backend/promql/error'
import { Labels } from '../../src/backend/promql/labels'
import { parse } from '../../src/backend/promql/parse'
import { accepted } from '../../src/backend/promql/patterns'
import { expressionsOf } from '../../src/backend/promql/points/expressions'
import type { StoredSeries } from '../../src/backend/promql/series'
import type { Source } from '../../src/backend/promql/source'
import { openStore } from '../../src/backend/store/store'
import { parseDuration } from '../../src/shared/durations'

/** As the scripts compare. */
const PRECISION = 1e-6

interface Loaded {
  readonly labels: Labels
  readonly samples: Map<number, number | 'stale'>
}

/** What has no meaning here: native histograms, and what a server of Prometheus has only when it is enabled. */
class NotHere extends Error {}

/** Scripts about what a server of Prometheus does only when it is started so: what differs there is listed, and is no failure. */
const ofFeatures: Readonly<Record<string, string>> = {
  'name_label_dropping.test': 'promql-delayed-name-removal',
  'start_timestamps.test': 'use-start-timestamps',
  'unquoted_utf8_names.test': 'promql-unquoted-utf8-names',
}

interface Counts {
  passed: number
  failed: string[]
  refused: number
}

export async function main(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--scripts')
  const folder = at >= 0 ? args[at + 1]! : scriptsOfGo()
  if (folder === undefined) {
    console.error('there are no scripts: name a folder with --scripts')
    return 2
  }
  const store = await openStore({ path: ':memory:' })
  const expressions = expressionsOf(store)
  const all: Counts = { passed: 0, failed: [], refused: 0 }
  for (const file of readdirSync(folder)
    .filter(name => name.endsWith('.test'))
    .sort()) {
    const counts = await new Script(readFileSync(path.join(folder, file), 'utf8'), expressions).run()
    const { passed, failed, refused } = counts
    console.log(
      `${file.padEnd(32)} ${String(passed).padStart(5)} passed ${String(failed.length).padStart(4)} failed ${String(refused).padStart(5)} refused`,
    )
    if (args.includes('--verbose')) for (const each of failed) console.log(`    ${each}`)
    all.passed += passed
    const feature = ofFeatures[file]
    if (feature === undefined) all.failed.push(...failed)
    else if (failed.length > 0) console.log(`    (with --enable-feature=${feature} alone)`)
    all.refused += refused
  }
  console.log(`${all.passed} passed, ${all.failed.length} failed, ${all.refused} refused by name`)
  await store.close()
  return all.failed.length > 0 ? 1 : 0
}

function scriptsOfGo(): string | undefined {
  const modules = path.join(process.env.GOMODCACHE ?? path.join(homedir(), 'go/pkg/mod'), 'github.com/prometheus')
  if (!existsSync(modules)) return undefined
  const versions = readdirSync(modules).filter(name => name.startsWith('prometheus@'))
  const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
  return newest && path.join(modules, newest, 'promql/promqltest/testdata')
}

class Script {
  readonly #lines: string[]
  readonly #source: Source
  #series = new Map<string, Loaded | 'histogram'>()
  #at = 0

  constructor(text: string, expressions: Pick<Source, 'matches' | 'groups'>) {
    this.#lines = text
      .split('\n')
      .map(line => line.trim())
      .filter(line => !line.startsWith('#'))
    this.#source = { ...expressions, select: matchers => this.#select(matchers) }
  }

  async run(): Promise<Counts> {
    const counts: Counts = { passed: 0, failed: [], refused: 0 }
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at++]!
      if (line === '') continue
      const [command] = line.split(/\s/)
      if (command === 'clear') this.#series.clear()
      else if (command?.startsWith('load')) this.#load(line)
      else if (command?.startsWith('eval')) await this.#evaluate(line, counts)
    }
    return counts
  }

  /** The lines up to an empty one. */
  #block(): string[] {
    const lines: string[] = []
    while (this.#at < this.#lines.length && this.#lines[this.#at] !== '') lines.push(this.#lines[this.#at++]!)
    return lines
  }

  #load(command: string): void {
    const step = parseDuration(command.split(/\s+/)[1]!)! * 1_000
    for (const each of this.#block()) {
      // start times of samples
      if (/@st\b|^@/.test(each) || /^\S+\s+@?st\b/.test(each)) continue
      const line = seriesIn(each)
      if (!line) continue
      const { labels, points } = line
      if (points.includes('{{')) {
        this.#series.set(labels.key, 'histogram')
        continue
      }
      if (command.startsWith('load_with_nhcb') && labels.get('le') !== '') {
        const name = labels.get('__name__').replace(/_bucket$/, '')
        this.#series.set(labels.without(new Set(['le'])).with([['__name__', name]]).key, 'histogram')
      }
      const known = this.#series.get(labels.key)
      const loaded = known && known !== 'histogram' ? known : { labels, samples: new Map() }
      for (const [index, value] of expanded(points).entries())
        if (value !== undefined) loaded.samples.set(index * step, value)
      this.#series.set(labels.key, loaded)
    }
  }

  async #select(matchers: Parameters<Source['select']>[0]): Promise<StoredSeries[]> {
    const found: StoredSeries[] = []
    for (const [key, one] of this.#series) {
      const labels = one === 'histogram' ? Labels.of(JSON.parse(key)) : one.labels
      const each = await Promise.all(
        matchers.map(matcher => accepted(matcher, [labels.get(matcher.label)], this.#source)),
      )
      if (!each.every(([isWanted]) => isWanted)) continue
      if (one === 'histogram') throw new NotHere('native histograms')
      const samples = [...one.samples].sort(([a], [b]) => a - b)
      found.push({
        labels,
        times: Float64Array.from(samples, ([time]) => time),
        values: Float64Array.from(samples, ([, value]) => (value === 'stale' ? Number.NaN : value)),
        ends: Uint8Array.from(samples, ([, value]) => Number(value === 'stale')),
      })
    }
    return found
  }

  async #evaluate(line: string, counts: Counts): Promise<void> {
    const expected = this.#block()
    const instant = /^eval(_\w+)?\s+instant\s+at\s+(\S+)\s+(.*)$/.exec(line)
    const range = /^eval(_\w+)?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.*)$/.exec(line)
    const query = (instant?.[3] ?? range?.[5])!
    const kind = instant?.[1] ?? range?.[1]
    const shouldFail = kind === '_fail' || expected.some(each => /^expect\s+fail\b/.test(each))
    const question = { query, source: this.#source, signal: new AbortController().signal, subqueryStep: 60_000 }
    try {
      if (expected.some(each => each.includes('{{'))) throw new NotHere('native histograms')
      const answer = instant
        ? await answerInstant(question, secondsOf(instant[2]!) * 1_000)
        : await overTime(question, range!.slice(2, 5).map(secondsOf) as [number, number, number])
      if (shouldFail) counts.failed.push(`${line}: it should fail`)
      else {
        const isOrdered = kind === '_ordered' || expected.some(each => /^expect\s+ordered/.test(each))
        const step = range ? secondsOf(range[4]!) : stepOf(expected)
        const difference = differs(answer, expected, isOrdered, range ? secondsOf(range[2]!) : undefined, step)
        if (difference === undefined) counts.passed++
        else counts.failed.push(`${line}: ${difference}`)
      }
    } catch (error) {
      if (error instanceof NotHere || (error instanceof PromqlError && isRefused(error.message))) counts.refused++
      else if (!(error instanceof PromqlError)) counts.failed.push(`${line}: ${(error as Error).stack}`)
      else if (shouldFail) counts.passed++
      else counts.failed.push(`${line}: ${error.message}`)
    }
  }
}

/** What the evaluator says it does not have, and what a server of Prometheus says by default too. */
const isRefused = (message: string): boolean =>
  /not implemented|experimental|not enabled|is not supported|anchored|smoothed/.test(message)

const overTime = (question: Parameters<typeof answerRange>[0], [start, end, step]: [number, number, number]) =>
  answerRange(
    question,
    { start: start * 1_000, step: step * 1_000, steps: Math.floor((end - start) / step + 1e-9) + 1 },
    end * 1_000,
  )

const secondsOf = (text: string): number =>
  text.startsWith('-') ? -secondsOf(text.slice(1)) : (parseDuration(text) ?? Number(text))

const stepOf = (expected: readonly string[]): number | undefined => {
  const found = expected.map(each => /^expect range vector from (\S+) to \S+ step (\S+)/.exec(each)).find(Boolean)
  return found ? secondsOf(found[2]!) : undefined
}

/** @returns undefined for a name that our grammar does not have without quotes */
function seriesIn(line: string): ReturnType<typeof seriesLine> | undefined {
  try {
    return seriesLine(line)
  } catch {
    return undefined
  }
}

function seriesLine(line: string): { labels: Labels; points: string } {
  // a value in quotes may have braces and spaces in it
  const [head = ''] = /^[^\s{]*(?:\{(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[^}"'`])*\})?/.exec(line) ?? []
  const points = line.slice(head.length).trim()
  if (head === '{}' || head === '') return { labels: Labels.none, points }
  const expr = parse(head)
  if (expr.type !== 'selector') throw new Error(`no series: ${line}`)
  return { labels: Labels.of(expr.matchers.map(({ label, value }) => [label, value] as const)), points }
}

function expanded(points: string): (number | 'stale' | undefined)[] {
  return points
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((point): (number | 'stale' | undefined)[] => {
      const gap = /^_(?:x(\d+))?$/.exec(point)
      if (gap) return Array(Number(gap[1] ?? 1)).fill(undefined)
      const stale = /^stale(?:x(\d+))?$/.exec(point)
      if (stale) return Array(Number(stale[1] ?? 0) + 1).fill('stale')
      const repeated = /^([^x]+?)(?:([+-][^x+-]*(?:e[+-]?\d+)?))?x(\d+)$/i.exec(point)
      if (!repeated) return [numberOf(point)]
      const [, first, step = '0', times] = repeated
      return Array.from({ length: Number(times) + 1 }, (_, at) => numberOf(first!) + at * numberOf(step))
    })
}

function numberOf(text: string): number {
  const word = text.toLowerCase().replace(/^[+-]/, '')
  const sign = text.startsWith('-') ? -1 : 1
  if (word === 'inf') return sign * Number.POSITIVE_INFINITY
  if (word === 'nan') return Number.NaN
  return sign * Number(word)
}

function isSame(text: string, expected: number): boolean {
  const value = numberOf(text)
  if (Object.is(value, expected) || value === expected) return true
  return Math.abs(value - expected) <= PRECISION * Math.max(Math.abs(value), Math.abs(expected), 1e-300)
}

interface Found {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: readonly [number, string]
  readonly values?: readonly (readonly [number, string])[]
}

function differs(
  { data }: PromqlAnswer,
  lines: readonly string[],
  isOrdered: boolean,
  start: number | undefined,
  step: number | undefined,
): string | undefined {
  const text = lines.map(line => /^expect string (.*)$/.exec(line)?.[1]).find(Boolean)
  if (text !== undefined)
    return data.resultType === 'string' && JSON.stringify(data.result[1]) === text.replace(/^`(.*)`$/, '"$1"')
      ? undefined
      : 'another text'
  const expected = lines.filter(line => !/^expect\b/.test(line) && !/^expected_fail/.test(line))
  if (data.resultType === 'scalar') {
    return isSame(data.result[1], numberOf(expected[0] ?? ''))
      ? undefined
      : `${data.result[1]} in place of ${expected[0]}`
  }
  if (data.resultType === 'string') return 'a text'
  const wanted = expected.map(seriesLine)
  const results: readonly Found[] = data.resultType === 'vector' || data.resultType === 'matrix' ? data.result : []
  if (wanted.length !== results.length) return `${results.length} series in place of ${wanted.length}`
  const found = new Map(results.map((one, index) => [Labels.of(Object.entries(one.metric)).key, { one, index }]))
  for (const [index, { labels, points }] of wanted.entries()) {
    const ours = found.get(labels.key)
    if (!ours) return `there is no ${labels} but ${results.map(({ metric }) => JSON.stringify(metric)).slice(0, 3)}`
    if (isOrdered && ours.index !== index) return `${labels} is at ${ours.index} in place of ${index}`
    const values = expanded(points)
    const { value, values: there = [] } = ours.one
    if (value) {
      if (!isSame(value[1], values[0] as number)) return `${labels} ${value[1]} in place of ${values[0]}`
      continue
    }
    const known = values.flatMap((value, at) => (value === undefined ? [] : [[at, value] as const]))
    if (there.length !== known.length) return `${labels} has ${there.length} samples in place of ${known.length}`
    for (const [at, [place, value]] of known.entries()) {
      const [time, sample] = there[at]!
      if (!isSame(sample, value as number)) return `${labels} at ${time}: ${sample} in place of ${value}`
      if (start !== undefined && step !== undefined && Math.abs(time - start - place * step) > 1e-6)
        return `${labels} at ${time}`
    }
  }
  return undefined
}
