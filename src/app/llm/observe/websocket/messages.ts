// Merges the messages of both directions of a WebSocket in the order in which their bytes arrived, and parses them as JSON. Long messages
// are parsed in parts, a few milliseconds per turn of the event loop.
import type { Context } from '@opentelemetry/api'
import { Inflater } from '../../wire/inflater'
import type { Doc } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import { FrameReader, type FrameSink } from '../../wire/websocket-frames'
import { elapsed } from '../call'
import { JsonText } from './json-text'

export type Side = 'client' | 'server'

/** Time and context of the last bytes of a message. */
export interface Moment {
  readonly side: Side
  /** On the clock of `performance.now`. */
  readonly at: number
  /** Context in which the app sent them; undefined if it cannot be determined. */
  readonly context: Context | undefined
}

export interface MessageSink {
  /** @param bytes of the message, if it is short */
  message(message: Doc, moment: Moment, bytes: Buffer | undefined): void
  /** Receives a message that is not a JSON object. */
  other(moment: Moment): void
  closing(side: Side, code: number, reason: string): void
  /** Called when the rest cannot be read. */
  lost(why: string): void
}

/** A complete message that waits to be parsed. */
interface Ready {
  readonly moment: Moment
  readonly text: JsonText
  /** Bytes that are not parsed yet. */
  rest?: Uint8Array
  /** Bytes that are not decompressed yet. */
  deflated?: Uint8Array[] | undefined
}

const PIECE = 16_384
/** Milliseconds of work per turn. */
const LONGEST_TURN = 2
/** Maximum bytes that wait, and maximum size of one compressed message. */
const MOST = 64 * 1024 * 1024
/** Same limit as for events of a stream (observe/response.ts): the cost of irrelevant messages, in answer bytes that take as long. */
const PATIENCE = 65_536
const [MESSAGE, INFLATED, REFUSED] = [32, 32, 5_000]

/** The bytes of a socket do not change after they are sent or received, so they may be parsed later. */
export class Messages {
  #waiting: { moment: Moment; bytes: Uint8Array }[] = []
  /** Index of the next waiting message; removing messages from the start would move all others each time. */
  #next = 0
  readonly #ready: Ready[] = []
  readonly #directions: Record<Side, Direction>
  #waits = 0
  #isBusy = false
  #nonsense = 0
  #isOver = false
  #done: (() => void) | undefined

  constructor(
    fields: Record<Side, Fields>,
    private readonly sink: MessageSink,
    private readonly trouble: (error: unknown) => void,
  ) {
    const direction = (side: Side) =>
      new Direction(
        fields[side],
        ready => this.#ready.push(ready),
        (code, reason) => sink.closing(side, code, reason),
      )
    this.#directions = { client: direction('client'), server: direction('server') }
  }

  push(bytes: Uint8Array, moment: Moment): void {
    if (this.#isOver) return
    this.#waits += bytes.length
    if (this.#waits > MOST) return this.#lose('bytes come faster than they can be read')
    for (let from = 0; from < bytes.length; from += PIECE)
      this.#waiting.push({ moment, bytes: bytes.subarray(from, from + PIECE) })
    if (!this.#isBusy) this.#read()
  }

  /** Calls `done` once everything that arrived is parsed. */
  end(done: () => void): void {
    this.#done = done
    if (!this.#isBusy) this.#read()
  }

  /** Stops parsing. */
  stop(): void {
    this.#isOver = true
    this.#waiting.length = this.#next = this.#ready.length = 0
  }

  #read(): void {
    const began = elapsed()
    try {
      while (!this.#isBusy && (this.#ready.length > 0 || this.#next < this.#waiting.length)) {
        if (elapsed() - began > LONGEST_TURN) return this.#later()
        const ready = this.#ready[0]
        if (ready) this.#finish(ready)
        else this.#piece()
      }
    } catch (error) {
      this.trouble(error)
      this.#lose('a message could not be read')
    }
    if (this.#isBusy) return
    const done = this.#done
    this.#done = undefined
    done?.()
  }

  #later(): void {
    this.#isBusy = true
    setImmediate(() => this.#goOn())
  }

  #goOn(): void {
    this.#isBusy = false
    this.#read()
  }

  #piece(): void {
    const { moment, bytes } = this.#waiting[this.#next++]!
    if (this.#next === this.#waiting.length) {
      this.#waiting = []
      this.#next = 0
    }
    this.#waits -= bytes.length
    const direction = this.#directions[moment.side]
    direction.push(bytes, moment)
    if (direction.isBroken) this.#lose('the connection breaks the protocol of WebSockets')
  }

  #finish(ready: Ready): void {
    const { moment, text, rest, deflated } = ready
    if (deflated) {
      ready.deflated = undefined
      this.#nonsense += INFLATED
      const plain = this.#directions[moment.side].inflater.inflate(deflated, bytes => {
        if (bytes) ready.rest = bytes
        else this.#lose('a message is too large, or is not compressed as agreed')
        this.#goOn()
      })
      if (plain) ready.rest = plain
      else this.#isBusy = true
    } else if (rest && rest.length > 0) {
      text.push(rest.subarray(0, PIECE))
      ready.rest = rest.subarray(PIECE)
    } else {
      this.#ready.shift()
      const value = text.value()
      if (value) this.sink.message(value, moment, text.bytes)
      else this.sink.other(moment)
      this.#nonsense = Math.max(0, this.#nonsense + MESSAGE - text.size + (text.refused ? REFUSED : 0))
      if (this.#nonsense > PATIENCE) this.#lose('its messages say nothing')
    }
  }

  #lose(why: string): void {
    if (this.#isOver) return
    this.stop()
    this.sink.lost(why)
  }
}

/** One direction, from bytes to messages. */
class Direction {
  readonly inflater = new Inflater()
  readonly #frames: FrameReader
  #moment!: Moment

  constructor(fields: Fields, onMessage: (ready: Ready) => void, onClose: FrameSink['close']) {
    let text = new JsonText(fields)
    let deflated: Uint8Array[] | undefined
    let size = 0
    this.#frames = new FrameReader({
      begin(isCompressed) {
        text = new JsonText(fields)
        deflated = isCompressed ? [] : undefined
        size = 0
      },
      piece(bytes) {
        if (!deflated) return text.push(bytes)
        size += bytes.length
        if (size > MOST) throw new RangeError('a compressed message is too large')
        deflated.push(bytes)
      },
      end: () => {
        // A compressed message is written when its compression ends, so the context at that time is not that of the app's call.
        const moment = deflated ? { ...this.#moment, context: undefined } : this.#moment
        onMessage({ moment, text, deflated })
      },
      close: onClose,
    })
  }

  get isBroken(): boolean {
    return this.#frames.broken
  }

  push(bytes: Uint8Array, moment: Moment): void {
    this.#moment = moment
    this.#frames.push(bytes)
  }
}
