// `afn-otel cost advise`: what would make calls cost less, and what that rests on.
import { parseArgs } from 'node:util'
import { loadChunk } from '../../chunks'
import { type Advice, adviceOn } from '../../cost/advice'
import { type Call, pricingBy } from '../../cost/advice/call'
import type { Arm } from '../../cost/advice/model'
import { armsIn } from '../../cost/advice/quality'
import { sampleOf } from '../../cost/advice/sample'
import type { CostConfig } from '../../cost/config'
import { money, rateOn } from '../../cost/money'
import { dateAt } from '../../cost/time-zone'
import type { Backend } from '../../queries/http'
import { secondsOfDuration } from '../../queries/window'
import { answering } from '../backends'
import { helpOption, print } from '../help'
import { limitOf } from '../option-values'
import { type Options, optionLines } from '../options'
import { json, plainText } from '../terminal'
import { configOption, costConfig } from './configuration'
import { sourceOptions, sourcesOf } from './sources'

export const options = {
  since: { type: 'string', default: '7d', help: 'the calls that are looked at' },
  limit: { type: 'string', default: '10000', help: 'most traces of them, spread over the time' },
  ...configOption,
  ...sourceOptions,
  json: { type: 'boolean', default: false, help: 'the advice as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel cost advise [--since 7d] [--limit 10000] [OPTIONS]

What would make calls cost less: caching, batches, a limit on answers, fewer retries, shorter conversations, and another model whose
answers pass as often. Each advice says what it rests on, what it saves in 30 days with an interval of 90 %, what may be lost, how to see
whether it was right, and when not to follow it. There is none where fewer than 200 calls, or fewer than 200 evaluations of each model, are known.
Evaluations are in Prometheus or in afn-otel up: with Tempo alone no other model is named. Nothing is changed.

${optionLines(options)}

Exit codes: 0 answered; 1 a backend is not there or refuses, or the file has mistakes; 2 the command is not right.`

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
    const found = await adviceOn({ calls, arms, price: pricingBy(prices), featureAttribute, span, source })
    const notes = [
      `${calls.length} calls since ${new Date(span.start).toISOString()}${sample.isPart ? ', a part of them (--limit)' : ''}`,
      ...(counters === undefined ? ['no Prometheus is named, so that no evaluation is known'] : []),
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
  const { low, high } = saving.interval
  return plainText(
    [
      `${kind}: ${where}`,
      `  saves    ${amount(saving.expected)} in 30 days (${amount(low)} to ${amount(high)}), ${(one.share * 100).toFixed(0)} % of what these calls cost`,
      `  seen     ${one.why} ${n} calls.`,
      `  do       ${one.what}`,
      `  unless   ${one.unless}`,
      `  risk     ${one.risk}`,
      `  sure     ${confidence}`,
      `  verify   ${one.verify}`,
      `  query    ${one.query}`,
    ].join('\n'),
  )
}
