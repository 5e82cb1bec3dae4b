// A variable of a board: what its queries are narrowed to.
import type { Variable } from '../../../../monitoring/dashboards/board'
import { valuesUrl } from '../../data/board/panel-queries'
import { useAnswer } from '../../data/use-answer'
import { useText } from '../../i18n'
import type { TimeRange } from '../../range'
import { changed, go, type Route } from '../../route'

/** What the address calls it, as in Grafana. */
export const parameterOf = (name: string): string => `var-${name}`

interface Values {
  readonly data: readonly string[]
}

interface ChoiceProps {
  readonly variable: Variable
  readonly route: Route
  readonly range: TimeRange
  readonly round: number
}

export function Choice({ variable: { name, label, query }, route, range, round }: ChoiceProps) {
  const t = useText()
  const own = useAnswer<Values>(valuesUrl(query, range), round)
  const isUnknown = own.data?.data.length === 0
  const all = useAnswer<Values>(isUnknown ? valuesUrl(query, range, true) : undefined, round)
  const { data, error } = isUnknown ? all : own
  const chosen = route.params.get(parameterOf(name)) ?? ''
  // what is chosen stays to be seen, whether it has values in this time or not
  const values = [...new Set([...(data?.data ?? []), chosen])].filter(value => value !== '').toSorted()
  return (
    <label class="board-choice">
      <span>{label}</span>
      <select
        value={chosen}
        title={error?.message}
        onChange={event => go(changed(route, { [parameterOf(name)]: event.currentTarget.value || undefined }))}
      >
        <option value="">{t('boards.all')}</option>
        {values.map(value => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </select>
    </label>
  )
}
