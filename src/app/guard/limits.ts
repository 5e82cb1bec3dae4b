// How many tokens a model reads and writes at most.
import { GEOGRAPHIES } from '../llm/providers/bedrock/geographies'
import { namesOf } from '../llm/report/cost/price-table'
import { limits } from './limits-table'

export interface ModelLimits {
  /** Its context window. */
  readonly input: number
  readonly output: number
}

/** Of a model that the table doesn't have: more than any has that we know of. */
export const UNKNOWN_MODEL: ModelLimits = { input: 2_097_152, output: 262_144 }

let known: Map<string, ModelLimits> | undefined

export function limitsOf(model: string | undefined): ModelLimits {
  known ??= readTable()
  for (const name of model === undefined ? [] : namesOf(model.toLowerCase())) {
    const found = known.get(bare(name))
    if (found) return { input: found.input || UNKNOWN_MODEL.input, output: found.output || UNKNOWN_MODEL.output }
  }
  return UNKNOWN_MODEL
}

function readTable(): Map<string, ModelLimits> {
  const found = new Map<string, ModelLimits>()
  for (const line of limits.split('\n')) {
    const [pair = '', ...names] = line.split(' ')
    const [input = 0, output = 0] = pair.split('/').map(Number)
    for (const name of names) found.set(name, { input, output })
  }
  return found
}

const VENDOR = new RegExp(
  `^(?:(?:${GEOGRAPHIES})\\.)?(?:ai21|amazon|anthropic|cohere|deepseek|meta|mistral|openai|qwen)\\.`,
)

/** As `scripts/model-limits.mjs` writes a name: without its host, vendor, version and date. */
function bare(model: string): string {
  return model
    .slice(model.lastIndexOf('/') + 1)
    .replace(VENDOR, '')
    .replace(/^ft:/, '')
    .replace(/-v\d+(?::\d+)?$/, '')
    .replace(/[-@](?:\d{8}|\d{4}-\d\d-\d\d)$/, '')
}
