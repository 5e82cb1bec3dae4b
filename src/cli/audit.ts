// `afn-otel audit`: creates the keys of an audit log, verifies, reads and sweeps the log, and erases persons from it.
import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { publicKeyOf } from '../app/audit/checkpoint'
import { AuditError } from '../app/audit/error'
import { holdOf, liftHold, setHold } from '../app/audit/hold'
import { createKeyRing, readKeyRing, rotateKeyRing } from '../app/audit/keys'
import { type AuditLog, openLog } from '../app/audit/log'
import type { Finding } from '../app/audit/order'
import { openPersons } from '../app/audit/persons'
import { readEntries } from '../app/audit/read'
import { verifyLog } from '../app/audit/verify'
import { resolve } from '../shared/config/resolve'
import { createRedactor } from '../shared/redact'
import { retention } from '../shared/tiers'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'

const DAYS_KEPT = retention.logs.audit

export const options = {
  dir: { type: 'string', help: 'folder of the log', otherwise: 'AFN_AUDIT_DIR' },
  keys: { type: 'string', argument: 'FILE', help: 'key ring', otherwise: 'AFN_AUDIT_KEYS' },
  checkpoints: {
    type: 'string',
    argument: 'DIR',
    help: 'folder of the checkpoints',
    otherwise: 'AFN_AUDIT_CHECKPOINTS, else that of the log',
  },
  'public-key': {
    type: 'string',
    argument: 'FILE',
    help: 'verifies checkpoints with this key instead of the one in the ring, which anybody with the ring could have changed',
  },
  since: { type: 'string', argument: 'TIME', help: 'export: entries since 2026-11-24 or 2026-11-24T10:00:00Z' },
  until: { type: 'string', argument: 'TIME', help: 'export: entries until this time' },
  reason: { type: 'string', argument: 'WHY', help: 'hold: reason for the legal hold' },
  json: { type: 'boolean', default: false, help: 'prints the report of verify as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel audit COMMAND [OPTIONS]

init                  creates the key ring and prints the public key; store copies of both elsewhere
verify                checks every line, and reports each that was changed, inserted, moved or removed
export                prints entries in clear text, one JSON line each
erase PERSON          deletes the key that encrypts a person's data in the log; the log still verifies
hold --reason WHY     sets a legal hold, which blocks sweep and erase; hold off lifts it; hold shows it
sweep                 deletes files older than two years, after recording it
rotate                adds a key to the ring; running apps use it within seconds

${optionLines(options)}

export, erase, hold and sweep record in the log who used them.

Exit codes: 0 done, no problems; 1 verify found problems, or the log can't be used; 2 usage error.`

type Values = ReturnType<typeof read>['values']

const read = (args: string[]) => parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })

interface Places {
  readonly folder: string
  readonly keys: string
  readonly checkpoints: string
}

const commands: Record<string, (values: Values, rest: string[]) => Promise<number> | number> = {
  init: values => {
    const file = named(values.keys ?? settings().auditKeys, '--keys or AFN_AUDIT_KEYS')
    createKeyRing(file)
    console.log(publicKeyOf(readKeyRing(file)).export({ format: 'pem', type: 'spki' }).toString().trim())
    return 0
  },
  rotate: values => {
    rotateKeyRing(named(values.keys ?? settings().auditKeys, '--keys or AFN_AUDIT_KEYS'))
    return 0
  },
  verify: values => verify(values),
  export: async values => {
    const places = placesOf(values)
    const window = { since: timeOf('--since', values.since), until: timeOf('--until', values.until) }
    await recorded(places, 'audit-log.export', {}, async () => undefined)
    const ring = readKeyRing(places.keys)
    const persons = openPersons(personsFolderOf(places.keys)).all(ring)
    const { since, until } = window
    for (const entry of readEntries({
      folder: places.folder,
      keys: ring.keys,
      persons,
      ...(since && { since }),
      ...(until && { until }),
    }))
      process.stdout.write(`${JSON.stringify(entry)}\n`)
    return 0
  },
  erase: async (values, [person]) => {
    if (!person) throw new Error('erase needs the id of a person, as in actor.id and subject.id')
    const known = await recorded(placesOf(values), 'audit-log.erase', {}, log => log.erase(person))
    console.log(known ? 'erased; afn-otel audit verify still passes' : 'person not found in the log')
    return 0
  },
  hold: async (values, [state]) => {
    const places = placesOf(values)
    if (state === 'off') {
      await recorded(places, 'audit-log.hold-off', {}, async () => liftHold(places.folder))
    } else if (values.reason) {
      await recorded(places, 'audit-log.hold', { reason: values.reason }, async () =>
        setHold(places.folder, values.reason as string),
      )
    } else if (state !== undefined) throw new Error(`hold takes "off" or --reason, not "${state}"`)
    console.log(holdOf(places.folder) ?? 'no legal hold')
    return 0
  },
  sweep: async values => {
    const { removed, kept } = await recorded(placesOf(values), 'audit-log.sweep', {}, log => log.sweep())
    for (const { file } of removed) console.log(`${file} removed`)
    for (const { file, why } of kept) console.log(`${file} kept: ${why === 'hold' ? 'a legal hold is set' : why}`)
    return 0
  },
}

