// English, of the map of services and agents.
export const map = {
  'view.map': 'Service map',
  'map.none': 'No calls in this time range',
  'map.service': 'service',
  'map.agent': 'agent',
  'map.model': 'model',
  'map.tool': 'tool',
  'map.database': 'database',
  'map.outside': '(from outside)',
  'map.calls': '{n} {n|call|calls}',
  'map.failed': '{share} failed',
  'map.shown': '{nodes} {nodes|node|nodes}, {edges} {edges|edge|edges}.',
  'map.more_nodes': '{n} more {n|node has|nodes have} fewer calls.',
  'map.more_edges': '{n} more {n|edge is|edges are} not shown.',
  'map.edges': 'Calls between them',
  'map.edge': 'Call',
  'map.count': 'Calls',
  'map.error_rate': 'Error rate',
  'map.how':
    'A span whose parent is in another service is a call of its service; spans of agents, models, tools and databases are calls of these. The caller is the agent or tool around the span, else its service. A click shows the traces.',
}
