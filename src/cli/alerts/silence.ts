// `afn-otel alerts silence list|add|expire`
import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import {
  addSilence,
  alertsIn,
  expireSilence,
  type FiringAlert,
  type Matcher,
  type Silence,
  silencesIn,
} from '../../monitoring/alerts/api'
import { WATCHDOG } from '../../monitoring/alerts/config'
import { isEmpty, matcherOf, matches, textOf } from '../../monitoring/alerts/matchers'
import { type Backend, BackendError } from '../../shared/queries/http'
import { table } from '../../shared/queries/table'
import { secondsOfDuration } from '../../shared/queries/window'
import { answering } from '../backends'
import { helpOption, print } from '../help'
import { timeOf } from '../option-values'
import { type Options, optionLines } from '../options'
import { json, plainText } from '../terminal'
import { alertmanagerOf, alertmanagerOption } from './alertmanager'

export const options = {
  for: { type: 'string', argument: '2h', help: 'duration from now: 30m, 2h, 3d …; or' },
  until: { type: 'string', argument: 'TIME', help: 'such as 2026-12-01T08:00:00Z' },
  comment: { type: 'string', argument: 'TEXT', help: 'reason, for other people' },
  by: { type: 'string', argument: 'NAME', help: 'your name', otherwise: 'the user of this machine' },
  json: { type: 'boolean', default: false, help: 'prints the raw response of Alertmanager' },
  ...alertmanagerOption,
} as const satisfies Options

const help = `Usage: afn-otel alerts silence list [--json]
       afn-otel alerts silence add MATCHER… --for 2h --comment TEXT [--by NAME]
       afn-otel alerts silence expire ID…

Mutes notifications for matching alerts for a limited time; the alerts keep firing. People on call see the comment.

${optionLines(options, {
  MATCHER: 'service=checkout, severity!=low, alertname=~"Checkout.*"; all must match',
  ID: 'from list; a unique prefix is enough',
})}

Exit codes: 0 done; 1 Alertmanager is unreachable or rejects the request; 2 usage error.`

type Values = ReturnType<typeof read>['values']
const read = (args: string[]) => parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })

const commands: Record<string, (backend: Backend, values: Values, rest: readonly string[]) => Promise<number>> = {
  list,
  add,
  expire,
}

export async function silence(args: string[]): Promise<number> {
  const { values, positionals } = read(args)
  if (values.help) return print(help)
  const [name, ...rest] = positionals
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command)
    throw new Error(`alerts silence takes list, add or expire${name === undefined ? '' : `, not "${name}"`}`)
  const backend = alertmanagerOf(values.alertmanager)
  return answering(`alerts silence ${name}`, () => command(backend, values, rest))
}

async function list(backend: Backend, values: Values, rest: readonly string[]): Promise<number> {
  if (rest.length > 0) throw new Error(`unexpected argument "${rest[0]}"; alerts silence list takes only options`)
  const silences = (await silencesIn(backend))
    .filter(({ status }) => status.state !== 'expired')
    .toSorted((a, b) => a.endsAt.localeCompare(b.endsAt))
  if (values.json) return print(json(silences, 2))
  if (silences.length === 0) return print('no silences')
  const rows = silences.map(({ id, status, endsAt, createdBy, comment, matchers }) => [
    id.slice(0, 8),
    status.state,
    endsAt,
    createdBy,
    matchers.map(textOf).join(' '),
    comment,
  ])
  return print(table(['ID', 'STATE', 'UNTIL', 'BY', 'MATCHERS', 'COMMENT'], rows).join('\n'))
}

async function add(backend: Backend, values: Values, rest: readonly string[]): Promise<number> {
  const matchers = rest.map(matcherOf)
  if (matchers.length === 0) throw new Error('alerts silence add needs at least one matcher, such as service=checkout')
  if (matchers.every(isEmpty))
    throw new Error('these matchers require no label and would mute everything; add one such as service=checkout')
  const comment = values.comment?.trim()
  if (!comment) throw new Error('alerts silence add requires --comment TEXT: people on call must know the reason')
  const endsAt = endOf(values)
  const firing = await alertsIn(backend)
  const muted = firing.filter(({ labels }) => matches(labels, matchers))
  expectNoWatchdog(matchers)
  const id = await addSilence(backend, {
    matchers,
    startsAt: new Date().toISOString(),
    endsAt: endsAt.toISOString(),
    createdBy: values.by ?? userInfo().username,
    comment,
  })
  console.log(`${id.slice(0, 8)} until ${endsAt.toISOString()}`)
  console.log(plainText(mutedOf(muted, firing.length)))
  return 0
}

function mutedOf(muted: readonly FiringAlert[], firing: number): string {
  if (muted.length === 0)
    return firing === 0
      ? 'no alerts firing now; it mutes matching alerts that fire until then'
      : `none of the ${firing} firing alerts match; it mutes matching alerts that fire until then. Are the matchers correct?`
  const names = muted.map(({ labels }) => `${labels.alertname}${labels.service ? ` (${labels.service})` : ''}`)
  return `it mutes ${muted.length} of the ${firing} firing alerts: ${[...new Set(names)].join(', ')}`
}

/** A silenced Watchdog would look like a dead alerting pipeline to the external heartbeat monitor. */
function expectNoWatchdog(matchers: readonly Matcher[]): void {
  if (!matches({ alertname: WATCHDOG, severity: 'none' }, matchers)) return
  if (
    matchers.some(
      ({ name, value, isRegex, isEqual }) => name === 'alertname' && value === WATCHDOG && !isRegex && isEqual,
    )
  )
    return
  throw new Error(
    `this would also mute ${WATCHDOG}, and external watchdogs would raise an alarm; add alertname!=${WATCHDOG}`,
  )
}

function endOf(values: Values): Date {
  if ((values.for === undefined) === (values.until === undefined))
    throw new Error('alerts silence add requires either --for 2h or --until 2026-12-01T08:00:00Z: a silence must end')
  if (values.for !== undefined) return new Date(Date.now() + secondsOfDuration('--for', values.for) * 1_000)
  const end = timeOf('--until', values.until!)
  if (end <= Date.now()) throw new Error(`--until ${values.until} is in the past`)
  return new Date(end)
}

async function expire(backend: Backend, _: Values, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) throw new Error('alerts silence expire needs the ID of a silence, from list')
  const silences = (await silencesIn(backend)).filter(({ status }) => status.state !== 'expired')
  for (const silence of ids.map(id => theOne(silences, id))) {
    await expireSilence(backend, silence.id)
    console.log(plainText(`${silence.id.slice(0, 8)} has expired: ${silence.matchers.map(textOf).join(' ')}`))
  }
  return 0
}

function theOne(silences: readonly Silence[], beginning: string): Silence {
  const found = silences.filter(({ id }) => id.startsWith(beginning))
  if (found.length === 1) return found[0]!
  throw new BackendError(
    found.length === 0 ? `silence ${beginning} not found` : `${beginning} matches ${found.length} silences`,
  )
}
