// Derives the part of a file's address that stays the same across deployments.

/** The path in a URL, or the path itself, with `/` between its parts. */
export function pathOf(file: string): string {
  // a single letter and a colon is a drive, not a scheme
  const [, rest] = /^[a-z][a-z\d+.-]+:(.*)$/is.exec(file) ?? []
  const path = (rest === undefined ? file : rest.replace(/^\/\/[^/]*/, ''))
    .replace(/[?#].*$/s, '')
    .replaceAll('\\', '/')
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/**
 * The content hash that bundlers add to a name: eight characters of base64 or base32 (Rollup, Vite, esbuild), or at least six digits and
 * letters (webpack, Turbopack), before the extension or before `.chunk.js` and `.min.js`; or the whole name if it is hexadecimal.
 */
const HASH = /(?:^[\da-f]{8,64}|[.-](?:(?=[^\W_]*\d)[^\W_]{6,64}|(?=[\w-]*[A-Z\d_])[\w-]{8}))(?=(?:\.[a-z]{2,8}){1,2}$)/

/** `app.js` for `https://h/assets/app-4F3A2B1C.js?v=2`. */
export function stableName(file: string): string {
  return lastOf(file).replace(HASH, '')
}

/** Whether the name contains a content hash. */
export const isHashed = (file: string): boolean => HASH.test(lastOf(file))

const lastOf = (file: string): string => {
  const path = pathOf(file)
  return path.slice(path.lastIndexOf('/') + 1).slice(-200)
}
