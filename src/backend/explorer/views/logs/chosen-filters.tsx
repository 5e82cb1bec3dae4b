// The filters that are on, each of which a click takes off; also where the column of filters is folded.
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { changed, type Route } from '../../route'
import { LOG_FACETS, type LogFilters } from './log-filters'

export function ChosenFilters({ filters, route }: { filters: LogFilters; route: Route }) {
  const t = useText()
  const chosen = LOG_FACETS.flatMap(name => (filters[name] === undefined ? [] : [{ name, value: filters[name] }]))
  if (chosen.length === 0) return null
  return (
    <ul class="chosen" aria-label={t('logs.filters')}>
      {chosen.map(({ name, value }) => (
        <li key={name}>
          <a href={changed(route, { [name]: undefined })} title={t('logs.remove')}>
            {t(`facets.${name}`)} <MarkedText short text={value} /> <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
