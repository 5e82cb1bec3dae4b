// Calls that have not ended yet. Called by each call, and by the preload when the process has nothing left to do: an answer
// that was left unread has no other end there, since no garbage is collected any more.
import type { LlmCall } from './call'

const open = new Set<LlmCall>()

export function opened(call: LlmCall): void {
  open.add(call)
}

export function closed(call: LlmCall): void {
  open.delete(call)
}

/** Nobody will read on. */
export function endOpenCalls(): void {
  for (const call of open) call.end({ by: 'consumer', forgotten: true })
}
