import { afterEach, describe, expect, it } from 'vitest'
import { tellTrouble, unwrap, wrap } from '../../../src/app/instrument/wrap'

type Fn = (this: unknown, ...args: unknown[]) => unknown

const messages: string[] = []
tellTrouble(message => messages.push(message))
afterEach(() => {
  messages.length = 0
})

/** A library whose `work` counts its calls, wrapped. */
function library(wrapper: (original: Fn) => Fn, work: Fn = (a, b) => `${a}${b}`) {
  let calls = 0
  const holder = {
    work(this: unknown, ...args: unknown[]) {
      calls++
      return Reflect.apply(work, this, args)
    },
  }
  wrap(holder, 'work', wrapper)
  return { holder, calls: () => calls }
}

describe('a wrapper', () => {
  const broken = () => {
    throw new Error('ours')
  }
  it.each<[string, (original: Fn) => Fn, boolean]>([
    [
      'that works',
      original =>
        (...args) =>
          original(...args),
      false,
    ],
    ['that throws before the original', () => broken, true],
    [
      'that throws after it',
      original =>
        (...args) => {
          original(...args)
          return broken()
        },
      true,
    ],
    ['whose result differs is obeyed', original => (a, b) => (original(a, b) ? '12' : '0'), false],
  ])('%s: called once, with its result', (_, wrapper, trouble) => {
    const { holder, calls } = library(wrapper)
    expect(holder.work(1, 2)).toBe('12')
    expect(calls()).toBe(1)
    expect(messages).toEqual(trouble ? ['the instrumentation of work failed on a call'] : [])
  })

  it('what the original throws goes through, and the original is not called again', () => {
    const mine = new Error('mine')
    const { holder, calls } = library(
      original =>
        function (this: unknown, ...args) {
          return original.apply(this, args)
        },
      () => {
        throw mine
      },
    )
    expect(() => holder.work()).toThrow(mine)
    expect([calls(), messages]).toEqual([1, []])
  })

  it('a call inside a call, and one that comes later, are none of the outer one', async () => {
    const { holder } = library(
      original => (depth, later) => {
        if (later) return Promise.resolve().then(() => original(depth, later))
        if (depth === 1) throw new Error('ours')
        return original(depth, later)
      },
      depth => (depth === 0 ? `outer ${holder.work(1)}` : depth),
    )
    expect(holder.work(0)).toBe('outer 1')
    expect(await holder.work(5, true)).toBe(5)
  })

  it('that makes no function leaves the library as it was, and so does a name without one', () => {
    const holder = { work: () => 1, value: 5 }
    const { work } = holder
    wrap(holder, 'work', () => undefined)
    wrap(holder, 'value', original => original)
    wrap(undefined, 'work', original => original)
    expect(holder).toEqual({ work, value: 5 })
    expect(messages).toEqual(Array(2).fill(expect.stringMatching(/^there is no function (value|work) to instrument/)))
  })

  it('looks like the original, and is taken away', () => {
    class Original {
      static readonly made = 'statically'
      constructor(
        readonly a: number,
        readonly b: number,
      ) {}
    }
    const holder = { Original }
    wrap(holder, 'Original', original => class extends (original as unknown as typeof Original) {} as unknown as Fn)
    expect([holder.Original.name, holder.Original.length, holder.Original.made]).toEqual(['Original', 2, 'statically'])
    const made = new holder.Original(1, 2)
    expect([made.b, made instanceof holder.Original, made instanceof Original]).toEqual([2, true, true])
    class Derived extends holder.Original {}
    expect(new Derived(3, 4)).toBeInstanceOf(Derived)
    unwrap(holder, 'Original')
    expect(holder.Original).toBe(Original)
  })
})
