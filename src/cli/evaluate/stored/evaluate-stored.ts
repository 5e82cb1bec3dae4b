// Rates calls that a running `afn-otel up` or Tempo has stored, each once by each evaluator, however often it is run.
import path from 'node:path'
import { loadChunk } from '../../../app/chunks'
import type { Evaluator } from '../../../app/evaluate/evaluator'
import type { Settings } from '../../../shared/config/settings'
import { type Backend, httpUrl } from '../../../shared/queries/http'
import { type TimeRange, windowSince } from '../../../shared/queries/window'
import type { Redactor } from '../../../shared/redact'
import { answering } from '../../backends'
import { cacheFolder } from '../../cache-folder'
import { storedCalls } from '../../dataset/stored-calls'
import { print } from '../../help'
import { localBackend, tokenHeader } from '../../local/backend'
import { createSender } from '../../local/otlp-sender'
import { timeOf } from '../../option-values'
import { json, plainText } from '../../terminal'
import { evaluatorsOf } from '../evaluators'
import { type Estimate, JudgeMeter } from './judge-meter'
import { type Pages, planOf } from './plan'
import { estimateOf, StoredRating } from './rate-stored'
import { spanIdOf } from './result-records'
import { ResultWriter } from './result-writer'
import { plannedLines, ratedLines, summaryOf } from './summary'
import { tempoCalls } from './tempo-calls'

export interface StoredOptions {
  /** TraceQL. */
  readonly query: string
  readonly since: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  /** A file. */
  readonly evaluators: string
  /** USD. */
  readonly maxCost: string | undefined
  readonly dryRun: boolean
  readonly otlp: string | undefined
  readonly tempo: string | undefined
  readonly url: string | undefined
  readonly json: boolean
  readonly settings: Settings
  readonly redactor: Redactor
  readonly say: (line: string) => void
}

/** How long a receiver that takes nothing is waited for. */
const PATIENCE_MS = 60_000

/** @returns the exit code @throws Error where an option or the file of evaluators is wrong, or `--max-cost` can't be held */
export async function evaluateStored(options: StoredOptions): Promise<number> {
  const { query, settings, redactor, say } = options
  const window = windowOf(options)
  const backend = backendOf(options)
  const maxCost = costOf(options.maxCost)
  const otlp = httpUrl(options.otlp ?? settings.otlpEndpoint, 'correct --otlp (or OTEL_EXPORTER_OTLP_ENDPOINT)')
  let estimate: Estimate | undefined
  let rating: StoredRating | undefined
  const { loadPrices } = loadChunk('prices')
  const prices = loadPrices(settings.prices || undefined, say)
  const meter = new JudgeMeter(prices, maxCost, call => rating?.onCall(call))
  const capture: typeof fetch = async (input, init) => {
    estimate = meter.estimate(input, init)
    throw new Error('a dry run asks nobody')
  }
  const evaluators = evaluatorsOf(options.evaluators, redactor, options.dryRun ? capture : meter.fetch)
  return answering('evaluate', async () => {
    const pages: Pages = () =>
      backend.name === 'Tempo' ? tempoCalls(backend, query, window) : storedCalls(backend, query, window)
    if (options.dryRun) {
      const plan = await planOf(pages, evaluators)
      const estimates = await estimateOf(pages, plan, () => {
        const one = estimate
        estimate = undefined
        return one
      })
      return show(options, summaryOf(plan, { estimates }), plannedLines(plan, estimates))
    }
    const writer = new ResultWriter({
      sender: createSender(otlp, settings.otlpHeaders, PATIENCE_MS),
      journals: path.join(cacheFolder(process.env), 'evaluate'),
      ...{ settings, redactor, say },
    })
    const left = await writer.sendLeft()
    const plan = await planOf(pages, evaluators, new Set(left.map(spanIdOf)))
    rating = new StoredRating(evaluators, {
      expect: planned => writer.expect(planned),
      add: result => writer.add(result),
      asked: judge => writer.asked(judge),
      stop: () => meter.problem,
    })
    try {
      await rating.rate(pages, plan)
    } finally {
      // what is rated is paid for
      await writer.end()
    }
    const { counts } = rating
    show(options, summaryOf(plan, { rated: counts }), ratedLines(plan, counts))
    return hasProblems(counts) ? 1 : 0
  })
}

const hasProblems = (counts: ReadonlyMap<Evaluator, { readonly problems: ReadonlyMap<string, number> }>): boolean =>
  [...counts.values()].some(({ problems }) => problems.size > 0)

function show({ json: asJson }: StoredOptions, summary: object, lines: readonly string[]): number {
  return print(asJson ? json(summary, 2) : lines.map(plainText).join('\n'))
}

function windowOf({ since, from, to }: StoredOptions): TimeRange {
  if (since !== undefined && from !== undefined)
    throw new Error('--since and --from both give the start; leave one out')
  const end = to === undefined ? new Date() : new Date(timeOf('--to', to))
  if (from === undefined) return windowSince(since ?? '1d', end, Number.POSITIVE_INFINITY)
  const start = Math.floor(timeOf('--from', from) / 1_000)
  const window = { start, end: Math.floor(end.getTime() / 1_000) + (to === undefined ? 1 : 0) }
  if (window.end <= start) throw new Error(`--from ${from} is not before ${to === undefined ? 'now' : `--to ${to}`}`)
  return window
}

function backendOf({ tempo, url }: StoredOptions): Backend {
  if (tempo === undefined) return localBackend(url)
  if (url !== undefined) throw new Error('--tempo and --url both name a store; leave one out')
  const base = httpUrl(tempo, 'correct --tempo URL').replace(/\/+$/, '')
  return { name: 'Tempo', url: base, setBy: '--tempo URL', headers: tokenHeader() }
}

function costOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY
  const usd = Number(text)
  if (text.trim() !== '' && usd >= 0) return usd
  throw new Error(`--max-cost takes USD, such as 0.50, not "${text}"`)
}
