package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// took is how long things took that people did at the same time.
type took struct {
	elapsed time.Duration
	each    []time.Duration
}

func (t took) perSecond() float64 { return float64(len(t.each)) / t.elapsed.Seconds() }

// and joins what was done at different times.
func (t took) and(more took) took {
	return took{t.elapsed + more.elapsed, append(t.each, more.each...)}
}

// percentile is the time that so many of a hundred did not exceed.
func (t took) percentile(percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(t.each))
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

// errEnough ends a load early.
var errEnough = errors.New("enough")

// crowd has people do something again and again, at the same time, for some time.
func (b *bench) crowd(people int, length time.Duration, do func(ctx context.Context, n int) error) took {
	ctx, cancel := context.WithTimeout(b.Context(), length+time.Minute)
	defer cancel()
	begun := time.Now()
	var (
		all    sync.WaitGroup
		mutex  sync.Mutex
		number atomic.Int64
		result took
		failed error
	)
	for range people {
		all.Go(func() {
			for time.Since(begun) < length {
				start := time.Now()
				err := do(ctx, int(number.Add(1)))
				mutex.Lock()
				if err == nil {
					result.each = append(result.each, time.Since(start))
				} else if failed == nil {
					failed = err
				}
				mutex.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	all.Wait()
	result.elapsed = time.Since(begun)
	if failed != nil && !errors.Is(failed, errEnough) {
		b.fatal(failed)
	}
	return result
}
