// What of a file's address stays the same from deploy to deploy.

/** The path in a URL, or the path itself, with `/` between its parts. */
export function pathOf(file: string): string {
  // one letter and a colon is a drive
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
 * What bundlers put into a name, which changes with the content: eight characters of base64 or base32 (Rollup, Vite,
 * esbuild), or at least six digits and letters (webpack, Turbopack), before the extension or before `.chunk.js` and `.min.js`;
 * or the whole name, where it is hexadecimal.
 */
const HASH = /(?:^[\da-f]{8,64}|[.-](?:(?=[^\W_]*\d)[^\W_]{6,64}|(?=[\w-]*[A-Z\d_])[\w-]{8}))(?=(?:\.[a-z]{2,8}){1,2}$)/

/** `app.js` for `https://h/assets/app-4F3A2B1C.js?v=2`. */
export function stableName(file: string): string {
  return lastOf(file).replace(HASH, '')
}

/** Whether the name stands for one content. */
export const isHashed = (file: string): boolean => HASH.test(lastOf(file))

const lastOf = (file: string): string => {
  const path = pathOf(file)
  return path.slice(path.lastIndexOf('/') + 1).slice(-200)
}
