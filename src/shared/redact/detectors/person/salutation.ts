/** Names that the words before them introduce: "My name is …", "Dear …,", "Mr. …", "Best regards,\n…", "je m'appelle …". */
import { BACKSLASH, codeAt, DIGIT, is, LETTER, WORD } from '../../scan/chars'
import type { Detector, Hits } from '../../scan/scanner'
import { spend } from '../../scan/work'
import { createWordFinder } from '../../words/word-finder'
import { fullNameAt } from './names/latin'

/**
 * - `name`: a name follows.
 * - `greeting`: a name, when it is one of the list or when a comma or the end of the line follows.
 * - `person`: a name, when it begins with one of the list (`patient Maria Silva`).
 * - `closing`: a name on the next line, to its end.
 * - `thanks`: the same, when it begins with one of the list.
 */
type Kind = 'name' | 'greeting' | 'person' | 'closing' | 'thanks'

const { find } = createWordFinder<Kind>({
  person:
    "-customer -client -patient -employee -guest -passenger -student -tenant -user -member -iam -i'm -i’m -thisis -itis -spokewith " +
    '-speakwith -speakto -meetwith -metwith -talkedto -talkedwith -spoketo -contact -call -email -ask -askfor -behalfof ' +
    '-belongsto -accountholderis -cardholderis -contactpersonis -patientis -employeeis -customeris -clientis -guestis -nomeè -intestatarioè -titularees -titulares -titularé ' +
    '-kontoinhaberist -ansprechpartnerist -kundeist -titulaireest -bookedby -orderedby -signedby -preparedby -submittedby -requestedby -approvedby -assignedto ' +
    '-sentby -paidby -writtento -invoicefor -orderfor -accountfor -accountof -reservationfor -bookingfor -appointmentwith -wife -husband ' +
    '-son -daughter -mother -father -brother -sister -colleague -friend -manager -boss -doctor -nurse -nameis -mynames ' +
    '-kunde -kundin -patientin -soy -cliente -paciente -ichbin -hierist -jesuis -ici -sono -souo -soua -sou -ikben -jestem -jagär ' +
    '-jegeer -jeger -olen -jsem -ben -я -это -клиент -пациент -m',
  greeting:
    '-dear -hi -hello -hey -liebe -lieber -hallo -cher -chère -bonjour -estimado -estimada -hola -querido -querida -caro -cara -gentile ' +
    '-ciao -prezado -prezada -olá -oi -beste -geachte -kära -kjære -kære -hej -hei -hyvä -drogi -droga -szanowny -szanowna -merhaba ' +
    '-ahoj -dobrýden -dzieńdobry -gutentag -goedemorgen -buenosdías -bomdia -уважаемый -уважаемая -здравствуйте -привет ' +
    '-добрыйдень -дорогой -дорогая',
  thanks: 'thanks thankyou -thx manythanks danke merci grazie gracias obrigado obrigada bedankt tack kiitos',
  closing:
    'regards sincerely faithfully -cheers bestwishes warmly respectfully truly bestregards grüßen gruß grüße grüsse grüssen -lg -mfg -vg ' +
    'cordialement salutations bienàvous saludo saludos atentamente saluti cumprimentos atenciosamente abraços abrazo abraço ' +
    'groeten groet -mvg hälsningar hälsning -mvh hilsen hilsener terveisin pozdrawiam poważaniem pozdravem pozdravy ' +
    'saygılarımla уважением повагою повагой',
  name:
    "mynameis mynamesis myname's myfullnameis hisnameis hernameis thenameis namedas callme iamcalled dearmr dearmrs -mr -mrs -ms -miss -prof -dr " +
    "meinnameist ichheiße ichheisse -herr -herrn -frau jem'appelle jem’appelle monnomest -monsieur -madame -mme -mlle " +
    'mellamo minombrees -señor -señora -sr -sra -srta -don -doña michiamo ilmionomeè -signor -signora -sig -sigra -dott meunomeé ' +
    'mechamo chamome -senhor -senhora -dhr -mevr -mw ' +
    'mijnnaamis ikheet -meneer -mevrouw -heer jagheter mittnamnär jegheter jeghedder mitnavner mittnavner nimenion ' +
    'nazywamsię mamnaimię -pan -panie -pani jmenujise mojejménoje -paní benimadım -adım -sayın tôitênlà têntôilà namasaya менезвати моєім’я मेरानाम менязовут моёимя моеимя ' +
    '-господин -госпожа',
})

