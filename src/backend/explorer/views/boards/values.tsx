// Panels of last values: large ones, and bars.
import { judged, seriesOf } from '../../data/board/series'
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { Scrolled } from '../../parts/scrolled'
import type { BodyProps } from './panel-props'

export function Stats({ panel, found, format }: BodyProps) {
  const t = useText()
  const series = seriesOf(panel, found)
  const hasNames = panel.queries.length > 1 || panel.queries.some(({ legend }) => legend.includes('{{'))
  return (
    <Scrolled label={t('boards.values_of', { title: panel.title })}>
      <ul class={hasNames ? 'board-stats named' : 'board-stats'}>
        {series.map(({ name, last }) => {
          const verdict = judged(last, panel)
          return (
            <li key={name} class={verdict && `level level-${verdict.level}`}>
              {hasNames && (
                <span class="board-name">
                  <MarkedText short text={name} />
                </span>
              )}
              <b>{verdict?.text ?? format(last)}</b>
            </li>
          )
        })}
      </ul>
    </Scrolled>
  )
}

export function Bars({ panel, found, format }: BodyProps) {
  const t = useText()
  const series = seriesOf(panel, found)
  const values = series.map(({ last }) => last)
  const least = panel.min ?? Math.min(0, ...values)
  const most = panel.max ?? Math.max(least, ...values)
  const share = (value: number) => (most > least ? Math.min(1, Math.max(0, (value - least) / (most - least))) : 0)
  return (
    <Scrolled label={t('boards.values_of', { title: panel.title })}>
      <ul class="board-bars">
        {series.map(({ name, last }) => {
          const verdict = judged(last, panel)
          return (
            <li key={name}>
              <span class="board-name">
                <MarkedText short text={name} />
              </span>
              <span class="board-bar" aria-hidden="true">
                <span class={`level-${verdict?.level ?? 'good'}`} style={{ width: `${100 * share(last)}%` }} />
              </span>
              <b>{verdict?.text ?? format(last)}</b>
            </li>
          )
        })}
      </ul>
    </Scrolled>
  )
}
