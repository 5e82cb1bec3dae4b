// `npm run bench:redact -- --equal FOLDER`: whether our redactor answers as that of another checkout, on the corpus, on texts of each
// kind, and on pieces of them put together anew.
import { corpus } from '../../redact/corpus/generate.mjs'
import { mixedTexts } from '../../redact/mixed-texts.mjs'
import { KINDS, textOf } from './kinds.mjs'

const SEEDS = 6
const TEXTS = 200_000
const MOST_SHOWN = 10

/** @typedef {(text: string) => string} Read */

/** @param {Read} ours @param {Read} theirs @param {string} name of theirs @returns {boolean} */
export function printEqual(ours, theirs, name) {
  let state = 7
  const random = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  const texts = Object.values(KINDS).map(line => textOf(line, 4096, random))
  for (let seed = 1; seed <= SEEDS; seed++) for (const { text } of corpus({ seed })) texts.push(text)
  const next = mixedTexts(texts, 1)
  let [masked, different] = [0, 0]
  for (let n = 0; n < Math.max(TEXTS, texts.length); n++) {
    const text = texts[n] ?? next()
    const left = ours(text)
    const theirLeft = theirs(text)
    if (left !== text) masked++
    if (left !== theirLeft && different++ < MOST_SHOWN) {
      let at = 0
      while (left[at] === theirLeft[at]) at++
      console.log(
        `${JSON.stringify(left.slice(Math.max(0, at - 60), at + 60))}\n  ${name}: ${JSON.stringify(theirLeft.slice(Math.max(0, at - 60), at + 60))}`,
      )
    }
  }
  console.log(`${TEXTS} texts, ${masked} of them with hits, ${different} that ${name} leaves otherwise`)
  return different === 0
}
