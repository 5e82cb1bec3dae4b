// A request to both sides, and what is compared of the answers. The lists of this folder make them.

/** Whole seconds; both sides have all of the corpus in it. */
export interface Window {
  readonly start: number
  readonly end: number
}

/** How the body is read; `refused`: both have to answer 400. */
export type Shape =
  | 'search'
  | 'series'
  | 'instant'
  | 'tags'
  | 'scopes'
  | 'values'
  | 'typed values'
  | 'trace'
  | 'refused'

export interface Question {
  readonly shape: Shape
  /** Below the base URL. */
  readonly path: string
  readonly parameters: (window: Window) => Readonly<Record<string, string>>
  /** What a person reads: the query, mostly. */
  readonly text: string
  /** Why ours answers otherwise than Tempo, where Tempo's answer is a defect. */
  readonly onPurpose?: string
  /** Series whose labels match are not compared. */
  readonly leavesOut?: RegExp
}

/** A query alone, or one with the reason why the answers differ. */
export type Row = string | readonly [text: string, onPurpose: string]

const seconds = ({ start, end }: Window) => ({ start: String(start), end: String(end) })

function rowsOf(rows: readonly Row[], question: (text: string) => Omit<Question, 'onPurpose' | 'text'>): Question[] {
  return rows.map(row => {
    const [text, onPurpose] = typeof row === 'string' ? [row] : row
    return { ...question(text), text, ...(onPurpose !== undefined && { onPurpose }) }
  })
}

/** Every trace and span that matches, so that no arbitrary choice is compared. */
export function searches(rows: readonly Row[], more: Readonly<Record<string, string>> = {}): Question[] {
  return rowsOf(rows, q => ({
    shape: 'search',
    path: 'api/search',
    parameters: window => ({ q, ...seconds(window), limit: '6000', spss: '100', ...more }),
  }))
}

/** @param more further parameters, or other times than the whole window */
export function series(
  rows: readonly Row[],
  more: (window: Window) => Record<string, string> = () => ({}),
): Question[] {
  return rowsOf(rows, q => ({
    shape: 'series',
    path: 'api/metrics/query_range',
    parameters: window => ({ q, ...seconds(window), step: '10s', exemplars: '0', ...more(window) }),
  }))
}

export function instants(rows: readonly Row[]): Question[] {
  return rowsOf(rows, q => ({
    shape: 'instant',
    path: 'api/metrics/query',
    parameters: window => ({ q, ...seconds(window) }),
  }))
}

/** Queries that both refuse, wherever they are sent. */
export function refusedQueries(path: string, rows: readonly Row[]): Question[] {
  return rowsOf(rows, q => ({
    shape: 'refused',
    path,
    parameters: window => ({ q, ...seconds(window) }),
  }))
}

/** @param parameters in addition to the window; a value `undefined` takes one of the window away */
export function questionAt(
  shape: Shape,
  path: string,
  parameters: (window: Window) => Readonly<Record<string, string | undefined>> = () => ({}),
  onPurpose?: string,
): Question {
  const all = (window: Window) =>
    Object.fromEntries(
      Object.entries({ ...seconds(window), ...parameters(window) }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      ),
    )
  const shown = Object.entries(parameters({ start: 0, end: 0 }))
  const text = [path, ...shown.map(([name, value]) => `${name}=${value ?? 'absent'}`)].join(' ')
  return { shape, path, parameters: all, text, ...(onPurpose !== undefined && { onPurpose }) }
}
