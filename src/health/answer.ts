// What a probe is answered: the three places, their status codes and headers. It knows no framework; `handler.ts` and `server.ts`
// bring requests to it.
import { briefDocument, detailedDocument, type Service } from './document'
import type { Health, Snapshot } from './health'

export interface Probe {
  readonly method: string
  /** With or without a query. */
  readonly path: string
  /** The header `authorization`. */
  readonly authorization?: string | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Empty for HEAD. */
  readonly body: string
}

export interface AnswerOptions {
  readonly health: Health
  /** `/health`; below it lie `live` and `ready`. */
  readonly path: string
  /** Who has it reads the details; without one nobody does. */
  readonly token: string | undefined
  readonly service: Service
  /** A failure of our own. Must not throw. */
  onFailure(error: unknown): void
}

export interface Answers {
  /** Whether the path is one of ours, whatever the method. */
  isOurs(path: string): boolean
  /** @returns never rejects; 404 for a path that is not ours */
  answer(probe: Probe): Promise<Answer>
}

const elapsed = performance.now.bind(performance)

export function createAnswers({ health, path, token, service, onFailure }: AnswerOptions): Answers {
  const base = path.replace(/\/+$/, '')
  const places: Readonly<Record<string, () => Snapshot | Promise<Snapshot>>> = {
    [base]: () => health.look(),
    [`${base}/ready`]: () => health.ready(),
    // an answer is the proof: a dependency that is down must not restart the process
    [`${base}/live`]: () => alive,
  }
  const placeOf = (path: string) => path.split('?', 1)[0]!.replace(/(?<=.)\/$/, '')
  const bodies = new WeakMap<Snapshot, string>()

  function details(snapshot: Snapshot): string {
    const known = bodies.get(snapshot)
    if (known !== undefined) return known
    const body = detailedDocument(snapshot, service)
    bodies.set(snapshot, body)
    return body
  }

  return {
    isOurs: path => Object.hasOwn(places, placeOf(path)),
    async answer({ method, path, authorization }) {
      const place = placeOf(path)
      const find = Object.hasOwn(places, place) ? places[place] : undefined
      if (!find) return text(404, 'not here\n')
      if (method !== 'GET' && method !== 'HEAD') return text(405, 'send a GET\n', { allow: 'GET, HEAD' })
      const snapshot = await found(find, onFailure)
      const isTrusted = token !== undefined && authorization !== undefined && isSame(`Bearer ${token}`, authorization)
      const body = isTrusted ? details(snapshot) : briefDocument(snapshot)
      const isWell = snapshot.status !== 'fail'
      const headers = {
        'content-type': 'application/health+json',
        'content-length': String(new TextEncoder().encode(body).length),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(!isWell && { 'retry-after': String(secondsLeft(snapshot)) }),
      }
      return { status: isWell ? 200 : 503, headers, body: method === 'HEAD' ? '' : body }
    },
  }
}

const alive: Snapshot = { status: 'pass', phase: 'up', entries: [], validUntil: Number.POSITIVE_INFINITY }

/** A failure of ours takes no app out of service. */
async function found(find: () => Snapshot | Promise<Snapshot>, onFailure: (error: unknown) => void): Promise<Snapshot> {
  try {
    return await find()
  } catch (error) {
    onFailure(error)
    return { ...alive, status: 'warn' }
  }
}

/** Until a check may have another result; a process that is about to end has a successor soon. */
function secondsLeft({ validUntil }: Snapshot): number {
  const left = Number.isFinite(validUntil) ? (validUntil - elapsed()) / 1_000 : 5
  return Math.max(1, Math.ceil(left))
}

/** Takes as long as what was sent is long, however much of it is right. */
export function isSame(expected: string, sent: string): boolean {
  let difference = expected.length ^ sent.length
  for (let at = 0; at < sent.length; at++) difference |= sent.charCodeAt(at) ^ expected.charCodeAt(at % expected.length)
  return difference === 0
}

function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  const type = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  return { status, headers: { ...type, ...headers, 'content-length': String(body.length) }, body }
}
