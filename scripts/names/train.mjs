// Trains the finder of persons: `node scripts/names/train.mjs FOLDER` reads what `lists.py` and `silver.py` wrote there and writes
// `src/shared/redact/prose/weights.ts`. The same material gives the same file.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { packLexicon, packWeights } from './pack.mjs'
import { NATIONS, TEMPLATES, WORDS } from './templates.mjs'

const folder = process.argv[2]
const root = path.resolve(import.meta.dirname, '../..')
const built = await build({
  stdin: {
    contents:
      "export * from './src/shared/redact/prose/letters';export * from './src/shared/redact/prose/lexicon';export * from './src/shared/redact/prose/latin';export * from './src/shared/redact/prose/sentence'",
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  write: false,
  platform: 'node',
})
const { hashOf, keyOf, GIVEN, SURNAME, COMMON, PLACE, unpackLexicon, LatinReader, Sentence } = await import(
  `data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString('base64')}`
)

const lists = JSON.parse(readFileSync(path.join(folder, 'lists.json'), 'utf8'))
/** A name that is among the most frequent of its kind; the other classes are those of `lexicon.ts`. */
const FREQUENT = 16
/** Places in the table of weights, as a power of two: several features may share one. */
const LATIN_BITS = 17
/** The least sum of weights of a word of a name, and of one beside another. */
const [LEAST, LEAST_BESIDE] = [10, -5]
let seed = 12345
const random = () => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
  let x = seed
  x ^= x >>> 16
  x = Math.imul(x, 0x45d9f3b) >>> 0
  x ^= x >>> 15
  return (x >>> 0) / 4294967296
}
const pick = list => list[Math.floor(random() * list.length)]
const hash = word => hashOf(word, 0, word.length)

// ---- lists
const LATIN = /^[A-Za-zÀ-ɏ]+$/
const parts = name =>
  name
    .split(/[\s'’-]+/)
    .filter(
      part =>
        part.length > 1 &&
        LATIN.test(part) &&
        !/^(de|del|della|di|da|dos|du|la|le|van|von|der|den|ten|ter|zu|bin|al|el|mr|mrs|dr|ms|miss|jr|sr|ii|iii|iv|md|dds|phd|prof|los|las|y|e)$/i.test(
          part,
        ),
    )
const given = new Map()
const surnames = new Map()
const count = (map, word, by = 1) => map.set(word, (map.get(word) ?? 0) + by)
for (const [locale, names] of Object.entries(lists.faker)) {
  if (locale === 'is_IS') continue
  for (const name of names.given) for (const part of parts(name)) count(given, part)
  for (const name of names.surnames) for (const part of parts(name)) count(surnames, part)
}
for (const [at, name] of lists.census.given.entries()) count(given, name, at % 4275 < 1200 ? 3 : 1)
for (const [at, name] of lists.census.surnames.slice(0, 12_000).entries()) count(surnames, name, at < 3000 ? 3 : 1)
for (const [word] of [...given]) if (!/^[A-ZÀ-Þ]/.test(word) || word.length < 2) given.delete(word)
for (const [word] of [...surnames]) if (!/^[A-ZÀ-Þ]/.test(word) || word.length < 2) surnames.delete(word)
console.log('given', given.size, 'surnames', surnames.size)

// ---- prose
const paragraphs = []
for (const part of [0, 1]) {
  const file = path.join(folder, `en-silver-${part}.jsonl`)
  if (existsSync(file))
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      try {
        const { text, labels } = JSON.parse(line)
        paragraphs.push({ language: 'en', text, labels })
      } catch {}
    }
}
const rawOf = { ...lists.prose }
delete rawOf.ja
delete rawOf.zh
console.log('silver', paragraphs.length)
const perLanguage = { en: paragraphs.map(p => p.text), ...rawOf }
const commonWords = new Set()
for (const [language, texts] of Object.entries(perLanguage)) {
  const own = new Map()
  for (const text of texts)
    for (const [word] of text.matchAll(/[A-Za-zÀ-ɏ]+/g)) if (/^[a-zà-ÿ]/.test(word) && word.length > 1) count(own, word)
  const most = [...own]
    .filter(([, n]) => n > 1)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, language === 'en' ? 11_000 : 4500)
  for (const [word] of most) commonWords.add(word)
}
const dictionary = new Set()
for (const words of Object.values(lists.words))
  for (const word of words) if (/^[a-zà-ÿ]+$/.test(word)) dictionary.add(word)
