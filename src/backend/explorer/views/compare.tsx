// Two traces side by side, `#/compare/A/B`: what both took and cost, and what differs by path of span names.
import { useMemo } from 'preact/hooks'
import type { TraceSummary } from '../../api/answers'
import { attributeDifferences } from '../data/attribute-differences'
import { url } from '../data/client'
import { coloursByName } from '../data/colours'
import { count, duration, usd } from '../data/format'
import { readTrace, type TraceAnswer } from '../data/otlp-json'
import { changedRows, diffOf, FASTER_BY } from '../data/trace-diff'
import { type Tree, treeOf } from '../data/tree'
import { useAnswer } from '../data/use-answer'
import { useText } from '../i18n'
import { Cost } from '../parts/cost'
import { MarkedText } from '../parts/marked-text'
import { Left } from '../parts/omitted-spans'
import { Empty, Failure, Loading } from '../parts/state'
import { Time } from '../parts/time'
import { useKeys } from '../parts/use-keys'
import { changed, go, href, rangeOf } from '../route'
import type { ViewProps } from '.'
import { DifferenceTable, DiffRows, difference } from './compare/diff-rows'

export function CompareView({ route, round, again }: ViewProps) {
  const t = useText()
  const ids = [route.path[1] ?? '', route.path[2] ?? ''] as const
  const a = useTree(ids[0], round)
  const b = useTree(ids[1], round)
  const list = href(['traces'], rangeOf(route))
  useKeys({ Escape: () => go(list) })
  const rows = useMemo(() => (a.tree && b.tree ? diffOf(a.tree, b.tree) : []), [a.tree, b.tree])
  const colours = useMemo(() => coloursByName(new Set(rows.map(({ service }) => service))), [rows])
  const showsAll = route.params.get('all') === '1'
  const shown = useMemo(() => (showsAll ? rows : changedRows(rows)), [rows, showsAll])

  const differing = rows.filter(({ changes }) => changes.length > 0).length
  const error = a.error ?? b.error
  if (error) return <Failure error={error} again={again} />
  if (!a.tree || !b.tree) return a.loading || b.loading ? <Loading /> : null
  const missing = ids.filter((_, side) => [a, b][side]!.tree!.nodes.size === 0)
  if (missing.length > 0)
    return (
      <Empty title={t('compare.none')}>
        <p>{missing.join(', ') || '–'}</p>
        <p>{t('trace.none_why')}</p>
        <a href={list}>{t('trace.back')}</a>
      </Empty>
    )
  return (
    <div class="scroll padded compare">
      {[a, b].map(({ whole, tree }, side) => whole && <Left key={side} whole={whole} shown={tree!.nodes.size} />)}
      {a.whole && b.whole && (
        <Summary
          ids={ids}
          trees={[a.tree, b.tree]}
          wholes={[a.whole, b.whole]}
          link={id => href(['trace', id], rangeOf(route))}
        />
      )}
      <Resources trees={[a.tree, b.tree]} />
      <h2>{t('compare.paths')}</h2>
      <p class="quiet">{t('compare.how', { share: `${FASTER_BY.share * 100} %`, time: duration(FASTER_BY.ns) })}</p>
      <p>{t('compare.changed', { n: count(differing), all: count(rows.length) })}</p>
      <p class="compare-links">
        <a href={changed(route, { all: showsAll ? undefined : '1' })}>
          {t(showsAll ? 'compare.only_changed' : 'compare.show_all')}
        </a>
        <a href={href(['compare', ids[1], ids[0]], Object.fromEntries(route.params))}>{t('compare.swap')}</a>
      </p>
      {shown.length === 0 ? <p>{t('compare.same')}</p> : <DiffRows rows={shown} colours={colours} />}
    </div>
  )
}

