/**
 * Names that the words before them introduce: "My name is …", "Dear …,", "Mr. …", "Best regards,\n…", "je m'appelle …".
 * Called by the scanner at capitals.
 */
import { BACKSLASH, codeAt, is, LETTER, WORD } from '../chars'
import { createWordFinder } from '../key-words'
import { latinNameAt } from '../names/latin'
import type { Detector } from '../scan'

/**
 * - `name`: a name follows.
 * - `greeting`: a name, when it is one of the list or when a comma or the end of the line follows.
 * - `person`: a name, when it begins with one of the list (`patient Maria Silva`).
 * - `closing`: a name on the next line.
 */
type Kind = 'name' | 'greeting' | 'person' | 'closing'

const { find } = createWordFinder<Kind>({
  person:
    "-customer -client -patient -employee -guest -passenger -student -tenant -user -member -iam -i'm -i’m -thisis -itis -spokewith " +
    '-speakwith -speakto -meetwith -metwith -kunde -kundin -patientin -soy -cliente -paciente -ichbin -jesuis -sono ' +
    '-souo -soua',
  greeting:
    '-dear -hi -hello -hey -liebe -lieber -hallo -cher -chère -bonjour -estimado -estimada -hola -querido -querida -caro -cara -gentile ' +
    '-ciao -prezado -prezada -olá -beste -geachte -kära -kjære -kære -hej -drogi -szanowny -merhaba -уважаемый -уважаемая -здравствуйте',
  closing:
    'regards sincerely faithfully -cheers bestwishes respectfully truly grüßen gruß grüße cordialement saludos saluti cumprimentos ' +
    'groeten hälsningar hilsen pozdrawiam уважением',
  name:
    "mynameis mynamesis myname's myfullnameis hisnameis hernameis thenameis namedas callme iamcalled signedby dearmr dearmrs -mr -mrs -ms -miss -prof -dr " +
    "meinnameist ichheiße ichheisse -herr -herrn -frau jem'appelle jem’appelle monnomest -monsieur -madame -mme -mlle " +
    'mellamo minombrees -señor -señora -sra -don -doña michiamo ilmionomeè -signor -signora -sig meunomeé mechamo -senhor -senhora ' +
    'mijnnaamis ikheet -meneer -mevrouw jagheter mittnamnär jegheter jeghedder mitnavner mittnavner nimenion olen ' +
    'nazywamsię mamnaimię -pan -pani jmenujise benimadım -sayın менязовут моёимя моеимя -господин -госпожа',
})

const CAPITALS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĆČĎĐĘĚĞİĽŁŃŇŐŒŘŚŞŠŤŮŰŹŻŽАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯ' +
  'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ'

/** Mr, Mrs, Herr: the shorter words for a name. */
const LONGEST_TITLE = 4

export const introduced: Detector = {
  names: ['introduced name'],
  finds: 'personal',
  // not inside a word, where most capitals stand; n is the end of \n
  anchors: [{ at: CAPITALS, after: ' \n\r,.\\n' }],
  at(text, at, hits) {
    // inside a word: the most frequent capital; n is the end of \n
    const before = codeAt(text, at - 1)
    if (before > 46 && before !== 110 && before !== BACKSLASH) return at
    const gap = gapStart(text, at)
    if (gap === at) return at
    const word = find(text, gap)
    if (!word) return at
    const kind = word.value
    const between = text.slice(gap, at)
    const hasBreak = /\n|\\n/.test(between)
    if (hasBreak !== (kind === 'closing') || (kind !== 'closing' && between.includes(','))) return at
    const name = latinNameAt(text, at)
    if (!name) return at
    const after = text[name.end] ?? '\n'
    if (/[\w({<[/@=]/.test(after)) return at
    if (kind === 'person' && !(name.isKnown && name.words > 1)) return at
    if (kind === 'greeting' && !name.isKnown && after !== ',') return at
    if (kind === 'name' && gap - word.start <= LONGEST_TITLE && !isTitle(text, word.start)) return at
    hits.add(at, name.end, 'NAME')
    return name.end
  },
}

/** A capital and a small letter: `ms` is a unit, `MS` a company. */
function isTitle(text: string, at: number): boolean {
  const first = codeAt(text, at)
  const second = codeAt(text, at + 1)
  return !is(first, LETTER) || (first < 97 && (second >= 97 || !is(second, WORD)))
}

/** Where the spaces, stops and line breaks before `at` begin; `at` when a letter stands there. */
function gapStart(text: string, at: number): number {
  let start = at
  while (start > at - 8 && start > 0) {
    const code = codeAt(text, start - 1)
    // \n in an escaped text
    if (code === 110 && codeAt(text, start - 2) === BACKSLASH) start -= 2
    else if (code === 32 || code === 10 || code === 13 || code === 44 || code === 46 || code === BACKSLASH) start--
    else break
  }
  return start
}
