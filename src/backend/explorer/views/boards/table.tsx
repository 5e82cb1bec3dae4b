// A panel that is a table: a row for each series, a column for each query.
import type { TableColumn } from '../../../../monitoring/dashboards/board'
import { judged, tableOf } from '../../data/board/series'
import { format } from '../../data/board/units'
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { Scrolled } from '../../parts/scrolled'
import type { BodyProps } from './panel-props'

export function Table({ panel, found, timeZone }: BodyProps) {
  const t = useText()
  const { titles, rows } = tableOf(panel, found)
  const columns = panel.queries.map(({ legend }) => ({ legend, column: columnOf(panel, legend) }))
  return (
    <Scrolled label={t('boards.values_of', { title: panel.title })}>
      <table class="board-table">
        <thead>
          <tr>
            {titles.map(title => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            {columns.map(({ legend }) => (
              <th key={legend} scope="col" class="number">
                {legend || t('boards.value')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ labels, values }, index) => (
            <tr key={`${index} ${labels.join(' ')}`}>
              {labels.map((label, at) => (
                <td key={titles[at]}>
                  <MarkedText short text={label} />
                </td>
              ))}
              {columns.map(({ legend, column }, at) => (
                <Cell key={legend} value={values[at]} column={column} timeZone={timeZone} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolled>
  )
}

/** What a column does not say, its panel says. */
function columnOf({ unit, decimals, columns = {} }: BodyProps['panel'], legend: string): TableColumn {
  return { unit, ...(decimals !== undefined && { decimals }), ...columns[legend] }
}

interface CellProps {
  readonly value: number | undefined
  readonly column: TableColumn
  readonly timeZone: string | undefined
}

function Cell({ value, column, timeZone }: CellProps) {
  if (value === undefined) return <td class="number quiet">–</td>
  const verdict = judged(value, column)
  return (
    <td class="number">
      <span class={verdict && `level level-${verdict.level}`}>
        {verdict?.text ?? format(value, column.unit!, { decimals: column.decimals, timeZone })}
      </span>
    </td>
  )
}
