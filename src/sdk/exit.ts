// Flushes when the app has nothing left to do, and keeps what a sudden exit leaves. Called by the preload's `start.ts`.

/**
 * Node emits `beforeExit` again whenever a listener of it starts asynchronous work, so a listener of ours would make the
 * app's own ones run twice. Instead the first emission is held back while we flush; Node emits it again after that.
 * @param recorded how much was recorded so far; when it has not grown since the last flush there is nothing new to send,
 *   and what a flush could not deliver in its time is not tried again
 * @param flush resolves within its own limit and never rejects
 */
export function flushBeforeExit(recorded: () => number, flush: () => Promise<void>): void {
  let flushed = -1
  const emit = process.emit as (...args: unknown[]) => boolean
  const emitAfterFlush = function (this: unknown, ...args: unknown[]): boolean {
    if (args[0] === 'beforeExit' && recorded() !== flushed) {
      flushed = recorded()
      // something for the loop to do, or Node would exit without asking again when nothing had to be sent
      void flush().then(() => setImmediate(() => {}))
      return true
    }
    return Reflect.apply(emit, this, args)
  }
  Object.defineProperty(process, 'emit', {
    value: emitAfterFlush,
    configurable: true,
    writable: true,
    enumerable: false,
  })
}
