/** Coding agents: what they cost, for whom and for what, and which of their edits are accepted. A person is a pseudonym. */
import {
  AFN_AGENT_EDIT_DECISION_VALUE_ACCEPTED,
  AFN_AGENT_EDIT_DECISION_VALUE_REFUSED,
  ATTR_AFN_AGENT_EDIT_DECISION,
  ATTR_AFN_AGENT_MCP_SERVER_NAME,
  ATTR_AFN_LLM_DIALECT,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_SKILL_NAME,
  ATTR_USER_ID,
  ATTR_VCS_REPOSITORY_NAME,
} from '../../../../semconv'
import { TEAM } from '../../../shared/otlp/origin-labels'
import type { Board, Step } from '../board'
import { both, is, isNot, type Scope, share, total } from '../metric-queries'
import { labelOf, type Metric, metrics } from '../metrics'
import type { TextKey } from '../words'
import { bars, boardOf, type Frame, lines, type Sketch, stat } from './frame'

const USD = 'currencyUSD'
const legendOf = (attribute: string): string => `{{${labelOf(attribute)}}}`
const ofAgents = { where: [isNot(ATTR_AFN_LLM_DIALECT, '')] }
const decided = (decision: string) => ({ where: [is(ATTR_AFN_AGENT_EDIT_DECISION, decision)] })
const accepted = decided(AFN_AGENT_EDIT_DECISION_VALUE_ACCEPTED)
const refused = decided(AFN_AGENT_EDIT_DECISION_VALUE_REFUSED)

/** Agents work now and then. */
const ofHour = (metric: Metric, scope: Scope): string => total(metric, scope, undefined, '1h')
const priced = total(metrics.costPerCall, ofAgents)
const unpriced = total(metrics.unpriced, ofAgents)
const unpricedSteps: readonly Step[] = [
  { level: 'good' },
  { from: 0.01, level: 'warning' },
  { from: 0.05, level: 'bad' },
]

export function codingAgents(frame: Frame): Board {
  const { text } = frame
  const none = text('empty.agents')
  /** What has no such label has a bar as well: the bars add up to the whole. */
  const named = (expr: string, attribute: string, other: TextKey | undefined): string =>
    other === undefined
      ? expr
      : `label_replace(${expr}, "${labelOf(attribute)}", "${text(other)}", "${labelOf(attribute)}", "")`
  const spent = (key: Sketch['text'], attribute: string, other?: TextKey): Sketch =>
    bars(
      key,
      USD,
      [
        {
          expr: `topk(20, ${named(total(metrics.agentCost, { by: [attribute] }), attribute, other)})`,
          legend: legendOf(attribute),
        },
      ],
      { min: 0, empty: none, w: 8, h: 8 },
    )
  const person = labelOf(ATTR_USER_ID)
  const ofPersons = (decision: typeof accepted) =>
    `topk(20, ${named(total(metrics.agentEdits, { by: [ATTR_USER_ID], ...decision }), ATTR_USER_ID, 'none.person')})`
  return boardOf('agents', 'afn-coding-agents', frame, [
    {
      title: 'row.cost',
      panels: [
        stat('agents.today', USD, [{ expr: total(metrics.agentCost), legend: '', store: 'high' }], {
          since: 'day',
          empty: none,
        }),
        stat('agents.month', USD, [{ expr: total(metrics.agentCost), legend: '', store: 'long' }], {
          since: 'month',
          empty: none,
        }),
        stat('agents.calls', 'short', [{ expr: both(priced, unpriced), legend: '' }], { empty: none, decimals: 0 }),
        stat('agents.unpriced', 'percentunit', [{ expr: share(unpriced, both(priced, unpriced)), legend: '' }], {
          empty: none,
          steps: unpricedSteps,
        }),
        stat('agents.sessions', 'short', [{ expr: total(metrics.agentSessions), legend: '' }], {
          empty: none,
          decimals: 0,
        }),
        stat(
          'agents.accepted',
          'percentunit',
          [{ expr: share(total(metrics.agentEdits, accepted), total(metrics.agentEdits)), legend: '' }],
          { empty: text('empty.edits') },
        ),
        lines(
          'agents.byAgent',
          USD,
          [
            {
              expr: ofHour(metrics.agentCost, { by: [ATTR_AFN_LLM_DIALECT] }),
              legend: legendOf(ATTR_AFN_LLM_DIALECT),
            },
          ],
          { stacked: true, w: 16, empty: none },
        ),
        spent('agents.byModel', ATTR_GEN_AI_REQUEST_MODEL),
      ],
    },
    {
      title: 'row.whose',
      panels: [
        spent('agents.byTeam', TEAM, 'none.team'),
        spent('agents.byPerson', ATTR_USER_ID, 'none.person'),
        spent('agents.byRepository', ATTR_VCS_REPOSITORY_NAME, 'none.repository'),
      ],
    },
    {
      title: 'row.parts',
      panels: [
        spent('agents.bySubagent', ATTR_GEN_AI_AGENT_NAME),
        spent('agents.bySkill', ATTR_GEN_AI_SKILL_NAME, 'none.skill'),
        spent('agents.byMcpServer', ATTR_AFN_AGENT_MCP_SERVER_NAME, 'none.mcpServer'),
      ],
    },
    {
      title: 'row.edits',
      panels: [
        lines(
          'agents.edits',
          'short',
          [
            { expr: ofHour(metrics.agentEdits, accepted), legend: text('legend.editsAccepted') },
            { expr: ofHour(metrics.agentEdits, refused), legend: text('legend.editsRefused') },
          ],
          {
            empty: text('empty.edits'),
            colours: { [text('legend.editsAccepted')]: 'blue', [text('legend.editsRefused')]: 'vermillion' },
          },
        ),
        {
          text: 'agents.editsByPerson',
          type: 'table',
          unit: 'short',
          decimals: 0,
          w: 8,
          h: 8,
          empty: text('empty.edits'),
          labels: { [person]: text('label.person') },
          queries: [
            { expr: ofPersons(accepted), legend: text('column.accepted') },
            { expr: ofPersons(refused), legend: text('column.refused') },
          ],
        },
        bars(
          'agents.sessionsByTeam',
          'short',
          [{ expr: named(total(metrics.agentSessions, { by: [TEAM] }), TEAM, 'none.team'), legend: `{{${TEAM}}}` }],
          { min: 0, decimals: 0, empty: none, w: 8, h: 8 },
        ),
      ],
    },
  ])
}
