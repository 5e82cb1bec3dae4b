/**
 * Erases a person from all stores. Each step is repeated until the request's file records it as done, so a crash at any point only repeats
 * a step. Stores do not wait for each other: an unavailable one keeps its part open for the next run.
 */
import { randomUUID } from 'node:crypto'
import { type Lease, takeLease } from '../../shared/files/lease'
import type { Canonical } from './canonical'
import { confirm, phraseOf } from './confirmation'
import { dueDate } from './due'
import { isUnmistakable } from './person-attributes'
import { type Receipt, type SignedReceipt, signReceipt, type Unerasable } from './receipt'
import { FIRST_RETRY_MS, LeaseLost, PATIENCE_MS, Run } from './run'
import type { SagaOptions } from './saga-options'
import type { RequestState, StateFolder, StoreState } from './state'
import type { SubjectStore, Target } from './stores/store'
import { type Identifier, type Identity, identityOf } from './subject'

export interface EraseOptions {
  readonly identifiers: readonly Identifier[]
  /** Default: now. Milliseconds since 1970. */
  readonly receivedAt?: number
  readonly dryRun?: boolean
  /** What the user typed, if a confirmation was required. */
  readonly confirmation?: string
}

/**
 * - `done`: every store was queried again and found nothing; `receipt` proves it
 * - `partial`: a store is unavailable or in its flush window; `again` is when to continue, in milliseconds since 1970
 * - `counted`: a dry run; nothing was erased
 * - `unconfirmed`: the erasure is so large that `phrase` has to be typed
 * - `busy`: another process is working on the same person
 *
 * `samples` are redacted records of the stores queried now; they are only shown, never stored.
 */
export type Outcome =
  | { readonly status: 'done'; readonly receipt: SignedReceipt; readonly request: RequestState }
  | { readonly status: 'partial'; readonly again: number; readonly request: RequestState }
  | { readonly status: 'counted'; readonly request: RequestState; readonly samples: Run['samples'] }
  | {
      readonly status: 'unconfirmed'
      readonly phrase: string
      readonly request: RequestState
      readonly samples: Run['samples']
    }
  | { readonly status: 'busy' }

/** 0 if done, 3 if partial, 2 if the user has to act. */
export function exitCodeOf(outcome: Outcome): 0 | 2 | 3 {
  if (outcome.status === 'unconfirmed') return 2
  if (outcome.status === 'counted')
    return Object.values(outcome.request.stores).some(({ problem }) => problem !== undefined) ? 3 : 0
  return outcome.status === 'done' ? 0 : 3
}

/** Shown if the request folder is not writable. */
export const LEASE_REMEDY = 'set AFN_GDPR_DIR to a writable folder'

/** @throws Error if the state cannot be read or written: nothing is erased without a record of it */
export async function erase(options: SagaOptions, what: EraseOptions): Promise<Outcome> {
  const { state, secret, keys } = options
  const identity = identityOf(what.identifiers, keys)
  if (what.dryRun) return count(options, newRequest(options, what, identity, 0))
  return withLease(state, secret.handleOf(what.identifiers), async lease => {
    const before = state.newest(secret.handleOf(what.identifiers))
    if (before?.phase !== 'done')
      return proceed(options, lease, before ?? newRequest(options, what, identity, 0), what.confirmation)
    const problem = await problemOf(options, before, identity)
    if (problem === 'away') return { status: 'partial', again: options.now() + FIRST_RETRY_MS, request: before }
    if (problem === 'found')
      return proceed(options, lease, newRequest(options, what, identity, before.number + 1), what.confirmation)
    return { status: 'done', receipt: before.receipt as SignedReceipt, request: before }
  })
}

/** Continues an open request, whose file has the identity. */
export async function resume(options: SagaOptions, handle: string): Promise<Outcome> {
  return withLease(options.state, handle, async lease => {
    const request = options.state.newest(handle)
    if (!request) throw new Error(`unknown request ${handle}`)
    if (request.phase === 'done') return { status: 'done', receipt: request.receipt as SignedReceipt, request }
    return proceed(options, lease, request, undefined)
  })
}

async function withLease(state: StateFolder, handle: string, act: (lease: Lease) => Promise<Outcome>) {
  const lease = takeLease(state.leaseOf(handle), LEASE_REMEDY)
  if (!lease) return { status: 'busy' } as const
  try {
    return await act(lease)
  } catch (error) {
    if (error instanceof LeaseLost) return { status: 'busy' } as const
    throw error
  } finally {
    lease.release()
  }
}

