// The clock of retention. The machine's clock may jump by years for an hour, and a sweep would then delete everything; how long the file
// was closed is unknown as well. So this clock catches up with the machine's at a limited speed while the file is open. It never goes back:
// records that arrive meanwhile would look as old as the jump once the machine's clock is right again.
import type { DuckDBConnection } from '@duckdb/node-api'

/** Speed relative to real time: catches up with a night within an hour. */
const FASTEST = 24

export class SweepClock {
  readonly #connection: DuckDBConnection
  readonly #now: () => number
  #at: number
  /** By the monotonic clock. */
  #since = performance.now()

  private constructor(connection: DuckDBConnection, now: () => number, at: number) {
    this.#connection = connection
    this.#now = now
    this.#at = at
  }

  /** The table is not part of the format: a version that does not know it sweeps by the machine's clock. */
  static async on(connection: DuckDBConnection, now: () => number): Promise<SweepClock> {
    await connection.run('CREATE TABLE IF NOT EXISTS sweep_clock (at_ms BIGINT)')
    const reader = await connection.runAndReadAll('SELECT at_ms FROM sweep_clock')
    const [[at] = []] = reader.getRows()
    if (at === undefined) await connection.run(`INSERT INTO sweep_clock VALUES (${Math.floor(now())})`)
    return new SweepClock(connection, now, at === undefined ? now() : Number(at))
  }

  /** The arrival time of new records, in milliseconds since 1970. */
  arrival(): number {
    return Math.max(this.#now(), this.#at)
  }

  /** The time of a sweep that begins, in milliseconds since 1970. */
  async forSweep(): Promise<number> {
    const passed = performance.now()
    const machine = this.#now()
    this.#at = Math.max(this.#at, Math.min(machine, this.#at + FASTEST * (passed - this.#since)))
    this.#since = passed
    await this.#connection.run(`UPDATE sweep_clock SET at_ms = ${Math.floor(this.#at)}`)
    return Math.min(machine, this.#at)
  }
}
