// `afn-otel gdpr`: takes a person out of all stores, says how far it has come, and verifies what was signed.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { exportSubject } from '../operations/gdpr/export'
import { extend } from '../operations/gdpr/extend'
import { isUnmistakable } from '../operations/gdpr/person-attributes'
import { verifyReceipt } from '../operations/gdpr/receipt'
import { keyFileOf, stateFolderOf } from '../operations/gdpr/request-folder'
import { erase, resume } from '../operations/gdpr/saga'
import type { SagaOptions } from '../operations/gdpr/saga-options'
import { createSecretFile, readSecretFile } from '../operations/gdpr/secret'
import { openStateFolder } from '../operations/gdpr/state'
import { elsewhere } from '../operations/gdpr/stores/elsewhere'
import { BadSubject, type Identifier, identityOf, parseSubject } from '../operations/gdpr/subject'
import type { Settings } from '../shared/config/settings'
import { actor, openAudit, subjectsIn } from './gdpr/inputs'
import { printOutcome, printRequests } from './gdpr/report'
import { endpointsOf, notAsked, requireStore, storesOf } from './gdpr/stores'
import { suppress } from './gdpr/suppress'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'
import { keysOf } from './pseudonym-keys'
import { tellSuccess } from './push-gauges'
import { readSettings } from './read-settings'

