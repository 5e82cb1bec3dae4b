// Chunk `dialects`: translates spans of other conventions to current names.
import type { Attributes } from '@opentelemetry/api'
import {
  AFN_LLM_COST_SOURCE_VALUE_APPLICATION,
  ATTR_AFN_LLM_COST_CURRENCY,
  ATTR_AFN_LLM_COST_SOURCE,
  ATTR_AFN_LLM_COST_TOTAL,
  ATTR_AFN_LLM_DIALECT,
  ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '../../../../../semconv'
import { providerAt, providerNamed } from '../../providers/providers'
import { type Usage, usageAttributes, usageOf } from '../../usage'
import { count, type Doc, parsed } from '../../wire/json'
import { type DialectName, operationOf } from '../recognise'
import type { LlmSpan } from '../span'
import type { Dialect, Field } from './dialect'
import { isOldMessage, oldGenAi } from './gen-ai-old'
import { langfuse } from './langfuse'
import { mastra } from './mastra'
import { openInference } from './openinference'
import { openLlmetry } from './openllmetry'
import { settled } from './settled-usage'
import { typed } from './typed'
import { vercel } from './vercel'

export interface Options {
  /** Whether messages are translated too. */
  readonly content: boolean
  /** Whether translated attributes also keep their original names. */
  readonly keepOriginals: boolean
}

/** In order of preference, if two have the same value. */
const dialects: readonly Dialect[] = [langfuse, oldGenAi, openInference, vercel, openLlmetry, mastra]

const totals = ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens', 'llm.token_count.total', 'ai.usage.totalTokens']

/** Finish reasons that only the AI SDK has. */
const finishReasons: Readonly<Record<string, string>> = {
  'tool-calls': 'tool_call',
  'content-filter': 'content_filter',
}

/**
 * Writes to the span's own attributes. Existing attributes with current names are kept, except what the app sets explicitly (Langfuse), and
 * usage and finish reasons that the library is known to report differently.
 * @param spoken the dialects of the span, the most detailed one first
 */
export function translate(span: LlmSpan, spoken: readonly DialectName[], options: Options): void {
  const { attributes } = span
  const speakers = dialects.filter(dialect => spoken.includes(dialect.name))
  const found: Attributes = {}
  for (const dialect of speakers) {
    for (const [name, value] of Object.entries(readings(dialect, span, options.content))) {
      if (found[name] === undefined && (dialect.overridesCurrent || attributes[name] === undefined)) found[name] = value
    }
  }
  const usage = settled(
    usageOf({ ...attributes, ...found }),
    totals.map(key => count(attributes[key])).find(total => total !== undefined),
    speakers.some(dialect => dialect.leavesOutCached?.(span)),
  )
  const operation = operationOf(attributes)
  const own = span.own()
  // there are no current names for a chain's input and output
  const whole = operation !== undefined && operation !== GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW
  if (whole && !options.keepOriginals) dropOriginals(span, own, speakers)
  if (!options.content) dropContent(own, speakers)
  Object.assign(own, found, usageAttributes(usage), agreed({ ...attributes, ...found }))
  if (operation !== undefined) own[ATTR_GEN_AI_OPERATION_NAME] = operation
  own[ATTR_AFN_LLM_DIALECT] = spoken[0]
}

/** Sets the provider if a span only has the server address. */
export function nameProvider(span: LlmSpan): void {
  const name = providerOf(span.attributes)
  if (name !== undefined) span.own()[ATTR_GEN_AI_PROVIDER_NAME] = name
}

function providerOf(attributes: Readonly<Attributes>): string | undefined {
  const named = attributes[ATTR_GEN_AI_PROVIDER_NAME]
  if (typeof named === 'string') return providerNamed(named)
  const host = attributes[ATTR_SERVER_ADDRESS]
  return typeof host === 'string' ? providerAt(host, String(attributes[ATTR_SERVER_PORT] ?? '')) : undefined
}

/** The values of one dialect, with current names and the registry's types. */
function readings(dialect: Dialect, span: LlmSpan, content: boolean): Attributes {
  const { attributes } = span
  const raw = { ...dialect.read?.(span), ...first(dialect.fields, attributes), ...(content && dialect.content?.(span)) }
  const values: Attributes = usageAttributes(counted(dialect, attributes))
  for (const [name, value] of Object.entries(raw)) {
    const known = typed(name, value)
    if (known !== undefined) values[name] = known
  }
  if (values[ATTR_AFN_LLM_COST_TOTAL] !== undefined) {
    values[ATTR_AFN_LLM_COST_CURRENCY] ??= 'USD'
    values[ATTR_AFN_LLM_COST_SOURCE] ??= AFN_LLM_COST_SOURCE_VALUE_APPLICATION
  }
  return values
}

function first(fields: readonly Field[], attributes: Readonly<Attributes>): Doc {
  const found: Doc = {}
  for (const [name, ...sources] of fields) {
    const source = sources.find(key => attributes[key] !== undefined)
    if (source !== undefined) found[name] = attributes[source]
  }
  return found
}

function counted({ counts }: Dialect, attributes: Readonly<Attributes>): Usage {
  const usage: { -readonly [kind in keyof Usage]: Usage[kind] } = {}
  for (const [kind, ...sources] of counts) {
    const found = sources.map(key => count(attributes[key])).find(value => value !== undefined)
    if (found !== undefined) usage[kind] = found
  }
  return usage
}

/** Normalizes values that must not depend on the library: provider names, finish reasons, and the milliseconds for TraceQL. */
function agreed(attributes: Readonly<Attributes>): Attributes {
  const provider = providerOf(attributes)
  const wait = attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]
  const told = attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS]
  const reasons = typeof told === 'string' ? (parsed(told) ?? [told]) : told
  return {
    ...(provider !== undefined && { [ATTR_GEN_AI_PROVIDER_NAME]: provider }),
    ...(typeof wait === 'number' && { [ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS]: Math.round(wait * 1_000) }),
    ...(Array.isArray(reasons) && {
      [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: reasons.map(reason => finishReasons[String(reason)] ?? String(reason)),
    }),
  }
}

function dropContent(own: Attributes, speakers: readonly Dialect[]): void {
  const written = speakers.flatMap(({ ownContent }) => ownContent ?? [])
  if (written.length === 0) return
  for (const key of Object.keys(own)) if (written.some(one => one.test(key))) delete own[key]
}

function dropOriginals(span: LlmSpan, own: Attributes, speakers: readonly Dialect[]): void {
  const names = speakers.flatMap(dialect => dialect.own)
  for (const key of Object.keys(own)) {
    if (names.some(name => key === name || (name.endsWith('.') && key.startsWith(name)))) delete own[key]
  }
  span.events = span.events.filter(event => !isOldMessage(event.name))
}
