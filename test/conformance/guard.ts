// `npm run conformance:guard [-- --verbose]`: the bound of `guard()` beside what recorded calls took, with bytes as tokens and with js-tiktoken as
// `countTokens`. Needs the recordings beside the repository. Exit 1: a call of a model whose tokenizer it is took more. Exit 2: nothing to compare.
import { existsSync } from 'node:fs'
import { getEncoding, type Tiktoken, type TiktokenEncoding } from 'js-tiktoken'
import { isCountedOtherwise, type Recorded, recorded } from '../unit/guard/recorded'
import { SHARED } from '../unit/llm/replay'

export async function main(args: string[]): Promise<number> {
  if (!existsSync(SHARED)) {
    console.error(`there are no recordings at ${SHARED}`)
    return 2
  }
  const [bytes, tiktoken] = [await measured(), await measured(countTokens)]
  const openai = (one: Recorded) => encodingOf(one.model) !== undefined
  report('bytes, models of OpenAI', bytes.filter(openai))
  const above = report('js-tiktoken, models of OpenAI', tiktoken.filter(openai))
  report(
    'bytes, all other models',
    bytes.filter(one => !openai(one)),
  )
  const foreign = report(
    'js-tiktoken (o200k_base), all other models',
    tiktoken.filter(one => !openai(one)),
  )
  if (args.includes('--verbose')) for (const one of [...above, ...foreign]) console.log(`  ${one.id} (${one.model}): ${one.input} tokens, bound ${one.bound?.usage.input}`) // biome-ignore format: one line
  return above.length > 0 ? 1 : 0
}

/** In shorter ones, what a provider adds to a prompt is most of the bound. */
const LONG = 500

/** Real calls that tell their tokens. */
async function measured(count?: typeof countTokens): Promise<Recorded[]> {
  const calls = await recorded(count)
  return calls.filter(({ isReal, bound, protocol, input }) => isReal && bound && !isCountedOtherwise(protocol) && input)
}

/** @returns calls that took more than their bound */
function report(name: string, calls: readonly Recorded[]): readonly Recorded[] {
  const above = calls.filter(
    one => one.input! > one.bound!.usage.input! || (one.output ?? 0) > one.bound!.usage.output!,
  )
  const input = calls.map(one => one.bound!.usage.input! / one.input!)
  const long = calls.filter(one => one.input! >= LONG).map(one => one.bound!.usage.input! / one.input!)
  const priced = calls.filter(({ cost, most }) => cost !== undefined && cost > 0 && most !== undefined)
  const cost = (some: readonly Recorded[]) => quantiles(some.map(({ most, cost }) => most! / cost!))
  console.log(
    `${name}: ${calls.length} calls, ${above.length} above their bound\n` +
      `  input tokens, bound / taken: ${quantiles(input)}; of ${LONG} tokens and more: ${quantiles(long)}\n` +
      `  cost, bound / paid: ${cost(priced)}; with a limit of the output: ${cost(priced.filter(({ hasLimit }) => hasLimit))}`,
  )
  return above
}

function quantiles(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]?.toFixed(2)
  return `median ${at(0.5)}, least ${at(0)}, nine of ten up to ${at(0.9)} (${sorted.length})`
}

/** As a user would write it. */
function countTokens(text: string, model: string | undefined): number {
  return encoding(encodingOf(model) ?? 'o200k_base').encode(text, [], []).length
}

/** Undefined for models of others. */
function encodingOf(model = ''): TiktokenEncoding | undefined {
  if (/^(?:openai\/)?(?:gpt-4o|gpt-4\.1|gpt-[5-9]|o[1-9]|chatgpt)/.test(model)) return 'o200k_base'
  return /^(?:gpt-4|gpt-3\.5|gpt-35|text-embedding-)/.test(model) ? 'cl100k_base' : undefined
}

const encodings = new Map<TiktokenEncoding, Tiktoken>()
function encoding(name: TiktokenEncoding): Tiktoken {
  const known = encodings.get(name) ?? getEncoding(name)
  encodings.set(name, known)
  return known
}
