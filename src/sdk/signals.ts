// Flushes when the process is told to end, and changes nothing about whether it ends. Called by the preload's `start.ts`.
import { EventEmitter } from 'node:events'

type Signal = 'SIGTERM' | 'SIGINT'
const signals: readonly Signal[] = ['SIGTERM', 'SIGINT']

/**
 * Without a listener a signal ends the process at once, so there has to be one; the rest makes it invisible:
 * - Ours alone: flush, then raise the signal again without our listener, so that exit code and parent see what they would.
 * - The app listens too: flush beside it, and the app decides.
 * - The app counts listeners (signal-exit ends the process only when all of them are its own): ours is not counted.
 *
 * As PID 1 the kernel ignores the raised signal, as it ignored the first one without us: the app lives on and so do we.
 * @param flush resolves within its own limit and never rejects
 */
export function flushOnSignals(flush: () => Promise<void>): void {
  const ours = new Map<unknown, Signal>()
  let flushing: Promise<void> | undefined
  let leftInThisTick: Signal | undefined

  process.on('removeListener', (event, listener) => {
    if (!signals.includes(event as Signal) || ours.has(listener)) return
    // a `once` listener that was put in front of ours has gone when ours runs; it is the app's decision all the same
    leftInThisTick = event as Signal
    queueMicrotask(() => {
      leftInThisTick = undefined
    })
    // Node counts listeners too, and gives the signal up when none is visible: take it up again
    for (const [onSignal, signal] of ours) {
      if (signal !== event) continue
      process.off(signal, onSignal as NodeJS.SignalsListener)
      process.prependListener(signal, onSignal as NodeJS.SignalsListener)
    }
  })

  for (const signal of signals) {
    const onSignal = () => {
      const appListens = process.listenerCount(signal) > 0 || leftInThisTick === signal
      flushing ??= flush().finally(() => {
        flushing = undefined
      })
      if (!appListens) void flushing.then(() => raiseAgain(signal, onSignal))
    }
    ours.set(onSignal, signal)
    process.on(signal, onSignal)
  }
  hideListeners(ours)
}

function raiseAgain(signal: Signal, onSignal: () => void): void {
  process.off(signal, onSignal)
  process.kill(process.pid, signal)
  // still here after the kernel had its chance: PID 1, or a debugger
  setTimeout(() => process.on(signal, onSignal), 100).unref()
}

function hideListeners(ours: ReadonlyMap<unknown, Signal>): void {
  const { listeners, rawListeners } = EventEmitter.prototype
  const visible = (all: unknown[]) => all.filter(listener => !ours.has(listener))
  const hidden = {
    listeners: (event: string) => visible(listeners.call(process, event)),
    rawListeners: (event: string) => visible(rawListeners.call(process, event)),
    listenerCount: (event: string, listener?: (...args: unknown[]) => void) =>
      visible(listeners.call(process, event)).filter(one => listener === undefined || one === listener).length,
  }
  for (const [name, value] of Object.entries(hidden)) {
    Object.defineProperty(process, name, { value, configurable: true, writable: true, enumerable: false })
  }
}
