// Package repeat does the same work again and again, next to what the Collector asks a component for.
package repeat

import (
	"context"
	"sync"
	"time"
)

// Every does the work each interval until stop is called, which waits for the work that is under way; its context ends then.
func Every(interval time.Duration, work func(context.Context)) (stop func()) {
	running, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-running.Done():
				return
			case <-ticker.C:
				work(running)
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}
