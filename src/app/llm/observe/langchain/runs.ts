// The runs that LangChain reports, as spans: graphs, their nodes, tools and retrievers. What else runs, such as a chain of a prompt and
// a model, has no span, and what is in it stands below the run around it. Calls of models are seen on the wire.
import { type Attributes, type Context, context, type Span, SpanKind, type Tracer, trace } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '../../../../../semconv'
import { contentOf } from '../../bounded-content'
import { fail } from '../../spans/failure'
import { spanName } from '../../spans/operations'
import { withScope } from '../../spans/scope'
import { type Doc, doc, docs, text } from '../../wire/json'

export interface Runs {
  /** What LangChain calls. */
  readonly handler: object
  /** What is active within a run. */
  contextOf(runId: string | undefined): Context | undefined
}

interface Run {
  readonly context: Context
  /** Undefined where it has none of its own. */
  readonly span?: Span
}

interface Begun {
  readonly name: string
  readonly attributes: Attributes
  readonly scope?: Attributes
}

/** Runs that never end must not fill the memory: the oldest are forgotten. */
const MOST_RUNS = 10_000

export function createRuns(tracer: Tracer, content: boolean, onFailure: (error: unknown) => void): Runs {
  const runs = new Map<string, Run>()

  function begin(runId: string, parentId: string | undefined, begun: Begun | undefined): void {
    // a run at the top begins in the turn in which the app asks for it
    const outside = (parentId === undefined ? undefined : runs.get(parentId)?.context) ?? context.active()
    if (!begun) return keep(runId, { context: outside })
    const { name, attributes, scope } = begun
    const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes }, outside)
    keep(runId, { context: trace.setSpan(scope ? withScope(outside, scope) : outside, span), span })
  }

  function keep(runId: string, run: Run): void {
    const oldest = runs.size >= MOST_RUNS ? runs.keys().next().value : undefined
    if (oldest !== undefined) end(oldest)
    runs.set(runId, run)
  }

  function end(runId: string, told: Attributes = {}): void {
    const span = runs.get(runId)?.span
    runs.delete(runId)
    span?.setAttributes(told).end()
  }

  function failed(error: unknown, runId: string): void {
    const span = runs.get(runId)?.span
    // a graph that waits for a person, or that hands over to another one, is interrupted by an error of its own
    if (span && !isBubbling(error)) fail(span, error)
    end(runId)
  }

  /** LangChain writes what a handler throws to the console of the app. */
  const guarded =
    <Given extends unknown[]>(ours: (...given: Given) => void) =>
    (...given: Given): void => {
      try {
        ours(...given)
      } catch (error) {
        onFailure(error)
      }
    }

  const handler = {
    name: '@afn/otel',
    // in the order in which they happen, and before what they tell of goes on
    awaitHandlers: true,
    ignoreLLM: true,
    ignoreCustomEvent: true,
    copy: () => handler,
    handleChainStart: guarded(
      (
        chain: Doc | undefined,
        _inputs,
        runId: string,
        parentId?: string,
        _tags?,
        metadata?: Doc,
        _type?,
        name?: string,
      ) => begin(runId, parentId, chainOf(chain, name, metadata, parentId === undefined)),
    ),
    handleChainEnd: guarded((_outputs: unknown, runId: string) => end(runId)),
    handleChainError: guarded(failed),
    handleToolStart: guarded(
      (
        tool: Doc | undefined,
        input: string,
        runId: string,
        parentId?: string,
        _tags?,
        _metadata?,
        name?: string,
        callId?: string,
      ) => begin(runId, parentId, toolOf(text(name) ?? lastOf(tool), callId, content ? input : undefined)),
    ),
    handleToolEnd: guarded((output: unknown, runId: string) =>
      end(runId, content ? { [ATTR_GEN_AI_TOOL_CALL_RESULT]: contentOf(doc(output)?.content ?? output) } : {}),
    ),
    handleToolError: guarded(failed),
    handleRetrieverStart: guarded((_retriever: unknown, query: string, runId: string, parentId?: string) =>
      begin(runId, parentId, {
        name: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
          [ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT]: content ? query : undefined,
        },
      }),
    ),
    handleRetrieverEnd: guarded((documents: unknown, runId: string) =>
      end(runId, content ? { [ATTR_GEN_AI_RETRIEVAL_DOCUMENTS]: contentOf(found(documents)) } : {}),
    ),
    handleRetrieverError: guarded(failed),
  }
  return { handler, contextOf: runId => (runId === undefined ? undefined : runs.get(runId)?.context) }
}

/** Undefined for a run that is neither a graph nor a node of one. */
function chainOf(
  chain: Doc | undefined,
  runName: string | undefined,
  metadata: Doc | undefined,
  isTop: boolean,
): Begun | undefined {
  const name = text(runName) ?? lastOf(chain)
  const node = text(metadata?.langgraph_node)
  if (isGraph(chain)) return isAgent(metadata, name, node) ? agentOf(text(metadata?.lc_agent_name)) : workflowOf(name)
  // those that begin so are the graph's own
  if (isTop || node === undefined || node !== name || node.startsWith('__')) return undefined
  return { name: `step ${node}`, attributes: { [ATTR_GEN_AI_OPERATION_NAME]: 'agent_step' } }
}

/** What `createAgent` made is an agent, and what is called one; graphs inside of it have the same metadata. */
function isAgent(metadata: Doc | undefined, name: string | undefined, node: string | undefined): boolean {
  const isMade = metadata?.ls_integration === 'langchain_create_agent' && node === undefined
  return isMade || (name !== undefined && metadata?.lc_agent_name === name)
}

function agentOf(name: string | undefined): Begun {
  return {
    name: spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT, name),
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
      [ATTR_GEN_AI_AGENT_NAME]: name,
    },
    ...(name && { scope: { [ATTR_GEN_AI_AGENT_NAME]: name } }),
  }
}

function workflowOf(name: string | undefined): Begun {
  return {
    name: spanName(GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW, name),
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
      [ATTR_GEN_AI_AGENT_NAME]: name,
    },
  }
}

function toolOf(name: string | undefined, callId: string | undefined, input: string | undefined): Begun {
  return {
    name: spanName(GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, name),
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
      [ATTR_GEN_AI_TOOL_NAME]: name,
      [ATTR_GEN_AI_TOOL_CALL_ID]: callId,
      [ATTR_GEN_AI_TOOL_TYPE]: 'function',
      [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: input === undefined ? undefined : contentOf(input),
    },
  }
}

const idOf = (serialized: Doc | undefined): unknown[] => (Array.isArray(serialized?.id) ? serialized.id : [])

function lastOf(serialized: Doc | undefined): string | undefined {
  return text(idOf(serialized).at(-1))
}

function isGraph(chain: Doc | undefined): boolean {
  const id = idOf(chain)
  return id[0] === 'langgraph' && /Graph|Pregel/.test(String(id.at(-1)))
}

function isBubbling(error: unknown): boolean {
  return (error as { is_bubble_up?: unknown } | undefined)?.is_bubble_up === true
}

function found(documents: unknown): Doc[] {
  return docs(documents).map(({ id, pageContent, metadata }) => ({ id, content: pageContent, metadata }))
}
