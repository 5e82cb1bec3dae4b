/** The receiver's requests to Alertmanager's API. */
import type { FiringAlert, PostedAlert, Silence } from '../../monitoring/alerts/api'
import { ask, Failure } from './request'

export interface KnownAlert extends FiringAlert {
  readonly fingerprint: string
}

/** @throws Failure in each method */
export class Alertmanager {
  /** @param url without a trailing slash */
  constructor(private readonly url: string) {}

  /** All firing alerts, including silenced ones. */
  alerts(): Promise<KnownAlert[]> {
    return this.#list('alerts')
  }

  silences(): Promise<Silence[]> {
    return this.#list('silences')
  }

  async post(alerts: readonly PostedAlert[]): Promise<void> {
    await this.#ask('POST', 'alerts', alerts)
  }

  /** @returns its id */
  async silence(silence: Omit<Silence, 'id' | 'status'>): Promise<string> {
    const { body } = await this.#ask('POST', 'silences', silence)
    return String((body as { silenceID?: unknown } | undefined)?.silenceID ?? '')
  }

  /** A silence that does not exist counts as expired. */
  async expire(id: string): Promise<void> {
    try {
      await this.#ask('DELETE', `silence/${encodeURIComponent(id)}`)
    } catch (error) {
      if (!(error instanceof Failure) || (error.reason !== 'not_found' && error.reason !== 'refused')) throw error
    }
  }

  async #list<Item>(what: string): Promise<Item[]> {
    const { body } = await this.#ask('GET', what)
    if (!Array.isArray(body)) throw new Failure('server', 'the response is not from Alertmanager')
    return body
  }

  #ask(method: 'GET' | 'POST' | 'DELETE', what: string, body?: object) {
    return ask('Alertmanager', { method, url: `${this.url}/api/v2/${what}`, ...(body && { body }) })
  }
}
