// Decides whether the preload starts anything. Called once by `start.ts`, before anything is loaded.
import type * as Threads from 'node:worker_threads'
import type { EntryPoint } from '../../shared/config/entry'
import type { Settings } from '../../shared/config/settings'
import { isMainThread } from '../main-thread'
import { alreadyRegistered } from '../sdk/globals'

export interface Refusal {
  readonly reason: 'disabled' | 'worker thread' | 'package manager' | 'own command' | 'other SDK'
  /** Who made us stand down. */
  readonly other?: string
}

const packageManagers = /[\\/](npm|npx|pnpm|pnpx|yarn|corepack)(-cli)?(\.c?js)?$/
const ownCommand = /[\\/](afn-otel|@afn[\\/]otel[\\/]dist[\\/]cli\.cjs)$/

/** Why nothing should be started here, or `undefined` when nothing speaks against it. */
export function refuse(entry: EntryPoint, settings: Settings): Refusal | undefined {
  if (settings.disabled) return { reason: 'disabled' }
  if (!isMainThread && (!settings.workers || isHooksThread())) return { reason: 'worker thread' }
  // NODE_OPTIONS and `npm start` load the preload into npm too; the app is its child and gets its own
  if (entry.file && packageManagers.test(entry.file)) return { reason: 'package manager' }
  if (entry.file && ownCommand.test(entry.file)) return { reason: 'own command' }
  // that an SDK is installed says nothing: it may be there for its types, or for `./sdk`; what counts is that it registers
  if (settings.standDown && alreadyRegistered()) return { reason: 'other SDK', other: 'an SDK that registered before' }
  return undefined
}

/** Node runs preloads in the thread of the ES module hooks too; there is no app in it. Node 20 has no flag for it, but it alone has no parent port. */
function isHooksThread(): boolean {
  const threads = require('node:worker_threads') as typeof Threads & { isInternalThread?: boolean }
  return threads.isInternalThread ?? threads.parentPort === null
}
