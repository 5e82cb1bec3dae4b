// Computes and executes the changes that bring an account to the desired state. No state is kept between runs: after an aborted run, the
// next one reads what is there.
import { ApiError } from './api-error'
import { type Adapter, type DesiredResource, type Difference, type IdOf, keyOf, type Reference } from './resource'
import type { PermissionName } from './scopes'

export type Action =
  | 'create'
  | 'update'
  | 'delete'
  /** Somebody else created it, and it already does what is wanted. It stays unchanged. */
  | 'adopt'
  | 'none'
  /** It is not available here. */
  | 'skip'

export interface Step extends Reference {
  readonly action: Action
  readonly differences: readonly Difference[]
  /** Why the resource is left out or deleted. */
  readonly why?: string
}

interface Runnable extends Step {
  readonly needs: readonly Reference[]
  /** @returns the id of the resource after the step */
  run(idOf: IdOf): Promise<string | undefined>
}

/** All resources of one kind, with the desired ones. */
export interface Group {
  readonly kind: string
  readonly permission: PermissionName
  /** @param leftOut by key, why a resource is not available */
  plan(ids: Map<string, string>, leftOut: Map<string, string>, patience: Patience): Promise<Runnable[]>
}

export interface Patience {
  /** ms */
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
}

/** Whether the step changes anything at Cloudflare. */
export const isChange = ({ action }: Step): boolean => ['create', 'update', 'delete'].includes(action)

/** How long Cloudflare's lists may lack a new resource after an apply. */
const SETTLE_MS = 60_000
/** How long a list may lack a resource whose creation had no answer. */
const LATE_MS = 30_000
/** After this many rounds, remaining differences must come from Cloudflare or somebody else. */
const MOST_ROUNDS = 2

export function group<W extends DesiredResource, F>(adapter: Adapter<W, F>, wanted: readonly W[]): Group {
  const { kind, permission } = adapter
  return {
    kind,
    permission,
    async plan(ids, leftOut, patience) {
      const idOf: IdOf = reference => ids.get(keyOf(reference))
      const found = await adapter.read()
      const used = new Set<F>()
      const steps = wanted.map((one): Runnable => {
        const reference = { kind, name: one.name }
        const needs = adapter.needs(one)
        const why = leftOut.get(keyOf(reference)) ?? adapter.unavailable(one) ?? whyNeedIsMissing(needs, leftOut)
        const existing = pick(adapter, one, found, idOf)
        if (existing !== undefined) used.add(existing)
        const base = { ...reference, needs, differences: [] }
        // a resource of ours stays even if it could not be created today
        if (why !== undefined && existing === undefined) {
          leftOut.set(keyOf(reference), why)
          return { ...base, action: 'skip', why, run: async () => undefined }
        }
        if (existing === undefined)
          return { ...base, action: 'create', run: idOf => create(adapter, one, found, idOf, patience) }
        const id = adapter.idOf(existing)
        ids.set(keyOf(reference), id)
        const differences = adapter.differences(one, existing, idOf)
        const isOurs = adapter.isOurs(existing)
        if (isOurs === false && adapter.isEqual(one, existing, idOf))
          return { ...base, action: 'adopt', run: async () => id }
        const keptOff = isOurs === false ? adapter.keepsOff?.(existing) : undefined
        if (keptOff !== undefined) {
          leftOut.set(keyOf(reference), keptOff)
          return { ...base, action: 'skip', why: keptOff, run: async () => undefined }
        }
        if (differences.length === 0)
          return { ...base, action: isOurs === false ? 'adopt' : 'none', run: async () => id }
        return {
          ...base,
          differences,
          action: 'update',
          run: async idOf => {
            await adapter.update(existing, one, idOf)
            return id
          },
        }
      })
      const names = new Set(wanted.map(({ name }) => name))
      const deletes = found
        .filter(one => adapter.isOurs(one) === true && !used.has(one))
        .map((one): Runnable => {
          const name = adapter.nameOf(one)
          return {
            kind,
            name,
            action: 'delete',
            differences: [],
            why: names.has(name) ? 'there is another one of this name' : 'it is wanted no more',
            needs: [],
            run: async () => {
              await adapter.remove(adapter.idOf(one)).catch(error => {
                // the list may still show a deleted resource
                if (!(error instanceof ApiError) || error.reason !== 'not_found') throw error
              })
              return undefined
            },
          }
        })
      return [...steps, ...deletes]
    },
  }
}

/** @returns undefined if no dependency is left out */
function whyNeedIsMissing(needs: readonly Reference[], leftOut: ReadonlyMap<string, string>): string | undefined {
  const missing = needs.find(need => leftOut.has(keyOf(need)))
  return missing && `it needs the ${missing.kind} ${missing.name}, which is left out`
}

