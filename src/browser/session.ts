/**
 * The visit that records belong to, shared by the tabs of an origin: it ends 30 minutes after its last record, or 4 hours
 * after its start.
 */
import { randomId } from './ids'
import { read, remove, write } from './storage'

const KEY = 'afn-otel.session'

/** Times are milliseconds since 1970: of the start, and of the last record. */
export type Session = [id: string, start: number, last: number]

let now: Session | undefined

function keep(session: Session): void {
  now = session
  write(KEY, session.join())
}

/** Without storage this page's own; what is no session has no times, and is over. */
function stored(): Session | undefined {
  const [id, start, last] = read(KEY)?.split(',') ?? []
  return id ? [id, Number(start), Number(last)] : now
}

type SessionListener = (id: string, old: Session | undefined) => void
let changed: SessionListener = () => {}

/** @param hear is called with a new session, and the one before */
export function onSession(hear: SessionListener): void {
  changed = hear
}

/** The session of now; a new one when the last has ended. */
export function currentSession(): string {
  const time = Date.now()
  // not looked up for each record; the end of a session is known to five seconds
  if (now && Math.abs(time - now[2]) < 5_000) return now[0]
  const old = stored()
  // a time in the future means that the clock was set back
  if (old && time - old[2] < 30 * 60_000 && time - old[1] < 4 * 3600_000) {
    now = old
    const [id, start] = old
    if (!document.hidden) keep([id, Math.min(start, time), time])
    return id
  }
  const id = randomId(16)
  keep([id, time, time])
  changed(id, old)
  return id
}

export function forgetSession(): void {
  now = undefined
  remove(KEY)
}
