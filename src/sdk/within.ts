// A flush that ends in time. Called by `start.ts` and by `./sdk`.

/** Waits for all of it, whatever comes of it, and no longer than that; until then the process lives. */
export async function within(timeoutMs: number, work: Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise(resolve => {
    timer = setTimeout(resolve, timeoutMs)
  })
  await Promise.race([Promise.allSettled(work), limit])
  clearTimeout(timer)
}
