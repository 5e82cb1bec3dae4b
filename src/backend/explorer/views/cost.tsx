// What LLM calls cost over time: by model, provider, user or service; tokens and calls in the same way.
import type { SeriesKey, SeriesMetric } from '../../api/answers'
import { useText } from '../i18n'
import { SeriesPanel } from '../parts/series-panel'
import { changed } from '../route'
import type { ViewProps } from '.'

const BY: readonly SeriesKey[] = ['model', 'provider', 'user', 'service']
const METRICS: readonly SeriesMetric[] = ['cost', 'tokens', 'calls', 'errors']

export function CostView({ route, range, round }: ViewProps) {
  const t = useText()
  const by = BY.find(name => name === route.params.get('by')) ?? 'model'
  const metric = METRICS.find(name => name === route.params.get('metric')) ?? 'cost'
  return (
    <div class="scroll padded">
      <div class="choices">
        <nav class="tabs" aria-label={t('cost.what')}>
          {METRICS.map(name => (
            <a key={name} href={changed(route, { metric: name })} aria-current={name === metric ? 'true' : undefined}>
              {t(`metric.${name}`)}
            </a>
          ))}
        </nav>
        <nav class="tabs" aria-label={t('cost.by')}>
          {BY.map(name => (
            <a key={name} href={changed(route, { by: name })} aria-current={name === by ? 'true' : undefined}>
              {t(`by.${name}`)}
            </a>
          ))}
        </nav>
      </div>
      <SeriesPanel key={`${metric} ${by}`} metric={metric} by={by} range={range} round={round} route={route} table />
    </div>
  )
}
