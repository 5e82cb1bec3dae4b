/**
 * Links to the page of an incident. The signature is the right to acknowledge and silence, for one episode and for a while; without it the page
 * is there to be read. A link is only looked at by GET, since programs that show previews follow it; the buttons on the page act.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** As long as the slowest severity takes, and a weekend. */
const VALID_MS = 72 * 3_600_000

export type Wrong = 'signature' | 'expired'

export class Links {
  /**
   * @param url where people reach the receiver
   * @param key of the signatures
   */
  constructor(
    private readonly url: string,
    private readonly key: Buffer,
    private readonly now: () => number,
  ) {}

  /** @param episode undefined: to be read alone, as in a ticket, which is everybody's */
  of(incident: string, episode?: number): string {
    return `${this.url}${episode === undefined ? `/incidents/${incident}` : this.signedPath(incident, episode)}`
  }

  signedPath(incident: string, episode: number): string {
    // by the hour, so that a link of the same incident is the same for a while
    const expires = Math.ceil((this.now() + VALID_MS) / 3_600_000) * 3_600
    const search = `episode=${episode}&expires=${expires}&signature=${this.#sign(incident, episode, expires)}`
    return `/incidents/${incident}?${search}`
  }

  /** @returns the episode for which it holds, or why it does not */
  check(incident: string, search: URLSearchParams): { readonly episode: number } | { readonly wrong: Wrong } {
    const [episode, expires] = [Number(search.get('episode')), Number(search.get('expires'))]
    const signature = Buffer.from(search.get('signature') ?? '')
    const right = Buffer.from(this.#sign(incident, episode, expires))
    if (signature.length !== right.length || !timingSafeEqual(signature, right)) return { wrong: 'signature' }
    return expires * 1_000 < this.now() ? { wrong: 'expired' } : { episode }
  }

  #sign(incident: string, episode: number, expires: number): string {
    return createHmac('sha256', this.key).update(`incidents/${incident}/${episode}/${expires}`).digest('base64url')
  }
}
