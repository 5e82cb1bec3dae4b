/**
 * Reads Bedrock's model invocation log, as written to S3 and CloudWatch: one JSON object per call and line.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
 */
import { tierOf } from '../../../app/llm/providers/bedrock/usage'
import { text } from '../../../app/llm/wire/json'
import { bedrockModel } from '../bedrock-model'
import { InvoiceError } from '../invoice/invoice'
import type { TheirCall } from './statement'
import { tierKey } from './tier-key'

const FORMAT = 'ModelInvocationLog'

/** Whether the first line is from such a log. */
export function isBedrockLog(text: string): boolean {
  const first = text
    .replace(/^\uFEFF/, '')
    .trimStart()
    .split('\n', 1)[0]!
  return first.startsWith('{') && first.includes(`"${FORMAT}"`)
}

type Doc = Readonly<Record<string, unknown>>
const doc = (value: unknown): Doc => (typeof value === 'object' && value !== null ? (value as Doc) : {})
const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined

/** Skips failed calls without usage. @throws InvoiceError with every invalid line */
export function readBedrockLog(content: string): TheirCall[] {
  const calls: TheirCall[] = []
  const wrong: string[] = []
  for (const [index, one] of content
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (one.trim() === '') continue
    const line = index + 1
    try {
      const entry = doc(JSON.parse(one))
      const at = Date.parse(text(entry.timestamp) ?? '')
      if (entry.schemaType !== FORMAT) wrong.push(`line ${line}: schemaType must be "${FORMAT}"`)
      else if (Number.isNaN(at)) wrong.push(`line ${line}: timestamp must be a time such as 2026-11-27T10:00:00Z`)
      else if (text(entry.modelId) === undefined) wrong.push(`line ${line}: modelId is missing`)
      else {
        const call = callOf(entry, at, line)
        const isFailure = entry.errorCode !== undefined && !call.input && !call.output
        if (!isFailure) calls.push(call)
      }
    } catch (error) {
      wrong.push(`line ${line}: ${(error as Error).message}`)
    }
  }
  if (wrong.length > 0) throw new InvoiceError(`the invocation log can't be read:\n${wrong.join('\n')}`)
  return calls
}

function callOf(entry: Doc, at: number, line: number): TheirCall {
  const [input, output] = [doc(entry.input), doc(entry.output)]
  // for a stream, a list of events
  const bodies = [output.outputBodyJson].flat().map(doc)
  const usages = bodies.flatMap(body => [doc(body.usage), doc(doc(body.metadata).usage), doc(doc(body.message).usage)])
  const iterations = usages.map(({ iterations }) => iterations).find(Array.isArray)
  const tiers = [...bodies, doc(input.inputBodyJson)].flatMap(body => text(doc(body.serviceTier).type) ?? [])
  const cacheRead = count(input.cacheReadInputTokenCount) ?? 0
  const cacheWrite = count(input.cacheWriteInputTokenCount) ?? 0
  const uncached = count(input.inputTokenCount)
  return {
    line,
    ids: [entry.requestId, ...bodies.flatMap(body => [body.id, doc(body.message).id])].flatMap(id => text(id) ?? []),
    at,
    model: bedrockModel(text(entry.modelId)!),
    name: text(entry.modelId)!,
    input: uncached === undefined ? undefined : uncached + cacheRead + cacheWrite,
    output: count(output.outputTokenCount),
    cacheRead,
    cacheWrite,
    tier: tierKey(tierOf(tiers[0], text(doc(entry.performanceConfig).latency))),
    runs: iterations?.length ?? 1,
  }
}
