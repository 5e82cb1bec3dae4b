// What the browser remembers of a reader: language, theme, history of queries. Where
// storage is refused, as in a private window, nothing is remembered.

export function stored(key: string): string | null {
  try {
    return localStorage.getItem(`afn-otel.${key}`)
  } catch {
    return null
  }
}

export function store(key: string, value: string): void {
  try {
    localStorage.setItem(`afn-otel.${key}`, value)
  } catch {
    // refused or full
  }
}
