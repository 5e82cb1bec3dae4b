// Where what has ended waits. The oracle is an array that is searched from its beginning each time.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Ticket, type WaitingList, WaitingRoom } from '../../../../src/app/llm/spans/waiting-room'
import { Random } from '../../../support/random'

const MOST_ITEMS = 4_096
const MOST_BYTES = 16 * 2 ** 20

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

interface Waits {
  readonly id: number
  readonly place: number
  readonly bytes: number
  readonly until: number
}

/** The same by searching. */
class Searched {
  now = 0
  readonly all: Waits[] = []
  readonly gone: number[] = []

  add(one: Waits) {
    const behind = this.all.findIndex(({ place, until }) => place === one.place && until > one.until)
    this.all.splice(behind < 0 ? this.all.length : behind, 0, one)
    const sum = (place?: number) => {
      const of = this.all.filter(each => place === undefined || each.place === place)
      return [of.length, of.reduce((bytes, each) => bytes + each.bytes, 0)] as const
    }
    for (;;) {
      const [items, bytes] = sum()
      if (items <= MOST_ITEMS && bytes <= MOST_BYTES) return
      const held = [0, 1, 2].map(place => sum(place)[bytes > MOST_BYTES ? 1 : 0])
      this.goOn(held.indexOf(Math.max(...held)))
    }
  }

  goOn(place: number) {
    const at = this.all.findIndex(each => each.place === place)
    this.gone.push(...this.all.splice(at, 1).map(({ id }) => id))
  }

  take(id: number) {
    const at = this.all.findIndex(each => each.id === id)
    if (at >= 0) this.all.splice(at, 1)
    return at >= 0
  }
}

it.each([1, 2, 3, 4])(
  'what waits goes on in the order and for the reasons that a search would find, in run %s of random steps',
  seed => {
    const dice = new Random(seed)
    const room = new WaitingRoom()
    const searched = new Searched()
    const gone: number[] = []
    const goOn = ({ id }: Waits) => void gone.push(id)
    const places: WaitingList<Waits>[] = [
      room.list<Waits>('duplicates', { goOn, seconds: 25 }),
      room.list<Waits>('retries', { goOn, seconds: 10 }),
      room.list<Waits>('turn', { goOn }),
    ]
    const tickets: Ticket<Waits>[] = []
    // some runs end with many small ones, some with few large ones
    const largest = [100, 300_000, 20_000, 3_000_000][seed - 1]!
    const deadlines = [25, 10, Number.POSITIVE_INFINITY]
    for (let step = 0; step < 12_000; step++) {
      const what = dice.below(100)
      if (what < 90) {
        const place = dice.below(3)
        const seconds = place === 1 && dice.below(4) === 0 ? 10 + dice.below(60) : deadlines[place]!
        const one = { id: step, place, bytes: 1 + dice.below(largest), until: searched.now + seconds }
        searched.add(one)
        tickets.push(places[place]!.add(one, one.bytes, seconds))
      } else if (what < 97) {
        const ticket = tickets[dice.below(tickets.length)]
        if (ticket) expect(places[ticket.item.place]!.take(ticket)).toBe(searched.take(ticket.item.id))
      } else if (what < 98) {
        const [place, most] = [dice.below(3), dice.below(20)]
        for (let left = most; left > 0 && searched.all.some(each => each.place === place); left--) searched.goOn(place)
        expect(places[place]!.release(most)).toBe(searched.all.some(each => each.place === place))
      } else if (searched.all.some(({ until }) => until !== Number.POSITIVE_INFINITY)) {
        vi.advanceTimersByTime(1_000)
        searched.now = room.now
        for (const place of [0, 1, 2])
          while ((searched.all.find(each => each.place === place)?.until ?? 1e9) <= searched.now) searched.goOn(place)
      }
      if (step % 100 === 0) expect(gone).toEqual(searched.gone)
    }
    expect(gone).toEqual(searched.gone)
    expect(gone.length).toBeGreaterThan(100)
    const counts = Object.values(room.counts)
    expect(counts.reduce((sum, { items }) => sum + items, 0)).toBe(searched.all.length)
    expect(counts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
      searched.all.reduce((sum, one) => sum + one.bytes, 0),
    )
  },
)

describe('a full room', () => {
  it('lets go on where most is held, so that what waits for something rare is not given up for a burst of something else', () => {
    const room = new WaitingRoom()
    const gone: string[] = []
    const rare = room.list<string>('retries', { goOn: one => void gone.push(one), seconds: 10 })
    const burst = room.list<string>('turn', { goOn: one => void gone.push(one) })
    for (let n = 0; n < 100; n++) rare.add('rare', 1_000)
    for (let n = 0; n < 20_000; n++) burst.add('burst', 1_000)
    expect(gone).not.toContain('rare')
    expect(room.counts).toMatchObject({ retries: { items: 100, bytes: 100_000 }, turn: { items: MOST_ITEMS - 100 } })
  })

  it('holds no more when what goes on waits for something else at once', () => {
    const room = new WaitingRoom()
    const out: number[] = []
    const second = room.list<number>('prices', { goOn: one => void out.push(one) })
    const first = room.list<number>('turn', { goOn: one => void second.add(one, 10_000) })
    for (let n = 0; n < 10_000; n++) first.add(n, 10_000)
    const { turn, prices } = room.counts
    expect(turn.bytes + prices.bytes).toBeLessThanOrEqual(MOST_BYTES)
    expect(out.length + turn.items + prices.items).toBe(10_000)
  })

  it('lets the others go on when one of them can not', () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const room = new WaitingRoom()
    const out: number[] = []
    const place = room.list<number>('duplicates', {
      seconds: 25,
      goOn(one) {
        if (one % 2 === 0) throw new Error('no')
        out.push(one)
      },
    })
    for (let n = 0; n < 10; n++) place.add(n, 1)
    vi.advanceTimersByTime(30_000)
    expect(out).toEqual([1, 3, 5, 7, 9])
    expect(place.size).toBe(0)
  })
})
