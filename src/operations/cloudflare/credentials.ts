// Reads the token and the ids from the environment, else from a file `.env`. The token has no option, because every user can see arguments
// (`ps`).

export interface Credentials {
  /** A secret. */
  readonly token: string
  readonly zoneId: string
  readonly accountId: string
}

const TOKEN = 'CLOUDFLARE_API_TOKEN'
const ZONE = 'CLOUDFLARE_ZONE_ID'
const ACCOUNT = 'CLOUDFLARE_ACCOUNT_ID'

/** @returns the value of a variable; empty if it is not set */
export type Setting = (name: string) => string

/** @param dotEnv content of the file `.env`; empty if there is none */
export function settingIn(environment: Readonly<Record<string, string | undefined>>, dotEnv: string): Setting {
  const file = variablesIn(dotEnv)
  return name => (environment[name] || file.get(name) || '').trim()
}

/** @throws Error with a line for each error; none shows the token */
export function readCredentials(setting: Setting): Credentials {
  const [token, zoneId, accountId] = [setting(TOKEN), setting(ZONE).toLowerCase(), setting(ACCOUNT).toLowerCase()]
  const mistakes = [...mistakesOfToken(token), ...mistakesOfId(ZONE, zoneId), ...mistakesOfId(ACCOUNT, accountId)]
  if (zoneId !== '' && zoneId === accountId)
    mistakes.push(`${ZONE} and ${ACCOUNT} are the same; a zone has an id of its own`)
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'))
  return { token, zoneId, accountId }
}

function mistakesOfToken(token: string): string[] {
  if (token === '') return [`${TOKEN} is not set, neither in the environment nor in .env; make a token at https://dash.cloudflare.com/profile/api-tokens`] // biome-ignore format: one line
  if (/^[0-9a-f]{37}$/.test(token)) return [`${TOKEN} is a Global API Key, which may do everything; make a token with the permissions that "afn-otel cloudflare check" names`] // biome-ignore format: one line
  if (/^[0-9a-f]{32}$/.test(token))
    return [`${TOKEN} has the form of the id of a zone or an account; a token is longer`]
  return /^Bearer\s|[^\x21-\x7e]/i.test(token) ? [`${TOKEN} has a space or a character that no token has; put the token there and nothing else`] : [] // biome-ignore format: one line
}

function mistakesOfId(name: string, id: string): string[] {
  if (id === '') return [`${name} is not set, neither in the environment nor in .env; the overview of the zone in the dashboard shows it`] // biome-ignore format: one line
  if (/^[0-9a-f]{32}$/.test(id)) return []
  if (id.includes('.')) return [`${name} is a name (${id.slice(0, 60)}); the id has 32 hexadecimal digits, and stands in the overview of the zone`] // biome-ignore format: one line
  const dashes = id.includes('-') ? ', without dashes' : ''
  return [`${name} has ${id.length} characters; an id has 32 hexadecimal digits${dashes}`]
}

/** Parses `NAME=value` like shells and Docker Compose, with or without quotes and `export`. The last assignment of a name wins. */
function variablesIn(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const [, name, raw] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? []
    if (name === undefined || raw === undefined) continue
    const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(raw)
    found.set(name, quoted ? quoted[2]! : raw.replace(/(?:^|\s+)#.*$/, '').trim())
  }
  return found
}
