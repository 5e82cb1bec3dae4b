// Reports LangGraph's store, in memory or in a database, as memory operations. A checkpointer is not included, because it saves the state
// of a run.
import { type Attributes, context, SpanKind, type Tracer } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_MEMORY_QUERY_TEXT,
  ATTR_GEN_AI_MEMORY_RECORD_COUNT,
  ATTR_GEN_AI_MEMORY_RECORDS,
  ATTR_GEN_AI_OPERATION_NAME,
  GEN_AI_OPERATION_NAME_VALUE_DELETE_MEMORY,
  GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY,
  GEN_AI_OPERATION_NAME_VALUE_UPSERT_MEMORY,
} from '../../../../../semconv'
import { contentOf } from '../../bounded-content'
import { startWithin } from '../../spans/agent-spans'
import { fail } from '../../spans/failure'
import { type Doc, doc, docs, text } from '../../wire/json'

/** Methods of a store with the operation that each performs. `get` reads the value of one key. */
export const memoryMethods = {
  search: GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY,
  get: GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY,
  put: GEN_AI_OPERATION_NAME_VALUE_UPSERT_MEMORY,
  delete: GEN_AI_OPERATION_NAME_VALUE_DELETE_MEMORY,
} as const

export type MemoryMethod = keyof typeof memoryMethods

export type Act = (this: object, ...given: unknown[]) => Promise<unknown>

export interface Observer {
  readonly tracer: Tracer
  readonly content: boolean
  readonly onFailure: (error: unknown) => void
}

export function remembered(act: Act, method: MemoryMethod, { tracer, content, onFailure }: Observer): Act {
  const guarded = <Result>(work: () => Result): Result | undefined => {
    try {
      return work()
    } catch (error) {
      onFailure(error)
      return undefined
    }
  }
  return async function (...given) {
    const operation = memoryMethods[method]
    const open = guarded(() =>
      startWithin(tracer, context.active(), {
        name: operation,
        kind: SpanKind.CLIENT,
        attributes: { [ATTR_GEN_AI_OPERATION_NAME]: operation, ...(content && asked(method, given)) },
      }),
    )
    if (!open) return Reflect.apply(act, this, given)
    try {
      const result = await context.with(open.context, () => Reflect.apply(act, this, given))
      guarded(() => open.span.setAttributes(found(method, result, content)))
      return result
    } catch (error) {
      guarded(() => fail(open.span, error))
      throw error
    } finally {
      guarded(() => open.span.end())
    }
  }
}

/** `search(namespace, { query })`, `put(namespace, key, value)`. */
function asked(method: MemoryMethod, [, about, value]: unknown[]): Attributes {
  if (method === 'search') return { [ATTR_GEN_AI_MEMORY_QUERY_TEXT]: text(doc(about)?.query) }
  return method === 'put' ? { [ATTR_GEN_AI_MEMORY_RECORDS]: contentOf([{ id: about, content: value }]) } : {}
}

function found(method: MemoryMethod, result: unknown, content: boolean): Attributes {
  if (memoryMethods[method] !== GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY)
    return { [ATTR_GEN_AI_MEMORY_RECORD_COUNT]: 1 }
  const items = docs([result].flat())
  return {
    [ATTR_GEN_AI_MEMORY_RECORD_COUNT]: items.length,
    ...(content && items.length > 0 && { [ATTR_GEN_AI_MEMORY_RECORDS]: contentOf(items.map(recordOf)) }),
  }
}

function recordOf({ key, value, score }: Doc): Doc {
  return { id: key, content: value, score }
}
