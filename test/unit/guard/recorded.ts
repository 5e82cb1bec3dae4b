// The recorded calls of the repository, and of the folder beside it where there is one: what they were bounded by, and what they took.
import { existsSync } from 'node:fs'
import { context } from '@opentelemetry/api'
import { type Bound, boundOf } from '../../../src/app/guard/bound'
import type { GuardOptions } from '../../../src/app/guard/options'
import { requestedTier } from '../../../src/app/guard/requested-tier'
import { costOf } from '../../../src/app/guard/settlement'
import { worstPrice } from '../../../src/app/guard/worst-price'
import { protocolAt } from '../../../src/app/llm/providers/paths'
import { protocols } from '../../../src/app/llm/providers/protocols'
import { providerOf } from '../../../src/app/llm/providers/providers'
import { createPricer } from '../../../src/app/llm/report/cost/pricer'
import { loadPrices } from '../../../src/app/llm/report/cost/prices'
import { readJson } from '../../../src/app/llm/wire/json'
import { type Expected, readFolder } from '../../conformance/recordings'
import { FIXTURES, type Recording, recordings, SHARED } from '../llm/replay'

export interface Recorded {
  readonly id: string
  readonly provider: string
  readonly model: string | undefined
  /** Undefined where there is none. */
  readonly bound: Bound | undefined
  readonly input: number | undefined
  readonly output: number | undefined
  /** USD; the bound, and the cost. */
  readonly most: number | undefined
  readonly cost: number | undefined
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

export function recorded(countTokens?: GuardOptions['countTokens']): Recorded[] {
  return [FIXTURES, SHARED].filter(existsSync).flatMap(folder => {
    const { expected } = readFolder(folder)
    return [...recordings(folder).values()].flatMap(recording => {
      const line = expected.get(recording.id)
      return line ? (readOne(recording, line, countTokens) ?? []) : []
    })
  })
}

function readOne(
  recording: Recording & { readonly provenance?: string; readonly requestSynthesised?: boolean },
  line: Expected,
  countTokens: GuardOptions['countTokens'],
): Recorded | undefined {
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
  const bound = boundOf(call, countTokens)
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
  const usage = {
    input: count('inputTokens'),
    output: count('outputTokens'),
    cacheRead: count('cacheReadTokens'),
    cacheWrite: count('cacheWriteTokens'),
    reasoning: count('reasoningTokens'),
  }
  const attributes = {
    'gen_ai.operation.name': reader.operation,
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': parsed.model,
    'gen_ai.response.model': typeof line.responseModel === 'string' ? line.responseModel : undefined,
  }
  return {
    id,
    provider,
    model: parsed.model,
    bound: 'problem' in bound ? undefined : bound,
    input: usage.input,
    output: usage.output,
    most: typeof price === 'number' ? price : undefined,
    cost: (usage.input ?? usage.output) === undefined ? undefined : costOf(pricer, attributes, usage, 0),
    isReal: recording.provenance === 'recorded' && recording.requestSynthesised !== true,
    hasLimit: parsed.attributes['gen_ai.request.max_tokens'] !== undefined,
  }
}
