// `afn-otel prices diff`: models of which the two built-in tables have different prices.
import { parseArgs } from 'node:util'
import { type Chunks, loadChunk } from '../../app/chunks'
import type { PriceTable } from '../../app/llm/report/cost/price-table'
import type { Usage } from '../../app/llm/usage'
import { table } from '../../shared/queries/table'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { json } from '../terminal'

export const options = {
  provider: { type: 'string', argument: 'NAME', help: 'only this provider, such as openai or aws.bedrock' },
  json: { type: 'boolean', default: false, help: 'prints the list as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel prices diff [--provider NAME] [--json]

Lists models whose price in USD per million tokens differs between LiteLLM's table, which takes precedence, and genai-prices.
For other models, both agree or only one has a price.

${optionLines(options)}`

const million = 1e6
const kinds: Readonly<Record<string, Usage>> = {
  input: { input: 1, output: 0 },
  output: { input: 0, output: 1 },
  cached: { input: 1, output: 0, cacheRead: 1 },
}

interface Difference {
  readonly provider: string
  readonly model: string
  readonly kind: string
  readonly litellm: number
  readonly genaiPrices: number
}

/** @returns the exit code */
export async function diff(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const tables = loadChunk('prices').builtIn
  const found = differences(tables, values.provider)
  if (values.json) return print(json(found, 2))
  const head = ['PROVIDER', 'MODEL', 'OF', tables.litellm.name, tables.genaiPrices.name]
  const rows = found.map(({ provider, model, kind, litellm, genaiPrices }) => [
    provider,
    model,
    kind,
    usd(litellm),
    usd(genaiPrices),
  ])
  return print(found.length === 0 ? 'no difference' : table(head, rows).join('\n'))
}

function differences({ litellm, genaiPrices, models }: Chunks['prices']['builtIn'], only?: string): Difference[] {
  const at = new Date()
  const found: Difference[] = []
  for (const name of models()) {
    const [provider = '', ...rest] = name.split('/')
    const model = rest.join('/')
    if (only !== undefined && provider !== only) continue
    for (const [kind, usage] of Object.entries(kinds)) {
      const of = ({ price }: PriceTable) => {
        const one = price({ provider, models: [model], usage, at })
        return 'cause' in one ? undefined : one.total * million
      }
      const [one, other] = [of(litellm), of(genaiPrices)]
      if (one === undefined || other === undefined || Math.abs(one - other) <= 1e-9 * one) continue
      found.push({ provider, model, kind, litellm: one, genaiPrices: other })
    }
  }
  return found
}

function usd(amount: number): string {
  return String(Number(amount.toPrecision(6)))
}
