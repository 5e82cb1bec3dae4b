// The time range of a tool call.
import { type TimeRange, windowSince } from '../../shared/queries/window'
import { type Arguments, string, ToolError, textOf } from './tool'

export const windowArguments = {
  since: string('How far back from now: 90s, 30m, 1h, 3d, 2w. Default 1h.', { pattern: '^\\d{1,6}[smhdw]$' }),
  start: string('In the place of since: the beginning, as RFC 3339 (2026-11-24T10:00:00Z) or seconds since 1970.'),
  end: string('With start: the end. Default: now.'),
}

/** @throws ToolError */
export function windowOf(args: Arguments, now: Date): TimeRange {
  const start = textOf(args, 'start')
  if (start === undefined) return windowBack(textOf(args, 'since') ?? '1h', now)
  const end = textOf(args, 'end')
  const window = {
    start: Math.floor(secondsOf('start', start)),
    end: end === undefined ? Math.floor(now.getTime() / 1_000) + 1 : Math.ceil(secondsOf('end', end)),
  }
  if (window.start < window.end) return window
  throw new ToolError('start has to be before end.')
}

function windowBack(since: string, now: Date): TimeRange {
  try {
    return windowSince(since, now, Number.POSITIVE_INFINITY)
  } catch (error) {
    throw new ToolError(`${(error as Error).message.replace('--since', 'since')}.`)
  }
}

function secondsOf(name: string, text: string): number {
  const seconds = /^\d{1,10}(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1_000
  if (seconds >= 0) return seconds
  throw new ToolError(`${name} takes RFC 3339, such as 2026-11-24T10:00:00Z, or seconds since 1970, not "${text}".`)
}

export const parametersOf = ({ start, end }: TimeRange) => ({ start: String(start), end: String(end) })

export const isoOf = (ms: number): string => new Date(ms).toISOString()

export const describedWindow = ({ start, end }: TimeRange) => ({ start: isoOf(start * 1_000), end: isoOf(end * 1_000) })