// German nouns have a capital: those that are no names
for (const word of lists.words.de)
  if (/^[A-ZÄÖÜ][a-zäöüß]+$/.test(word) && !given.has(word) && !surnames.has(word) && random() < 0.06)
    commonWords.add(word.toLowerCase())
const german = new Map()
for (const text of rawOf.de)
  for (const [word] of text.matchAll(/(?<=[a-zäöü,] )[A-ZÄÖÜ][a-zäöüß]{2,}/g))
    if (!given.has(word) && !surnames.has(word)) count(german, word)
for (const [word, n] of [...german].sort((a, b) => b[1] - a[1]).slice(0, 7000))
  if (n > 1) commonWords.add(word.toLowerCase())

const places = JSON.parse(readFileSync(path.join(folder, 'cities.json'), 'utf8'))
const classes = new Map()
const mark = (word, as) => classes.set(hash(word), (classes.get(hash(word)) ?? 0) | as)
for (const [word, n] of given) mark(word, GIVEN | (n > 2 ? FREQUENT : 0))
for (const [word, n] of surnames) mark(word, SURNAME | (n > 2 ? FREQUENT : 0))
for (const word of commonWords)
  if (dictionary.has(word) || !(given.get(word[0].toUpperCase() + word.slice(1)) > 0)) mark(word, COMMON)
for (const word of NATIONS) mark(word, COMMON | PLACE)
for (const word of dictionary)
  if (given.has(word[0].toUpperCase() + word.slice(1)) || surnames.has(word[0].toUpperCase() + word.slice(1)))
    mark(word, COMMON)
