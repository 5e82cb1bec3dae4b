/** Parts that come in a chunk of their own. */
import { diagnose, guarded } from './diagnose'

/** Calls what the chunk exports as `features`. */
export function load<T>(chunk: Promise<{ readonly features: readonly ((argument: T) => void)[] }>, argument: T): void {
  chunk
    .then(({ features }) => {
      for (const feature of features) guarded(feature)(argument)
    })
    .catch(error => diagnose('AFN183', `${error}`))
}
