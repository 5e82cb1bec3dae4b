/** Navigations in any browser, for those who choose their features; `older.ts` has the second half as a lazy chunk. */
import { historyNavigations } from './history'
import { navigations, tellPage } from './navigations'

export function allNavigations(): void {
  navigations()
  historyNavigations(tellPage)
}
