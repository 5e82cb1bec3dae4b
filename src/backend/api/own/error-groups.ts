// Groups failures so that a group survives deployments. Failures of one service with the same type, message and places form a group. Places
// are those in the sources if there is a source map, else file names without the hashes that a build adds.
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

/** Number of innermost frames that identify a failure; further out, only the callers differ. */
const FRAMES = 3
export const mostExamples = 5
const mostNames = 20

/**
 * @param rows each with a different combination of `type`, `message`, `service`, `build` and `frames`
 * @param folder the folder of the source maps, if any
 * @param step seconds per step of `steps`
 * @returns the most frequent groups first
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
  // newest first, because a group shows details of its last occurrence
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

/** @returns the key of the group, and the frames to show */
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
