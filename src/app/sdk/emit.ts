// Sees what `process` emits before its listeners do.

/** Has to call `pass` for the listeners to get the event, and to give back its result. */
export type Around = (args: readonly unknown[], pass: () => boolean) => boolean

const arounds = new Map<unknown, Around>()

/**
 * The function that Node and the app emit through. An app may put its own in front of it. There is no listener of ours,
 * which the app could count, or which Node would count into its warning of too many.
 * @param more one for each event; nobody else may watch the same
 */
export function aroundEmit(more: Readonly<Record<string, Around>>): void {
  if (arounds.size === 0) replaceEmit(observed(process.emit))
  for (const [event, around] of Object.entries(more)) arounds.set(event, around)
}

type Emit = (type: unknown, ...args: unknown[]) => boolean

function observed(original: unknown): Emit {
  // a method, so that it has the name of the original
  const { emit } = {
    emit(this: unknown, type: unknown, ...args: unknown[]): boolean {
      const around = arounds.get(type)
      if (!around) return Reflect.apply(original as Emit, this, [type, ...args])
      return around(args, () => Reflect.apply(original as Emit, this, [type, ...args]))
    },
  }
  return emit
}

/** What `process.emit` is while `work` runs. */
export function withEmit(emit: (...args: unknown[]) => unknown, work: () => void): void {
  const before = Object.getOwnPropertyDescriptor(process, 'emit')
  replaceEmit(emit)
  try {
    work()
  } finally {
    if (before) Object.defineProperty(process, 'emit', before)
  }
}

function replaceEmit(value: (...args: never[]) => unknown): void {
  Object.defineProperty(process, 'emit', { value, configurable: true, writable: true, enumerable: false })
}
