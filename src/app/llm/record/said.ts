// Normalizes client messages on a WebSocket for comparison. The number of audio pieces from a microphone depends on timing, so consecutive
// ones are merged.
import { createHash, type Hash } from 'node:crypto'
import { type Doc, doc, parsed } from '../wire/json'
import { digestOf } from './request-body'

interface Sound {
  /** The message without its audio data; consecutive pieces with the same value are merged. */
  readonly shell: string
  readonly bytes: Buffer
  with(data: unknown): unknown
}

export class Said {
  readonly #messages: unknown[] = []
  #sound: { readonly shell: string; readonly hash: Hash; bytes: number; readonly with: Sound['with'] } | undefined

  /** @returns whether it is a piece of audio or video */
  add(message: Buffer, isBinary: boolean): boolean {
    const text = message.toString()
    const json = parsed(text)
    const sound = soundOf(doc(json) ?? {})
    if (!sound) {
      this.#finish()
      this.#messages.push(json !== undefined ? json : isBinary ? digestOf(message) : text)
      return false
    }
    if (this.#sound?.shell !== sound.shell) {
      this.#finish()
      this.#sound = { shell: sound.shell, hash: createHash('sha256'), bytes: 0, with: sound.with }
    }
    this.#sound.hash.update(sound.bytes)
    this.#sound.bytes += sound.bytes.length
    return true
  }

  /** All messages so far. */
  get messages(): readonly unknown[] {
    const { hash, bytes, with: named } = this.#sound ?? {}
    if (!hash || !named) return this.#messages
    return [...this.#messages, named({ sha256: hash.copy().digest('hex'), bytes })]
  }

  #finish(): void {
    const all = this.messages
    if (this.#sound) this.#messages.push(all.at(-1))
    this.#sound = undefined
  }
}

/** Audio of OpenAI's Realtime and of Gemini Live. */
function soundOf(message: Doc): Sound | undefined {
  const { type, audio } = message
  if (type === 'input_audio_buffer.append' && typeof audio === 'string')
    return { shell: type, bytes: Buffer.from(audio, 'base64'), with: data => ({ type, audio: data }) }
  const input = doc(message.realtimeInput) ?? doc(message.realtime_input)
  for (const [name, value] of Object.entries(input ?? {})) {
    const piece = doc([value].flat()[0])
    if (typeof piece?.data !== 'string') continue
    const whole = (data: unknown) => ({ realtimeInput: { [name]: { ...piece, data } } })
    return { shell: JSON.stringify(whole('')), bytes: Buffer.from(piece.data, 'base64'), with: whole }
  }
  return undefined
}
