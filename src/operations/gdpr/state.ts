/**
 * The state of each request, in one JSON file each. Files are replaced as a whole, so after a crash or power failure there is either the
 * old or the new version. A database would not do, because it keeps deleted data in free pages.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { replaceFile } from '../../shared/files/replace-file'
import type { SignedReceipt } from './receipt'
import type { SealedText } from './secret'

export type Step = 'find' | 'erase' | 'erase-again' | 'verify' | 'done'

export interface StoreState {
  step: Step
  /** The earliest time of the step, in milliseconds since 1970. */
  notBefore: number
  /** Number of failures since the last successful step. */
  attempts: number
  /** The last failure, without anything that names the subject. */
  problem?: string
  /** Number of records that named the subject, initially and after the last erasure. */
  found?: number
  remaining?: number
  /** Number of traces that remain because they name other persons. */
  shared?: number
  traces?: number
  allTraces?: number
  allRecords?: number
  /** Whether the user has confirmed an erasure of this size. */
  isConfirmed?: boolean
  /** Number of trace ids in the last erasure. */
  erasedWith?: number
  verifiedAt?: number
}

export interface RequestState {
  readonly version: 1
  /** Random; used in the receipt and the audit log. */
  readonly id: string
  readonly handle: string
  /** Number of earlier requests for this person. */
  readonly number: number
  /** Milliseconds since 1970, like all times here. */
  readonly receivedAt: number
  dueAt: number
  /** Whether the deadline was extended by two months. */
  isExtended?: true
  /** `planned`: nothing has been erased yet. */
  phase: 'planned' | 'running' | 'done'
  /** Identity and trace ids, encrypted; undefined once the request is done. */
  sealed?: SealedText
  readonly keyIds: readonly string[]
  readonly stores: Record<string, StoreState>
  receipt?: SignedReceipt
}

export interface StateFolder {
  /** The latest request for a person. @throws Error that names the file if it cannot be read */
  newest(handle: string): RequestState | undefined
  all(): RequestState[]
  /** Returns once the state is safely on disk. @throws Error of the file system */
  save(state: RequestState): void
  /** The path of the lease for a person's requests. */
  leaseOf(handle: string): string
}

const NAME = /^erase-([\da-f]{40})-(\d{1,6})\.json$/

/** @param folder created if missing, accessible only to the owner */
export function openStateFolder(folder: string): StateFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const names = () =>
    readdirSync(folder)
      .flatMap(name => {
        const [, handle, number] = NAME.exec(name) ?? []
        return handle === undefined ? [] : [{ name, handle, number: Number(number) }]
      })
      .sort((a, b) => a.number - b.number)
  const read = (name: string): RequestState => {
    const file = path.join(folder, name)
    try {
      const state = JSON.parse(readFileSync(file, 'utf8')) as RequestState
      if (state.version !== 1) throw new Error(`its version is ${state.version}`)
      return state
    } catch (error) {
      throw new Error(`the request in ${file} can't be read: ${(error as Error).message}`)
    }
  }
  return {
    newest(handle) {
      const name = names().findLast(one => one.handle === handle)?.name
      return name === undefined ? undefined : read(name)
    },
    all: () => names().map(({ name }) => read(name)),
    save(state) {
      const file = path.join(folder, `erase-${state.handle}-${state.number}.json`)
      // a fixed draft name suffices: only the holder of the lease writes
      replaceFile(file, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600, suffix: '.new' })
    },
    leaseOf: handle => path.join(folder, `lease-${handle}`),
  }
}
