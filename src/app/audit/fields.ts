/** What an app records, checked: an audit entry that says less than was meant is worse than an error. */
import { AuditError } from './error'

/** A person, a service or a thing. Other members, such as a name or an address, are kept with the id. */
export interface Party {
  /** Required, not empty. */
  readonly id: string
  readonly [member: string]: unknown
}

export interface AuditEntry {
  /** What was done, such as `user.delete`: letters, digits, `.`, `_`, `-` and `:`. ECS' `event.action`. */
  readonly action: string
  /** As ECS' `event.outcome`, and `denied`. Default `success`. */
  readonly outcome?: 'success' | 'failure' | 'denied' | 'unknown'
  /** Who did it. What it says is encrypted by a key of this person, and gone when the person is erased. */
  readonly actor?: Party
  /** Whose data it was done to. Encrypted by a key of this person, together with `target` and `details`. */
  readonly subject?: Party
  /** To what it was done, such as `{ type: 'invoice', id: '17' }`. */
  readonly target?: Party
  /** More of it. Secrets and personal data in it are masked; who it is about belongs in `actor` and `subject`. */
  readonly details?: Readonly<Record<string, unknown>>
}

const ACTION = /^[\w.:-]{1,128}$/
/** Ours, and so no app's. */
const OURS = /^audit\./
const OUTCOMES = ['success', 'failure', 'denied', 'unknown']
const MEMBERS = ['action', 'outcome', 'actor', 'subject', 'target', 'details']
/** Characters of an entry as JSON: the end of a file is found by reading its last MiB. */
const LONGEST = 256 * 1024

/** @throws AuditError `entry` that names every field that is not as it should be */
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
