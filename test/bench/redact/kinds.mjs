// Texts of one kind each, of any length, from a seed: prose and code, and what is made of numbers, which no detector may take
// apart group by group. `test/bench/redact/mix.ts` has what real traffic is made of.
import { createHash } from 'node:crypto'

/** @typedef {() => number} Random between 0 and 1 */
/** @typedef {(random: Random) => string} Line */

/** @param {Random} random @param {number} below */
const int = (random, below) => Math.floor(random() * below)
/** @param {Random} random @param {number} from @param {number} to */
const between = (random, from, to) => from + int(random, to - from + 1)
/** @param {Random} random @param {number} bytes */
const bytes = (random, bytes) => Buffer.from(Array.from({ length: bytes }, () => int(random, 256)))
/** @param {Random} random @param {readonly string[]} list */
const pick = (random, list) => list[int(random, list.length)] ?? ''
/** @param {number} value */
const two = value => String(value).padStart(2, '0')

/** What is repeated, by name. No line of these has anything in it that has to go. @type {Record<string, Line>} */
const NUMBERS = {
  'numbers of four digits, commas': random => `${int(random, 1e4)}, `,
  'numbers of four digits, no spaces': random => `${int(random, 1e4)},`,
  'numbers of four digits, spaces': random => `${between(random, 1000, 9999)} `,
  'numbers of three digits, spaces': random => `${between(random, 100, 999)} `,
  'numbers of two digits, spaces': random => `${int(random, 100)} `,
  'numbers of one to six digits, spaces': random => `${int(random, 10 ** between(random, 1, 6))} `,
  'numbers of nine digits, spaces': random => `${between(random, 1e8, 1e9 - 1)} `,
  'matrix of two digits': random => `${Array.from({ length: 16 }, () => int(random, 100)).join(' ')}\n`,
  'matrix of three digits in brackets': random =>
    `  [${Array.from({ length: 12 }, () => String(int(random, 1000)).padStart(3)).join(', ')}],\n`,
  'matrix of floats': random => `${Array.from({ length: 8 }, () => (random() * 2 - 1).toFixed(4)).join(' ')}\n`,
  'rows of CSV': random => `${int(random, 1e5)},${(random() * 100).toFixed(2)},${int(random, 1e9)}\n`,
  'rows of TSV': random =>
    `${int(random, 1e5)}\t${two(int(random, 24))}\t${int(random, 1e6)}\t${random().toFixed(3)}\n`,
  'rows of Markdown': random => `| ${int(random, 1e4)} | ${(random() * 100).toFixed(1)}% | ${int(random, 1e6)} |\n`,
  'groups of 4-4 digits': random => `${between(random, 1000, 9999)}-${between(random, 1000, 9999)} `,
  'ranges and scores': random => `${int(random, 60)}-${int(random, 60)} `,
  'dates and times': random =>
    `2026-${two(between(random, 1, 12))}-${two(between(random, 1, 28))} ${two(int(random, 24))}:${two(int(random, 60))}:${two(int(random, 60))}.${between(random, 100, 999)}\n`,
  embeddings: random => `${(random() * 2 - 1).toFixed(8)}, `,
  'path of SVG': random =>
    `M${(random() * 500).toFixed(1)} ${(random() * 500).toFixed(1)}L${(random() * 500).toFixed(1)} ${(random() * 500).toFixed(1)}`,
  'pixels as tuples': random => `(${int(random, 256)}, ${int(random, 256)}, ${int(random, 256)}), `,
  digits: random => String(int(random, 1e9)).padStart(9, '0'),
}

/** @type {Record<string, Line>} */
const DUMPS = {
  'hex dump, bytes': random => `${bytes(random, 1).toString('hex')} `,
  'hex dump, xxd': random =>
    `${int(random, 2 ** 28)
      .toString(16)
      .padStart(8, '0')}: ${bytes(random, 16).toString('hex').replace(/.{4}/g, '$& ')} ................\n`,
  'hex dump, od': random =>
    `0${int(random, 8 ** 6)
      .toString(8)
      .padStart(
        6,
        '0',
      )} ${Array.from({ length: 8 }, () => int(random, 65536).toString(8).padStart(6, '0')).join(' ')}\n`,
  hashes: random => `${createHash('sha256').update(String(random())).digest('hex')}\n`,
  UUIDs: random =>
    `${bytes(random, 16)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')} `,
  'base64, one line': random => bytes(random, 57).toString('base64'),
  'base64, lines of 76': random => `${bytes(random, 57).toString('base64')}\n`,
}

