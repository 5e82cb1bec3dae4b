// The MCP server: the tools in `tools/`, a trace as a resource, and two prompts, all read-only. Each connection, or each request over HTTP,
// has its own server.
import type { CallToolResult, McpServer } from '@modelcontextprotocol/server'
import { BackendError } from '../../shared/queries/http'
import { version } from '../../shared/version'
import { failure, NOTICE, outputSchema, resultOf } from './answer'
import { type Arguments, type Context, type Tool, ToolError } from './tool'
import { attributeNames, attributeValues, getFacets } from './tools/attributes'
import { listEvaluations, listWorstAnswers } from './tools/evaluations'
import { explainCost } from './tools/explain-cost'
import { getSpan } from './tools/get-span'
import { getTrace } from './tools/get-trace'
import { listAlerts } from './tools/list-alerts'
import { listFailedCalls } from './tools/list-failed-calls'
import { listSlos } from './tools/list-slos'
import { listQueries, metricsInstant, metricsRange, runQuery } from './tools/queries'
import { traceqlSearch } from './tools/traceql-search'

export type McpSdk = typeof import('@modelcontextprotocol/server')

const tools: readonly Tool[] = [
  traceqlSearch,
  getTrace,
  getSpan,
  explainCost,
  listFailedCalls,
  listAlerts,
  listSlos,
  listEvaluations,
  listWorstAnswers,
  listQueries,
  runQuery,
  metricsInstant,
  metricsRange,
  getFacets,
  attributeNames,
  attributeValues,
]

const INSTRUCTIONS = `Traces of an app that calls large language models, as afn-otel up keeps them. Begin with list-alerts, traceql-search,
list-failed-calls or explain-cost; read one trace with get-trace and one span with get-span. list-slos, list-budgets, list-evaluations and
list-erasures say how the service stands. Costs are in USD; a cost that is not exact is the least that the calls
cost. An answer that is cut says so in "cut" and how to go on. ${NOTICE}`

/** @param sdk the official package, loaded by the command @param more tools on data that is not in the API of `up` */
export function mcpServer(sdk: McpSdk, context: Context, more: readonly Tool[]): McpServer {
  const server = new sdk.McpServer({ name: 'afn-otel', version }, { instructions: INSTRUCTIONS })
  for (const tool of [...tools, ...more]) {
    const { name, title, description, input } = tool
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: sdk.fromJsonSchema<Arguments>({ ...input, additionalProperties: false } as never),
        outputSchema: sdk.fromJsonSchema(outputSchema as never),
        annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      },
      args => call(tool, args, context),
    )
  }
  withTraces(server, sdk, context)
  withPrompts(server)
  return server
}

/** @returns errors as results: a call never throws */
async function call({ name, run }: Tool, args: Arguments, context: Context): Promise<CallToolResult> {
  try {
    return resultOf(await run(args, context))
  } catch (error) {
    if (error instanceof ToolError || error instanceof BackendError) return failure(error.message)
    console.error(`afn-otel mcp: ${name}: ${(error as Error).stack}`)
    return failure('Not answered: the fault is in afn-otel mcp, whose stderr says more.')
  }
}

/** For clients in which users add resources to a conversation. */
function withTraces(server: McpServer, { ResourceTemplate }: McpSdk, context: Context): void {
  const template = new ResourceTemplate('afn-otel://traces/{trace_id}', { list: undefined })
  const config = { title: 'A trace', description: 'What get-trace says of it.', mimeType: 'application/json' }
  server.registerResource('trace', template, config, async (uri, { trace_id }) => {
    const id = String(trace_id)
    if (!/^[0-9a-f]{1,32}$/i.test(id)) throw new ToolError('A trace id has up to 32 hexadecimal digits.')
    const { content, isError } = await call(getTrace, { trace_id: id }, context)
    const [first] = content
    const text = first?.type === 'text' ? first.text : ''
    if (isError) throw new ToolError(text)
    return { contents: [{ uri: uri.href, mimeType: 'application/json', text }] }
  })
}

function withPrompts(server: McpServer): void {
  const prompt = (name: string, title: string, text: string) =>
    server.registerPrompt(name, { title, description: title }, () => ({
      messages: [{ role: 'user', content: { type: 'text', text } }],
    }))
  prompt(
    'why-do-calls-fail',
    'Why do calls of models fail?',
    'Use list-failed-calls for the last hour, group the failures by model and error type, read one trace of each group with get-trace, and say what caused each, with trace ids.',
  )
  prompt(
    'what-costs-most',
    'What costs most?',
    'Use explain-cost by model and by user for the last 24 hours, then traceql-search sorted by cost for the most expensive traces and explain-cost for the first of them. Say what the money went to, which sums are not exact and why.',
  )
  prompt(
    'is-all-well',
    'Is all well?',
    'Use list-alerts, list-slos, list-budgets and list-evaluations. For each firing alert, error budget below a fifth, budget that will be exceeded and evaluation that most answers fail, say what it is about and show one trace that explains it. Where nothing is wrong, say so.',
  )
}
