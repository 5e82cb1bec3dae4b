// What evaluations say of answers, by evaluation, model and prompt version, with what the answers cost; and the worst answers first.
import { useMemo } from 'preact/hooks'
import type { TagValuesAnswer } from '../../api/answers'
import type { QualityAnswer, QualityGroup } from '../../api/quality-answers'
import { url } from '../data/client'
import { count } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { Newcomer } from '../parts/newcomer'
import { Empty, Failure, Loading } from '../parts/state'
import { stepOf, type TimeRange } from '../range'
import { changed, go } from '../route'
import type { ViewProps } from '.'
import { AgreementPanel } from './quality/agreement-panel'
import { JudgedList } from './quality/judged-list'
import { type Measure, QualityPanel } from './quality/quality-panel'

const BY = { model: 'model', prompt: 'prompt', both: 'model,prompt', none: 'none' } as const
type By = keyof typeof BY
const MEASURES: readonly Measure[] = ['passed', 'score']
const MOST = 60

export function QualityView({ route, range, round, again }: ViewProps) {
  const t = useText()
  const by = (Object.keys(BY) as By[]).find(name => name === route.params.get('by')) ?? 'model'
  const measure = MEASURES.find(name => name === route.params.get('measure')) ?? 'passed'
  const service = route.params.get('service') ?? undefined
  const limit = route.params.get('all') ? 1_000 : MOST
  const { data, error, loading } = useAnswer<QualityAnswer>(
    url('api/afn/quality', { ...range, by: BY[by], service, step: stepOf(coarse(range)), limit }),
    round,
  )
  const evaluations = useMemo(() => byEvaluation(data?.groups ?? []), [data])
  if (error) return <Failure error={error} again={again} />
  if (!data) return loading ? <Loading /> : null
  if (data.groups.length === 0 && !service)
    return (
      <Empty title={t('quality.none')}>
        <p>{t('quality.none_why')}</p>
        <pre class="command">
          <code>{"recordEvaluation({ name: 'relevance', score: 0.9, threshold: 0.7, target: span })"}</code>
        </pre>
        <Newcomer />
      </Empty>
    )
  return (
    <div class="quality scroll padded">
      <div class="choices">
        <nav class="tabs" aria-label={t('quality.measure')}>
          {MEASURES.map(name => (
            <a key={name} href={changed(route, { measure: name })} aria-current={name === measure ? 'true' : undefined}>
              {t(`quality.measure.${name}`)}
            </a>
          ))}
        </nav>
        <nav class="tabs" aria-label={t('cost.by')}>
          {(Object.keys(BY) as By[]).map(name => (
            <a key={name} href={changed(route, { by: name })} aria-current={name === by ? 'true' : undefined}>
              {t(`quality.by.${name}`)}
            </a>
          ))}
        </nav>
        <Services service={service} onService={name => go(changed(route, { service: name }))} />
      </div>
      {data.groups.length === 0 && <Empty title={t('quality.none')} />}
      {evaluations.map(groups => (
        <QualityPanel key={keyOf(groups[0]!)} groups={groups} measure={measure} range={range} route={route} />
      ))}
      {data.total > data.groups.length && (
        <p class="cut">
          {t('quality.cut', { n: count(data.groups.length), all: count(data.total) })}{' '}
          {limit === MOST && <a href={changed(route, { all: 'true' })}>{t('quality.cut_all')}</a>}
        </p>
      )}
      {data.groups.length > 0 && <p class="quiet quality-how">{t('quality.how')}</p>}
      <AgreementPanel service={service} by={BY[by]} range={range} round={round} again={again} />
      {data.groups.length > 0 && <JudgedList route={route} range={range} round={round} />}
    </div>
  )
}

/** A point is to rest on more than one or two evaluations: a quarter as many of them as elsewhere. */
const coarse = ({ start, end }: TimeRange): TimeRange => ({ start, end: start + 4 * (end - start) })

/** A panel has one scale: scores of different scales are never in one chart. */
function keyOf({ evaluation, evaluator, scale, source }: QualityGroup): string {
  return JSON.stringify([evaluation, evaluator.name, evaluator.type, scale, source])
}

function byEvaluation(groups: readonly QualityGroup[]): QualityGroup[][] {
  const found = new Map<string, QualityGroup[]>()
  for (const group of groups) found.set(keyOf(group), [...(found.get(keyOf(group)) ?? []), group])
  return [...found.values()]
}

function Services({ service, onService }: { service: string | undefined; onService(service: string): void }) {
  const t = useText()
  const { data } = useAnswer<TagValuesAnswer>('api/v2/search/tag/resource.service.name/values')
  const names = (data?.tagValues ?? []).map(({ value }) => value)
  const all = service && !names.includes(service) ? [service, ...names] : names
  return (
    <select
      aria-label={t('column.service')}
      value={service ?? ''}
      onChange={event => onService(event.currentTarget.value)}
    >
      <option value="">{t('quality.any_service')}</option>
      {all.map(name => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}
