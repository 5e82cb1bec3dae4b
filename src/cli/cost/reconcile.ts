// `afn-otel cost reconcile`: a provider's invoice against what was counted.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Comparison, compare, type Difference } from '../../operations/cost/invoice/compare'
import { type Invoice, InvoiceError } from '../../operations/cost/invoice/invoice'
import { readInvoice } from '../../operations/cost/invoice/read'
import { money } from '../../operations/cost/money'
import type { Spend } from '../../operations/cost/spend'
import { readUsageReport } from '../../operations/cost/witness/usage-report'
import { addDays } from '../../shared/calendar/dates'
import { daysOf } from '../../shared/calendar/period'
import { startOfDay } from '../../shared/calendar/time-zone'
import { table } from '../../shared/queries/table'
import { answering } from '../backends'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { json } from '../terminal'
import { configOption, costConfig } from './configuration'
import { reconcileCalls, reconcileStored, witnessOf } from './reconcile-calls'
import { reconcileUsage } from './reconcile-usage'
import { gapNotes, sourceOptions, sourcesOf } from './sources'

export const options = {
  spans: {
    type: 'boolean',
    default: false,
    help: 'instead of INVOICE: compares the spans that the Claude API sent to Tempo or afn-otel up',
  },
  since: { type: 'string', default: '1d', help: 'with --spans: how far back: 90s, 30m, 1h, 3d, 2w' },
  tolerance: { type: 'string', default: '1', help: 'maximum difference of the totals in percent' },
  ...configOption,
  ...sourceOptions,
  json: { type: 'boolean', default: false, help: 'prints the comparison as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel cost reconcile INVOICE [--tolerance 1] [OPTIONS]
       afn-otel cost reconcile --spans [--since 1d] [OPTIONS]

Compares an invoice with the recorded cost by model and UTC day, and reports each difference with its likely cause. INVOICE is a cost
export from the console of OpenAI or Anthropic (CSV), or a response of their APIs (JSON): /v1/organization/costs grouped by
line_item, /v1/organizations/cost_report grouped by description.

Bedrock's model invocation log (JSON lines), and the spans that the Claude API sends itself (OTLP JSON, as the Collector's file exporter
writes it; with --spans those that are stored already), are compared call by call with the spans in Tempo or afn-otel up: each call that differs is listed with its cause
(iteration, batch, tier, cache, retried, not ours, not theirs, uncounted, tokens) and the difference in money.

Reports of usage (JSON) are compared by their buckets: /v1/organization/usage/completions of OpenAI, grouped by model, batch and
service_tier, and /v1/organizations/usage_report/messages of Anthropic, grouped by model and service_tier; best with bucket_width=1m.

${optionLines(options)}

Exit codes: 0 the totals agree; 1 a backend is unreachable or rejects the request; 2 usage error or invalid invoice; 3 the totals, or calls of a log or sums of a report, differ.`

/** @returns the exit code, as `help` says */
export async function reconcile(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [file, more] = positionals
  if ((file === undefined) !== values.spans || more !== undefined)
    throw new Error(`reconcile needs one invoice, or --spans\n\n${help}`)
  const tolerance = Number(values.tolerance)
  if (!(tolerance >= 0 && tolerance <= 100))
    throw new Error(`--tolerance takes a percentage from 0 to 100, not "${values.tolerance}"`)
  const config = costConfig(values.config)
  if (!config) return 1
  if (file === undefined) return answering('cost reconcile', () => reconcileStored(values, config))
  const content = contentOf(file)
  const witness = witnessOf(content)
  if (witness)
    return answering('cost reconcile', () => named(file, () => reconcileCalls(file, content, witness, values, config)))
  const report = await named(file, async () => readUsageReport(content))
  if (report) return answering('cost reconcile', () => reconcileUsage(file, report, values, config))
  const invoice = invoiceIn(file, content)
  return answering('cost reconcile', async () => {
    const source = await sourcesOf(values, config).knowing(['provider', 'model'])
    const dates = invoice.lines.map(({ date }) => date).toSorted()
    const days = daysOf(
      { start: startOfDay(dates[0]!, 'UTC'), end: startOfDay(addDays(dates.at(-1)!, 1), 'UTC') },
      'UTC',
    )
    const spends = await source.spend(days, ['provider', 'model'], { provider: [invoice.provider] })
    const counted = new Map<string, readonly Spend[]>(days.map(({ date }, index) => [date, spends[index]!]))
    const comparison = compare(invoice, counted)
    const notes = await gapNotes(source, days[0]!.start)
    const isSame = agrees(comparison, tolerance)
    if (values.json) print(json({ provider: invoice.provider, source: source.name, ...comparison, notes }, 2))
    else {
      console.error(`${file} of ${invoice.provider}, ${dates[0]} to ${dates.at(-1)} UTC, against ${source.name}`)
      for (const note of notes) console.error(`note: ${note}`)
      print(shown(comparison, isSame).join('\n'))
    }
    return isSame ? 0 : 3
  })
}

/** @throws Error with the file's name */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} can't be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`)
  }
}

/** @throws Error with the file's name when it is none */
function invoiceIn(file: string, content: string): Invoice {
  try {
    const invoice = readInvoice(content)
    if (invoice.lines.length > 0) return invoice
    throw new InvoiceError('the invoice has no lines; export a billed time range')
  } catch (error) {
    throw withName(file, error)
  }
}

const withName = (file: string, error: unknown): unknown =>
  error instanceof InvoiceError ? new Error(`${file}: ${error.message}`) : error

async function named<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw withName(file, error)
  }
}

function agrees({ differences, invoiced, counted }: Comparison, tolerance: number): boolean {
  const rounding = differences.reduce((sum, one) => sum + one.rounding, 0)
  return Math.abs(invoiced - counted) <= (Math.max(invoiced, counted) * tolerance) / 100 + rounding
}

function shown({ differences, credits, invoiced, counted }: Comparison, isEqual: boolean): string[] {
  const rows = differences.filter(({ why }) => why !== undefined)
  const usd = (value: number) => money(value, 'USD')
  const cells = ({ date, model, invoiced, counted, why }: Difference) => [
    date,
    model ?? '(no model)',
    usd(invoiced),
    usd(counted),
    usd(invoiced - counted),
    why ?? '',
  ]
  const verdict = isEqual ? 'the sums agree' : 'the sums differ'
  return [
    ...(rows.length > 0
      ? [...table(['DAY', 'MODEL', 'INVOICED', 'COUNTED', 'DIFFERENCE', 'LIKELY CAUSE'], rows.map(cells)), '']
      : []),
    `${verdict}: ${usd(invoiced)} invoiced, ${usd(counted)} recorded, difference ${usd(invoiced - counted)}`,
    `${differences.length - rows.length} of ${differences.length} models and days match`,
    ...(credits < 0 ? [`the invoice has credits of ${usd(-credits)}, not included in the totals`] : []),
  ]
}
