package disklimiterprocessor

import (
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"
)

// What is kept free of a disk, a fifth and no more than 256 MiB, and how much of it at most what was taken and is not written yet.
const keptShare, mostKept, promisedShare = 5, 256 << 20, 4

const sayEvery = time.Minute

// disk is what the limiters of one directory share.
type disk struct {
	config *Config
	logger *zap.Logger

	lock sync.Mutex
	// Bytes that were taken and are not on the disk yet, and until when some of them may come.
	promised int
	later    []promise
	// When it was last said that there is no room.
	said time.Time
}

// promise is of bytes until a time.
type promise struct {
	until time.Time
	bytes int
}

// A Collector has one directory of queues, and a limiter in each pipeline that takes data.
var (
	disksLock sync.Mutex
	disks     = map[string]*disk{}
)

func diskOf(config *Config, logger *zap.Logger) *disk {
	disksLock.Lock()
	defer disksLock.Unlock()
	if disks[config.Directory] == nil {
		disks[config.Directory] = &disk{config: config, logger: logger}
	}
	return disks[config.Directory]
}

// promise keeps room for bytes, or says why there is none. A disk of which nothing is known has room.
func (d *disk) promise(bytes int) error {
	free, size, err := space(d.config.Directory)
	d.lock.Lock()
	defer d.lock.Unlock()
	now := time.Now()
	for len(d.later) > 0 && d.later[0].until.Before(now) {
		d.promised -= d.later[0].bytes
		d.later = d.later[1:]
	}
	kept := min(size/keptShare, mostKept) + min(uint64(d.promised+bytes), size/promisedShare)
	if err == nil && free < kept {
		err = fmt.Errorf("no space left on device: %d MiB are free in %s, of which %d MiB are for what was taken before",
			free>>20, d.config.Directory, kept>>20)
		if now.Sub(d.said) > sayEvery {
			d.said = now
			d.logger.Warn("Data is refused, since the disk of the queues is nearly full.", zap.Error(err))
		}
		return err
	}
	d.promised += bytes
	return nil
}

// wrote says that of what was promised these bytes need no room any more, and those come within the wait for decisions.
func (d *disk) wrote(bytes, later int) {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.promised -= bytes
	if later > 0 {
		d.later = append(d.later, promise{time.Now().Add(d.config.DecisionWait), later})
	}
}
