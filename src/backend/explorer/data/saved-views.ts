// Views that a reader saved under a name: the address of each, with its query, time range and order, in the browser's storage. As JSON they are also in the
// address that hands them to somebody else, so what is read may be written by anybody.
import { store, stored } from '../parts/browser-storage'
import { changed, href, parseRoute } from '../route'

export interface SavedView {
  /** Not empty; no two have the same. */
  readonly name: string
  /** Begins with `#/`. */
  readonly hash: string
}

const KEY = 'views'
const MOST = 100
/** Characters. */
const [LONGEST_NAME, LONGEST_HASH] = [100, 4_000]

export function savedViews(): SavedView[] {
  return readViews(stored(KEY) ?? '')
}

/** @returns what is saved now, in the order of their names */
export function saveViews(views: readonly SavedView[]): SavedView[] {
  const sorted = views.slice(-MOST).sort((a, b) => a.name.localeCompare(b.name))
  store(KEY, JSON.stringify(sorted))
  return sorted
}

/** In place of one of the same name. */
export const saveView = (view: SavedView): SavedView[] => saveViews(withView(savedViews(), view))

export const forgetView = (name: string): SavedView[] => saveViews(savedViews().filter(view => view.name !== name))

/** @returns those that are views, at most 100; none of a text that is no JSON */
export function readViews(json: string): SavedView[] {
  let list: unknown
  try {
    list = JSON.parse(json)
  } catch {
    return []
  }
  return Array.isArray(list) ? list.slice(0, MOST).reduce<SavedView[]>((views, one) => withView(views, one), []) : []
}

/** At its end; the one that has its name already makes place. What is no view is left out. */
export function withView(views: readonly SavedView[], added: unknown): SavedView[] {
  const { name, hash } = (added ?? {}) as Partial<Record<keyof SavedView, unknown>>
  if (typeof name !== 'string' || typeof hash !== 'string') return [...views]
  const short = name.trim().slice(0, LONGEST_NAME)
  if (short === '' || hash.length > LONGEST_HASH) return [...views]
  // whatever it was, it is an address of this page now
  const own = changed(parseRoute(hash), {})
  return [...views.filter(view => view.name !== short), { name: short, hash: own }]
}

/** At its place; a name that is empty or that another view has changes nothing. */
export function renamed(views: readonly SavedView[], name: string, to: string): SavedView[] {
  const short = to.trim().slice(0, LONGEST_NAME)
  if (short === '' || views.some(view => view.name === short)) return [...views]
  return views.map(view => (view.name === name ? { ...view, name: short } : view))
}

/** The address that offers them to whoever opens it. */
export function exportHash(views: readonly SavedView[]): string {
  return href(['saved'], { views: JSON.stringify(views) })
}
