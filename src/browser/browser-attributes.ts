/** What the browser says about itself: attributes of the resource. */
import type { Attributes } from './otlp'

interface ClientHints {
  readonly brands: readonly { readonly brand: string; readonly version: string }[]
  readonly platform: string
  readonly mobile: boolean
}

/** Nothing on a server. */
export function browserAttributes(): Attributes {
  const { language, userAgentData: hints } = (globalThis.navigator ?? {}) as Navigator & { userAgentData?: ClientHints }
  return {
    'browser.language': language,
    'browser.brands': hints?.brands.map(({ brand, version }) => `${brand} ${version}`),
    'browser.platform': hints?.platform,
    'browser.mobile': hints?.mobile,
  }
}
