// `afn-otel cost reconcile`: a provider's invoice against what was counted.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Comparison, compare, type Difference } from '../../operations/cost/invoice/compare'
import { type Invoice, InvoiceError } from '../../operations/cost/invoice/invoice'
import { readInvoice } from '../../operations/cost/invoice/read'
import { money } from '../../operations/cost/money'
import { daysOf } from '../../operations/cost/period'
import type { Spend } from '../../operations/cost/spend'
import { addDays, startOfDay } from '../../operations/cost/time-zone'
import { table } from '../../shared/queries/table'
import { answering } from '../backends'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { json } from '../terminal'
import { configOption, costConfig } from './configuration'
import { gapNotes, sourceOptions, sourcesOf } from './sources'

export const options = {
  tolerance: { type: 'string', default: '1', help: 'maximum difference of the totals in percent' },
  ...configOption,
  ...sourceOptions,
  json: { type: 'boolean', default: false, help: 'prints the comparison as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel cost reconcile INVOICE [--tolerance 1] [OPTIONS]

Compares an invoice with the recorded cost by model and UTC day, and reports each difference with its likely cause. INVOICE is a cost
export from the console of OpenAI or Anthropic (CSV), or a response of their APIs (JSON): /v1/organization/costs grouped by
line_item, /v1/organizations/cost_report grouped by description.

${optionLines(options)}

Exit codes: 0 the totals agree; 1 a backend is unreachable or rejects the request; 2 usage error or invalid invoice; 3 the totals differ.`

/** @returns the exit code, as `help` says */
export async function reconcile(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [file, more] = positionals
  if (file === undefined || more !== undefined) throw new Error(`reconcile needs one invoice\n\n${help}`)
  const tolerance = Number(values.tolerance)
  if (!(tolerance >= 0 && tolerance <= 100))
    throw new Error(`--tolerance takes a percentage from 0 to 100, not "${values.tolerance}"`)
  const config = costConfig(values.config)
  if (!config) return 1
  const invoice = invoiceIn(file)
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

/** @throws Error with the file's name when it is none */
function invoiceIn(file: string): Invoice {
  try {
    const invoice = readInvoice(readFileSync(file, 'utf8'))
    if (invoice.lines.length > 0) return invoice
    throw new InvoiceError('the invoice has no lines; export a billed time range')
  } catch (error) {
    if (error instanceof InvoiceError) throw new Error(`${file}: ${error.message}`)
    throw new Error(`${file} can't be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`)
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
