// Coding agents by one attribute: a measure over time as a chart, and all measures in a table, each row of which leads to its traces.
import type { ComponentChildren } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import type { AgentGroup, AgentKey, AgentMeasure, AgentsAnswer, AgentWork } from '../../../api/agent-answers'
import { coloursOf } from '../../data/colours'
import { count, usd } from '../../data/format'
import { aligned, withZeros } from '../../data/series'
import { LINES } from '../../data/series-formats'
import { type TextKey, type Translate, useText } from '../../i18n'
import { Chart } from '../../parts/chart'
import { Cost, unpricedText } from '../../parts/cost'
import { MarkedText } from '../../parts/marked-text'
import { tokensText } from '../../parts/tokens-text'
import { useRowKeys } from '../../parts/use-row-keys'
import { type TimeRange, zoomTo } from '../../range'
import { changed, href, type Route, rangeOf } from '../../route'
import { productOf, queryOfGroup } from './agent-queries'

export interface GroupsPanelProps {
  readonly answer: AgentsAnswer
  readonly by: AgentKey
  readonly measure: AgentMeasure
  readonly range: TimeRange
  readonly route: Route
  /** Whether more groups can be asked for. */
  readonly hasMore: boolean
}

export function GroupsPanel({ answer: { groups, all }, by, measure, range, route, hasMore }: GroupsPanelProps) {
  const t = useText()
  const nameOf = ({ key }: AgentGroup): string =>
    key === null ? t('by.nothing') : by === 'agent' ? productOf(key) : key
  const drawn = groups.slice(0, LINES)
  const colours = coloursOf(drawn.map(nameOf))
  const chart = useMemo(
    () => aligned(withZeros(drawn.map(group => ({ key: nameOf(group), points: group.points })))),
    [groups, t],
  )
  const link = ({ key }: AgentGroup) => href(['traces'], { ...rangeOf(route), q: queryOfGroup(by, key) })
  const body = useRef<HTMLTableSectionElement>(null)
  const at = useRowKeys(
    groups,
    ({ key }) => JSON.stringify(key),
    link,
    index => body.current?.rows[index]?.scrollIntoView({ block: 'nearest' }),
  )
  const title = t(`agents.measure.${measure}`)
  return (
    <section class="panel">
      <h2>
        {title} <span class="quiet">{t(`agents.by.${by}`)}</span>
      </h2>
      {measure === 'cost' && <p class="quiet">{unpricedText(t, all)}</p>}
      {chart.times.length === 0 && <p class="quiet panel-empty">{t('panel.empty')}</p>}
      {chart.times.length > 0 && (
        <Chart
          label={title}
          range={range}
          times={chart.times}
          series={chart.series.map(({ key, values }, index) => ({ label: key, values, colour: colours[index]! }))}
          stacked
          format={measure === 'cost' ? usd : count}
          onZoom={(from, to) => zoomTo(route, from, to)}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen it scrolls, which a keyboard has to reach */}
      <section class="wide-table" tabIndex={0} aria-label={t(`agents.by.${by}`)}>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{t(`agents.by.${by}`)}</th>
              {COLUMNS.map(({ text }) => (
                <th key={text} scope="col" class="number">
                  {t(text)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {groups.map((group, index) => (
              <tr key={group.key} class={index === at ? 'selected' : undefined}>
                <th scope="row">
                  <span class={index < LINES ? `dot c${colours[index]}` : 'dot'} aria-hidden="true" />{' '}
                  <a href={link(group)} title={t('agents.traces')}>
                    <MarkedText short text={nameOf(group)} />
                  </a>
                </th>
                <Cells work={group} t={t} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('totals.all')}</th>
              <Cells work={all} t={t} />
            </tr>
          </tfoot>
        </table>
      </section>
      {all.groups > groups.length && (
        <p class="cut">
          {t('agents.cut', { n: count(groups.length), all: count(all.groups) })}{' '}
          {hasMore && <a href={changed(route, { all: 'true' })}>{t('agents.cut_all')}</a>}
        </p>
      )}
    </section>
  )
}

const COLUMNS: readonly { readonly text: TextKey; cell(work: AgentWork, t: Translate): ComponentChildren }[] = [
  { text: 'agents.cost', cell: work => <Cost {...work} /> },
  { text: 'agents.calls', cell: ({ calls }) => count(calls) },
  { text: 'agents.tokens', cell: ({ inputTokens, outputTokens }, t) => tokensText(t, inputTokens, outputTokens) },
  { text: 'agents.sessions', cell: ({ sessions }) => count(sessions) },
  { text: 'agents.tools', cell: ({ toolRuns }) => count(toolRuns) },
  { text: 'agents.failed', cell: ({ failedToolRuns }) => <Bad n={failedToolRuns} /> },
  { text: 'agents.accepted', cell: ({ accepted }) => count(accepted) },
  { text: 'agents.refused', cell: ({ refused }) => count(refused) },
]

const Bad = ({ n }: { n: number }) => <span class={n > 0 ? 'bad' : undefined}>{count(n)}</span>

const Cells = ({ work, t }: { work: AgentWork; t: Translate }) => (
  <>
    {COLUMNS.map(({ text, cell }) => (
      <td key={text} class="number">
        {cell(work, t)}
      </td>
    ))}
  </>
)
