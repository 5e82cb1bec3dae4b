// `afn-otel cost advise`: suggestions to save cost, with their evidence.
import { parseArgs } from 'node:util'
import { loadChunk } from '../../app/chunks'
import { type Advice, adviceOn } from '../../operations/cost/advice'
import { type Call, pricingBy } from '../../operations/cost/advice/call'
import type { Arm } from '../../operations/cost/advice/model'
import { armsIn } from '../../operations/cost/advice/quality'
import { sampleOf } from '../../operations/cost/advice/sample'
import type { CostConfig } from '../../operations/cost/config'
import { money, rateOn } from '../../operations/cost/money'
import { retirementsBy } from '../../operations/cost/retirement/lookup'
import { dateAt } from '../../shared/calendar/time-zone'
import type { Backend } from '../../shared/queries/http'
import { secondsOfDuration } from '../../shared/queries/window'
import { answering } from '../backends'
import { helpOption, print } from '../help'
import { limitOf } from '../option-values'
import { type Options, optionLines } from '../options'
import { json, plainText } from '../terminal'
import { configOption, costConfig } from './configuration'
import { sourceOptions, sourcesOf } from './sources'

export const options = {
  since: { type: 'string', default: '7d', help: 'time range of the calls to analyze' },
  limit: { type: 'string', default: '10000', help: 'maximum number of traces to sample, spread over the time range' },
  ...configOption,
  ...sourceOptions,
  json: { type: 'boolean', default: false, help: 'prints the suggestions as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel cost advise [--since 7d] [--limit 10000] [OPTIONS]

Suggests how to reduce cost: caching, batching, output limits, fewer retries, shorter conversations, or another model whose answers
pass as often. Models that end within 90 days come first, with the replacement and what it costs. Each suggestion states its evidence, the saving in 30 days with a 90 % interval, the risks, how to verify it, and
when not to follow it. Savings require at least 200 calls, and for another model 200 evaluations of each.
Evaluations come from Prometheus or afn-otel up: with Tempo alone, no other model is suggested. Changes nothing.

${optionLines(options)}

Exit codes: 0 success; 1 a backend is unreachable or rejects the request, or the file has errors; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function advise(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const config = costConfig(values.config)
  if (!config) return 1
  const end = Math.floor(Date.now() / 1_000) * 1_000
  const span = { start: end - secondsOfDuration('--since', values.since) * 1_000, end }
  const limit = limitOf(values.limit)
  const sources = sourcesOf(values, config)
  return answering('cost advise', async () => {
    const { featureAttribute } = config
    const sample = await sampleOf(span, { backend: sources.traces, featureAttribute, limit })
    const { calls } = sample
    const counters = await sources.counters()
    const arms = counters === undefined ? [] : await armsOf(counters, span, calls)
    const { loadPrices } = loadChunk('prices')
    const prices = loadPrices(process.env.AFN_PRICES || undefined, problem => console.error(plainText(problem)))
    const source = sample.isPart ? await sources.knowing(['feature']) : undefined
    const found = await adviceOn({
      ...{ calls, arms, price: pricingBy(prices), featureAttribute, span, source },
      ...{ retirementOf: retirementsBy(config), now: Date.now() },
    })
    const notes = [
      `${calls.length} calls since ${new Date(span.start).toISOString()}${sample.isPart ? ', sampled (--limit)' : ''}`,
      ...(counters === undefined ? ['no Prometheus is configured, so evaluations are unknown'] : []),
    ]
    if (values.json)
      return print(json({ ...spanOf(span), calls: calls.length, isPart: sample.isPart, advice: found }, 2))
    for (const note of notes) console.error(`note: ${note}`)
    return print(found.length === 0 ? 'no advice' : found.map(one => shown(one, config)).join('\n\n'))
  })
}

const spanOf = ({ start, end }: { start: number; end: number }) => ({
  from: new Date(start).toISOString(),
  to: new Date(end).toISOString(),
})

function armsOf(backend: Backend, span: { start: number; end: number }, calls: readonly Call[]): Promise<Arm[]> {
  const providers = new Map(calls.map(({ service, model, provider }) => [`${service} ${model}`, provider]))
  return armsIn(span, backend, (service, model) => providers.get(`${service} ${model}`))
}

function shown(one: Advice, config: CostConfig): string {
  const rate = rateOn(dateAt(Date.now(), config.timeZone), config)
  const amount = (usd: number) => money(usd * rate, config.currency)
  const { saving, kind, confidence, n, service, feature, provider, model } = one
  const where = [service, feature, `${model} of ${provider}`].filter(Boolean).join(', ')
  return plainText(
    [
      `${kind}: ${where}`,
      savingLine(),
      `  seen     ${one.why} ${n} call${n === 1 ? '' : 's'}.`,
      `  do       ${one.what}`,
      `  unless   ${one.unless}`,
      `  risk     ${one.risk}`,
      `  sure     ${confidence}`,
      `  verify   ${one.verify}`,
      `  query    ${one.query}`,
    ].join('\n'),
  )

  function savingLine(): string {
    if (!saving || one.share === null) return '  saves    unknown: there is no replacement, or its price is unknown'
    const { low, high } = saving.interval
    const share = `${Math.abs(one.share * 100).toFixed(0)} %`
    return saving.expected < 0
      ? `  costs    ${amount(-saving.expected)} more in 30 days (${amount(-high)} to ${amount(-low)}), ${share} more than these calls cost`
      : `  saves    ${amount(saving.expected)} in 30 days (${amount(low)} to ${amount(high)}), ${share} of what these calls cost`
  }
}
