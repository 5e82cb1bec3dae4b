/** `session.start` and `session.end`, the latter at the time of the session's last record, recorded by the page that comes next. */
import { event } from '../record'
import { onSession } from '../session'
import { sampled } from '../start'

export function sessionEvents(): void {
  onSession((id, old) => {
    if (old && sampled(old[0])) event('session.end', { 'session.id': old[0] }, 9, undefined, old[2], true)
    event('session.start', { 'session.id': id, 'session.previous_id': old?.[0] })
  })
}
