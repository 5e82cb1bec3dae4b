// How well a redactor did on the corpus, by what is left of each labelled value and what it changed besides. Works for any
// function from text to text.
import { changes } from './diff.mjs'

/** A value counts as gone when at most this share of its characters is left. */
const LEFT = 0.25

/**
 * @typedef {{ all: number, gone: number, whole: number }} Share labelled values; `gone` of them to three quarters or more,
 *   `whole` to the last character
 * @typedef {{ text: import('../corpus/generate.mjs').Text, label: import('../corpus/mark.mjs').Label, left: string }} Miss
 *   `left`: the whole text after redaction
 * @typedef {{
 *   byType: Map<string, Share>, byFamily: Map<string, Share>, misses: Miss[],
 *   harmless: { all: number, changed: number, byFamily: Map<string, { all: number, changed: number }>, texts: { text: import('../corpus/generate.mjs').Text, left: string }[] },
 *   outside: { all: number, changed: number },
 *   regions: { all: number, touching: number }, threw: number,
 * }} Score `harmless` counts characters of texts without labels, `outside` those of the others that no label covers;
 *   `byType` is keyed `family/type`
 */

/** @returns {Score} */
const empty = () => ({
  byType: new Map(),
  byFamily: new Map(),
  misses: [],
  harmless: { all: 0, changed: 0, byFamily: new Map(), texts: [] },
  outside: { all: 0, changed: 0 },
  regions: { all: 0, touching: 0 },
  threw: 0,
})

/** @param {{ start: number, end: number }} one @param {{ start: number, end: number }} other */
const overlap = (one, other) => Math.max(0, Math.min(one.end, other.end) - Math.max(one.start, other.start))

/** @param {string} text @param {string} redacted @param {{ start: number, end: number }} value a place in `text` */
export function isGone(text, redacted, value) {
  const gone = changes(text, redacted).reduce((sum, region) => sum + overlap(region, value), 0)
  return 1 - gone / (value.end - value.start) <= LEFT
}

/** @param {Map<string, Share>} shares @param {string} key @param {number} left share of characters */
function count(shares, key, left) {
  const share = shares.get(key) ?? { all: 0, gone: 0, whole: 0 }
  shares.set(key, share)
  share.all++
  if (left <= LEFT) share.gone++
  if (left === 0) share.whole++
}

/** Adds one text and what is left of it. @param {Score} score @param {import('../corpus/generate.mjs').Text} text @param {string} left */
function add(score, text, left) {
  const regions = changes(text.text, left)
  if (text.labels.length === 0) {
    // Something that was only put in counts as one character.
    const changed = regions.reduce((sum, { start, end }) => sum + Math.max(1, end - start), 0)
    const family = score.harmless.byFamily.get(text.family) ?? { all: 0, changed: 0 }
    score.harmless.byFamily.set(text.family, family)
    for (const sum of [score.harmless, family]) {
      sum.all += text.text.length
      sum.changed += changed
    }
    if (changed > 0) score.harmless.texts.push({ text, left })
    return
  }
  const labelled = text.labels.reduce((sum, { start, end }) => sum + end - start, 0)
  score.outside.all += text.text.length - labelled
  for (const region of regions) {
    const covered = text.labels.reduce((sum, label) => sum + overlap(region, label), 0)
    score.outside.changed += Math.max(0, region.end - region.start - covered)
    score.regions.all++
    if (text.labels.some(label => region.start <= label.end && region.end >= label.start)) score.regions.touching++
  }
  for (const label of text.labels) {
    const gone = regions.reduce((sum, region) => sum + overlap(region, label), 0)
    const share = 1 - gone / (label.end - label.start)
    count(score.byType, `${label.family}/${label.type}`, share)
    count(score.byFamily, label.family, share)
    if (share > LEFT) score.misses.push({ text, label, left })
  }
}

/**
 * @param {readonly import('../corpus/generate.mjs').Text[]} texts
 * @param {(text: string) => string | Promise<string>} redact one that throws leaves its text as it was
 */
export async function measure(texts, redact) {
  const score = empty()
  for (const text of texts) {
    let left = text.text
    try {
      left = await redact(text.text)
    } catch {
      score.threw++
    }
    add(score, text, left)
  }
  return score
}

/** @param {{ all: number, gone: number } | undefined} share @returns {number} in percent; 100 of nothing */
export const recall = share => (share === undefined || share.all === 0 ? 100 : (100 * share.gone) / share.all)
/** @param {{ all: number, changed: number }} sum @returns {number} in percent */
export const changedShare = ({ all, changed }) => (all === 0 ? 0 : (100 * changed) / all)
/** @param {Score} score @returns {number} share of the changed regions that touch a label, in percent */
export const touching = ({ regions }) => (regions.all === 0 ? 100 : (100 * regions.touching) / regions.all)