/** @type {Record<string, Line>} */
const TEXTS = {
  prose: () => 'The quick brown fox jumps over the lazy dog while nobody is looking at it. ',
  code: () => '  if (a[i] >= 10 && b.length < 20) { return foo(bar, 3) }\n',
  'log lines': random =>
    `2026-11-27 10:${two(int(random, 60))}:${two(int(random, 60))},${between(random, 100, 999)} INFO 4711 --- [main] c.e.Foo : processed ${int(random, 1e6)} items in ${int(random, 1000)} ms\n`,
  'records of JSON': random =>
    `${JSON.stringify({ id: int(random, 1e9), name: 'item', price: random() * 10, at: 1.7e12 + int(random, 1e10), tags: ['a', 'b'] })},`,
  'JSON in JSON': random =>
    `${JSON.stringify(JSON.stringify({ id: int(random, 1e9), text: 'no "quotes" here', n: [1, 2, 3] }))},`,
  'one word of 1 MiB': () => 'a',
  'one line of letters and digits': random => int(random, 36 ** 6).toString(36),
  'Chinese characters': random =>
    pick(random, [
      '我们今天去图书馆看书，',
      '数据库的连接超时，请稍后重试。',
      '这个函数返回三个值，',
      '第12章 共345页。',
    ]),
  Japanese: random =>
    pick(random, [
      '検索結果が見つからない場合は、推測で答えずに短い質問を返してください。',
      '会議は来週の火曜日の午後3時から、第2会議室で行います。',
      'エラーの原因は設定ファイルの文字コードでした。',
    ]),
  Korean: random => pick(random, ['데이터베이스 연결이 끊어졌습니다. ', '회의는 다음 주 화요일 오후 3시입니다. ']),
  Russian: random => pick(random, ['Соединение с базой данных прервано. ', 'Встреча во вторник в 15 часов. ']),
  'escapes of JSON (\\u…)': random => `\\u${(0x4e00 + int(random, 0x5000)).toString(16)}`,
  'percent-encoded': random => encodeURIComponent(pick(random, ['私は', 'a b&c=', 'ü, é '])),
  HTML: random => `<li><a href="/p/${int(random, 999)}" class="link">item ${int(random, 99)}</a></li>\n`,
}

/** Of a stranger who knows the detectors. @type {Record<string, Line>} */
const HOSTILE = {
  'hostile: (0)11': () => '(0)11 ',
  'hostile: -password (0)11': () => ' -password (0)11 ',
  'hostile: call 0 12': () => 'call 0 12-34 5 ',
  'hostile: "name":"A B"': () => '"name":"A B",',
  'hostile: password is': () => 'password is a ',
}

/** @type {Record<string, Line>} */
export const KINDS = { ...TEXTS, ...NUMBERS, ...DUMPS, ...HOSTILE }

/** @param {Line} line @param {number} length @param {Random} random */
export function textOf(line, length, random) {
  let text = ''
  while (text.length < length) text += line(random)
  return text.slice(0, length)
}

/** Of a string that is read to its end: longer ones lose their tail, whatever is in them. */
const LENGTH = 256 * 1024 - 64
const ROUNDS = 5

/**
 * CPU microseconds of one call of each reader, the least of some rounds, in turns; texts are new in each.
 * @param {readonly ((text: string) => string)[]} readers @param {string} text @param {number} [rounds] @returns {number[]}
 */
export function leastCosts(readers, text, rounds = ROUNDS) {
  const least = readers.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++) {
    for (let turn = round; turn < round + readers.length; turn++) {
      const which = turn % readers.length
      const fresh = Buffer.from(`${text} q${round}`).toString()
      const from = process.cpuUsage()
      readers[which]?.(fresh)
      const { user, system } = process.cpuUsage(from)
      least[which] = Math.min(least[which] ?? 0, user + system)
    }
  }
  return least
}

/** @returns {[name: string, text: string][]} */
export function textsOfKinds() {
  let state = 7
  const random = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  return Object.entries(KINDS).map(([name, line]) => [name, textOf(line, LENGTH, random)])
}

/** Megabytes (10^6 bytes of UTF-8) per second of CPU time, by kind of text. @param {(text: string) => string} redact */
export function printKinds(redact) {
  console.log('\n| one string of 256 KiB | MB per CPU second | read to its end |\n|---|---|---|')
  for (const [name, text] of textsOfKinds()) {
    const [cost = 0] = leastCosts([redact], text)
    const speed = Buffer.byteLength(text) / cost
    const left = redact(text)
    console.log(
      `| ${name} | ${speed.toFixed(1)} | ${left.endsWith(text.slice(-8)) ? 'yes' : `${Math.round((left.length / text.length) * 100)} %`} |`,
    )
  }
}
