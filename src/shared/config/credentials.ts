// URLs with a password or a key in them: how they are shown, and how a request is made of them.

/** The URL without its user, password, query and fragment, which may be secrets; `***` stands where one was. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url) || !/^\s*https?:/i.test(url)) return url.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, '$1***@')
  const { protocol, username, password, host, pathname, search, hash } = new URL(url)
  if (!username && !password && !search && !hash) return url
  const user = username || password ? '***@' : ''
  return `${protocol}//${user}${host}${pathname}${search ? '?***' : ''}${hash ? '#***' : ''}`
}

/** The same for each URL in a text. */
export function textWithoutCredentials(text: string): string {
  return text.replace(/\bhttps?:\/\/\S+/gi, withoutCredentials)
}

/** What `fetch` needs for a URL with a user and a password, which it refuses as they stand. */
export function fetchable(url: string): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !(parsed.username || parsed.password)) return { url, headers: {} }
  const user = new TextEncoder().encode([parsed.username, parsed.password].map(decoded).join(':'))
  parsed.username = parsed.password = ''
  return { url: parsed.href, headers: { authorization: `Basic ${btoa(String.fromCharCode(...user))}` } }
}

/** A bare % is kept as it stands, as browsers and curl do. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
