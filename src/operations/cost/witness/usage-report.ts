/**
 * Usage reports by time and model, without costs: OpenAI's `/v1/organization/usage/completions` and Anthropic's
 * `/v1/organizations/usage_report/messages`, with buckets of a minute, an hour or a day.
 */
import { modelKey } from '../invoice/compare'
import { InvoiceError, type Page } from '../invoice/invoice'
import { tierKey } from './tier-key'

/** Tokens; the input includes cached ones. */
export interface Counts {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

export interface UsageRow extends Counts {
  /** Milliseconds since 1970. */
  readonly start: number
  readonly end: number
  readonly model: string
  /** As in `Statement.tier`. */
  readonly tier: string
  /** Undefined if the report does not have it. */
  readonly requests: number | undefined
}

export interface UsageReport {
  /** `gen_ai.provider.name` */
  readonly provider: 'openai' | 'anthropic'
  readonly rows: readonly UsageRow[]
}

type Row = Readonly<Record<string, unknown>>
interface Bucket {
  readonly start_time?: unknown
  readonly end_time?: unknown
  readonly starting_at?: unknown
  readonly ending_at?: unknown
  readonly results?: unknown
}

/** @returns undefined if the text is no such report @throws InvoiceError if the report is incomplete */
export function readUsageReport(content: string): UsageReport | undefined {
  if (!/"(?:num_model_requests|uncached_input_tokens)"/.test(content)) return undefined
  let pages: readonly Page[]
  try {
    pages = [JSON.parse(content.replace(/^\uFEFF/, ''))].flat()
  } catch {
    return undefined
  }
  if (pages.at(-1)?.has_more === true)
    throw new InvoiceError(
      'the response has more pages (has_more); request them with its next_page, and put all responses into one list: [ … , … ]',
    )
  const buckets = pages.flatMap(page => listOf((page as Page | null)?.data)) as readonly (Bucket | null)[]
  const isOpenai = buckets.some(bucket => typeof bucket?.start_time === 'number')
  const wrong: string[] = []
  const rows = buckets.flatMap((bucket, at) => {
    if (bucket?.results !== undefined && !Array.isArray(bucket.results))
      wrong.push(`bucket ${at + 1}: results must be a list`)
    const own = listOf(bucket?.results).map(row => (isOpenai ? openaiRow : anthropicRow)(bucket!, (row ?? {}) as Row))
    if (own.some(({ start, end }) => !(isTime(start) && isTime(end) && start < end)))
      wrong.push(`bucket ${at + 1}: start and end must be times, the end after the start, as the API gives them`)
    return own
  })
  if (wrong.length > 0) throw new InvoiceError(`the usage report can't be read:\n${wrong.join('\n')}`)
  return { provider: isOpenai ? 'openai' : 'anthropic', rows }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
/** Up to the year 9999. */
const isTime = (ms: number): boolean => ms >= 0 && ms < 253_402_300_800_000

const count = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0)

function modelOf({ model }: Row): string {
  if (typeof model === 'string' && model !== '') return modelKey(model)
  throw new InvoiceError('the usage is not broken down by model; request it with group_by=model')
}

function openaiRow({ start_time, end_time }: Bucket, row: Row): UsageRow {
  const { batch, service_tier: tier } = row
  return {
    start: count(start_time) * 1_000,
    end: count(end_time) * 1_000,
    model: modelOf(row),
    tier: tierKey(batch === true ? 'batch' : typeof tier === 'string' ? tier : undefined),
    requests: count(row.num_model_requests),
    input: count(row.input_tokens),
    output: count(row.output_tokens),
    cacheRead: count(row.input_cached_tokens),
    // the report has no definite field for it, and our spans of OpenAI mostly have none either
    cacheWrite: 0,
  }
}

function anthropicRow({ starting_at, ending_at }: Bucket, row: Row): UsageRow {
  const kinds = (row.cache_creation ?? {}) as Row
  const cacheRead = count(row.cache_read_input_tokens)
  const cacheWrite = Object.values(kinds).reduce<number>((sum, tokens) => sum + count(tokens), 0)
  return {
    start: Date.parse(`${starting_at as string}`),
    end: Date.parse(`${ending_at as string}`),
    model: modelOf(row),
    tier: tierKey(typeof row.service_tier === 'string' ? row.service_tier : undefined),
    requests: undefined,
    input: count(row.uncached_input_tokens) + cacheRead + cacheWrite,
    output: count(row.output_tokens),
    cacheRead,
    cacheWrite,
  }
}
