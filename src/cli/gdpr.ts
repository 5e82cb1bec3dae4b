// `afn-otel gdpr`: takes a person out of all stores, says how far it has come, and verifies what was signed.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { type AuditLog, openLog } from '../audit/log'
import { readKeyFile } from '../config/hmac-key'
import { resolve } from '../config/resolve'
import { reminderAt } from '../gdpr/due'
import { exportSubject } from '../gdpr/export'
import { hashOf, verifyReceipt } from '../gdpr/receipt'
import { erase, exitCodeOf, type Outcome, resume, type SagaOptions } from '../gdpr/saga'
import { createSecretFile, readSecretFile } from '../gdpr/secret'
import { openStateFolder, type RequestState } from '../gdpr/state'
import { auditStore } from '../gdpr/stores/audit'
import { embeddedFile } from '../gdpr/stores/embedded'
import { langfuseStore } from '../gdpr/stores/langfuse'
import { logFilesStore } from '../gdpr/stores/log-files'
import { prometheusStore } from '../gdpr/stores/prometheus'
import { spoolStore } from '../gdpr/stores/spool'
import type { SubjectStore } from '../gdpr/stores/store'
import { BadSubject, identityOf, parseSubject } from '../gdpr/subject'
import { planOf } from '../pipeline/plan'
import { createRedactor } from '../redact'
import { retention } from '../tiers'
import { prometheusOf } from './backends'
import { helpOption, print } from './help'
import { dataFolder } from './local/data-folder'
import { type Options, optionLines } from './options'
import { pipelineSettings } from './pipeline-settings'

