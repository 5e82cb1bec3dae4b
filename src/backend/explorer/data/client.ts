// Asks the server that the page came from.
import type { Refusal } from '../../api/answers'

/** What the server said, in its own words where it had any. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** 0 when there was no answer. */
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export type Parameters = Readonly<Record<string, string | number | undefined>>

/** `api/search?q=…`; what is undefined is left out. */
export function url(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(parameters)) if (value !== undefined) query.set(key, String(value))
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

/** Bytes of an address. Servers take about 8,000. */
const LONGEST = 4_000

/**
 * A question that is too long for an address goes as a form, which routes of Prometheus take.
 * @param from relative to the page, so that a proxy may put it below a path
 * @throws ApiError; what `signal` rejects with, when it was aborted
 */
export async function getJson<T>(from: string, signal?: AbortSignal): Promise<T> {
  let response: Response
  try {
    const [path, form] = from.length > LONGEST ? from.split(/\?(.*)/s) : [from]
    response = await fetch(path!, {
      headers: { accept: 'application/json' },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(0, String(error instanceof Error ? error.message : error))
  }
  const text = await response.text()
  if (!response.ok) throw new ApiError(response.status, messageIn(text) || response.statusText)
  try {
    return JSON.parse(text) as T
  } catch {
    throw new ApiError(response.status, `${from.split('?')[0]}: the answer is no JSON`)
  }
}

/** Tempo's routes say it in plain text. */
function messageIn(text: string): string {
  try {
    return String((JSON.parse(text) as Partial<Refusal>).error ?? text)
  } catch {
    return text.trim().slice(0, 2_000)
  }
}
