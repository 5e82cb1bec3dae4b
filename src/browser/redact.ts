/**
 * What every text passes before it is encoded: secrets and personal data are masked by the redaction's core, and URLs lose
 * the values of their query and their fragment, since no pattern tells a name or a token there.
 */
import { HIGH_ENTROPY, redactCore, SUSPECT } from '../shared/redact/core'

/** Characters that are read of a text, and kept. */
const LONGEST = 4096

const URLS = /\b(?:data:|[a-z][a-z\d+.-]{1,24}:\/\/)[^\s"'`<>\\]+/gi
/** In a URL without a scheme, or in a form. */
const QUERY_VALUES = /([?&][\w.%[\]-]{1,64}=)(?!:\d)[^\s&#"'`<>()\\]+/g

/** Short texts come again and again, and are remembered. */
function remembering(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return text => {
    const made = known.get(text) ?? make(text)
    if (known.size > 300) known.clear()
    if (text.length < 200) known.set(text, made)
    return made
  }
}

/** `https://h/p/[ID]?q=&page=`: no user, no value of a query, no fragment unless it is a route (`#/inbox`). */
export const cleanUrl: (url: string) => string = /* @__PURE__ */ remembering(url => {
  const [, path, query, route] = /^(data:|[^?#]*)\??([^#]*)(#!?\/.*)?/s.exec(url)!
  const keys = query!
    .split('&')
    .map(pair => pair.split('=')[0]!)
    .filter(key => /^[\w.[\]-]{1,40}$/.test(key))
  return (
    // a part that a machine made is an id, or a capability; names of files have a full stop
    path!
      .replace(/\/\/[^/@]*@/, '//')
      .split('/')
      .map(part => (/^[^.]{16,}$/.test(part) && HIGH_ENTROPY.test(part) ? '[ID]' : part))
      .join('/') +
    (path !== 'data:' && keys[0] ? `?${keys.join('=&')}=` : '') +
    (route ? `#${cleanUrl(route.slice(1))}` : '')
  )
})

/** Of a stack a frame: the same come again and again. */
const redactPart = /* @__PURE__ */ remembering(text =>
  redactCore(
    text
      .replace(URLS, url => {
        // in a stack line and column follow
        const [place] = /(?::\d+){0,2}[),.;\]]*$/.exec(url)!
        return cleanUrl(url.slice(0, url.length - place.length)) + place
      })
      .replace(QUERY_VALUES, '$1'),
  ),
)

/**
 * The text as it may leave, at most 4,096 characters of it. A stack frame by frame; nothing that is masked goes over the
 * beginning of one.
 */
export function redactText(text: string): string {
  const kept = text.slice(0, LONGEST)
  // most texts are clean, and seen so sooner than they are remembered
  return SUSPECT.test(kept) ? kept.split('\n    at ').map(redactPart).join('\n    at ') : kept
}
