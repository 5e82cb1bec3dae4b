// What coding agents cost and did: by agent, person, team, repository, model, subagent, skill or MCP server, over time and as tables.
import type { AgentKey, AgentMeasure, AgentsAnswer } from '../../api/agent-answers'
import type { Stats } from '../../api/answers'
import { url } from '../data/client'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { Copy } from '../parts/copy'
import { Empty, Failure, Loading } from '../parts/state'
import { stepOf } from '../range'
import { changed } from '../route'
import type { ViewProps } from '.'
import { GroupsPanel } from './agents/groups-panel'
import { ToolsPanel } from './agents/tools-panel'

const KEYS: readonly AgentKey[] = ['agent', 'person', 'team', 'repository', 'model', 'subagent', 'skill', 'mcp_server']
const MEASURES: readonly AgentMeasure[] = ['cost', 'tokens', 'calls', 'tools', 'failed_tools', 'accepted', 'refused']
/** Groups, unless the reader wants all. */
const MOST = 50

export function AgentsView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const by = KEYS.find(name => name === route.params.get('by')) ?? 'agent'
  const measure = MEASURES.find(name => name === route.params.get('measure')) ?? 'cost'
  const limit = route.params.get('all') ? 1_000 : MOST
  const { data, error } = useAnswer<AgentsAnswer>(
    url('api/afn/coding-agents', { ...range, by, measure, step: stepOf(range), limit }),
    round,
  )
  if (error) return <Failure error={error} again={again} />
  if (!data) return <Loading />
  if (data.groups.length === 0)
    return (
      <Empty title={t('agents.none')}>
        <p>{t('agents.none_why')}</p>
        <FirstCommand />
      </Empty>
    )
  return (
    <div class="agents scroll padded">
      <div class="choices">
        <nav class="tabs" aria-label={t('agents.measure')}>
          {MEASURES.map(name => (
            <a key={name} href={changed(route, { measure: name })} aria-current={name === measure ? 'true' : undefined}>
              {t(`agents.measure.${name}`)}
            </a>
          ))}
        </nav>
        <nav class="tabs" aria-label={t('cost.by')}>
          {KEYS.map(name => (
            <a key={name} href={changed(route, { by: name })} aria-current={name === by ? 'true' : undefined}>
              {t(`agents.by.${name}`)}
            </a>
          ))}
        </nav>
      </div>
      <GroupsPanel key={by} answer={data} {...{ by, measure, range, route }} hasMore={limit === MOST} />
      <p class="quiet agents-how">{t('agents.how')}</p>
      <ToolsPanel answer={data} route={route} />
    </div>
  )
}

/** Starts Claude Code so that it sends here. */
function FirstCommand() {
  const { data } = useAnswer<Stats>('api/afn/stats')
  if (!data?.otlp) return null
  const settings = {
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: data.otlp,
  }
  const command = [...Object.entries(settings).map(entry => entry.join('=')), 'claude'].join(' ')
  return (
    <pre class="command">
      <code>{command}</code>
      <Copy text={command} />
    </pre>
  )
}
