// Other spellings of the same value: what input methods, copy and paste, mail programs and encoders make of it.

/** @typedef {import('../random.mjs').Random} Random */

/** @param {string} text */
const fullWidth = text =>
  [...text].map(sign => (/[!-~]/.test(sign) ? String.fromCharCode(sign.charCodeAt(0) + 0xfee0) : sign === ' ' ? '\u3000' : sign)).join('') // biome-ignore format: one step

// biome-ignore format: a table
/** By name. @type {Record<string, (r: Random, text: string) => string>} */
const VARIANTS = {
  full_width: (_, text) => fullWidth(text),
  zero_width: (r, text) => {
    const at = r.int(1, text.length - 1)
    return text.slice(0, at) + r.pick(['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad']) + text.slice(at)
  },
  // Some serialisers escape a plus, PHP a slash; mail harvesters are kept off with the entity of an at sign.
  unicode_escape: (_, text) => text.replace(/[@+]/, sign => `\\u00${sign.charCodeAt(0).toString(16)}`),
  entity: (r, text) => text.replace(/[@+]/, sign => r.pick([`&#${sign.charCodeAt(0)};`, `&#x${sign.charCodeAt(0).toString(16)};`])),
  no_break_space: (r, text) => text.replaceAll(' ', r.pick(['\u00a0', '\u202f', '\u2009'])),
  dash: (r, text) => text.replaceAll('-', r.pick(['\u2010', '\u2011', '\u2013', '\u2212', 'ー', '－'])),
  wrapped: (r, text) => text.replace(/[ -]/, sign => (sign === ' ' ? r.pick(['\n', '\n> ', '\r\n']) : '-\n')),
}

/** Those that happen to words; the others happen to groups of digits. */
export const WORDS = ['full_width', 'zero_width', 'unicode_escape', 'entity']

/**
 * Some values in another spelling, most as they are.
 * @param {Random} r @param {string} value @param {number} share from 0 to 1
 */
export function spelled(r, value, share, names = Object.keys(VARIANTS)) {
  return r.maybe(share) ? (VARIANTS[r.pick(names)]?.(r, value) ?? value) : value
}
