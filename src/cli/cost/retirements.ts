// `afn-otel cost retirements`: which models in use their providers will end, when, what that stops, and what would take their place.
import { parseArgs } from 'node:util'
import { loadChunk } from '../../app/chunks'
import { pricingBy } from '../../operations/cost/advice/call'
import { sampleOf } from '../../operations/cost/advice/sample'
import type { CostConfig } from '../../operations/cost/config'
import { money, rateOn } from '../../operations/cost/money'
import { type Affected, affectedBy } from '../../operations/cost/retirement/affected'
import { retirementsBy } from '../../operations/cost/retirement/lookup'
import { listedRetirements } from '../../operations/cost/retirement/model-lists'
import type { Retirement } from '../../operations/cost/retirement/retirement'
import { dateAt } from '../../shared/calendar/time-zone'
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
  'ask-openai': {
    type: 'boolean',
    default: false,
    help: 'also reads retirement dates from the list of models at OPENAI_BASE_URL, with OPENAI_API_KEY; this runs no model and is free',
  },
  ...configOption,
  tempo: sourceOptions.tempo,
  json: { type: 'boolean', default: false, help: 'prints the models as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel cost retirements [--since 7d] [--ask-openai] [OPTIONS]

Lists the models in use that their providers will retire: the date, the share of calls, the services and features
that are affected, the recommended replacement, and the cost of 1,000 calls with either. Dates come from the built-in table, from
OpenAI's list of models, and from "retirements" in budget_config; each result names its source. Models without a known date are not listed.

${optionLines(options)}

Exit codes: 0 success; 1 a backend is unreachable or rejects the request, or the file has errors; 2 usage error; 3 a model in use ends
within 30 days, or has ended.`

const SOON_DAYS = 30

/** @returns the exit code, as `help` says */
export async function retirements(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const config = costConfig(values.config)
  if (!config) return 1
  const now = Date.now()
  const end = Math.floor(now / 1_000) * 1_000
  const span = { start: end - secondsOfDuration('--since', values.since) * 1_000, end }
  const limit = limitOf(values.limit)
  const sources = sourcesOf(values, config)
  return answering('cost retirements', async () => {
    const { featureAttribute } = config
    const { calls, isPart } = await sampleOf(span, { backend: sources.traces, featureAttribute, limit })
    const listed = values['ask-openai'] ? await askOpenai() : []
    const { loadPrices } = loadChunk('prices')
    const prices = loadPrices(process.env.AFN_PRICES || undefined, problem => console.error(plainText(problem)))
    const found = affectedBy(calls, retirementsBy(config, listed), pricingBy(prices), now)
    const code = found.some(({ days }) => days <= SOON_DAYS) ? 3 : 0
    if (values.json) {
      print(json({ calls: calls.length, isPart, retirements: found }, 2))
      return code
    }
    console.error(
      `note: ${calls.length} calls since ${new Date(span.start).toISOString()}${isPart ? ', sampled (--limit)' : ''}`,
    )
    print(found.length === 0 ? 'no model in use has a known date' : found.map(one => shown(one, config)).join('\n\n'))
    return code
  })
}

/** @throws Error where there is no key; BackendError */
function askOpenai(): Promise<Retirement[]> {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: base } = process.env
  if (!key) throw new Error('--ask-openai needs the variable OPENAI_API_KEY')
  const url = (base || 'https://api.openai.com/v1').replace(/\/+$/, '')
  const list = { name: 'OpenAI', url, setBy: 'OPENAI_BASE_URL', headers: { authorization: `Bearer ${key}` } } as const
  return listedRetirements('openai', list, 'models')
}

function shown(one: Affected, config: CostConfig): string {
  const rate = rateOn(dateAt(Date.now(), config.timeZone), config)
  const cost = (usd: number | undefined) => (usd === undefined ? 'unknown cost' : money(usd * rate, config.currency))
  const { provider, model, date, days, replacement, source } = one
  const when = days > 0 ? `ends on ${date}, in ${days} days` : `ended on ${date}, and is still called`
  return plainText(
    [
      `${model} of ${provider} ${when}`,
      `  affects  ${(one.share * 100).toFixed(one.share < 0.1 ? 1 : 0)} % of the calls (${one.calls}): ${one.services.join(', ')}`,
      ...(one.features.length > 0 ? [`  features ${one.features.join(', ')}`] : []),
      `  now      ${cost(one.costPerThousand)} for 1,000 calls`,
      ...(replacement === undefined
        ? ['  instead  no replacement is known']
        : [`  instead  ${replacement}: ${cost(one.replacementPerThousand)} for the same tokens, nothing cached`]),
      `  source   ${source}`,
    ].join('\n'),
  )
}
