// The last queries of this reader.
import { store, stored } from '../parts/browser-storage'

const MOST = 50

/** Newest first. */
export function remembered(): string[] {
  try {
    const list: unknown = JSON.parse(stored('queries') ?? '[]')
    return Array.isArray(list) ? list.filter(item => typeof item === 'string') : []
  } catch {
    return []
  }
}

export function remember(query: string): void {
  if (query.trim() === '' || query.trim() === '{}') return
  const others = remembered().filter(known => known !== query)
  store('queries', JSON.stringify([query, ...others].slice(0, MOST)))
}