const CAPITALS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĆČĎĐĘĚĞİĽŁŃŇŐŒŘŚŞŠŤŮŰŹŻŽАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯ' +
  'ІЇЄҐĐƠƯΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ'

/** The end of a line of its own; `\\n` and a quote in JSON. */
const LINE_ENDS = /^[ ,]{0,2}(?:$|[\n\r\\"'<()]|[^\0-\x7f])/
/** Mr, Mrs, Herr: the shorter words for a name. */
const LONGEST_TITLE = 4

export const salutation: Detector = {
  finds: 'personal',
  // not inside a word, where most capitals stand; n is the end of \n
  anchors: [{ at: CAPITALS, after: ' \n\r,.\\n' }],
  at(text, at, hits) {
    const gap = gapStart(text, at)
    if (gap === at) return at
    const word = find(text, gap)
    if (!word) return isWriter(text, gap, at) ? wroteEnd(text, at, hits) : at
    spend(5)
    const kind = word.value
    const between = text.slice(gap, at)
    const hasBreak = /\n|\\n/.test(between)
    const isClosing = kind === 'closing' || kind === 'thanks'
    if (hasBreak !== isClosing || (!isClosing && between.includes(','))) return at
    const name = fullNameAt(text, at, kind === 'name' || kind === 'closing')
    // Beste Grüße
    if (!name || find(text, name.end)) return at
    const after = text[name.end] ?? '\n'
    if (/[\w({<[/@=]/.test(after)) return at
    if (isClosing && !LINE_ENDS.test(text.slice(name.end, name.end + 3))) return at
    if (kind === 'thanks' && !name.isKnown) return at
    if (kind === 'person' && !(name.isKnown && name.words > 1)) return at
    if (kind === 'greeting' && !name.isKnown && after !== ',' && !(name.words > 1 && /[:!]/.test(after))) return at
    if (kind === 'name' && !isPhrase(text.slice(word.start, gap)) && !isTitle(text, word.start)) return at
    hits.add(at, name.end, 'NAME')
    return name.end
  },
}

/** Right after the date: `On Mon, 3 Mar 2026, Ann Lane wrote:`, `… 10:32 AM Ann Lane <a@b> wrote:`. */
function isWriter(text: string, gap: number, at: number): boolean {
  const before = codeAt(text, gap - 1)
  return (is(before, DIGIT) || before === 77) && at - gap <= 2
}

const WROTE =
  /,? (?:(?:<[^<>\n]{1,80}>|\[mailto:[^\]\n]{1,80}\]),? )?(?:wrote|writes|said|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał|написал)/y

function wroteEnd(text: string, at: number, hits: Hits): number {
  const name = fullNameAt(text, at)
  if (!name) return at
  WROTE.lastIndex = name.end
  if (!WROTE.test(text)) return at
  hits.add(at, name.end, 'NAME')
  return name.end
}

/** Longer than titles, which have no joint inside (`m is S.`) and are written with a capital. */
function isPhrase(word: string): boolean {
  return word.replace(/[ ._-]/g, '').length > LONGEST_TITLE
}

/** A capital and a small letter: `ms` is a unit, `MS` a company. */
function isTitle(text: string, at: number): boolean {
  const first = codeAt(text, at)
  const second = codeAt(text, at + 1)
  if (text.slice(at, at + LONGEST_TITLE).search(/[ ._-]/) === 1) return false
  return !is(first, LETTER) || (first < 97 && (second >= 97 || !is(second, WORD)))
}

/** JSON in JSON doubles the backslashes of each line break. */
const LONGEST_GAP = 40

/** Where the spaces, stops and line breaks before `at` begin; `at` when a letter stands there. */
function gapStart(text: string, at: number): number {
  let start = at
  while (start > at - LONGEST_GAP && start > 0) {
    const code = codeAt(text, start - 1)
    // \n in an escaped text
    if (code === 110 && codeAt(text, start - 2) === BACKSLASH) start -= 2
    else if (code === 32 || code === 10 || code === 13 || code === 44 || code === 46 || code === BACKSLASH) start--
    else break
  }
  return start
}
