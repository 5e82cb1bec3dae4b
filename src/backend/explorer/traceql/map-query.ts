// The TraceQL behind a node and an edge of the map.
import type { MapNode, MapNodeKind } from '../../api/map-answers'
import { quoted } from './write'

/** Conditions of the spans that are calls of a node; of a service, its spans. */
const CONDITIONS: Readonly<Record<MapNodeKind, (node: MapNode) => string>> = {
  service: ({ name }) => `resource.service.name = ${quoted(name)}`,
  agent: ({ name }) => `span.gen_ai.operation.name = "invoke_agent" && span.gen_ai.agent.name = ${quoted(name)}`,
  tool: ({ name }) => `span.gen_ai.operation.name = "execute_tool" && span.gen_ai.tool.name = ${quoted(name)}`,
  model: ({ name }) =>
    `span.gen_ai.operation.name =~ "chat|generate_content|text_completion|embeddings|fetch_response" && (span.gen_ai.request.model = ${quoted(name)} || span.gen_ai.response.model = ${quoted(name)})`,
  database: ({ name, address }) =>
    `span.db.system.name = ${quoted(name)}${address === null ? '' : ` && span.server.address = ${quoted(address)}`}`,
}

export const nodeQuery = (node: MapNode): string => `{ ${CONDITIONS[node.kind](node)} }`

/**
 * Traces with such a call. Where an agent calls within a service, the calls of the agent are among those of the service.
 * @param from null: the caller is not among the spans
 */
export function edgeQuery(from: MapNode | null, to: MapNode): string {
  const called = CONDITIONS[to.kind](to)
  if (from === null) return `{ ${called} && nestedSetParent <= 0 }`
  const calling = CONDITIONS[from.kind](from)
  // a direct child: two spans of one service are no call
  if (from.kind === 'service')
    return to.kind === 'service' ? `{ ${calling} } > { ${called} }` : `{ ${calling} && ${called} }`
  return `{ ${calling} } >> { ${called} }`
}
