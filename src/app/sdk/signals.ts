// Flushes when a signal ends the process, and changes nothing about whether it ends.

import { EventEmitter } from 'node:events'
import { report } from '../../shared/diag/report'
import { inRoot } from '../root-context'
import { aroundEmit, withEmit } from './emit'
import type { Leaving } from './health'

type Signal = 'SIGTERM' | 'SIGINT'
const signals: readonly unknown[] = ['SIGTERM', 'SIGINT']
type Handing = (this: NodeJS.Process, signal: Signal) => void
type Emit = (event: unknown, ...args: unknown[]) => unknown

/**
 * Node takes a signal up when its first listener comes, and gives it up with the last. A listener of ours would be
 * counted by the app (signal-exit ends the process only when all are its own) and by Node (11 of them are a warning), so
 * there is none: Node's own two functions are called as if there were one.
 * - Nobody listens: the signal comes to us. Flush, give it up and raise it again, so that exit code and parent see what
 *   they would. A second one does not wait for the flush.
 * - The app listens: it comes through `process.emit`. Flush at the same time, and the app decides.
 *
 * As PID 1 the kernel ignores the raised signal, as it ignored the first one without us: the app lives on and so do we.
 * @param flush resolves within its own limit and never rejects
 * @param settle ends what can't go on any more, before the last flush of a process that the signal ends; never throws
 * @param leave called when a signal is going to end the process. Where it comes to us, it ends `waitMs` later
 * @returns to be called when there is something to flush. Before that a signal ends the process at once, even one that is
 *   busy: one that JavaScript takes waits for the loop.
 */
export function flushOnSignals(
  flush: () => Promise<void>,
  settle: () => void,
  leave: (signal: Signal) => Leaving,
): () => void {
  const { kill, pid } = process
  const { listenerCount } = EventEmitter.prototype
  const start = nodesOwn('newListener', 'startListeningIfSignal')
  const stop = nodesOwn('removeListener', 'stopListeningIfSignal')
  if (!start || !stop) {
    return () =>
      report(
        'AFN136',
        `telemetry is not flushed when a signal ends the process, since Node ${process.version} takes signals in a way that is not known here; call flush() of @afn/otel in a listener for SIGTERM`,
      )
  }
  const taken = new Set<unknown>()
  /** By which the app's listeners get a signal that is taken. */
  const emits = new Map<unknown, Emit>()
  let watching = false
  let flushing: Promise<void> | undefined
  /** It came to us and is going to be raised again. */
  let ending: Signal | undefined
  let stayed = () => {}

  const appListens = (signal: unknown) => listenerCount.call(process, signal as Signal) > 0

  function flushOnce(): Promise<void> {
    flushing ??= flush().finally(() => {
      flushing = undefined
    })
    return flushing
  }

  function flushLast(): Promise<void> {
    settle()
    return flushOnce()
  }

  function take(signal: Signal): void {
    if (!watching || taken.has(signal) || appListens(signal)) return
    taken.add(signal)
    // Node binds what `process.emit` is at this moment; later ones of the app are not to see a signal that it does not take
    withEmit(onSignal, () => inRoot(() => start?.call(process, signal)))
  }

  function giveUp(signal: Signal): void {
    if (taken.delete(signal)) stop?.call(process, signal)
  }

  function onSignal(signal: unknown, number: unknown): void {
    if (appListens(signal)) return void Reflect.apply(emits.get(signal) ?? process.emit, process, [signal, number])
    // without us the process would have ended by the first one
    if (ending) return raiseAgain(ending)
    ending = signal as Signal
    const { waitMs, stay } = leave(ending)
    stayed = stay
    // at once, since who sent the signal may not wait, and again for what was served meanwhile
    const flushed =
      waitMs > 0
        ? flushOnce()
            .then(() => pause(waitMs))
            .then(flushLast)
        : flushLast()
    void flushed.then(() => ending && raiseAgain(ending))
  }

  function raiseAgain(signal: Signal): void {
    ending = undefined
    giveUp(signal)
    kill.call(process, pid, signal)
    // still here after the kernel had its chance: PID 1, or a debugger
    setTimeout(() => {
      stayed()
      take(signal)
    }, 100).unref()
  }

  aroundEmit({
    newListener([event], pass) {
      // What is taken stays so, and is passed on: a signal that came before this line would be lost with what it came to.
      // Node binds what `process.emit` is at the first listener.
      if (taken.has(event) && !appListens(event)) emits.set(event, process.emit as Emit)
      return pass()
    },
    removeListener([event, listener], pass) {
      const passed = pass()
      // after removeAllListeners() Node takes no signal up again, not even for a listener of the app
      if (listener === start) {
        watching = false
        for (const signal of taken) giveUp(signal as Signal)
      } else if (signals.includes(event) && !appListens(event)) {
        // Node has given it up with the last listener
        taken.delete(event)
        take(event as Signal)
      }
      return passed
    },
    SIGTERM: flushFor('SIGTERM'),
    SIGINT: flushFor('SIGINT'),
  })

  function flushFor(signal: Signal) {
    return (_: unknown, pass: () => boolean) => {
      if (appListens(signal)) {
        // an app may take SIGINT as a question
        if (signal === 'SIGTERM') leave(signal)
        void flushOnce()
      }
      return pass()
    }
  }

  return () => {
    if (watching) return
    watching = true
    take('SIGTERM')
    take('SIGINT')
  }
}

const pause = (ms: number) => new Promise<void>(resolve => void setTimeout(resolve, ms))

/** The listener by which Node takes signals up, or gives them up. */
function nodesOwn(event: 'newListener' | 'removeListener', name: string): Handing | undefined {
  const listeners = (process as EventEmitter).listeners(event) as Handing[]
  return listeners.find(listener => listener.name === name)
}