function newRequest(
  { secret, stores, now }: SagaOptions,
  what: EraseOptions,
  identity: Identity,
  number: number,
): RequestState {
  const id = randomUUID()
  const receivedAt = what.receivedAt ?? now()
  const target: Target = { identity, traceIds: [] }
  return {
    version: 1,
    id,
    handle: secret.handleOf(identity.identifiers),
    number,
    receivedAt,
    dueAt: dueDate(receivedAt),
    phase: 'planned',
    sealed: secret.seal(id, target as unknown as Canonical),
    keyIds: [...new Set(identity.pseudonyms.map(({ keyId }) => keyId))],
    stores: Object.fromEntries(stores.map(({ name }) => [name, freshStore()])),
  }
}

/** For all stores: text is not searched for an id that could mean anything else. */
const inTexts: Unerasable = {
  what: 'texts that name the person only by an ID that could be a word, a number or a date',
  why: 'such a match may refer to anybody; the ID is searched only in attributes that hold an identity',
  agesOut: null,
}

const freshStore = (): StoreState => ({ step: 'find', notBefore: 0, attempts: 0 })

/** Erases and saves nothing. */
async function count(options: SagaOptions, request: RequestState): Promise<Outcome> {
  const run = new Run({ ...options, state: { ...options.state, save: () => {} } }, request, () => true)
  for (const store of options.stores) await run.step(store, ['find'])
  return { status: 'counted', request, samples: run.samples }
}

async function proceed(
  options: SagaOptions,
  lease: Lease,
  request: RequestState,
  confirmation: string | undefined,
): Promise<Outcome> {
  const { state, stores, audit } = options
  const run = new Run(options, request, () => lease.isHeld())
  // stores added since must be queried as well
  for (const { name } of stores) request.stores[name] ??= freshStore()
  state.save(request)
  if (request.phase === 'planned') for (const store of stores) await run.step(store, ['find'])
  confirm(request, confirmation)
  if (request.phase === 'planned') {
    const phrase = phraseOf(request)
    if (phrase !== undefined) return { status: 'unconfirmed', phrase, request, samples: run.samples }
    await audit('gdpr.erase.requested', { request: request.id })
    request.phase = 'running'
    state.save(request)
  }
  // traces found in one store are erased from all, which then need another pass
  for (let known = -1; known !== run.target.traceIds.length; ) {
    known = run.target.traceIds.length
    for (const store of stores) await run.step(store, ['find', 'erase', 'erase-again', 'verify'])
  }
  const phrase = phraseOf(request)
  if (phrase !== undefined) return { status: 'unconfirmed', phrase, request, samples: run.samples }
  // a store that is no longer configured stays open: it may still have everything
  const open = Object.values(request.stores).filter(({ step }) => step !== 'done')
  if (open.length > 0) return { status: 'partial', again: Math.min(...open.map(({ notBefore }) => notBefore)), request }
  return finish(options, request, run.target.identity)
}

async function finish(
  { state, secret, stores, elsewhere, notAsked, audit, now }: SagaOptions,
  request: RequestState,
  identity: Identity,
): Promise<Outcome> {
  const iso = (ms: number) => new Date(ms).toISOString()
  const receipt: Receipt = {
    version: 1,
    action: 'erase',
    request: request.id,
    receivedAt: iso(request.receivedAt),
    dueAt: iso(request.dueAt),
    completedAt: iso(now()),
    keyIds: request.keyIds,
    stores: stores.map(store => {
      const { found = 0, remaining = 0, shared = 0, verifiedAt = 0 } = request.stores[store.name] as StoreState
      return {
        store: store.name,
        found,
        remaining,
        sharedTraces: shared,
        verifiedAt: iso(verifiedAt),
        unerasable: store.unerasable(verifiedAt),
      }
    }),
    elsewhere: [...elsewhere(now()), ...(identity.identifiers.every(isUnmistakable) ? [] : [inTexts])],
    notAsked: notAsked(now()),
  }
  await audit('gdpr.erase.completed', { request: request.id })
  const signed = signReceipt(receipt, secret.signing)
  request.receipt = signed
  request.phase = 'done'
  delete request.sealed
  state.save(request)
  return { status: 'done', receipt: signed, request }
}

/** For a finished request: whether new data about the person has arrived since. */
async function problemOf(
  { stores }: SagaOptions,
  request: RequestState,
  identity: Identity,
): Promise<'found' | 'away' | undefined> {
  if (stores.some(({ name }) => request.stores[name] === undefined)) return 'found'
  const ask = (store: SubjectStore) =>
    store.find({ identity, traceIds: [] }, AbortSignal.timeout(store.patienceMs ?? PATIENCE_MS))
  const answers = await Promise.allSettled(stores.map(ask))
  if (answers.some(answer => answer.status === 'fulfilled' && answer.value.records > 0)) return 'found'
  return answers.some(({ status }) => status === 'rejected') ? 'away' : undefined
}
