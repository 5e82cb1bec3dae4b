// Faro sends by itself every 250 ms, which the pause after each kind waits for.
import { faro } from '@grafana/faro-web-sdk'

export const recording = {
  event: (name, attributes) =>
    faro.api.pushEvent(name, Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, `${value}`]))),
  error: error => faro.api.pushError(error),
  async flush() {},
}
