/** Where people reach the parts of the pipeline: the one place of each address that a link leads to. */

export interface Urls {
  readonly grafana: string
  readonly prometheus: string
  readonly alertmanager: string
  /** Of `afn-otel alerts serve`: runbooks, and links that acknowledge. */
  readonly receiver: string
  /** Of `afn-otel up`; '' where there is none. */
  readonly explorer: string
}

export const defaultUrls: Urls = {
  grafana: 'http://localhost:3001',
  prometheus: 'http://localhost:9090',
  alertmanager: 'http://localhost:9093',
  receiver: 'http://localhost:9095',
  explorer: '',
}

/**
 * Without a slash at the end of any.
 * @throws Error that names the one that is no address
 */
export function checkedUrls(urls: Urls, path: string): Urls {
  const checked = Object.entries(urls).map(([name, url]: [string, string]) => {
    const isAddress = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    if (!isAddress && !(url === '' && name === 'explorer'))
      throw new Error(`${path}.${name} is "${url}"; write an address such as https://${name}.example.com`)
    return [name, url.replace(/\/+$/, '')]
  })
  return Object.fromEntries(checked)
}

/** Where the alert receiver serves the runbook of an alert. */
export const runbookUrl = (receiver: string, alert: string): string =>
  `${receiver.replace(/\/+$/, '')}/runbooks/${alert}`
