/** Counts sent and failed notifications by Alertmanager's metric names, which `afn-otel alerts test` reads. */
import type { Integration } from './integration'

export class Counts {
  readonly #counts = new Map<string, number>()

  /** Wraps an integration to count its requests. */
  counted(integration: Integration): Integration {
    const labels = `{integration="${integration.kind}",receiver_name="${integration.receiver}"}`
    const add = (name: string) => {
      const key = `alertmanager_${name}${labels}`
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    }
    return {
      ...integration,
      async send(message) {
        add('notification_requests_total')
        try {
          await integration.send(message)
        } catch (error) {
          add('notification_requests_failed_total')
          throw error
        }
      },
    }
  }

  exposition(): string {
    return [...this.#counts].map(([name, value]) => `${name} ${value}\n`).join('')
  }
}