function useTree(id: string, round: number) {
  const { data, error, loading } = useAnswer<TraceAnswer>(
    id === '' ? undefined : url(`api/v2/traces/${encodeURIComponent(id)}`),
    round,
  )
  const tree = useMemo(() => (id === '' ? treeOf([]) : data && treeOf(readTrace(data))), [id, data])
  const { data: whole } = useAnswer<TraceSummary>(
    id === '' ? undefined : url(`api/afn/traces/${encodeURIComponent(id)}`),
    round,
  )
  return { tree, whole, error, loading }
}

interface SummaryProps {
  readonly ids: readonly [string, string]
  readonly trees: readonly [Tree, Tree]
  readonly wholes: readonly [TraceSummary, TraceSummary]
  link(id: string): string
}

function Summary({ ids, trees, wholes, link }: SummaryProps) {
  const t = useText()
  const numbers = {
    duration: wholes.map(({ durationMs }) => durationMs * 1e6),
    spans: wholes.map(({ spans }) => spans),
    errors: wholes.map(({ errors }) => errors),
    calls: wholes.map(({ calls }) => calls),
    tokens: wholes.map(({ inputTokens, outputTokens }) => (inputTokens ?? 0) + (outputTokens ?? 0)),
    cost: wholes.map(({ costUsd }) => costUsd),
  }
  const rows = [
    { name: t('column.duration'), values: numbers.duration, text: duration },
    { name: t('column.spans'), values: numbers.spans, text: count },
    { name: t('column.errors'), values: numbers.errors, text: count },
    { name: t('trace.calls'), values: numbers.calls, text: count },
    { name: t('column.tokens'), values: numbers.tokens, text: count },
    { name: t('column.cost'), values: numbers.cost, text: usd },
  ]
  return (
    <table class="plain-table compare-summary" aria-label={t('compare.summary')}>
      <thead>
        <tr>
          <td />
          {trees.map(({ roots }, side) => (
            <th key={side} scope="col">
              {'AB'[side]}{' '}
              <a href={link(ids[side]!)}>
                <MarkedText short text={roots[0]!.orphan ? t('trace.no_root') : roots[0]!.span.name} />
              </a>
            </th>
          ))}
          <th scope="col" class="number">
            {t('compare.difference')}
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t('view.trace')}</th>
          {ids.map((id, side) => (
            <td key={side}>
              <code class="id">{id}</code>
            </td>
          ))}
          <td />
        </tr>
        <tr>
          <th scope="row">{t('column.start')}</th>
          {trees.map(({ start }, side) => (
            <td key={side}>
              <Time ns={start} />
            </td>
          ))}
          <td />
        </tr>
        {rows.map(({ name, values: [a = null, b = null], text }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {[a, b].map((value, side) => (
              <td key={side}>{text === usd ? <Cost {...wholes[side]!} /> : value === null ? '–' : text(value)}</td>
            ))}
            <td class="number">
              {a !== null && b !== null && a !== b && `${b > a ? '+' : '−'}${text(Math.abs(b - a))}`}
              {a !== null && b !== null && a > 0 && a !== b && <span class="quiet"> {difference(a, b)}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What the services themselves have that differs, such as their versions. */
function Resources({ trees }: { trees: readonly [Tree, Tree] }) {
  const t = useText()
  const differences = useMemo(() => {
    const resourcesOf = ({ nodes }: Tree, service: string) =>
      Array.from(nodes.values(), ({ span }) => span)
        .filter(span => span.service === service)
        .map(({ resource }) => resource)
    const services = new Set(Array.from(trees[0].nodes.values(), ({ span }) => span.service))
    return [...services]
      .map(service => ({ service, a: resourcesOf(trees[0], service), b: resourcesOf(trees[1], service) }))
      .filter(({ b }) => b.length > 0)
      .map(({ service, a, b }) => ({ service, list: attributeDifferences(a, b) }))
      .filter(({ list }) => list.length > 0)
  }, [trees[0], trees[1]])
  return (
    <>
      {differences.map(({ service, list }) => (
        <section key={service}>
          <h2>{t('compare.resource', { service })}</h2>
          <DifferenceTable label={t('compare.resource', { service })} differences={list} />
        </section>
      ))}
    </>
  )
}
