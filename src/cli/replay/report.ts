// What a replay has found, for people and as JSON.
import type { RecordedRequest, Recording } from '../../app/llm/record/recording'
import { plainText } from '../terminal'
import type { Change } from './json-diff'
import type { Match } from './match'

export interface ReplayReport {
  readonly recorded: number
  /** Calls of the app that got a recorded answer. */
  readonly answered: number
  readonly isSame: boolean
  readonly changed: readonly CallChanges[]
  /** Requests for which no recorded call was left. They were refused. */
  readonly notRecorded: readonly { readonly method: string; readonly url: string; readonly request: unknown }[]
  /** Recorded calls that the app did not make. */
  readonly notAsked: readonly CallName[]
}

interface CallName {
  readonly call: number
  readonly traceId: string
  readonly spanId: string
  readonly method: string
  readonly url: string
}

interface CallChanges extends CallName {
  readonly changes: readonly Change[]
}

const nameOf = (call: number, { traceId, spanId, request: { method, url } }: Recording): CallName => ({
  call,
  traceId,
  spanId,
  method,
  url,
})

export function reportOf(
  recorded: number,
  matches: readonly Match[],
  unmatched: readonly RecordedRequest[],
  left: readonly { readonly call: number; readonly recording: Recording }[],
): ReplayReport {
  const changed = matches
    .filter(({ changes }) => changes.length > 0)
    .map(({ call, recording, changes }) => ({ ...nameOf(call, recording), changes }))
  return {
    recorded,
    answered: matches.length,
    isSame: changed.length === 0 && unmatched.length === 0 && left.length === 0,
    changed,
    notRecorded: unmatched.map(({ method, url, body }) => ({ method, url, request: body })),
    notAsked: left.map(({ call, recording }) => nameOf(call, recording)),
  }
}

export function reportLines(report: ReplayReport): string[] {
  const lines = [`${report.answered} of ${report.recorded} recorded calls answered`]
  for (const { call, method, url, spanId, changes } of report.changed) {
    lines.push(`call ${call} asks differently: ${method} ${url} (span ${spanId})`, ...changes.map(lineOf))
  }
  for (const { method, url } of report.notRecorded) lines.push(`not recorded, and refused: ${method} ${url}`)
  for (const { call, method, url, spanId } of report.notAsked)
    lines.push(`not asked: call ${call}, ${method} ${url} (span ${spanId})`)
  if (report.isSame) lines.push('the app asks the same')
  return lines.map(plainText)
}

function lineOf(change: Change): string {
  if (change.kind === 'added') return `  + ${change.path}: ${shown(change.after)}`
  if (change.kind === 'removed') return `  - ${change.path}: ${shown(change.before)}`
  const { path, before, after } = change
  if (typeof before !== 'string' || typeof after !== 'string') return `  ~ ${path}: ${shown(before)} → ${shown(after)}`
  // long texts from shortly before the first place in which they differ
  let same = 0
  while (same < before.length && before[same] === after[same]) same++
  const from = Math.max(0, same - 30)
  return `  ~ ${path}: ${shown(before, from)} → ${shown(after, from)}`
}

const LONGEST = 160

function shown(value: unknown, from = 0): string {
  if (typeof value === 'string' && from > 0) return `…${cut(JSON.stringify(value.slice(from)))}`
  return cut(JSON.stringify(value) ?? 'undefined')
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
