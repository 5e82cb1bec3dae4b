// Rows of failures → groups that survive deploys: alike are those of one service with the same type, the same message and the
// same places, as they are in the sources where there is a map, else by the names of files without what a build puts into them.
import { createHash } from 'node:crypto'
import { Stretch } from '../../event-loop-turns'
import { stableName } from '../../sourcemaps/file-name'
import { parseFrame } from '../../sourcemaps/stack'
import { SourceMaps } from '../../sourcemaps/store'
import { originalsOf, showFrame } from '../../sourcemaps/symbolicate'
import type { Row } from '../../store/store'
import type { ErrorDeploy, ErrorExample, ErrorGroup } from '../error-answers'
import { secondsOf } from '../parameters'
import { count, textOrNull } from './row'

/** Frames that tell one failure from another; further out it is who called that differs. */
const FRAMES = 3
export const mostExamples = 5
const mostNames = 20

/**
 * @param rows each a different `type`, `message`, `service`, `build` and `frames`
 * @param folder of the source maps, if there is one
 * @param step seconds of a step of `steps`
 * @returns the most frequent first
 */
export async function grouped(
  rows: readonly Row[],
  folder: string | undefined,
  step: number,
  deploys: readonly ErrorDeploy[],
): Promise<ErrorGroup[]> {
  const since = new Map(deploys.map(({ service, atNs }) => [service, BigInt(atNs)]))
  const users = new Map<string, Set<string>>()
  const maps = folder === undefined ? undefined : new SourceMaps(folder)
  const groups = new Map<string, ErrorGroup>()
  const stretch = new Stretch()
  // the newest first: what a group tells of one occurrence is of its last
  for (const row of [...rows].sort((one, other) => Number((other.last as bigint) - (one.last as bigint)))) {
    if (stretch.isOver) await stretch.rest()
    const { key, frames } = placesOf(row, maps)
    const [service, type, message] = [row.service as string, row.type as string, row.message as string]
    const id = createHash('md5')
      .update([service, type, message, ...key].join('\0'))
      .digest('hex')
      .slice(0, 16)
    const known = groups.get(id)
    const ofGroup = users.get(id) ?? new Set<string>()
    users.set(id, ofGroup)
    for (const user of (row.users ?? []) as string[]) ofGroup.add(user)
    const deployed = since.get(service)
    const isFirst = known === undefined || secondsOf(row.first) <= known.first
    groups.set(id, {
      id,
      type,
      message,
      newest: known?.newest ?? (row.newest as string),
      service,
      users: ofGroup.size,
      firstVersion: isFirst ? textOrNull(row.first_version) : known.firstVersion,
      lastVersion: known ? known.lastVersion : textOrNull(row.last_version),
      isNew: deployed !== undefined && (row.first_alike as bigint) >= deployed,
      span: known?.span || (row.span as string),
      spans: [...new Set([...(known?.spans ?? []), ...((row.names ?? []) as string[])])].sort().slice(0, mostNames),
      count: (known?.count ?? 0) + count(row.count),
      first: Math.min(known?.first ?? Number.POSITIVE_INFINITY, secondsOf(row.first)),
      last: known?.last ?? secondsOf(row.last),
      frames: known?.frames ?? frames,
      points: added(known?.points ?? [], pointsOf(row, step)),
      examples: [...(known?.examples ?? []), ...examplesOf(row)]
        .sort((one, other) => other.time - one.time)
        .slice(0, mostExamples),
    })
  }
  return [...groups.values()].sort((one, other) => other.count - one.count || other.last - one.last)
}

type Points = ErrorGroup['points']

function pointsOf({ steps }: Row, step: number): Points {
  return (steps as { key: bigint; value: bigint }[]).map(
    ({ key, value }) => [Number(key) * step, Number(value)] as const,
  )
}

function added(some: Points, more: Points): Points {
  const sums = new Map(some)
  for (const [at, n] of more) sums.set(at, (sums.get(at) ?? 0) + n)
  return [...sums].sort(([a], [b]) => a - b)
}

function examplesOf({ examples }: Row): ErrorExample[] {
  return (examples as Row[]).map(({ trace, time_ns, name, session, page }) => ({
    time: secondsOf(time_ns),
    traceId: textOrNull(trace),
    span: name as string,
    session: textOrNull(session),
    page: textOrNull(page),
  }))
}

/** @returns what the group is known by, and what is shown */
function placesOf(row: Row, maps: SourceMaps | undefined): { key: string[]; frames: string[] } {
  const frames = (row.frames as string[]).flatMap(line => parseFrame(line) ?? [])
  const build = textOrNull(row.build) ?? undefined
  const originals = originalsOf(frames, file => maps?.mapOf(build, file))
  const places = frames.map((frame, at) => ({ frame, original: originals[at] })).slice(0, FRAMES)
  const located = places.filter(({ frame }) => frame.file)
  return {
    key: located.map(({ frame, original }) =>
      original ? `${original.name ?? ''} ${original.source}` : stableName(frame.file),
    ),
    frames: located.map(({ frame, original }) => showFrame(frame, original)),
  }
}
