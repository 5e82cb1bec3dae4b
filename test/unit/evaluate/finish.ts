/** Does all steps of something. */
export function finish<T>(running: Generator<undefined, T>, afterEach = () => {}): { result: T; steps: number } {
  for (let steps = 1; ; steps++) {
    const { done, value } = running.next()
    afterEach()
    if (done) return { result: value as T, steps }
  }
}
