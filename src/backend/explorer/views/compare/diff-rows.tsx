// The spans of two traces by path, with what differs between them; a row opens to the attributes that differ.
import { Fragment } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { type AttributeDifference, attributeDifferences } from '../../data/attribute-differences'
import { count, duration, usd } from '../../data/format'
import type { DiffRow, Side } from '../../data/trace-diff'
import { useText } from '../../i18n'
import { Service } from '../../parts/badges'
import { Cut } from '../../parts/load-more'
import { MarkedText } from '../../parts/marked-text'
import { toggled } from '../../parts/toggled'
import { valueText } from '../../parts/value'

const FIRST = 200
/** Deeper paths are not indented further. */
const DEEPEST = 16
/** Different values of one attribute on one side. */
const MOST_VALUES = 3

export interface DiffRowsProps {
  readonly rows: readonly DiffRow[]
  /** By service. */
  readonly colours: ReadonlyMap<string, number>
}

export function DiffRows({ rows, colours }: DiffRowsProps) {
  const t = useText()
  const [limit, setLimit] = useState(FIRST)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const shown = rows.slice(0, limit)
  return (
    <>
      <table class="plain-table diff" aria-label={t('compare.paths')}>
        <thead>
          <tr>
            <th scope="col">{t('compare.path')}</th>
            <th scope="col">{t('compare.change')}</th>
            {(['count', 'mean', 'errors', 'tokens', 'cost'] as const).map(name => (
              <th key={name} scope="col" class="number">
                {t(`compare.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <Fragment key={index}>
              <PathRow
                row={row}
                colour={colours.get(row.service)}
                open={open.has(String(index))}
                onToggle={() => setOpen(toggled(open, String(index)))}
              />
              {open.has(String(index)) && (
                <tr>
                  <td colSpan={7}>
                    <Attributes row={row} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      <Cut n={shown.length} complete={shown.length === rows.length} onMore={() => setLimit(rows.length)} />
    </>
  )
}

interface PathRowProps {
  readonly row: DiffRow
  readonly colour: number | undefined
  readonly open: boolean
  onToggle(): void
}

function PathRow({ row, colour, open, onToggle }: PathRowProps) {
  const t = useText()
  const { a, b, changes, depth, name, service } = row
  const isInBoth = a.mean !== null && b.mean !== null
  const costOf = ({ usage }: Side) => (usage.costUsd === null ? '–' : usd(usage.costUsd))
  const tokensOf = ({ usage }: Side) => (usage.calls === 0 ? '–' : count(usage.tokens))
  return (
    <tr class={changes.length === 0 ? 'off' : undefined}>
      <td style={{ paddingLeft: `${12 + Math.min(depth, DEEPEST) * 14}px` }}>
        {isInBoth ? (
          <button type="button" class="plain" aria-expanded={open} title={t('compare.attributes')} onClick={onToggle}>
            {open ? '▾' : '▸'} <MarkedText short text={name} />
          </button>
        ) : (
          <MarkedText short text={name} />
        )}{' '}
        <Service name={service} colour={colour} />
      </td>
      <td>
        {changes.map(change => (
          <span key={change} class={`change change-${change}`}>
            {t(`change.${change}`)}
          </span>
        ))}
      </td>
      <td class="number">{pair(count(a.spans.length), count(b.spans.length))}</td>
      <td class="number">
        {pair(
          a.mean === null ? '–' : duration(Math.round(a.mean)),
          b.mean === null ? '–' : duration(Math.round(b.mean)),
        )}
        {a.mean !== null && b.mean !== null && a.mean > 0 && a.mean !== b.mean && (
          <span class="quiet"> {difference(a.mean, b.mean)}</span>
        )}
      </td>
      <td class="number">{pair(count(a.errors), count(b.errors))}</td>
      <td class="number">{pair(tokensOf(a), tokensOf(b))}</td>
      <td class="number">{pair(costOf(a), costOf(b))}</td>
    </tr>
  )
}

/** `3 → 5`; one of them where they are the same. */
const pair = (a: string, b: string): string => (a === b ? a : `${a} → ${b}`)

/** `+50 %`. @param a not 0 */
export function difference(a: number, b: number): string {
  const share = (100 * (b - a)) / a
  return `${share > 0 ? '+' : ''}${share.toFixed(Math.abs(share) < 10 ? 1 : 0)} %`
}

function Attributes({ row: { a, b } }: { row: DiffRow }) {
  const t = useText()
  const differences = useMemo(
    () =>
      attributeDifferences(
        a.spans.map(({ attributes }) => attributes),
        b.spans.map(({ attributes }) => attributes),
      ),
    [a, b],
  )
  if (differences.length === 0) return <p class="quiet">{t('compare.same_attributes')}</p>
  return <DifferenceTable label={t('compare.attributes')} differences={differences} />
}

export function DifferenceTable({
  label,
  differences,
}: {
  label: string
  differences: readonly AttributeDifference[]
}) {
  const t = useText()
  return (
    <table class="plain-table differences" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('compare.attribute')}</th>
          <th scope="col">A</th>
          <th scope="col">B</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ key, a, b }) => (
          <tr key={key}>
            <th scope="row">
              <MarkedText short text={key} />
            </th>
            {[a, b].map((values, side) => (
              <td key={side}>
                {values.length === 0 && '–'}
                {values.slice(0, MOST_VALUES).map((value, index) => (
                  <div key={index}>
                    <MarkedText short text={valueText(value)} />
                  </div>
                ))}
                {values.length > MOST_VALUES && t('json.more', { n: count(values.length - MOST_VALUES) })}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
