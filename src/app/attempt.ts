// Code of ours in the middle of a call of the app.
import { slot } from './runtime'

/** @returns what `ours` does; undefined where it throws, which is a diagnostic and not the app's */
export function attempt<T>(ours: () => T): T | undefined {
  try {
    return ours()
  } catch (error) {
    slot().runtime?.failed(error)
    return undefined
  }
}
