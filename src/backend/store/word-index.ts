// The word index: which spans contain a word (docs/decisions/0060). It is built from stored spans in the background, one segment at a time;
// queries read the few spans after the last segment directly. Deleted spans are removed from the index as well.
import type { DuckDBConnection } from '@duckdb/node-api'
import { Stretch } from '../event-loop-turns'
import { Batch } from './batch'
import { attribute, joins, nestedAttribute, text } from './columns'
import { type DuckDB, inTransaction } from './duckdb'
import { Heap } from './heap'
import { attributeMaps } from './schema'
import { putText } from './texts'
import type { Fixed } from './vectors'
import type { Vitals } from './vitals'
import { wordPlaces } from './word-places'
import { eachWord, folded } from './words'

/** Number of spans per segment. */
const SEGMENT = 8192
/** Maximum number of characters per segment; longer texts end it early. */
const MOST_CHARACTERS = 16_000_000
/**
 * The first read has FIRST_STEP spans, later ones STEP_CHARACTERS characters: planning the query takes as long as reading a hundred spans.
 */
const FIRST_STEP = 512
const STEP_CHARACTERS = 2_000_000

/** These tables have no rows of OTLP data. */
export const wordTables = {
  words: { segment: 'BIGINT', word: 'VARCHAR', seqs: 'BIGINT[]' },
  word_segments: { first: 'BIGINT', last: 'BIGINT', spans: 'BIGINT' },
}

/** For an erasure: the remaining spans are indexed again. */
export const forgetWords = ['DELETE FROM words', 'DELETE FROM word_segments']

export interface WordIndexOptions {
  readonly vitals: Pick<Vitals, 'words'>
}

export class WordIndex {
  readonly #duckdb: DuckDB
  /** Used by nothing else in the meantime. */
  readonly #connection: DuckDBConnection
  readonly #options: WordIndexOptions
  readonly #heap: Heap
  #last = -1
  #step = FIRST_STEP

  constructor(duckdb: DuckDB, connection: DuckDBConnection, options: WordIndexOptions) {
    this.#duckdb = duckdb
    this.#connection = connection
    this.#options = options
    this.#heap = new Heap(duckdb)
  }