const options = {
  subject: {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'KIND=ID',
    help: 'the person, such as email=bob@example.com or user.id=17; may be given several times. With "-", a line of stdin each: other users of the machine see the arguments of a command',
  },
  'key-file': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'FILE',
    help: 'an earlier key of pseudonyms, too; may be given several times',
  },
  'key-id': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'ID',
    help: 'pseudonyms of this key are in the stores: it is an error where none of the keys is that one',
  },
  proof: {
    type: 'string',
    argument: 'TEXT',
    help: 'who asked, and how it was made sure who they are: a number of a ticket, not a name',
  },
  received: { type: 'string', argument: 'DAY', help: 'when the request came', otherwise: 'now' },
  'dry-run': { type: 'boolean', default: false, help: 'counts what there is and erases nothing' },
  confirm: {
    type: 'string',
    argument: "'erase N traces'",
    help: 'where it is more than a tenth of the traces of a store',
  },
  state: { type: 'string', argument: 'DIR', help: 'folder of the requests', otherwise: 'AFN_GDPR_DIR' },
  key: { type: 'string', argument: 'FILE', help: 'key of the requests and receipts', otherwise: 'AFN_GDPR_KEY' },
  data: { type: 'string', argument: 'DIR', help: 'folder of afn-otel up', otherwise: 'AFN_DATA_DIR, as afn-otel up' },
  prometheus: {
    type: 'string',
    argument: 'URL',
    help: 'of Prometheus',
    otherwise: 'AFN_PROMETHEUS_URL, else none is asked',
  },
  'public-key': {
    type: 'string',
    multiple: true,
    default: [] as string[],
    argument: 'FILE',
    help: 'verify: of today and of earlier years',
  },
  json: { type: 'boolean', default: false, help: 'the report as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel gdpr COMMAND [OPTIONS]

init            makes the key of requests and receipts, and prints its public half; keep a copy of both
erase           takes a person out of all stores. Run it again when it says when; what is done is not done again
export DIR      writes what the stores have of a person into a folder, with other persons masked
resume          goes on with all requests that are open, as a job each hour would
status          requests, with their due dates; exit code 3 while one is open
verify RECEIPT  whether a receipt is genuine

${optionLines(options)}

Stores are those that the settings name: AFN_SPOOL_DIR, AFN_LOG_DIR, AFN_AUDIT_DIR, LANGFUSE_PUBLIC_KEY, the folder of afn-otel up,
AFN_PROMETHEUS_URL.

Exit codes: 0 done; 1 the state, a key or the audit log can't be used, or a receipt is not genuine; 2 the command is not right, or has to be
confirmed; 3 not done yet: a store is away, or what was on its way may still arrive.`

const read = (args: string[]) => parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
type Values = ReturnType<typeof read>['values']

const commands: Record<string, (values: Values, rest: string[]) => Promise<number> | number> = {
  init(values) {
    const file = keyFileOf(values)
    createSecretFile(file)
    return print(publicPem(createPublicKey(readSecretFile(file).signing)))
  },
  async erase(values) {
    const identifiers = parseSubject(subjectOf(values))
    const { keys } = settingsOf(values)
    identityOf(identifiers, keys, values['key-id'])
    if (!values['dry-run'] && !values.proof)
      throw new Error('say by --proof who asked and how it was made sure who they are; it goes into the audit log')
    return withSaga(values, async saga => {
      const received = values.received === undefined ? undefined : Date.parse(values.received)
      if (Number.isNaN(received))
        throw new Error(`--received takes a day, such as 2026-11-28, not "${values.received}"`)
      const outcome = await erase(saga, {
        identifiers,
        dryRun: values['dry-run'],
        ...(received !== undefined && { receivedAt: received }),
        ...(values.confirm !== undefined && { confirmation: values.confirm }),
      })
      return tell(outcome, values.json)
    })
  },
  async export(values, [folder]) {
    if (folder === undefined) throw new Error('export takes the folder that it makes')
    const { keys } = settingsOf(values)
    const identity = identityOf(parseSubject(subjectOf(values)), keys, values['key-id'])
    if (!values.proof)
      throw new Error('say by --proof who asked and how it was made sure who they are; it goes into the audit log')
    return withSaga(values, async ({ audit, stores, now }) => {
      await audit('gdpr.export', {})
      const manifest = await exportSubject({ folder, stores, identity, now })
      for (const [store, { records, problem }] of Object.entries(manifest.stores))
        console.log(`${store}: ${records} records${problem ? `; ${problem}` : ''}`)
      return Object.values(manifest.stores).some(({ problem }) => problem !== undefined) ? 3 : 0
    })
  },
  resume: values =>
    withSaga(values, async saga => {
      const open = saga.state.all().filter(({ phase }) => phase === 'running')
      const codes: number[] = []
      for (const { handle } of open) codes.push(tell(await resume(saga, handle), values.json))
      return Math.max(0, ...codes)
    }),
  status(values) {
    const requests = openStateFolder(stateOf(values)).all()
    for (const request of requests) console.log(values.json ? JSON.stringify(publicOf(request)) : lineOf(request))
    return requests.some(({ phase }) => phase !== 'done') ? 3 : 0
  },
  verify(values, [file]) {
    if (file === undefined) throw new Error('verify takes the file of a receipt')
    const keys = values['public-key'].map(readPublicKey)
    const own = values.key ?? process.env.AFN_GDPR_KEY
    if (own) keys.push(createPublicKey(readSecretFile(own).signing))
    if (keys.length === 0) throw new Error('verify takes a --public-key, which is not from the receipt')
    const verdict = verifyReceipt(JSON.parse(readFileSync(file, 'utf8')), keys)
    console.log(verdict)
    return verdict === 'ok' ? 0 : 1
  },
}

/** @returns the exit code, as `help` says */
export async function gdpr(args: string[]): Promise<number> {
  const { values, positionals } = read(args)
  const [name, ...rest] = positionals
  if (values.help || name === 'help') return print(help)
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new Error(`gdpr takes ${Object.keys(commands).join(', ')}${name ? `, not "${name}"` : ''}`)
  try {
    return await command(values, rest)
  } catch (error) {
    if (error instanceof BadSubject || !(error as NodeJS.ErrnoException).code) throw error
    console.error(`afn-otel gdpr: ${(error as Error).message}`)
    return 1
  }
}

async function withSaga(values: Values, act: (saga: SagaOptions) => Promise<number>): Promise<number> {
  const { settings, keys } = settingsOf(values)
  const { auditDir: folder, auditKeys } = settings
  if (!folder || !auditKeys)
    throw new Error('set AFN_AUDIT_DIR and AFN_AUDIT_KEYS: who asked and who erased has to be on record')
  const redactor = createRedactor()
  const log = openLog({
    folder,
    keys: auditKeys,
    checkpoints: settings.auditCheckpoints ?? folder,
    whenFull: 'fail',
    retentionDays: retention.logs.audit,
    maxBytes: Number.POSITIVE_INFINITY,
    now: Date.now,
    redact: value => redactor.value('audit', value),
    onProblem: problem => console.error(`afn-otel gdpr: ${problem}`),
  })
  const actor = { id: `os-user:${userInfo().username}` }
  const proof = values.proof === undefined ? {} : { proof: values.proof }
  try {
    return await act({
      state: openStateFolder(stateOf(values)),
      secret: readSecretFile(keyFileOf(values)),
      stores: storesOf(values, settings, log),
      keys,
      audit: async (action, details) => {
        await log.record({ action, actor, details: { ...details, ...proof } })
      },
      now: Date.now,
    })
  } finally {
    log.close()
  }
}

/** What delivers to others stands first. */
function storesOf(values: Values, settings: ReturnType<typeof settingsOf>['settings'], log: AuditLog): SubjectStore[] {
  const { spoolDir, logDir, auditDir, auditKeys, langfuseHost, langfusePublicKey, langfuseSecretKey } = settings
  const file = path.join(values.data ?? dataFolder(), 'afn.duckdb')
  const prometheus = values.prometheus ?? process.env.AFN_PROMETHEUS_URL
  const plan = planOf('laptop', pipelineSettings())
  const logs = logDir ?? 'logs'
  return [
    ...(spoolDir ? [spoolStore(spoolDir)] : []),
    ...(existsSync(file) ? [embeddedFile({ path: file, retention: plan.retention, policies: plan.policies })] : []),
    ...(langfusePublicKey && langfuseSecretKey
      ? [
          langfuseStore({
            url: langfuseHost.replace(/\/+$/, ''),
            publicKey: langfusePublicKey,
            secretKey: langfuseSecretKey,
          }),
        ]
      : []),
    ...(prometheus ? [prometheusStore(prometheusOf(prometheus), plan.retention.metrics.high, Date.now)] : []),
    ...(existsSync(logs) ? [logFilesStore([logs])] : []),
    auditStore({ folder: auditDir!, keys: auditKeys!, retentionDays: retention.logs.audit }, log),
  ]
}

function tell(outcome: Outcome, json: boolean): number {
  if (outcome.status === 'busy') console.error('another process is at work on this person; run it again later')
  else if (json) console.log(JSON.stringify({ status: outcome.status, ...publicOf(outcome.request) }))
  else {
    for (const [store, { step, found, shared, problem }] of Object.entries(outcome.request.stores))
      console.log(
        `${store}: ${step}, ${found ?? 'not yet known how many'} records found${shared ? `, ${shared} traces with other persons` : ''}${problem ? `; ${problem}` : ''}`,
      )
    if (outcome.status === 'unconfirmed') console.log(`it is much: run it again with --confirm '${outcome.phrase}'`)
    if (outcome.status === 'partial') console.log(`run it again from ${new Date(outcome.again).toISOString()} on`)
    if (outcome.status === 'done') console.log(`${JSON.stringify(outcome.receipt)}\nreceipt ${hashOf(outcome.receipt)}`)
  }
  return exitCodeOf(outcome)
}

function publicOf({ sealed: _, ...request }: RequestState): Omit<RequestState, 'sealed'> {
  return request
}

function lineOf({ id, phase, receivedAt, dueAt }: RequestState): string {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  const left = phase === 'done' ? undefined : reminderAt(dueAt, Date.now())
  const reminder = left === undefined ? '' : left <= 0 ? ', overdue' : `, ${left} days or less`
  return `${id} ${phase}, received ${day(receivedAt)}, due ${day(dueAt)}${reminder}`
}

function settingsOf(values: Values) {
  const { settings, problems } = resolve({ env: process.env, cwd: process.cwd(), parseYaml: parse })
  for (const { code, message } of problems) console.error(`${code} ${message}`)
  const today = settings.hmacKey ? [settings.hmacKey] : settings.hmacKeyFile ? [readKey(settings.hmacKeyFile)] : []
  return { settings, keys: [...today, ...values['key-file'].map(readKey)] }
}

function readKey(file: string): string {
  try {
    return readKeyFile(file)
  } catch (error) {
    throw new Error(`the key in ${file} can't be used: ${(error as Error).message}`)
  }
}

function readPublicKey(file: string): KeyObject {
  try {
    return createPublicKey(readFileSync(file))
  } catch (error) {
    throw new Error(`--public-key ${file} is no public key: ${(error as Error).message}`)
  }
}

function subjectOf({ subject }: Values): string[] {
  if (!subject.includes('-')) return subject
  return [...subject.filter(one => one !== '-'), ...readFileSync(0, 'utf8').split('\n').filter(Boolean)]
}

const publicPem = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }).toString().trim()
const stateOf = (values: Values): string => named(values.state ?? process.env.AFN_GDPR_DIR, '--state or AFN_GDPR_DIR')
const keyFileOf = (values: Values): string => named(values.key ?? process.env.AFN_GDPR_KEY, '--key or AFN_GDPR_KEY')

function named(value: string | undefined, by: string): string {
  if (!value) throw new Error(`give ${by}`)
  return value
}
