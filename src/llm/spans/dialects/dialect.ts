// A dialect: how the names of another convention become today's, mostly as tables. `index.ts` gives every value the type that
// the registry has for its name.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
} from '../../../../semconv'
import { type Doc, doc } from '../../observe/wire/json'
import type { Usage } from '../../usage'
import type { DialectName } from '../operations'
import type { LlmSpan } from '../span'

/** A name of today, and the names under which the dialect writes the same thing, the best first. */
export type Field = readonly [name: string, ...sources: string[]]
/** The same for a kind of tokens. */
export type Count = readonly [kind: keyof Usage, ...sources: string[]]

export interface Dialect {
  readonly name: DialectName
  /** What the application sets explicitly: it goes before what stands under today's names. */
  readonly overridesCurrent?: true
  readonly fields: readonly Field[]
  readonly counts: readonly Count[]
  /** What no table can say. Undefined values are left out. */
  read?(span: LlmSpan): Attributes
  /** Messages, tools, arguments; called only where content is captured. */
  content?(span: LlmSpan): Attributes
  /** Whether this writer's input tokens leave the cached ones out; today's names count them in. */
  leavesOutCached?(span: LlmSpan): boolean
  /** Keys, or beginnings of keys that end with a dot: what the translation writes under today's names. */
  readonly own: readonly string[]
}

// Lists that a dialect writes as one attribute a leaf (`llm.input_messages.0.message.role`), put together again.

/** The tree below `prefix`; lists are objects with numbers for keys, which JavaScript keeps in order. */
export function tree(attributes: Readonly<Record<string, unknown>>, prefix: string): Doc {
  const root = node()
  for (const key of Object.keys(attributes)) {
    if (!key.startsWith(prefix) || key[prefix.length] !== '.') continue
    const path = key.slice(prefix.length + 1).split('.')
    const leaf = path.pop() as string
    let at = root
    for (const step of path) {
      if (typeof at[step] !== 'object' || at[step] === null) at[step] = node()
      at = at[step] as Doc
    }
    at[leaf] = attributes[key]
  }
  return root
}

/** The members of a list in a tree; none where it is no list. */
export function members(value: unknown): Doc[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).filter(member => typeof member === 'object' && member !== null) as Doc[]
}

/** Without a prototype, since an attribute's key may be anything. */
function node(): Doc {
  return Object.create(null) as Doc
}

// Request parameters in the spelling of whoever wrote them.

export const parameterFields: readonly Field[] = [
  [
    ATTR_GEN_AI_REQUEST_MAX_TOKENS,
    'max_completion_tokens',
    'max_output_tokens',
    'max_tokens',
    'maxOutputTokens',
    'maxTokens',
  ],
  [ATTR_GEN_AI_REQUEST_TEMPERATURE, 'temperature'],
  [ATTR_GEN_AI_REQUEST_TOP_P, 'top_p', 'topP'],
  [ATTR_GEN_AI_REQUEST_TOP_K, 'top_k', 'topK'],
  [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES, 'stop_sequences', 'stopSequences', 'stop'],
  [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY, 'frequency_penalty', 'frequencyPenalty'],
  [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY, 'presence_penalty', 'presencePenalty'],
  [ATTR_GEN_AI_REQUEST_SEED, 'seed'],
  [ATTR_GEN_AI_REQUEST_REASONING_LEVEL, 'reasoning_effort', 'reasoningEffort'],
]

/** The parameters that an object names, under today's names; the values are checked by whoever writes them. */
export function parameters(object: Doc): Attributes {
  const found: Doc = {}
  for (const [name, ...sources] of parameterFields) {
    for (const source of sources) found[name] ??= object[source]
  }
  if (object.stream === true) found[ATTR_GEN_AI_REQUEST_STREAM] = true
  if (typeof object.n === 'number' && object.n !== 1) found[ATTR_GEN_AI_REQUEST_CHOICE_COUNT] = object.n
  const format = doc(object.response_format)?.type
  if (typeof format === 'string') found[ATTR_GEN_AI_OUTPUT_TYPE] = format.startsWith('json') ? 'json' : format
  return found as Attributes
}