export const options = {
  subject: {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'KIND=ID',
    help: 'the person, such as email=bob@example.com or user.id=17; can be repeated. "-" reads one per line from stdin: other users of the machine can see command arguments',
  },
  'key-file': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'FILE',
    help: 'also uses an earlier pseudonym key; can be repeated',
  },
  'key-id': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'ID',
    help: 'id of the key whose pseudonyms are in the stores; fails if no key has this id',
  },
  proof: {
    type: 'string',
    argument: 'TEXT',
    help: 'who asked, and how their identity was verified: a ticket number, not a name',
  },
  reason: {
    type: 'string',
    argument: 'WHY',
    help: 'extend: reason for the delay, as told to the person; recorded in the audit log',
  },
  received: { type: 'string', argument: 'DAY', help: 'day on which the request arrived', otherwise: 'now' },
  'dry-run': {
    type: 'boolean',
    default: false,
    help: 'counts matching records, shows some of them redacted, erases nothing',
  },
  confirm: {
    type: 'string',
    argument: "'erase N records'",
    help: 'confirms erasing more than a tenth of the records or traces of a store, with the phrase that erase prints',
  },
  state: { type: 'string', argument: 'DIR', help: 'folder of the requests', otherwise: 'AFN_GDPR_DIR' },
  key: { type: 'string', argument: 'FILE', help: 'key of the requests and receipts', otherwise: 'AFN_GDPR_KEY' },
  data: {
    type: 'string',
    argument: 'DIR',
    help: 'data folder of afn-otel up',
    otherwise: 'AFN_DATA_DIR, as afn-otel up',
  },
  prometheus: {
    type: 'string',
    argument: 'URL',
    help: 'of Prometheus',
    otherwise: 'AFN_PROMETHEUS_URL, else none',
  },
  'public-key': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'FILE',
    help: 'verify: current or earlier public key',
  },
  json: { type: 'boolean', default: false, help: 'prints the report as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel gdpr COMMAND [OPTIONS]

init            creates the key for requests and receipts, and prints its public key; store copies of both
erase           erases one person's data from all stores. Run it again at the time it prints; it continues where it stopped
export DIR      writes one person's data from all stores to a folder, with other people masked
resume          continues all open requests; run it as an hourly job. With OTEL_EXPORTER_OTLP_ENDPOINT and AFN_JOB_INTERVAL=1h, the
                alert AfnJobStale fires if the job stops
status          lists requests with their due dates; exit code 3 while one is open
extend REQUEST  extends a complex request by two months, once, within the first month (Art. 12(3)); inform the person
verify RECEIPT  checks whether a receipt is genuine
suppress        stops apps and pages from sending a person's telemetry; see afn-otel gdpr suppress --help

${optionLines(options)}

The settings define the stores: AFN_SPOOL_DIR, AFN_LOG_DIR, AFN_COLLECTOR_LOG_DIR (either may contain both kinds of files), AFN_AUDIT_DIR,
LANGFUSE_PUBLIC_KEY, the data folder of afn-otel up, AFN_PROMETHEUS_URL, AFN_PROMETHEUS_MEDIUM, AFN_PROMETHEUS_LOW, AFN_TEMPO_URL (and AFN_TEMPO_GRPC_URL,
if its backend scheduler is another server), AFN_LOKI_URL (and AFN_LOKI_TENANT), AFN_COST_DATABASE. The receipt lists the stores that were not searched.

Exit codes: 0 done; 1 the state, a key or the audit log can't be used, or a receipt is not genuine; 2 usage error, or confirmation
required; 3 not finished: a store is unreachable, or data in transit may still arrive.`

const read = (args: string[]) => parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
type Values = ReturnType<typeof read>['values']

/** How the command was called. */
interface Call {
  readonly values: Values
  readonly rest: readonly string[]
  readonly settings: Settings
}

const commands: Record<string, (call: Call) => Promise<number> | number> = {
  init({ values, settings }) {
    const file = keyFileOf(settings, values.key)
    createSecretFile(file)
    return print(publicPem(createPublicKey(readSecretFile(file).signing)))
  },
  async erase(call) {
    const { values } = call
    const identifiers = parseSubject(subjectsIn(values.subject))
    // a missing key is an error before the first request to a store
    identityOf(identifiers, keysOf(call.settings, values['key-file']), values['key-id'])
    if (!values['dry-run']) needProof(values)
    tellOfWords(identifiers)
    const receivedAt = receivedOf(values)
    return withSaga(call, async saga => {
      requireStore(saga.stores, call.settings)
      const outcome = await erase(saga, {
        identifiers,
        dryRun: values['dry-run'],
        ...(receivedAt !== undefined && { receivedAt }),
        ...(values.confirm !== undefined && { confirmation: values.confirm }),
      })
      return printOutcome(outcome, values.json)
    })
  },
  async export(call) {
    const {
      values,
      rest: [folder],
    } = call
    if (folder === undefined) throw new Error('export needs the folder to create, such as ./person-4711')
    const identity = identityOf(
      parseSubject(subjectsIn(values.subject)),
      keysOf(call.settings, values['key-file']),
      values['key-id'],
    )
    needProof(values)
    return withSaga(call, async ({ audit, stores, now }) => {
      requireStore(stores, call.settings)
      await audit('gdpr.export', {})
      const manifest = await exportSubject({ folder, stores, identity, now })
      for (const [store, { records, problem }] of Object.entries(manifest.stores))
        console.log(`${store}: ${records} records${problem ? `; ${problem}` : ''}`)
      return Object.values(manifest.stores).some(({ problem }) => problem !== undefined) ? 3 : 0
    })
  },
  resume: call =>
    withSaga(call, async saga => {
      const open = saga.state.all().filter(({ phase }) => phase === 'running')
      const codes: number[] = []
      for (const { handle } of open) codes.push(printOutcome(await resume(saga, handle), call.values.json))
      // a due date passes unseen where the job that goes on with requests has stopped
      await tellSuccess('gdpr', undefined)
      return Math.max(0, ...codes)
    }),
  status({ values, settings }) {
    const requests = openStateFolder(stateFolderOf(settings, values.state)).all()
    printRequests(requests, values.json)
    return requests.some(({ phase }) => phase !== 'done') ? 3 : 0
  },
  async extend(call) {
    const {
      values: { reason },
      rest: [id],
    } = call
    if (id === undefined) throw new Error('extend needs the id of a request, from afn-otel gdpr status')
    if (!reason) throw new Error('missing --reason: the reason for the delay, as told to the person')
    return withSaga(call, async saga => {
      const request = await extend(saga, id, reason)
      if (request) printRequests([request], call.values.json)
      else console.error('another process is handling this person; try again later')
      return request ? 0 : 3
    })
  },
  verify({ values, rest: [file], settings }) {
    if (file === undefined) throw new Error('verify needs the file of a receipt')
    const keys = values['public-key'].map(readPublicKey)
    if (keys.length === 0) keys.push(createPublicKey(readSecretFile(keyFileOf(settings, values.key)).signing))
    const verdict = verifyReceipt(JSON.parse(readFileSync(file, 'utf8')), keys)
    console.log(verdict)
    return verdict === 'ok' ? 0 : 1
  },
}

/** @returns the exit code, as `help` says */
export async function gdpr(args: string[]): Promise<number> {
  if (args[0] === 'suppress') return suppress(args.slice(1))
  const { values, positionals } = read(args)
  const [name, ...rest] = positionals
  if (values.help || name === 'help') return print(help)
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command)
    throw new Error(`gdpr takes ${Object.keys(commands).join(', ')}, suppress${name ? `, not "${name}"` : ''}`)
  const settings = readSettings()
  try {
    return await command({ values, rest, settings })
  } catch (error) {
    if (error instanceof BadSubject || !(error as NodeJS.ErrnoException).code) throw error
    console.error(`afn-otel gdpr: ${(error as Error).message}`)
    return 1
  }
}

async function withSaga(call: Call, act: (saga: SagaOptions) => Promise<number>): Promise<number> {
  const { values, settings } = call
  const audit = openAudit(settings)
  if (!audit)
    throw new Error('set AFN_AUDIT_DIR and AFN_AUDIT_KEYS: the audit log must record who asked and who erased')
  const proof = values.proof === undefined ? {} : { proof: values.proof }
  const places = { settings, audit, data: values.data, prometheus: values.prometheus }
  try {
    return await act({
      state: openStateFolder(stateFolderOf(settings, values.state)),
      secret: readSecretFile(keyFileOf(settings, values.key)),
      stores: storesOf(places),
      elsewhere: ms => elsewhere(endpointsOf(settings), ms),
      notAsked: ms => notAsked(places, ms),
      keys: keysOf(settings, values['key-file']),
      audit: async (action, details) => {
        await audit.log.record({ action, actor: actor(), details: { ...details, ...proof } })
      },
      now: Date.now,
    })
  } finally {
    audit.log.close()
  }
}

function tellOfWords(identifiers: readonly Identifier[]): void {
  const kinds = identifiers.filter(one => !isUnmistakable(one)).map(({ kind }) => kind)
  if (kinds.length > 0)
    console.error(
      `this ${kinds.join(', ')} is too ambiguous to search for in texts, so only identity attributes are searched; use --subject to add other identifiers of the person, such as an e-mail address`,
    )
}

function needProof({ proof }: Values): void {
  if (!proof)
    throw new Error(
      'missing --proof: who asked and how their identity was verified, such as --proof "ticket 4711, passport seen"; recorded in the audit log',
    )
}

function receivedOf({ received }: Values): number | undefined {
  if (received === undefined) return undefined
  const time = Date.parse(received)
  if (Number.isNaN(time)) throw new Error(`--received takes a day, such as 2026-11-28, not "${received}"`)
  if (time > Date.now())
    throw new Error(
      `--received ${received} is in the future; specify the day on which the request arrived, because the one-month period starts then`,
    )
  return time
}

function readPublicKey(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file))
  } catch (error) {
    throw new Error(`--public-key ${file} is not a public key: ${(error as Error).message}`)
  }
}

const publicPem = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }).toString().trim()
