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

export interface ProbeResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Empty for HEAD. */
  readonly body: string
}

/** A path as clients ask for it: one slash before it and none behind. */
export const pathOf = (path: string): string => `/${path.replace(/^\/+|\/+$/g, '')}`

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
  /** @returns at once as long as all results hold; never rejects; 404 for a path that is not ours */
  answer(probe: Probe): ProbeResponse | Promise<ProbeResponse>
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
  /** Of a snapshot, in short and in full: probes come by the thousand, and it stays the same for seconds. */
  const made = { brief: new WeakMap<Snapshot, ProbeResponse>(), detailed: new WeakMap<Snapshot, ProbeResponse>() }

  function answerOf(snapshot: Snapshot, isDetailed: boolean): ProbeResponse {
    const known = made[isDetailed ? 'detailed' : 'brief']
    const before = known.get(snapshot)
    if (before) return before
    const body = isDetailed ? detailedDocument(snapshot, service) : briefDocument(snapshot)
    const headers = {
      'content-type': 'application/health+json',
      'content-length': String(new TextEncoder().encode(body).length),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    }
    const answer = { status: snapshot.status === 'fail' ? 503 : 200, headers, body }
    known.set(snapshot, answer)
    return answer
  }

  function finished(snapshot: Snapshot, { method, authorization }: Probe): ProbeResponse {
    const isTrusted = token !== undefined && authorization !== undefined && isSame(`Bearer ${token}`, authorization)
    const answer = answerOf(snapshot, isTrusted)
    const { status, body } = answer
    if (status === 200) return method === 'HEAD' ? { ...answer, body: '' } : answer
    const headers = { ...answer.headers, 'retry-after': String(secondsLeft(snapshot)) }
    return { status, headers, body: method === 'HEAD' ? '' : body }
  }

  /** A failure of ours takes no app out of service. */
  function failed(error: unknown, probe: Probe): ProbeResponse {
    onFailure(error)
    return finished({ ...alive, status: 'warn' }, probe)
  }

  return {
    isOurs: path => Object.hasOwn(places, placeOf(path)),
    answer(probe) {
      const place = placeOf(probe.path)
      const find = Object.hasOwn(places, place) ? places[place] : undefined
      if (!find) return text(404, 'not here\n')
      if (probe.method !== 'GET' && probe.method !== 'HEAD') return text(405, 'send a GET\n', { allow: 'GET, HEAD' })
      try {
        const found = find()
        if (!(found instanceof Promise)) return finished(found, probe)
        return found.then(
          snapshot => finished(snapshot, probe),
          error => failed(error, probe),
        )
      } catch (error) {
        return failed(error, probe)
      }
    },
  }
}

const alive: Snapshot = { status: 'pass', phase: 'up', entries: [], validUntil: Number.POSITIVE_INFINITY }

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

function text(status: number, body: string, headers: Record<string, string> = {}): ProbeResponse {
  const type = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  return { status, headers: { ...type, ...headers, 'content-length': String(body.length) }, body }
}
