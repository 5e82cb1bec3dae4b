// What narrows the list of errors: a text, a service, a version, and what is new since the last deploy.
import { useRef } from 'preact/hooks'
import type { ErrorsAnswer } from '../../../api/error-answers'
import { count } from '../../data/format'
import { useText } from '../../i18n'
import { useKeys } from '../../parts/use-keys'
import { changed, go, type Route } from '../../route'

/** As the address and the server call them. */
export function filtersIn({ params }: Route) {
  const value = (name: string) => params.get(name) || undefined
  return { q: value('q'), service: value('service'), version: value('version'), new: value('new') }
}

export interface ErrorFiltersProps {
  readonly route: Route
  readonly facets: ErrorsAnswer['facets']
  readonly deploys: ErrorsAnswer['deploys']
}

export function ErrorFilters({ route, facets, deploys }: ErrorFiltersProps) {
  const t = useText()
  const chosen = filtersIn(route)
  const box = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => box.current?.focus() })
  const choices = [
    { name: 'service', label: t('facets.service'), all: t('errors.any_service'), values: facets?.services ?? [] },
    { name: 'version', label: t('facets.version'), all: t('errors.any_version'), values: facets?.versions ?? [] },
  ] as const
  return (
    <form
      class="query"
      onSubmit={event => {
        event.preventDefault()
        go(changed(route, { q: String(new FormData(event.currentTarget).get('q') ?? '') }))
      }}
    >
      <input
        type="search"
        name="q"
        ref={box}
        class="grow"
        defaultValue={chosen.q ?? ''}
        placeholder={t('errors.search')}
        aria-label={t('errors.search')}
      />
      {choices.map(({ name, label, all, values }) => (
        <select
          key={name}
          class="choice"
          aria-label={label}
          value={chosen[name] ?? ''}
          onChange={event => go(changed(route, { [name]: event.currentTarget.value }))}
        >
          <option value="">{all}</option>
          {chosen[name] && !values.some(({ value }) => value === chosen[name]) && (
            <option value={chosen[name]}>{chosen[name]}</option>
          )}
          {values.map(({ value, count: n }) => (
            <option key={value} value={value}>
              {value} ({count(n)})
            </option>
          ))}
        </select>
      ))}
      {(deploys.length > 0 || chosen.new) && (
        <button
          type="button"
          aria-pressed={chosen.new === 'true'}
          title={deploys.map(({ service, version }) => `${service} ${version}`).join(', ')}
          onClick={() => go(changed(route, { new: chosen.new ? undefined : 'true' }))}
        >
          {t('errors.only_new')}
        </button>
      )}
      <button type="submit" class="primary">
        {t('query.run')}
      </button>
    </form>
  )
}
