// The clock by which things have been kept for their time. The machine's may jump by years, for an hour, and a sweep would leave nothing; how long
// nobody had the file open is not known either. So this one runs faster than time passes while the file is open, and no more than that, to where the
// machine's is. Back it never goes: what comes meanwhile would look as old as the jump is wide when the machine's is right again.
import type { DuckDBConnection } from '@duckdb/node-api'

/** A night is made up for in an hour. */
const FASTEST = 24

export class SweepClock {
  readonly #connection: DuckDBConnection
  readonly #now: () => number
  #at: number
  /** By a clock that nobody sets. */
  #since = performance.now()

  private constructor(connection: DuckDBConnection, now: () => number, at: number) {
    this.#connection = connection
    this.#now = now
    this.#at = at
  }

  /** Its table is no part of the format: a version that does not know it sweeps by the machine's clock. */
  static async on(connection: DuckDBConnection, now: () => number): Promise<SweepClock> {
    await connection.run('CREATE TABLE IF NOT EXISTS sweep_clock (at_ms BIGINT)')
    const reader = await connection.runAndReadAll('SELECT at_ms FROM sweep_clock')
    const [[at] = []] = reader.getRows()
    if (at === undefined) await connection.run(`INSERT INTO sweep_clock VALUES (${Math.floor(now())})`)
    return new SweepClock(connection, now, at === undefined ? now() : Number(at))
  }

  /** Of what comes, in ms since 1970. */
  arrival(): number {
    return Math.max(this.#now(), this.#at)
  }

  /** Of a sweep that begins, in ms since 1970. */
  async forSweep(): Promise<number> {
    const passed = performance.now()
    const machine = this.#now()
    this.#at = Math.max(this.#at, Math.min(machine, this.#at + FASTEST * (passed - this.#since)))
    this.#since = passed
    await this.#connection.run(`UPDATE sweep_clock SET at_ms = ${Math.floor(this.#at)}`)
    return Math.min(machine, this.#at)
  }
}