  /** Reads the progress, after the file was opened or the index was emptied. */
  async open(): Promise<void> {
    const [row] = await this.#numbers(
      'SELECT (SELECT coalesce(max(last), -1) FROM word_segments), (SELECT coalesce(max(seq), -1) FROM spans)',
    )
    const [last, newest] = row as [number, number]
    this.#reach(last)
    this.stored(newest)
  }

  /** @param newest sequence number of the last stored span */
  stored(newest: number): void {
    this.#options.vitals.words.newest = newest
  }

  /** Whether there are enough spans for a segment. */
  get isDue(): boolean {
    return this.#options.vitals.words.newest - this.#last >= SEGMENT
  }

  /** Indexes the next segment if there are enough spans. */
  async next(): Promise<void> {
    if (!this.isDue) return
    const first = this.#last + 1
    const segment = await this.#read(first)
    await this.#connection.run('BEGIN')
    try {
      // This statement waits for a running checkpoint on a worker thread; appending the words would wait on this thread.
      await this.#connection.run(`INSERT INTO word_segments VALUES (${first}, ${segment.last}, ${segment.spans})`)
      await this.#write(first, segment.words)
      await this.#connection.run('COMMIT')
    } catch (error) {
      await this.#connection.run('ROLLBACK').catch(() => {})
      throw error
    }
    this.#reach(segment.last)
  }

  /** Removes entries of deleted spans. */
  async sweep(): Promise<void> {
    const changed = await this.#numbers(
      `SELECT w.first, w.last, count(s.seq) FROM word_segments w LEFT JOIN
        (SELECT s.seq, w.first FROM spans s ASOF JOIN word_segments w ON s.seq >= w.first WHERE s.seq <= w.last) s ON s.first = w.first
      GROUP BY w.first, w.last, w.spans HAVING count(s.seq) <> w.spans`,
    )
    for (const [first, last, left] of changed) {
      const segment = `segment = ${first}`
      const stays = `SELECT w.word, list(w.seq) AS seqs FROM (SELECT word, unnest(seqs) AS seq FROM words WHERE ${segment}) w
        SEMI JOIN (SELECT seq FROM spans WHERE seq BETWEEN ${first} AND ${last}) s ON s.seq = w.seq GROUP BY w.word`
      await inTransaction(this.#connection, [
        `CREATE OR REPLACE TEMP TABLE words_left AS ${stays}`,
        `DELETE FROM words WHERE ${segment}`,
        `INSERT INTO words SELECT ${first}, word, seqs FROM words_left`,
        `UPDATE word_segments SET spans = ${left} WHERE first = ${first}`,
        'DROP TABLE words_left',
      ])
    }
  }

  #reach(last: number): void {
    this.#last = last
    this.#options.vitals.words.last = last
  }

  async #read(first: number): Promise<Segment> {
    const words = new Map<string, number[]>()
    const stretch = new Stretch()
    let [spans, characters, next] = [0, 0, first]
    while (next < first + SEGMENT && characters < MOST_CHARACTERS) {
      const end = Math.min(next + this.#step, first + SEGMENT)
      const result = await this.#connection.run(textsSql(next, end))
      next = end
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        const [seqs, texts] = [chunk.getColumnVector(0), chunk.getColumnVector(1)]
        for (let row = 0; row < chunk.rowCount; row++) {
          const seq = seqs.getItem(row) as number
          const said = texts.getItem(row) as string
          eachWord(folded(said), word => {
            const list = words.get(word)
            if (list === undefined) words.set(word, [seq])
            else if (list[list.length - 1] !== seq) list.push(seq)
          })
          spans++
          characters += said.length
          if (stretch.isOver) await stretch.rest()
        }
      }
      const each = Math.max(1, characters / Math.max(1, spans))
      this.#step = Math.max(1, Math.min(SEGMENT, Math.floor(STEP_CHARACTERS / each)))
    }
    return { words, spans, last: next - 1 }
  }

  /** Writes within the open transaction. */
  async #write(segment: number, words: Segment['words']): Promise<void> {
    const batch = await Batch.on(this.#duckdb, this.#connection, 'words')
    try {
      const [ofSegment, ofWord] = [batch.columns.fixed('segment'), batch.columns.fixed('word')]
      const lists = batch.columns.list('seqs')
      const items = lists.items as Fixed
      const put = (column: Fixed, at: number, value: number) =>
        column.set2(at, value >>> 0, Math.floor(value / 2 ** 32))
      const stretch = new Stretch()
      for (const [word, seqs] of words) {
        const { row } = batch
        put(ofSegment, row, segment)
        putText(this.#heap, ofWord, row, word)
        lists.open(row)
        for (const seq of seqs) put(items, lists.add(row), seq)
        batch.next()
        if (stretch.isOver) await stretch.rest()
      }
      await batch.write(batch.take())
    } finally {
      batch.close()
      this.#heap.empty()
    }
  }

  /** Rows of integers below 2^53. */
  async #numbers(sql: string): Promise<number[][]> {
    const reader = await this.#connection.runAndReadAll(sql)
    return reader.getRows().map(row => row.map(Number))
  }
}

interface Segment {
  readonly words: ReadonlyMap<string, number[]>
  readonly spans: number
  /** The sequence number of its last span. */
  readonly last: number
}

const keysOf = (scope: string) =>
  wordPlaces.flatMap(place => (place.startsWith(scope) ? [place.slice(scope.length)] : []))
const [spanKeys, eventKeys] = [keysOf('span.'), keysOf('event.')]

const newline = 'chr(10)'
/** The strings in the arrays under these keys. */
const arrays = (variable: string, keys: readonly string[]): string =>
  `array_to_string(flatten(list_transform(list_filter(map_entries(${variable}.${attributeMaps.array}),
    lambda a: list_contains([${keys.map(text).join(', ')}], a.key)), lambda a: coalesce(a.value.s, []))), ${newline})`
const eventTexts = [...eventKeys.map(key => nestedAttribute('e', key, 'string')), arrays('e', eventKeys)].join(', ')
const texts = [
  's.name',
  's.status_message',
  'r.service_name',
  ...spanKeys.map(key => attribute('span', key, 'string')),
  arrays('s', spanKeys),
  `array_to_string(list_transform(s.events, lambda e: concat_ws(${newline}, ${eventTexts})), ${newline})`,
]

/** A row per span: its sequence number as a DOUBLE, and all its searchable text. */
const textsSql = (from: number, to: number): string =>
  `SELECT s.seq::DOUBLE, concat_ws(${newline}, ${texts.join(', ')}) FROM ${joins.span} ${joins.resource}
  WHERE s.seq >= ${from} AND s.seq < ${to}`
