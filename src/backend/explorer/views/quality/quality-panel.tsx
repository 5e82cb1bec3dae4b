// One evaluation on one scale: over time as a chart, and in a table by model and prompt version, with what a good answer costs.
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { QualityGroup } from '../../../api/quality-answers'
import { coloursOf } from '../../data/colours'
import { count, percent, usd } from '../../data/format'
import { aligned } from '../../data/series'
import { LINES } from '../../data/series-formats'
import { type Translate, useText } from '../../i18n'
import { Dot } from '../../parts/badges'
import { Chart } from '../../parts/chart'
import { Cost, unpricedText } from '../../parts/cost'
import { MarkedText } from '../../parts/marked-text'
import { type TimeRange, zoomTo } from '../../range'
import { changed, type Route } from '../../route'
import { boundsText, evaluatorTypeText, partName, Small, three } from './figures'

/** Share of answers that passed, or mean of their scores. */
export type Measure = 'passed' | 'score'

export interface QualityPanelProps {
  /** Of one evaluation, those with the most evaluations first. */
  readonly groups: readonly QualityGroup[]
  readonly measure: Measure
  readonly range: TimeRange
  readonly route: Route
}

export function QualityPanel({ groups, measure, range, route }: QualityPanelProps) {
  const t = useText()
  const { evaluation, evaluator, scale, source } = groups[0]!
  const shown = drawn(groups, measure)
  const lines = groups.slice(0, LINES)
  const names = groups.map(group => partName(t, group))
  const colours = coloursOf(names.slice(0, LINES))
  const chart = useMemo(
    () => aligned(lines.map((group, index) => ({ key: names[index]!, points: pointsOf(group, shown) }))),
    [groups, shown, t],
  )
  const counts = useMemo(() => countsAt(lines, chart.times, shown), [chart])
  const columns = columnsOf(groups)
  const judge = [evaluator.type && evaluatorTypeText(t, evaluator.type), evaluator.name]
  return (
    <section class="panel quality-panel">
      <h2>
        <MarkedText short text={evaluation} />
        <span class="quiet">
          {' '}
          {judge.filter(Boolean).map(text => (
            <>
              <MarkedText short text={text!} /> ·{' '}
            </>
          ))}
          {t(
            scale === 'none' && groups.some(({ passShare }) => passShare)
              ? 'quality.scale.verdicts'
              : `quality.scale.${scale}`,
          )}
          {source !== '' && (
            <>
              {' '}
              (<MarkedText short text={source} />)
            </>
          )}
        </span>
      </h2>
      {chart.times.length > 0 && (
        <Chart
          label={`${evaluation}: ${t(`quality.measure.${shown}`)}`}
          range={range}
          times={chart.times}
          series={chart.series.map(({ key, values }, index) => ({
            label: key,
            values,
            colour: colours[index]!,
            notes: counts[index]!,
          }))}
          format={shown === 'passed' ? value => percent(value, 1) : count}
          onZoom={(from, to) => zoomTo(route, from, to)}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen it scrolls, which a keyboard has to reach */}
      <section class="wide-table" tabIndex={0} aria-label={evaluation}>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('quality.group')}</th>
              {columns.map(name => (
                <th key={name} scope="col" class="number" title={name === 'good' ? t('quality.good_why') : undefined}>
                  {t(`quality.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group, index) => (
              <tr key={names[index]}>
                <th scope="row">
                  <Dot colour={index < LINES ? colours[index] : undefined} />{' '}
                  <a href={changed(route, filterOf(group))} title={t('quality.to_worst')}>
                    <MarkedText short text={names[index]!} />
                  </a>
                </th>
                {columns.map(name => (
                  <td key={name} class="number">
                    {CELLS[name](group, t)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {groups.map((group, index) => (
        <Labels key={names[index]} name={names[index]!} group={group} isAlone={groups.length === 1} />
      ))}
    </section>
  )
}

type QualityColumn = 'n' | 'passed' | 'score' | 'unrated' | 'skipped' | 'errors' | 'per_answer' | 'good'

/** What no group has is left out. */
function columnsOf(groups: readonly QualityGroup[]): QualityColumn[] {
  const has = (of: (group: QualityGroup) => unknown) => groups.some(of)
  const isRated = has(({ passShare }) => passShare)
  const all: readonly (readonly [QualityColumn, unknown])[] = [
    ['n', true],
    ['passed', isRated],
    ['score', has(({ score }) => score)],
    ['unrated', isRated && has(({ unrated }) => unrated > 0)],
    ['skipped', has(({ skipped }) => skipped > 0)],
    ['errors', has(({ errors }) => errors > 0)],
    ['per_answer', isRated],
    ['good', isRated],
  ]
  return all.flatMap(([name, isThere]) => (isThere ? [name] : []))
}

const CELLS: Readonly<Record<QualityColumn, (group: QualityGroup, t: Translate) => ComponentChildren>> = {
  n: ({ n }) => count(n),
  passed: ({ passShare, passed, failed }, t) =>
    passShare ? (
      <>
        {percent(passShare.share, 1)}
        <Small>
          {boundsText(t, passShare, value => percent(value, 1))} ·{' '}
          {t('quality.of', { n: count(passed), of: count(passed + failed) })}
        </Small>
      </>
    ) : (
      '–'
    ),
  score: ({ score, n }, t) =>
    score ? (
      <>
        {three(score.mean)}
        <Small>
          {score.low !== null && score.high !== null && boundsText(t, { low: score.low, high: score.high }, three)}
          {score.n < n && ` · n ${count(score.n)}`}
        </Small>
      </>
    ) : (
      '–'
    ),
  unrated: ({ unrated }) => count(unrated),
  skipped: ({ skipped }) => count(skipped),
  errors: ({ errors }) => <span class={errors > 0 ? 'bad' : undefined}>{count(errors)}</span>,
  per_answer: ({ cost }, t) =>
    cost.perAnswer === null ? (
      <Cost costUsd={null} {...cost} />
    ) : (
      <>
        {usd(cost.perAnswer)}
        <Small>
          {t('quality.priced', { n: count(cost.priced) })}
          {cost.unpriced > 0 && (
            <span class="unpriced" title={unpricedText(t, cost)}>
              {' '}
              {t('unpriced.short', { n: count(cost.unpriced) })}
            </span>
          )}
        </Small>
      </>
    ),
  good: ({ goodAnswer }, t) =>
    'usd' in goodAnswer ? (
      <>
        <b>{usd(goodAnswer.usd)}</b>
        <Small>{boundsText(t, goodAnswer, usd)}</Small>
      </>
    ) : (
      <span class="quiet">{t(`quality.no_good.${goodAnswer.none}`)}</span>
    ),
}

/** Words that are neither pass nor fail count as shares. */
function Labels({ name, group, isAlone }: { name: string; group: QualityGroup; isAlone: boolean }) {
  const t = useText()
  const { n, most } = group.labels
  if (n === 0) return null
  const rest = n - most.reduce((sum, one) => sum + one.n, 0)
  return (
    <p class="quality-labels">
      {!isAlone && (
        <span class="quiet">
          <MarkedText short text={name} />:{' '}
        </span>
      )}
      {most.map(one => (
        <span key={one.label} class="quality-label">
          <MarkedText short text={one.label} /> <b>{percent(one.n, n)}</b>{' '}
          <span class="quiet">
            {boundsText(t, one, value => percent(value, 1))} · {t('quality.of', { n: count(one.n), of: count(n) })}
          </span>
        </span>
      ))}
      {rest > 0 && <span class="quiet">{t('quality.other_labels', { n: count(rest) })}</span>}
    </p>
  )
}

/** Where nothing passes or fails there are scores alone, and the other way round. */
function drawn(groups: readonly QualityGroup[], measure: Measure): Measure {
  const has = {
    passed: groups.some(({ passShare }) => passShare),
    score: groups.some(({ score }) => score),
  }
  if (has[measure]) return measure
  return measure === 'passed' ? 'score' : 'passed'
}

function pointsOf({ points }: QualityGroup, measure: Measure): (readonly [number, number])[] {
  return points.flatMap(([at, , mean, passed, rated]) => {
    if (measure === 'passed') return rated > 0 ? [[at, passed / rated] as const] : []
    return mean === null ? [] : [[at, mean] as const]
  })
}

/** How many evaluations a point rests on: one of two says little. */
function countsAt(
  groups: readonly QualityGroup[],
  times: readonly number[],
  measure: Measure,
): (string | undefined)[][] {
  return groups.map(({ points }) => {
    const byTime = new Map(points.map(([at, n, , , rated]) => [at, measure === 'passed' ? rated : n]))
    return times.map(time => (byTime.has(time) ? `n ${count(byTime.get(time)!)}` : undefined))
  })
}

/** Of the list of answers; what is not said is filtered by nothing. */
function filterOf({ evaluation, evaluator, scale, source, model, promptName, promptVersion }: QualityGroup) {
  return {
    evaluation,
    evaluator: evaluator.name ?? undefined,
    evaluator_type: evaluator.type ?? undefined,
    scale,
    source,
    model: model ?? undefined,
    prompt: promptName ?? undefined,
    version: promptVersion ?? undefined,
  }
}
