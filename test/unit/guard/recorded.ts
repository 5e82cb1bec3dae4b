// The recorded calls of the repository, and of the folder beside it where there is one: what they were bounded by, and what they took.
import { existsSync } from 'node:fs'
import { context } from '@opentelemetry/api'
import { boundOfCall } from '../../../src/app/guard/bound-of-call'
import type { Bound } from '../../../src/app/guard/bounded-request'
import type { GuardOptions } from '../../../src/app/guard/options'
import { requestedTier } from '../../../src/app/guard/requested-tier'
import { costOf } from '../../../src/app/guard/settlement'
import { worstPrice } from '../../../src/app/guard/worst-price'
import { type ProtocolName, protocolAt } from '../../../src/app/llm/providers/paths'
import type { Protocol } from '../../../src/app/llm/providers/protocol'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { providerOf } from '../../../src/app/llm/providers/providers'
import { createPricer } from '../../../src/app/llm/report/cost/pricer'
import { loadPrices } from '../../../src/app/llm/report/cost/prices'
import type { Usage } from '../../../src/app/llm/usage'
import { parsed as parsedJson, readJson } from '../../../src/app/llm/wire/json'
import { type Expected, readFolder } from '../../conformance/recordings'
import { FIXTURES, type Recording, recordings, SHARED } from '../llm/replay'

export interface Recorded {
  readonly id: string
  readonly protocol: ProtocolName
  readonly provider: string
  readonly model: string | undefined
  /** Undefined where there is none. */
  readonly bound: Bound | undefined
  readonly input: number | undefined
  readonly output: number | undefined
  /** USD; the bound, and the cost. */
  readonly most: number | undefined
  readonly cost: number | undefined
  /** What the answer says that is charged, or the request. */
  readonly usage: Usage | undefined
  /** Why there is no bound. */
  readonly problem: string | undefined
  /** Request and counts are both of one real call. */
  readonly isReal: boolean
  readonly hasLimit: boolean
}

export const pricer = createPricer({
  load: () => loadPrices(undefined, () => {}),
  onFailure(error) {
    throw error
  },
})
pricer.load()

export async function recorded(countTokens?: GuardOptions['countTokens']): Promise<Recorded[]> {
  const all = [FIXTURES, SHARED].filter(existsSync).flatMap(folder => {
    const { expected } = readFolder(folder)
    return [...recordings(folder).values()].flatMap(recording => {
      const line = expected.get(recording.id)
      return line ? [readOne(recording, line, countTokens)] : []
    })
  })
  return (await Promise.all(all)).filter(one => one !== undefined)
}

/** The oracle has tokens alone. */
export const isCountedOtherwise = (protocol: ProtocolName): boolean =>
  /^(?:openai-images|google-predict|openai-speech|openai-transcriptions|speech-\w+|rerank)$/.test(protocol)

/** The answer as the reader of its protocol has it, of a stream put together. */
function told(reader: Protocol, { response, stream }: Recording): Usage | undefined {
  const text = response.body ?? ''
  if (!stream) return reader.response(parsedJson(text), name => response.headers[name] ?? null).usage
  const fold = reader.fold({ choices: 1, content: false })
  for (const [, data] of text.matchAll(/^data: (\{.*)$/gm)) fold.event(JSON.parse(data!))
  return reader.response(fold.document(), () => null).usage
}

async function readOne(
  recording: Recording & { readonly provenance?: string; readonly requestSynthesised?: boolean },
  line: Expected,
  countTokens: GuardOptions['countTokens'],
): Promise<Recorded | undefined> {
  const { id, request } = recording
  const url = new URL(request.url, 'http://localhost')
  const protocol = protocolAt(url.pathname) ?? protocolAt(url.href)
  if (!protocol || request.body === undefined || request.body === null) return undefined
  const reader = protocols[protocol]
  const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body)
  const parsed = reader.request(readJson(body, reader.requestFields, 4096), url, name => request.headers[name] ?? null)
  if (!parsed) return undefined
  const provider = providerOf(url, parsed.provider ?? reader.provider)
  const call = { protocol, reader, provider, url, parsed, body, context: context.active() }
  const bound = await boundOfCall(call, countTokens)
  const price =
    'problem' in bound
      ? bound
      : worstPrice(
          pricer,
          { provider, model: parsed.model, serverAddress: url.hostname, serviceTier: requestedTier(call) },
          bound,
          new Date(),
        )
  const count = (field: string) => (typeof line[field] === 'number' ? line[field] : undefined)
  const usage: Usage = {
    input: count('inputTokens'),
    output: count('outputTokens'),
    cacheRead: count('cacheReadTokens'),
    cacheWrite: count('cacheWriteTokens'),
    reasoning: count('reasoningTokens'),
  }
  const isAnswered = recording.response.status < 400
  const charged = isCountedOtherwise(protocol) ? (isAnswered && told(reader, recording)) || parsed.usage || {} : usage
  const attributes = {
    'gen_ai.operation.name': reader.operation,
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': parsed.model,
    'gen_ai.response.model': typeof line.responseModel === 'string' ? line.responseModel : undefined,
  }
  return {
    id,
    protocol,
    provider,
    model: parsed.model,
    usage: charged,
    problem: 'problem' in bound ? bound.problem : typeof price === 'number' ? undefined : price.problem,
    bound: 'problem' in bound ? undefined : bound,
    input: usage.input,
    output: usage.output,
    most: typeof price === 'number' ? price : undefined,
    cost: Object.values(charged).every(one => one === undefined) ? undefined : costOf(pricer, attributes, charged, 0),
    isReal: recording.provenance === 'recorded' && recording.requestSynthesised !== true,
    hasLimit: parsed.attributes['gen_ai.request.max_tokens'] !== undefined,
  }
}
