// Values to narrow a list by, with counts: a column at the left of the list, or above it where the window is narrow.
import { useState } from 'preact/hooks'
import { count } from '../data/format'
import { useText } from '../i18n'
import { store, stored } from './browser-storage'
import { MarkedText } from './marked-text'

export interface Facet {
  readonly name: string
  readonly title: string
  readonly values: readonly {
    readonly value: string
    /** Shown instead of the value. */
    readonly label?: string | undefined
    readonly count: number
    readonly link: string
    readonly isChosen?: boolean | undefined
  }[]
  /** The number of values, including those that are not listed. */
  readonly total: number
}

export function FacetColumn({
  facets,
  isCounted = true,
}: {
  facets: readonly Facet[] | undefined
  isCounted?: boolean
}) {
  const t = useText()
  return (
    <aside class="facets" id="facets" aria-label={t('facets.title')}>
      {facets?.map(({ name, title, values, total }) => (
        <section key={name} aria-label={title}>
          <h2>{title}</h2>
          <ul>
            {values.map(one => (
              <li key={one.value}>
                <a href={one.link} aria-current={one.isChosen ? 'true' : undefined}>
                  {one.label ?? <MarkedText short text={one.value} />}
                </a>{' '}
                <span class="quiet">{count(one.count)}</span>
              </li>
            ))}
            {total > values.length && <li class="quiet">{t('facets.more', { n: count(total - values.length) })}</li>}
          </ul>
        </section>
      ))}
      {(!isCounted || facets?.length === 0) && <p class="quiet">{t('facets.none')}</p>}
    </aside>
  )
}

/** The reader's choice holds for all lists; at first a narrow window has the column folded. */
export function useFacetColumn(): readonly [isOpen: boolean, toggle: () => void] {
  const [isOpen, setOpen] = useState(() => (stored('facets') ?? (innerWidth < 1_000 ? 'folded' : 'open')) === 'open')
  const toggle = () => {
    store('facets', isOpen ? 'folded' : 'open')
    setOpen(!isOpen)
  }
  return [isOpen, toggle]
}

export function FacetToggle({ isOpen, onToggle }: { isOpen: boolean; onToggle(): void }) {
  return (
    <button type="button" aria-expanded={isOpen} aria-controls="facets" onClick={onToggle}>
      {useText()('facets.title')}
    </button>
  )
}
