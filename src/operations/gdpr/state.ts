/**
 * What is known of each request, one JSON file each. A file is replaced as a whole: after a kill or a power failure it is the one
 * before or the one after. It is no database, since that would keep what was deleted in its free pages.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { replaceFile } from '../../shared/files/replace-file'
import type { SignedReceipt } from './receipt'
import type { SealedText } from './secret'

export type Step = 'find' | 'erase' | 'erase-again' | 'verify' | 'done'

export interface StoreState {
  step: Step
  /** The step is not before this, in milliseconds since 1970. */
  notBefore: number
  /** Failures since the last step that was done. */
  attempts: number
  /** Of the last failure, without what names the subject. */
  problem?: string
  /** Records that named the subject at first, and after the last erasure. */
  found?: number
  remaining?: number
  /** Traces that are left for the sake of other persons in them. */
  shared?: number
  traces?: number
  allTraces?: number
  allRecords?: number
  /** The user typed that so many are to be erased. */
  isConfirmed?: boolean
  /** How many trace ids the last erasure was made with. */
  erasedWith?: number
  verifiedAt?: number
}

export interface RequestState {
  readonly version: 1
  /** Random, for the receipt and the audit log. */
  readonly id: string
  readonly handle: string
  /** How many requests of this person there were before. */
  readonly number: number
  /** Milliseconds since 1970, as all times here. */
  readonly receivedAt: number
  dueAt: number
  /** By two months. */
  isExtended?: true
  /** `planned`: nothing is erased yet. */
  phase: 'planned' | 'running' | 'done'
  /** Identity and trace ids; absent once the request is done. */
  sealed?: SealedText
  readonly keyIds: readonly string[]
  readonly stores: Record<string, StoreState>
  receipt?: SignedReceipt
}

export interface StateFolder {
  /** The newest request of a person. @throws Error where the file can't be read, with its name */
  newest(handle: string): RequestState | undefined
  all(): RequestState[]
  /** Returns when it is safely on the disk. @throws Error of the system */
  save(state: RequestState): void
  /** Path for the lease of a person's requests. */
  leaseOf(handle: string): string
}

const NAME = /^erase-([\da-f]{40})-(\d{1,6})\.json$/

/** @param folder made where it is missing, for the owner alone */
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
      // one name of the draft: who has the lease is the only writer
      replaceFile(file, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600, suffix: '.new' })
    },
    leaseOf: handle => path.join(folder, `lease-${handle}`),
  }
}
