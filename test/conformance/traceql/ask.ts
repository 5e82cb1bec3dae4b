// Asks one side one question.
import { normal } from './normal'
import { patiently } from './patiently'
import type { Question, Window } from './questions/question'

export interface Side {
  readonly name: 'Tempo' | 'ours'
  readonly url: string
  /** Base URL of its OTLP receiver. */
  readonly otlp: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Answered {
  readonly status: number
  /** Undefined unless the status is 200. */
  readonly answer: unknown
  /** The body, when the status is another. */
  readonly said: string
  /** Newest first, as Tempo's searches are; empty for all else. */
  readonly starts: readonly string[]
}

export async function ask(
  side: Side,
  { path, parameters, shape, leavesOut }: Question,
  window: Window,
): Promise<Answered> {
  const url = `${side.url}/${path}?${new URLSearchParams(parameters(window))}`
  const { status, text } = await patiently(side, url, { accept: 'application/json' })
  if (status !== 200) return { status, answer: undefined, said: text.trim(), starts: [] }
  if (shape === 'refused') return { status: 200, answer: undefined, said: text.slice(0, 200), starts: [] }
  const body = JSON.parse(text)
  const starts =
    shape === 'search' ? (body.traces ?? []).map((trace: { startTimeUnixNano: string }) => trace.startTimeUnixNano) : []
  return { status: 200, answer: without(leavesOut, normal[shape](body)), said: '', starts }
}

function without(pattern: RegExp | undefined, answer: unknown): unknown {
  if (!pattern) return answer
  return Object.fromEntries(Object.entries(answer as object).filter(([key]) => !pattern.test(key)))
}
