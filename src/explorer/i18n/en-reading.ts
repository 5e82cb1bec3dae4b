// English, of the flame graph, the statistics and the comparison of traces.
export const reading = {
  'trace.tab_flame': 'Flame graph',
  'trace.tab_statistics': 'Statistics',
  'flame.how':
    'Spans with the same path are one frame. Its width is the time in these spans and in all below them, not when they ran.',
  'flame.hidden': '{n} {n|frame is|frames are} too narrow to draw: click the frame above to see more.',
  'flame.spans': '{n} {n|span|spans}',
  'flame.time': '{time} ({share})',
  'flame.errors': '{n} failed',
  'flame.longest': 'Longest span',
  'flame.up': 'One level up',
  'flame.all': 'Show all',
  'statistics.name': 'Name',
  'statistics.count': 'Count',
  'statistics.total': 'Total',
  'statistics.self': 'Self time',
  'statistics.p50': 'p50',
  'statistics.p95': 'p95',
  'statistics.errors': 'Errors',
  'statistics.tokens': 'Tokens',
  'statistics.cost': 'Cost',
}
