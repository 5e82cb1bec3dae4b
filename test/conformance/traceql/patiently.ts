// One request to a side, made again while it is too busy: a shared Tempo limits how much it takes and how many ask at once.
import type { Side } from './ask'

/** For one answer, in milliseconds; a side that never gives one must not hold the run. */
const patience = 90_000
const pause = 2_000

export interface Reply {
  readonly status: number
  readonly text: string
}

/**
 * @param body makes it a POST
 * @throws Error that names the side, when it does not answer
 */
export async function patiently(
  { name, headers: own }: Side,
  url: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Reply> {
  const init = { headers: { ...headers, ...own }, ...(body !== undefined && { method: 'POST', body }) }
  for (const deadline = Date.now() + patience; ; ) {
    const reply = await once(url, { ...init, signal: AbortSignal.timeout(Math.max(1, deadline - Date.now())) })
    const isLast = Date.now() + pause > deadline
    if (!(reply instanceof Error) && (isLast || !isBusy(reply))) return reply
    if (reply instanceof Error && isLast) throw new Error(`${name} does not answer: ${url}: ${reasonOf(reply)}`)
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}

const isBusy = ({ status }: Reply): boolean => status === 429 || status === 503

async function once(url: string, init: RequestInit): Promise<Reply | Error> {
  try {
    const response = await fetch(url, init)
    return { status: response.status, text: await response.text() }
  } catch (error) {
    return error as Error
  }
}

const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error ? cause.message : message)
