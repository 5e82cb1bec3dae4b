/**
 * Links to an incident's page. A signature grants the right to acknowledge and silence one episode for a limited time; without one, the
 * page is read-only. GET requests change nothing, since programs follow links for previews; only the page's buttons act.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Covers the slowest severity plus a weekend. */
const VALID_MS = 72 * 3_600_000

export type Wrong = 'signature' | 'expired'

export class Links {
  /**
   * @param url the receiver's address for people
   * @param key signs the links
   */
  constructor(
    private readonly url: string,
    private readonly key: Buffer,
    private readonly now: () => number,
  ) {}

  /** @param episode undefined for a read-only link, as in tickets, which anybody may read */
  of(incident: string, episode?: number): string {
    return `${this.url}${episode === undefined ? `/incidents/${incident}` : this.signedPath(incident, episode)}`
  }

  signedPath(incident: string, episode: number): string {
    // rounded to an hour, so that links of an incident stay the same for a while
    const expires = Math.ceil((this.now() + VALID_MS) / 3_600_000) * 3_600
    const search = `episode=${episode}&expires=${expires}&signature=${this.#sign(incident, episode, expires)}`
    return `/incidents/${incident}?${search}`
  }

  /** @returns the episode that the signature is valid for, or why it is not */
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