/** Prefers our own resource, the oldest of several; then a foreign one with the same name; then a foreign one with the same effect. */
function pick<W extends DesiredResource, F>(
  adapter: Adapter<W, F>,
  wanted: W,
  found: readonly F[],
  idOf: IdOf,
): F | undefined {
  const named = found
    .filter(one => adapter.nameOf(one) === wanted.name)
    .toSorted((a, b) => (orderOf(adapter, a) < orderOf(adapter, b) ? -1 : 1))
  return (
    named.find(one => adapter.isOurs(one)) ??
    named[0] ??
    found.find(one => adapter.isOurs(one) !== true && adapter.isEqual(wanted, one, idOf))
  )
}

/** For equal times the id decides, so that all runs keep the same resource. */
const orderOf = <W extends DesiredResource, F>(adapter: Adapter<W, F>, one: F) =>
  `${adapter.createdOf(one)} ${adapter.idOf(one)}`

/** Before it retries, it checks whether the resource exists, because an answer may be lost or a list late. */
async function create<W extends DesiredResource, F>(
  adapter: Adapter<W, F>,
  wanted: W,
  before: readonly F[],
  idOf: IdOf,
  { now, wait }: Patience,
): Promise<string> {
  try {
    return await adapter.create(wanted, idOf)
  } catch (error) {
    if (!(error instanceof ApiError) || !(error.mayHaveArrived || isNameTaken(error))) throw error
    const known = new Set(before.map(one => adapter.idOf(one)))
    const end = now() + LATE_MS
    for (let pause = 1_000; ; pause *= 2) {
      const found = (await adapter.read()).find(
        one => adapter.nameOf(one) === wanted.name && !known.has(adapter.idOf(one)),
      )
      if (found !== undefined) return adapter.idOf(found)
      if (now() + pause > end) break
      await wait(pause)
    }
    if (error.mayHaveArrived) return await adapter.create(wanted, idOf)
    throw error
  }
}

/** Some kinds have unique names, and refuse a name even while their list does not show it yet. */
const isNameTaken = ({ reason, status, message }: ApiError): boolean =>
  reason === 'refused' && (status === 409 || /\b(?:already|exists|duplicate)\b/i.test(message))

/**
 * Computes the changes without making any.
 * @param groups in the order of their dependencies
 * @throws ApiError
 */
export const plan = (groups: readonly Group[], patience: Patience): Promise<readonly Step[]> =>
  runnable(groups, patience, new Map(), new Map())

async function runnable(
  groups: readonly Group[],
  patience: Patience,
  ids: Map<string, string>,
  leftOut: Map<string, string>,
): Promise<Runnable[]> {
  const steps: Runnable[] = []
  for (const one of groups) steps.push(...(await one.plan(ids, leftOut, patience)))
  const deletes = steps.filter(({ action }) => action === 'delete')
  // in reverse order, so that nothing refers to a deleted resource
  return [...steps.filter(({ action }) => action !== 'delete'), ...deletes.toReversed()]
}

export interface Outcome {
  /** Executed steps in order. */
  readonly done: readonly Step[]
  /** Steps that were left out, with the reason. */
  readonly leftOut: readonly Step[]
  /** Differences that Cloudflare still shows at the end. */
  readonly remaining: readonly Step[]
}

/**
 * Executes the plan until no changes are left.
 * @param onStep called before each step
 * @throws ApiError at the first refused step; the changes before it stay, and the next apply continues from there
 */
export async function apply(
  groups: readonly Group[],
  patience: Patience,
  onStep: (step: Step) => void = () => {},
): Promise<Outcome> {
  const leftOut = new Map<string, string>()
  const done: Step[] = []
  let steps: Runnable[] = []
  for (let round = 0; ; round++) {
    const ids = new Map<string, string>()
    steps = await runnable(groups, patience, ids, leftOut)
    // the lists may not show new resources yet
    const end = patience.now() + SETTLE_MS
    for (let pause = 1_000; round > 0 && steps.some(isChange) && patience.now() + pause <= end; pause *= 2) {
      await patience.wait(pause)
      ids.clear()
      steps = await runnable(groups, patience, ids, leftOut)
    }
    if (!steps.some(isChange) || round === MOST_ROUNDS) break
    for (const step of steps) {
      if (!isChange(step)) continue
      const why = whyNeedIsMissing(step.needs, leftOut)
      if (why !== undefined) {
        leftOut.set(keyOf(step), why)
        continue
      }
      onStep(step)
      try {
        const id = await step.run(reference => ids.get(keyOf(reference)))
        if (id !== undefined) ids.set(keyOf(step), id)
        done.push(step)
      } catch (error) {
        if (!(error instanceof ApiError) || error.reason !== 'plan') throw error
        leftOut.set(keyOf(step), error.errors.map(({ message }) => message).join('; '))
      }
    }
  }
  return {
    done,
    leftOut: steps.flatMap(step => {
      const why = leftOut.get(keyOf(step))
      return why === undefined ? [] : [{ ...step, action: 'skip' as const, why }]
    }),
    remaining: steps.filter(step => isChange(step) && !leftOut.has(keyOf(step))),
  }
}
