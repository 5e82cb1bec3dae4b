// Makes spans from the runs that LangChain reports: graphs, their nodes, tools and retrievers. Other runs, such as a chain of a prompt and
// a model, have no span, and their children belong to the enclosing run. Model calls are observed at the HTTP client.
import { type Context, context, type Tracer } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '../../../../../semconv'
import { contentOf } from '../../bounded-content'
import { agentSpan, type Begun, inThread, stepSpan, toolSpan, workflowSpan } from '../../spans/agent-spans'
import { fail } from '../../spans/failure'
import { type Doc, doc, docs, text } from '../../wire/json'
import { FrameworkRuns } from '../framework-runs'
import { isLeft, nowStreams } from './left-streams'

export interface Runs {
  /** The callback handler for LangChain. */
  readonly handler: object
  /** The active context within a run. */
  contextOf(runId: string | undefined): Context | undefined
  /** Ends a run that will not be reported further. */
  left(runId: string): void
}

export function createRuns(tracer: Tracer, content: boolean, onFailure: (error: unknown) => void): Runs {
  const runs = new FrameworkRuns(tracer, onFailure)

  function begin(runId: string, parentId: string | undefined, begun: Begun | undefined, thread?: string): void {
    // a top-level run starts in the turn in which the app invokes it
    const outside = runs.contextOf(parentId) ?? context.active()
    runs.begin(runId, outside, begun && inThread(begun, outside, thread))
  }

  function failed(error: unknown, runId: string): void {
    const span = runs.spanOf(runId)
    // a graph that waits for a person, or hands over to another graph, throws an internal error as a signal
    if (span && !isBubbling(error) && !isLeft()) fail(span, error)
    runs.end(runId)
  }

  const handler = {
    name: '@afn/otel',
    // events arrive in order, and before the reported run continues
    awaitHandlers: true,
    ignoreLLM: true,
    ignoreCustomEvent: true,
    copy: () => handler,
    handleChainStart: runs.guarded(
      (
        chain: Doc | undefined,
        _inputs,
        runId: string,
        parentId?: string,
        _tags?,
        metadata?: Doc,
        _type?,
        name?: string,
      ) => {
        if (isGraph(chain)) nowStreams(runId)
        begin(runId, parentId, chainOf(chain, name, metadata, parentId === undefined), text(metadata?.thread_id))
      },
    ),
    handleChainEnd: runs.guarded((_outputs: unknown, runId: string) => runs.end(runId)),
    handleChainError: runs.guarded(failed),
    handleToolStart: runs.guarded(
      (
        tool: Doc | undefined,
        input: string,
        runId: string,
        parentId?: string,
        _tags?,
        _metadata?,
        name?: string,
        callId?: string,
      ) =>
        begin(
          runId,
          parentId,
          toolSpan({ name: text(name) ?? lastOf(tool), id: callId, arguments: content ? input : undefined }),
        ),
    ),
    handleToolEnd: runs.guarded((output: unknown, runId: string) =>
      runs.end(runId, content ? { [ATTR_GEN_AI_TOOL_CALL_RESULT]: contentOf(doc(output)?.content ?? output) } : {}),
    ),
    handleToolError: runs.guarded(failed),
    handleRetrieverStart: runs.guarded((_retriever: unknown, query: string, runId: string, parentId?: string) =>
      begin(runId, parentId, {
        name: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
        attributes: {
          [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
          [ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT]: content ? query : undefined,
        },
      }),
    ),
    handleRetrieverEnd: runs.guarded((documents: unknown, runId: string) =>
      runs.end(runId, content ? { [ATTR_GEN_AI_RETRIEVAL_DOCUMENTS]: contentOf(found(documents)) } : {}),
    ),
    handleRetrieverError: runs.guarded(failed),
  }
  return { handler, contextOf: runId => runs.contextOf(runId), left: runs.guarded((runId: string) => runs.end(runId)) }
}

/** Undefined for a run that is neither a graph nor a graph node. */
function chainOf(
  chain: Doc | undefined,
  runName: string | undefined,
  metadata: Doc | undefined,
  isTop: boolean,
): Begun | undefined {
  const name = text(runName) ?? lastOf(chain)
  const node = text(metadata?.langgraph_node)
  if (isGraph(chain))
    return isAgent(metadata, name, node) ? agentSpan(text(metadata?.lc_agent_name)) : workflowSpan(name)
  // names with this prefix are internal to the graph
  if (isTop || node === undefined || node !== name || node.startsWith('__')) return undefined
  return stepSpan(node)
}

/** An agent is a graph created by `createAgent`, or named as an agent; nested graphs have the same metadata. */
function isAgent(metadata: Doc | undefined, name: string | undefined, node: string | undefined): boolean {
  const isMade = metadata?.ls_integration === 'langchain_create_agent' && node === undefined
  return isMade || (name !== undefined && metadata?.lc_agent_name === name)
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
