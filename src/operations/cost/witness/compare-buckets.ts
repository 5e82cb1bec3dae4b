/**
 * Compares a usage report with our calls, by bucket, model and tier. The report only has sums: a difference is attributed to one of our
 * calls if that matches exactly, and is otherwise reported as a sum.
 */
import type { Cause } from './compare-calls'
import type { OurCall } from './statement'
import type { Counts, UsageRow } from './usage-report'

export interface BucketDifference {
  readonly start: number
  readonly model: string
  readonly tier: string
  readonly cause: Cause
  /** Theirs minus ours. */
  readonly requests: number | undefined
  readonly counts: Counts
  /** The call that explains the difference. */
  readonly ours: OurCall | undefined
}

interface Cell {
  readonly start: number
  readonly end: number
  readonly model: string
  readonly tier: string
  theirs: Counts & { readonly requests: number | undefined }
  readonly ours: Set<OurCall>
}

const nothing: Counts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
const keys = ['input', 'output', 'cacheRead', 'cacheWrite'] as const
const countsOf = (call: OurCall): Counts => ({ ...nothing, ...call, input: call.input ?? 0, output: call.output ?? 0 })
const minus = (a: Counts, b: Counts): Counts => Object.fromEntries(keys.map(key => [key, a[key] - b[key]])) as never
const plus = (a: Counts, b: Counts): Counts => Object.fromEntries(keys.map(key => [key, a[key] + b[key]])) as never
const isSame = (a: Counts, b: Counts): boolean => keys.every(key => a[key] === b[key])

/** A call that starts this close to a bucket's edge may be in the next bucket for the provider. */
const EDGE_MS = 10_000

/** @param rows of one provider @param ours of the same time range, with models normalised by `modelKey` */
export function compareBuckets(rows: readonly UsageRow[], ours: readonly OurCall[]): BucketDifference[] {
  const cells = cellsOf(rows, ours)
  const differences: BucketDifference[] = []
  const off = [...cells].filter(cell => !isSettled(cell))
  for (const cell of off) moveOverEdges(cell, off)
  for (const cell of off) differences.push(...otherTiers(cell, off))
  for (const cell of off) if (!isSettled(cell)) differences.push(explained(cell))
  return differences.toSorted((a, b) => a.start - b.start || a.model.localeCompare(b.model))
}

function cellsOf(rows: readonly UsageRow[], ours: readonly OurCall[]): Cell[] {
  const spans = new Map(rows.map(({ start, end }) => [start, end]))
  const starts = [...spans.keys()].toSorted((a, b) => a - b)
  const cells = new Map<string, Cell>()
  const cellOf = (start: number, model: string, tier: string) => {
    const key = JSON.stringify([start, model, tier])
    const cell = cells.get(key) ?? {
      start,
      end: spans.get(start)!,
      model,
      tier,
      theirs: { ...nothing, requests: 0 },
      ours: new Set(),
    }
    cells.set(key, cell)
    return cell
  }
  for (const row of rows) {
    const cell = cellOf(row.start, row.model, row.tier)
    const requests = row.requests === undefined ? undefined : (cell.theirs.requests ?? 0) + row.requests
    cell.theirs = { ...plus(cell.theirs, row), requests }
  }
  const isCounted = rows.some(({ requests }) => requests !== undefined)
  for (const call of ours) {
    const start = starts.findLast(one => one <= call.at)
    // a call without counts cannot affect sums
    if (start === undefined || call.at >= spans.get(start)! || call.input === undefined) continue
    const cell = cellOf(start, call.model, call.tier)
    if (!isCounted) cell.theirs = { ...cell.theirs, requests: undefined }
    cell.ours.add(call)
  }
  return [...cells.values()]
}

/** Theirs minus ours. */
const restOf = ({ theirs, ours }: Cell): Counts =>
  minus(
    theirs,
    [...ours].reduce((sum, call) => plus(sum, countsOf(call)), nothing),
  )
const requestsOf = ({ theirs, ours }: Cell): number | undefined =>
  theirs.requests === undefined ? undefined : theirs.requests - ours.size
const isSettled = (cell: Cell): boolean => isSame(restOf(cell), nothing) && !requestsOf(cell)

/** The call that equals the surplus of this cell. */
function surplus(cell: Cell): OurCall | undefined {
  const rest = minus(nothing, restOf(cell))
  return [...cell.ours].find(call => isSame(countsOf(call), rest))
}

/** Whether the cell lacks exactly this call. */
const lacks = (cell: Cell, call: OurCall): boolean => isSame(restOf(cell), countsOf(call))

function moveOverEdges(cell: Cell, cells: readonly Cell[]): void {
  for (const call of cell.ours) {
    const neighbour = cells.find(
      other =>
        other.model === cell.model &&
        other.tier === cell.tier &&
        ((other.start === cell.end && cell.end - call.at <= EDGE_MS) ||
          (other.end === cell.start && call.at - cell.start <= EDGE_MS)) &&
        (lacks(other, call) || surplus(cell) === call),
    )
    if (!neighbour) continue
    cell.ours.delete(call)
    neighbour.ours.add(call)
  }
}

/** Finds calls that the provider has at the same time in another tier. */
function otherTiers(cell: Cell, cells: readonly Cell[]): BucketDifference[] {
  const found: BucketDifference[] = []
  for (const call of cell.ours) {
    const other = cells.find(
      one => one !== cell && one.start === cell.start && one.model === cell.model && lacks(one, call),
    )
    if (!other) continue
    cell.ours.delete(call)
    other.ours.add(call)
    const isBatch = [cell.tier, other.tier].includes('batch')
    const { start, model, tier } = other
    found.push({ start, model, tier, cause: isBatch ? 'batch' : 'tier', requests: 0, counts: nothing, ours: call })
  }
  return found
}

function explained(cell: Cell): BucketDifference {
  const { start, model, tier } = cell
  const [counts, requests] = [restOf(cell), requestsOf(cell)]
  const of = (cause: Cause, ours?: OurCall): BucketDifference => ({ start, model, tier, cause, requests, counts, ours })
  const cached = counts.cacheRead + counts.cacheWrite
  const extra = surplus(cell)
  if (requests === -1 || (requests === undefined && extra)) return of('not theirs', extra)
  if (requests !== undefined && requests < 0) return of('not theirs')
  if ((requests ?? 0) === 0 && counts.output === 0 && counts.input === (counts.input === 0 ? 0 : cached))
    return of('cache')
  const again = counts.input >= 100 ? [...cell.ours].find(({ input }) => input === counts.input) : undefined
  if (requests === 1 || requests === undefined) if (again) return of('retried', again)
  if (requests !== undefined && requests > 0) return of('not ours')
  if (counts.input > 0 && counts.output > 0) return of(requests === undefined ? 'more' : 'iteration')
  return of('tokens')
}
