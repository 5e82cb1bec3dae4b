/** What the browser tells of itself: attributes of the resource. Called by `initialize.ts`. */
import type { Attributes } from './otlp'

interface ClientHints {
  readonly brands: readonly { readonly brand: string; readonly version: string }[]
  readonly platform: string
  readonly mobile: boolean
}

export function browserAttributes(): Attributes {
  const hints = (navigator as Navigator & { userAgentData?: ClientHints }).userAgentData
  return {
    'browser.language': navigator.language,
    'browser.brands': hints?.brands.map(({ brand, version }) => `${brand} ${version}`),
    'browser.platform': hints?.platform,
    'browser.mobile': hints?.mobile,
  }
}
