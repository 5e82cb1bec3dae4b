/** Validates entries: an audit entry with less than its caller meant would be worse than an error. */
import { AuditError } from './error'

/** A person, service or thing. Further members, such as a name or an address, are kept with the id. */
export interface Party {
  /** Required, must not be empty. */
  readonly id: string
  readonly [member: string]: unknown
}

export interface AuditEntry {
  /** What was done, such as `user.delete`: letters, digits, `.`, `_`, `-` and `:`. Equals ECS' `event.action`. */
  readonly action: string
  /** ECS' `event.outcome`, plus `denied`. Default: `success`. */
  readonly outcome?: 'success' | 'failure' | 'denied' | 'unknown'
  /** Who did it. Encrypted with this person's key, and unreadable once the person is erased. */
  readonly actor?: Party
  /** Whose data was affected. Encrypted with this person's key, together with `target` and `details`. */
  readonly subject?: Party
  /** The object of the action, such as `{ type: 'invoice', id: '17' }`. */
  readonly target?: Party
  /** Further data. Secrets and personal data are masked; persons belong in `actor` and `subject`. */
  readonly details?: Readonly<Record<string, unknown>>
}

const ACTION = /^[\w.:-]{1,128}$/
/** Reserved for the log itself. */
const OURS = /^audit\./
const OUTCOMES = ['success', 'failure', 'denied', 'unknown']
const MEMBERS = ['action', 'outcome', 'actor', 'subject', 'target', 'details']
/** Maximum length of an entry as JSON, in characters: the last line is found by reading a file's last MiB. */
const LONGEST = 256 * 1024

/** @throws AuditError `entry` that names every invalid field */
export function checkEntry(entry: AuditEntry): void {
  const wrong = typeof entry === 'object' && entry !== null ? [...problems(entry)] : ['the entry must be an object']
  if (wrong.length > 0) throw new AuditError('entry', `the audit entry was not recorded: ${wrong.join('; ')}`)
}

function* problems(entry: AuditEntry): Generator<string> {
  const { action, outcome, details } = entry
  if (typeof action !== 'string' || !ACTION.test(action))
    yield 'action must be 1 to 128 letters, digits, ".", "_", "-" and ":", such as "user.delete"'
  else if (OURS.test(action)) yield `action "${action}" begins with "audit.", which is reserved for the log itself`
  if (outcome !== undefined && !OUTCOMES.includes(outcome)) yield `outcome must be one of ${OUTCOMES.join(', ')}`
  for (const name of ['actor', 'subject', 'target'] as const) {
    const party = entry[name]
    if (party !== undefined && (typeof party?.id !== 'string' || party.id === ''))
      yield `${name} must be an object with an id that is a non-empty string`
  }
  if (details !== undefined && (typeof details !== 'object' || details === null || Array.isArray(details)))
    yield 'details must be an object'
  for (const member of Object.keys(entry))
    if (!MEMBERS.includes(member)) yield `${member.slice(0, 64)} is not a known member; put it into details`
  let length = 0
  try {
    length = JSON.stringify(entry).length
  } catch (error) {
    yield `it is not valid JSON (${(error as Error).message.split('\n', 1)[0]})`
  }
  if (length > LONGEST) yield `it has ${length} characters; the maximum is ${LONGEST}`
}
