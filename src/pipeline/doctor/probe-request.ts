// One short request to a part of the pipeline. It never throws.
import { fetchable } from '../../shared/config/credentials'
import { reasonOf } from '../../shared/queries/http'

/** Longest wait for an answer: a part that takes longer is as good as gone, and the user waits for the slowest. */
const patience = 3_000

export interface Answered {
  readonly status: number
  readonly body: string
  /** Seconds by which the other clock is ahead; undefined when the answer has no date. A date has whole seconds. */
  readonly aheadSeconds: number | undefined
}

/** Nobody answered: `ECONNREFUSED` and the like. */
export interface Silent {
  readonly silent: string
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answered | Silent> {
  try {
    const target = fetchable(url)
    const headers = new Headers(init.headers)
    for (const [name, value] of Object.entries(target.headers)) if (!headers.has(name)) headers.set(name, value)
    const response = await fetch(target.url, { ...init, headers, signal: AbortSignal.timeout(patience) })
    const now = Date.now()
    const date = Date.parse(response.headers.get('date') ?? '')
    const body = await response.text()
    const aheadSeconds = Number.isNaN(date) ? undefined : (date + 500 - now) / 1_000
    return { status: response.status, body, aheadSeconds }
  } catch (error) {
    return { silent: (error as Error).name === 'TimeoutError' ? `no answer in ${patience / 1_000} s` : reasonOf(error) }
  }
}

/** A message of protobuf with nothing in it is a valid OTLP request, and stores nothing. */
export const emptyOtlp: RequestInit = {
  method: 'POST',
  headers: { 'content-type': 'application/x-protobuf' },
  body: new Uint8Array(),
}

/** The object in a body, `{}` when there is none. */
export function objectIn(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export const baseOf = (url: string): string => url.replace(/\/+$/, '')
