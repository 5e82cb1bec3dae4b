// "Compare with…" of a trace: another one by its id, or the last one with the same root that came before it.
import { useState } from 'preact/hooks'
import type { SearchAnswer } from '../../../api/answers'
import { getJson, url } from '../../data/client'
import type { Tree } from '../../data/tree'
import { useText } from '../../i18n'
import { go, href, type Params } from '../../route'
import { readSearch } from '../../traceql/search-text'
import { quoted } from '../../traceql/write'

export interface CompareWithProps {
  readonly id: string
  readonly tree: Tree
  /** The time range of the address. */
  readonly range: Params
}

export function CompareWith({ id, tree, range }: CompareWithProps) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [wrong, setWrong] = useState<string>()
  const root = tree.roots[0]!
  /** The other one comes first: this one is what became of it. */
  const compare = (other: string) => go(href(['compare', other, id], range))
  const withTyped = (event: SubmitEvent) => {
    event.preventDefault()
    const text = new FormData(event.currentTarget as HTMLFormElement).get('id')
    const search = readSearch(String(text))
    if (search.kind === 'trace') compare(search.id)
    else setWrong(t('compare.no_id'))
  }
  const withLast = async () => {
    const { name, service } = root.span
    const q = `{ trace:rootName = ${quoted(name)} && trace:rootService = ${quoted(service)} }`
    try {
      const from = url('api/search', { q, after: `${tree.start}.${id}`, limit: 1, spss: 1 })
      const { traces = [] } = await getJson<SearchAnswer>(from)
      if (traces[0]) compare(traces[0].traceID)
      else setWrong(t('compare.no_last'))
    } catch (error) {
      setWrong(String(error instanceof Error ? error.message : error))
    }
  }
  return (
    <>
      <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('compare.with')}
      </button>
      {open && (
        <form class="compare-with" onSubmit={withTyped}>
          <input name="id" aria-label={t('compare.id')} placeholder={t('compare.id')} autocomplete="off" required />
          <button type="submit">{t('compare.open')}</button>
          {!root.orphan && (
            <button type="button" onClick={withLast}>
              {t('compare.last')}
            </button>
          )}
          {wrong && (
            <p class="bad" role="status">
              {wrong}
            </p>
          )}
        </form>
      )}
    </>
  )
}