for (const place of places)
  for (const part of place.split(/[\s'’-]+/))
    if (LATIN.test(part) && part.length > 2 && !commonWords.has(part.toLowerCase())) mark(part, PLACE)
const packed = packLexicon(classes, keyOf)
const unpacking = unpackLexicon(packed)
let unpacked = unpacking.next()
while (!unpacked.done) unpacked = unpacking.next()
const lexicon = unpacked.value
console.log('lexicon', classes.size, packed.length)

// ---- samples: text, the names in it, and places of which nothing is said
const ofLocale = code => {
  const own = Object.entries(lists.faker).filter(([l]) => l.startsWith(code))
  return {
    g: own.flatMap(([, n]) => n.given).filter(n => parts(n).length > 0),
    s: own.flatMap(([, n]) => n.surnames).filter(n => parts(n).length > 0),
  }
}
const localeNames = Object.fromEntries(
  ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'da', 'tr', 'hr', 'cs', 'ro', 'hu', 'fi'].map(l => [
    l,
    ofLocale(l),
  ]),
)
localeNames.en = {
  g: [
    ...localeNames.en.g.filter((_, i) => i % 8 === 0),
    ...lists.census.given.slice(0, 2500),
    ...lists.census.given.slice(4275, 5200),
  ],
  s: lists.census.surnames.slice(0, 12000),
}
const LOCALES = Object.keys(localeNames)
const localeFor = language => {
  const r = random()
  const l = r < 0.7 ? language : r < 0.8 ? 'en' : pick(LOCALES)
  return localeNames[l].g.length > 20 && localeNames[l].s.length > 20 ? l : 'en'
}
/** A name that no list has: a rare one with a letter changed. */
const strange = word => {
  if (word.length < 4 || random() > 0.18) return word
  const at = 1 + Math.floor(random() * (word.length - 2))
  return word.slice(0, at) + pick([...'aeioulnrst']) + word.slice(at + (random() < 0.5 ? 1 : 0))
}
const givenName = l => strange(pick(localeNames[l].g))
const surname = l => strange(pick(localeNames[l].s))
const fullName = l => {
  const middle = random() < 0.08 ? `${pick([...'ABCDEFGHJKLMNPRSTW'])}. ` : random() < 0.06 ? `${givenName(l)} ` : ''
  return `${givenName(l)} ${middle}${surname(l)}`
}
const isGiven = w => given.has(w),
  isSurname = w => surnames.has(w)

const company = l => {
  const r = random()
  return r < 0.4
    ? pick(WORDS)
    : r < 0.6
      ? `${surname(l)} ${pick(KINDS)}`
      : r < 0.7
        ? `${surname(l)} & ${surname(l)}`
        : `${pick(WORDS)} ${pick(KINDS)}`
}
const KINDS =
  'Corp Inc Ltd Group Bank University Systems Energy Street Hotel Hospital Foundation Partners Institute Motors Airport College Park Hall Center Broadband Associates Media Services Solutions Technologies Insurance'.split(
    ' ',
  )

/** Pronouns, in whose place a name may stand as well. */
const PRONOUNS = {
  en: [
    /\b([Hh]e|[Ss]he)\b(?!['’])/g,
    /(?<=\b(?:with|to|for|from|told|asked|tell|ask|met|saw|by|and|of|about|gave|thank|thanks|let|give|called|sent|between|like) )(?:him|her(?= *[.,;:!?\n])|me|us|them)\b(?!['’])/g,
  ],
  de: [/\b([Ee]r)\b/g, /\b(?:ihm|ihn|mir|mich)\b/g],
  fr: [/\b([Ee]lle|Il(?! (?:y|faut|est|s'agit)))\b/g, /(?<=\b(?:avec|pour|par|chez|de|et|à) )(?:lui|elle|moi|eux)\b/g],
  es: [
    /(?<![\wáéíóúñ])(?:[ÉéÉ]l|[Ee]lla)(?= (?:es|era|fue|ha|no|se|dijo|tiene|está|le|que|y|quiere|puede)\b)/g,
    /(?<=\b(?:con|para|por|de|a|y) )(?:él|ella|mí|usted)\b/g,
  ],
  pt: [/\b([Ee]l[ea])\b/g, /(?<=\b(?:com|para|por|de|a|e) )(?:ele|ela|mim|você)\b/g],
  it: [/(?<![\wàèéìòù])(?:[Ll]ui|[Ll]ei|[Ee]gli|[Ee]lla)\b/g, /(?<=\b(?:con|per|da|di|a|e) )(?:lui|lei|me|te)\b/g],
}

function namesForPronouns({ text, labels, language }) {
  const all = [...labels]
  let n = 0
  for (const pattern of PRONOUNS[language] ?? []) {
    for (const found of text.matchAll(pattern)) {
      const [start, end] = [found.index, found.index + found[0].length]
      if (labels.some(l => start < l.end && end > l.start) || random() < 0.4 || n > 8) continue
      all.push({ start, end, name: true, any: true })
      n++
    }
  }
  return n > 0 ? { ...substituted({ text, labels: all, language }), isMade: true } : undefined
}

/** As letters begin and end. */
function asLetter({ text, names, skip, language }) {
  const l = localeFor(language)
  const [hello, bye] = LETTERS[language] ?? LETTERS.en
  const r = random()
  const opening =
    r < 0.35
      ? ''
      : `${pick(hello)}${random() < 0.7 ? givenName(l) : random() < 0.5 ? fullName(l) : `${givenName(l)} ${pick(['and', '&', ','].slice(0, language === 'en' ? 3 : 1))} ${givenName(l)}`}${pick([',', ' -', ':', ',', '!', ''])}\n`
  const at = /[A-ZÀ-Þ]/.exec(opening.slice(pickLength(opening)))
  const made = opening
    ? [{ start: at ? at.index + pickLength(opening) : 0, end: opening.trimEnd().replace(/[ ,:!-]+$/, '').length }]
    : []
  const move = ({ start, end }) => ({ start: start + opening.length, end: end + opening.length })
  let whole = opening + text
  const closing = `\n${random() < 0.6 ? `${pick(bye)}\n` : ''}`
  const name = random() < 0.6 ? givenName(l) : fullName(l)
  const own = [{ start: whole.length + closing.length, end: whole.length + closing.length + name.length }]
  whole += closing + name + (random() < 0.3 ? `\n${company(l)}` : '')
  return { text: whole, names: [...made, ...names.map(move), ...own], skip: skip.map(move), language, isMade: true }
}
const pickLength = opening => {
  const found = /^(?:(?:Hi|Hello|Dear|Hey|Hallo|Liebe|Lieber|Bonjour|Cher|Hola|Querida|Olá|Oi|Ciao|Cara|Salut) )?/.exec(
    opening,
  )
  return found[0].length
}
const LETTERS = {
  en: [
    ['', '', '', 'Hi ', 'Hello ', 'Dear ', 'Hey '],
    ['Thanks,', 'Thanks.', 'Regards,', 'Best,', 'Cheers', 'Kind regards', 'Thx', 'Sincerely,', 'Love,'],
  ],
  de: [
    ['', 'Hallo ', 'Liebe ', 'Lieber '],
    ['Viele Grüße', 'Gruß', 'Mit freundlichen Grüßen', 'Danke'],
  ],
  fr: [
    ['', 'Bonjour ', 'Salut ', 'Cher '],
    ['Cordialement,', 'Merci', 'Bien à vous,'],
  ],
  es: [
    ['', 'Hola ', 'Querida '],
    ['Saludos,', 'Gracias', 'Un abrazo,'],
  ],
  pt: [
    ['', 'Olá ', 'Oi '],
    ['Abraços', 'Obrigado,', 'Atenciosamente,'],
  ],
  it: [
    ['', 'Ciao ', 'Cara '],
    ['Saluti', 'Grazie,', 'Cordiali saluti'],
  ],
}

function substituted({ text, labels, language }) {
  let out = ''
  let at = 0
  const names = []
  const skip = []
  for (const label of [...labels].sort((a, b) => a.start - b.start)) {
    if (label.start < at) continue
    out += text.slice(at, label.start)
    let value = text.slice(label.start, label.end)
    if (label.name) {
      const l = localeFor(language)
      const words = value.trim().split(/\s+/)
      const r = random()
      value = label.any
        ? r < 0.5
          ? givenName(l)
          : r < 0.75
            ? fullName(l)
            : surname(l)
        : words.length > 1
          ? fullName(l)
          : isGiven(words[0])
            ? givenName(l)
            : random() < 0.5
              ? surname(l)
              : givenName(l)
      names.push({ start: out.length, end: out.length + value.length })
    } else if (label.place) value = pick(places)
    else if (label.company) value = company(localeFor(language))
    else if (label.skip) skip.push({ start: out.length, end: out.length + value.length })
    out += value
    at = label.end
  }
  return { text: out + text.slice(at), names, skip, language }
}

const placeWords = new Set(places.flatMap(place => parts(place)))
const isSureGiven = word =>
  given.has(word) &&
  !placeWords.has(word) &&
  !dictionary.has(word.toLowerCase()) &&
  !commonWords.has(word.toLowerCase())
const samples = []
const WORD = /[A-Za-zÀ-ɏ]+/g
for (const p of paragraphs) {
  const labels = []
  for (const { start, end, type } of p.labels) {
    const value = p.text.slice(start, end)
    if (type !== 'PERSON') {
      if (type === 'GPE' && /^[A-Z][a-z]+( [A-Z][a-z]+)?$/.test(value)) labels.push({ start, end, place: true })
      else if (type === 'ORG' && /^[A-Z]/.test(value) && random() < 0.5) labels.push({ start, end, company: true })
      // the teacher takes persons for companies
      const words = value.match(WORD) ?? []
      if (words.length === 2 && isGiven(words[0]) && isSurname(words[1]) && !dictionary.has(words[0].toLowerCase())) {
        labels.length -= labels.at(-1)?.start === start ? 1 : 0
        labels.push({ start, end, skip: true })
      }
      continue
    }
    const trimmed = value.replace(/['’]s$/, '').replace(/[^A-Za-zÀ-ɏ.]+$/, '')
    const words = trimmed.match(WORD) ?? []
    const isSure =
      words.length > 0 &&
      words.length < 5 &&
      words.every(w => /^[A-ZÀ-Þ]/.test(w) || /^(de|van|von|der|la)$/.test(w)) &&
      (isGiven(words[0]) || (isSurname(words.at(-1)) && !commonWords.has(words.at(-1).toLowerCase()))) &&
      !/[\d_/@]/.test(trimmed) &&
      !/^[A-Z]{2,}$/.test(words[0]) &&
      !/[a-z][A-Z]/.test(words[0])
    labels.push({ start, end: start + trimmed.length, ...(isSure ? { name: true } : { skip: true }) })
  }
  // the teacher misses a third of the given names: where it says nothing, nothing is learned of a word that is hardly anything else
  for (const { 0: word, index } of p.text.matchAll(WORD)) {
    if (
      /^[A-ZÀ-Þ][a-zà-ÿ]/.test(word) &&
      isSureGiven(word) &&
      !p.labels.some(l => index < l.end && index + word.length > l.start)
    )
      labels.push({ start: index, end: index + word.length, skip: true })
  }
  const own = { text: p.text, language: 'en', names: labels.filter(l => l.name), skip: labels.filter(l => l.skip) }
  samples.push(own)
  const isOld = samples.length % 3
  if (labels.some(l => l.name || l.place || l.company))
    samples.push(substituted({ text: p.text, labels, language: 'en' }))
  const made = namesForPronouns({ text: p.text, labels, language: 'en' })
  if (made) samples.push(made)
  if (p.text.length < 900 && isOld === 0) samples.push(asLetter(made ?? own))
}
// other languages: a given name and a surname next to each other are one, a word that may be a name is left out
for (const [language, texts] of Object.entries(rawOf)) {
  for (const text of texts.filter((_, at) => at % Math.ceil(texts.length / 5000) === 0)) {
    const labels = []
    const words = [...text.matchAll(WORD)]
    for (let i = 0; i < words.length; i++) {
      const [w] = words[i]
      const at = words[i].index
      if (!/^[A-ZÀ-Þ][a-zà-ÿ]/.test(w)) continue
      const next = words[i + 1]
      const common = x => commonWords.has(x.toLowerCase()) || dictionary.has(x.toLowerCase())
      if (
        next &&
        next.index === at + w.length + 1 &&
        text[next.index - 1] === ' ' &&
        isGiven(w) &&
        isSurname(next[0]) &&
        !common(w) &&
        !commonWords.has(next[0].toLowerCase())
      ) {
        labels.push({ start: at, end: next.index + next[0].length, name: true })
        i++
      } else if ((isGiven(w) || isSurname(w)) && !common(w)) labels.push({ start: at, end: at + w.length, skip: true })
      else if (next && (isGiven(w) || isSurname(w)) && /^[A-Z]/.test(next[0]))
        labels.push({ start: at, end: at + w.length, skip: true })
    }
    const own = { text, language, names: labels.filter(l => l.name), skip: labels.filter(l => l.skip) }
    samples.push(own)
    if (own.names.length > 0)
      samples.push(substituted({ text, labels, language }), substituted({ text, labels, language }))
    const made = namesForPronouns({ text, labels, language })
    if (made) samples.push(made)
    if (text.length < 700 && random() < 0.2) samples.push(asLetter(made ?? own))
  }
}
// programs and their documentation: this repository, in which nobody is named
const skipPairs = text => {
  const words = [...text.matchAll(WORD)]
  return words.flatMap((w, i) => {
    const next = words[i + 1]
    return next && isSureGiven(w[0]) && next.index === w.index + w[0].length + 1 && isSurname(next[0])
      ? [{ start: w.index, end: next.index + next[0].length }]
      : isSureGiven(w[0])
        ? [{ start: w.index, end: w.index + w[0].length }]
        : []
  })
}
for (const top of ['src', 'docs', 'semconv']) {
  for (const file of readdirSync(path.join(root, top), { recursive: true }).map(String).sort()) {
    if (!/\.(ts|md)$/.test(file) || /prose|given-names|\.ja\.md|node_modules|redact/.test(file)) continue
    const text = readFileSync(path.join(root, top, file), 'utf8')
    for (let at = 0; at < Math.min(text.length, 12_000); at += 3000) {
      const piece = text.slice(at, at + 3000)
      samples.push({ text: piece, language: 'en', names: [], skip: skipPairs(piece) })
    }
  }
}
const bigPlaces = places.slice(0, 1500)
for (const [language, lines] of Object.entries(TEMPLATES)) {
  const all = lines.split('\n')
  const blocks = []
  for (let i = 0; i < all.length; i++) {
    if (
      /[,]?$/.test(all[i]) &&
      all[i].length < 22 &&
      !/[.?!]$/.test(all[i]) &&
      i + 1 < all.length &&
      !/^\{P\}|^Attend|^CC|^Teiln|^Sent|^Rep/.test(all[i])
    ) {
      blocks.push(`${all[i]}\n${all[i + 1]}`)
      i++
    } else blocks.push(all[i])
  }
  for (let n = 0; n < 40 * blocks.length; n++) {
    const several = random() < 0.3 ? `${pick(blocks)} ${pick(blocks)}` : pick(blocks)
    const l = localeFor(language)
    let text = ''
    const names = []
    for (const piece of several.split(/(\{[A-Z]\})/)) {
      const value =
        {
          '{P}': () => fullName(l),
          '{G}': () => givenName(l),
          '{S}': () => surname(l),
          '{L}': () => pick(bigPlaces),
          '{N}': () => givenName(l),
          '{W}': () => (random() < 0.2 ? `${pick(WORDS)} ${pick(WORDS)}` : pick(WORDS)),
        }[piece]?.() ?? piece
      if (/^\{[PGS]\}$/.test(piece)) names.push({ start: text.length, end: text.length + value.length })
      text += value
    }
    samples.push({ text, language, names, skip: [], isTemplate: true })
  }
}
console.log('samples', samples.length)

// ---- examples: the features of each word with a capital
const sentence = new Sentence()
const reader = new LatinReader(lexicon, sentence)
const inside = (spans, start, end) => spans.some(s => start >= s.start && end <= s.end)
const touches = (spans, start, end) => spans.some(s => start < s.end && end > s.start)
const rows = [[], []]
const labelsOf = [[], []]
const weightsOf = [[], []]
function examples(sample, bucket, weight) {
  const { text, names, skip } = sample
  // some names as they stand where they were masked
  const taken = random() < 0.25 ? names.filter(() => random() < 0.5).map(name => ({ ...name, tag: 'NAME' })) : []
  for (let at = 0; at < text.length; ) {
    sentence.read(text, at, taken)
    at = Math.max(at + 1, sentence.end)
    reader.begin()
    if (bucket === 0)
      for (let i = 0; i < sentence.count; i++)
        if (random() < 0.08) reader.known[i] &= COMMON | (random() < 0.5 ? PLACE : 0)
    for (let i = 0; i < sentence.count; i++) {
      if (!reader.mayBeName(text, i)) continue
      const [start, end] = [sentence.starts[i], sentence.ends[i]]
      const isName = inside(names, start, end)
      if (!touches(skip, start, end)) {
        const n = reader.read(text, i)
        rows[bucket].push(Int32Array.from(reader.features.subarray(0, n)))
        labelsOf[bucket].push(isName ? 1 : 0)
        weightsOf[bucket].push(isName ? weight : weight * 1.0)
      }
      reader.isName[i] = isName ? 1 : 0
    }
  }
}
for (const sample of samples)
  examples(sample, random() < 0.03 ? 1 : 0, sample.isTemplate ? 0.5 : sample.language === 'en' ? 1 : 0.7)
console.log(
  'examples',
  rows[0].length,
  labelsOf[0].reduce((a, b) => a + b, 0),
  'held out',
  rows[1].length,
)

// ---- what comes once or twice says nothing, and would share its place in the table with what does
const seen = new Map()
for (const row of rows[0]) for (const f of row) seen.set(f, (seen.get(f) ?? 0) + 1)
const LAST = (1 << LATIN_BITS) - 1
let kept = 0
for (const n of seen.values()) if (n > 4) kept++
console.log('features', seen.size, 'kept', kept)
for (const bucket of [0, 1])
  rows[bucket] = rows[bucket].map(row => row.filter(f => (seen.get(f) ?? 0) > 4).map(f => f & LAST))

// ---- logistic regression with AdaGrad
const SIZE = 1 << LATIN_BITS
const w = new Float32Array(SIZE),
  g2 = new Float32Array(SIZE).fill(0.1)
const order = Int32Array.from(rows[0], (_, i) => i)
for (let epoch = 0; epoch < 5; epoch++) {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  let loss = 0
  for (const k of order) {
    const row = rows[0][k]
    let sum = 0
    for (let a = 0; a < row.length; a++) sum += w[row[a]]
    const p = 1 / (1 + Math.exp(-sum))
    loss -= Math.log(Math.max(1e-9, labelsOf[0][k] ? p : 1 - p))
    const error = (p - labelsOf[0][k]) * weightsOf[0][k]
    if (Math.abs(error) < 0.002) continue
    for (let a = 0; a < row.length; a++) {
      const f = row[a]
      const grad = error + 0.0004 * w[f]
      g2[f] += grad * grad
      const next = w[f] - (0.12 * grad) / Math.sqrt(g2[f])
      w[f] = next > 2.2 ? 2.2 : next < -2.2 ? -2.2 : next
    }
  }
  console.log('epoch', epoch, (loss / order.length).toFixed(5))
}
const UNIT = 10
const quantized = Int8Array.from(w, value =>
  Math.max(-32, Math.min(31, Math.trunc(value * UNIT + Math.sign(value) * 0.3))),
)
console.log(
  'non-zero',
  quantized.reduce((n, v) => n + (v !== 0), 0),
)
for (const least of [-10, 0, 10, 20, 30, 40]) {
  let [tp, fp, fn] = [0, 0, 0]
  rows[1].forEach((row, k) => {
    let sum = 0
    for (const f of row) sum += quantized[f]
    const is = sum >= least
    if (is && labelsOf[1][k]) tp++
    else if (is) fp++
    else if (labelsOf[1][k]) fn++
  })
  console.log(least, 'recall', (tp / (tp + fn)).toFixed(3), 'precision', (tp / (tp + fp)).toFixed(3))
}
writeFileSync(
  path.join(root, 'src/shared/redact/prose/weights.ts'),
  `// Made by scripts/names/train.mjs.\n\nexport const LEXICON: string = '${packed}'\n\nexport const LATIN_WEIGHTS: string = '${packWeights(quantized)}'\n\nexport const LEAST = ${LEAST}\nexport const LEAST_BESIDE = ${LEAST_BESIDE}\n`,
)
