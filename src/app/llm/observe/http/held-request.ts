// Holds a request of Node's own clients until its whole body is known and a guard has decided.
import type { Exchange } from './calls'
import { bytesOf, pieceOf } from './piece'

type Method = (...args: unknown[]) => unknown

/** A request of `http` or a stream of `http2`. */
interface Destroyable {
  readonly destroyed: boolean
  destroy(error: Error): unknown
}

export class HeldRequest {
  /** Once true, the client's own methods are called directly. */
  isOver = false
  #isEnded = false
  readonly #calls: {
    readonly native: Method
    readonly args: unknown[]
    readonly piece: string | Uint8Array | undefined
  }[] = []

  constructor(
    private readonly request: Destroyable,
    private readonly open: (whole: string | Uint8Array) => Exchange | undefined,
    /** Called if the guard refuses the request, which is then destroyed. */
    private readonly refused: (error: Error) => void = () => {},
  ) {}

  /** @returns what the method returns */
  take(name: 'write' | 'end', native: Method, args: unknown[], trouble: (error: unknown) => void): unknown {
    // calls after the end, or with an invalid chunk, are left to the client to reject
    const [chunk, encoding] = args
    const isNone = chunk === undefined || chunk === null || typeof chunk === 'function'
    const piece = pieceOf(chunk, encoding)
    if (this.#isEnded || (piece === undefined && !(isNone && name === 'end')))
      return Reflect.apply(native, this.request, args)
    this.#calls.push({ native, args, piece })
    if (name === 'write') return true
    this.#isEnded = true
    void this.#decide().catch(error => {
      trouble(error)
      this.#send()
    })
    return this.request
  }

  async #decide(): Promise<void> {
    const pieces = this.#calls.flatMap(({ piece }) => piece ?? [])
    const [first = '', ...others] = pieces
    const whole = others.length === 0 ? first : Buffer.concat(pieces.map(bytesOf))
    const exchange = this.open(whole)
    const admission = exchange?.admission
    const refusal = await admission?.decision
    if (refusal) {
      this.isOver = true
      this.refused(refusal)
      this.request.destroy(refusal)
      return
    }
    if (!this.request.destroyed) admission?.sent()
    this.#send(exchange?.asking?.isLater === false ? exchange.asking.body : undefined)
  }

  /** @param instead body to send instead of the app's pieces */
  #send(instead?: string | Uint8Array): void {
    if (this.isOver) return
    this.isOver = true
    if (this.request.destroyed) return
    const last = this.#calls.at(-1)
    if (instead !== undefined && last) {
      const [, ...others] = last.piece === undefined ? [undefined, ...last.args] : last.args
      Reflect.apply(last.native, this.request, [instead, ...others])
      return
    }
    for (const { native, args } of this.#calls) Reflect.apply(native, this.request, args)
  }
}
