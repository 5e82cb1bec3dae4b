// Views that a reader has saved under a name, in the browser's storage: the address, with query, time range, order and chart.
import { store, stored } from '../parts/browser-storage'

export interface SavedView {
  readonly name: string
  /** The address behind the page's, such as `#/traces?q=…&range=1h`. */
  readonly hash: string
}

const KEY = 'views'
const MOST = 50

/** In the order of their names. What somebody else wrote into the storage is no view. */
export function savedViews(): SavedView[] {
  try {
    const list: unknown = JSON.parse(stored(KEY) ?? '[]')
    return Array.isArray(list) ? list.filter(isView) : []
  } catch {
    return []
  }
}

function isView(item: unknown): item is SavedView {
  const { name, hash } = (item ?? {}) as Partial<SavedView>
  return typeof name === 'string' && typeof hash === 'string' && hash.startsWith('#/')
}

/** In place of one of the same name. */
export function saveView(view: SavedView): SavedView[] {
  const others = savedViews().filter(({ name }) => name !== view.name)
  return keep([...others, view].slice(-MOST))
}

export const forgetView = (name: string): SavedView[] => keep(savedViews().filter(view => view.name !== name))

function keep(views: readonly SavedView[]): SavedView[] {
  const sorted = views.toSorted((a, b) => a.name.localeCompare(b.name))
  store(KEY, JSON.stringify(sorted))
  return sorted
}