/** @returns the exit code, as `help` says */
export async function audit(args: string[]): Promise<number> {
  const { values, positionals } = read(args)
  if (values.help) return print(help)
  const [name, ...rest] = positionals
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new Error(`audit takes ${Object.keys(commands).join(', ')}${name ? `, not "${name}"` : ''}`)
  try {
    return await command(values, rest)
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    console.error(`afn-otel audit: ${error.message}`)
    return 1
  }
}

function verify(values: Values): number {
  const { folder, keys, checkpoints } = placesOf(values)
  const ring = readKeyRing(keys)
  const publicKey = values['public-key'] ? readPublicKey(values['public-key']) : publicKeyOf(ring)
  const now = Date.now()
  const report = verifyLog({ folder, checkpoints, keys: ring.keys, publicKey, retentionDays: DAYS_KEPT, now })
  if (values.json) console.log(JSON.stringify(report))
  else {
    for (const finding of report.findings) console.log(textOf(finding))
    const { entries, chains, erased, repaired, swept, unsigned } = report
    console.log(
      `${report.ok ? 'ok' : `${report.findings.length} findings`}: ${entries} entries in ${chains} chains, ` +
        `${erased.length} persons erased, ${repaired} incomplete lines repaired, ${swept.length} files swept, ${unsigned} entries after the last checkpoint`,
    )
  }
  return report.ok ? 0 : 1
}

const textOf = ({ kind, chain, seq, to, at }: Finding): string =>
  `${kind}: chain ${chain}, entry ${seq}${to === undefined ? '' : ` to ${to}`}${at ? ` (${at})` : ''}`

/** Performs the action and records who did it. */
async function recorded<T>(
  places: Places,
  action: string,
  details: object,
  act: (log: AuditLog) => Promise<T>,
): Promise<T> {
  const redactor = createRedactor()
  const log = openLog({
    ...places,
    whenFull: 'fail',
    retentionDays: DAYS_KEPT,
    maxBytes: Number.POSITIVE_INFINITY,
    now: Date.now,
    redact: value => redactor.value('audit', value),
    onProblem: problem => console.error(`afn-otel audit: ${problem}`),
  })
  try {
    await log.record({
      action,
      actor: { id: `os-user:${userInfo().username}` },
      details: { ...details, command: 'afn-otel' },
    })
    return await act(log)
  } finally {
    log.close()
  }
}

const personsFolderOf = (keys: string): string => path.join(path.dirname(keys), 'persons')
const settings = () => resolve({ env: process.env, cwd: process.cwd(), parseYaml: parse }).settings

function placesOf(values: Values): Places {
  const { auditDir, auditKeys, auditCheckpoints } = settings()
  const folder = named(values.dir ?? auditDir, '--dir or AFN_AUDIT_DIR')
  const keys = named(values.keys ?? auditKeys, '--keys or AFN_AUDIT_KEYS')
  return { folder, keys, checkpoints: values.checkpoints ?? auditCheckpoints ?? folder }
}

function named(value: string | undefined, by: string): string {
  if (!value) throw new Error(`missing ${by}`)
  return value
}

/** @returns ISO 8601 */
function timeOf(option: string, time: string | undefined): string | undefined {
  if (time === undefined) return undefined
  const milliseconds = Date.parse(time)
  if (Number.isNaN(milliseconds)) throw new Error(`${option} takes 2026-11-24 or 2026-11-24T10:00:00Z, not "${time}"`)
  return new Date(milliseconds).toISOString()
}

function readPublicKey(file: string) {
  try {
    return createPublicKey(readFileSync(file))
  } catch (error) {
    throw new Error(`--public-key ${file} is not a public key: ${(error as Error).message}`)
  }
}
