// Keeps the number of different values of a metric attribute bounded. Called for each attribute that others write.

/** Values that nobody vouches for: a model name may come from an app's own users, and each one makes new series. */
const unknown = 50
/** A price table vouches for models by rules that match beginnings too, so these have a bound as well. */
const known = 500

export class Names {
  readonly #known = new Set<string>()
  readonly #unknown = new Set<string>()

  /** @param other stands for all values beyond the bounds */
  constructor(private readonly other = 'other') {}

  /** The value, or what stands for it. @param vouched somebody knows it, so it is told apart whatever else was seen */
  keep(value: string, vouched = false): string {
    if (vouched && this.#known.size < known) this.#known.add(value)
    if (this.#known.has(value)) return value
    if (this.#unknown.size < unknown) this.#unknown.add(value)
    return this.#unknown.has(value) ? value : this.other
  }
}
