// Package cumulativeprocessor adds up the deltas that connectors count, on disk: a process that is killed goes on where it was, in the
// series that there were. Upstream's delta_to_cumulative and interval keep them in memory.
package cumulativeprocessor

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"
	"go.uber.org/zap"

	"afn.internal/collector/repeat"
)

// Config says where the sums are kept, and when they are told.
type Config struct {
	// Storage is the extension in which they outlive the process.
	Storage component.ID `mapstructure:"storage"`
	// Interval is how often all of them are told.
	Interval time.Duration `mapstructure:"interval"`
	// Expiration is after how long without a change a series is forgotten.
	Expiration time.Duration `mapstructure:"series_expiration"`
	// Limit is of the series of one metric of one resource; the rest is one series more.
	Limit int `mapstructure:"aggregation_cardinality_limit"`
}

// Validate refuses times that are none.
func (c *Config) Validate() error {
	if c.Interval <= 0 || c.Expiration <= 0 || c.Limit <= 0 {
		return errors.New("interval, series_expiration and aggregation_cardinality_limit must be above 0")
	}
	return nil
}

// NewFactory makes the processor afn_cumulative.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		component.MustNewType("afn_cumulative"),
		func() component.Config {
			return &Config{Interval: 15 * time.Second, Expiration: 30 * time.Minute, Limit: 2000}
		},
		processor.WithMetrics(newCumulative, component.StabilityLevelBeta),
	)
}

type cumulative struct {
	*Config
	set    processor.Settings
	next   consumer.Metrics
	client storage.Client

	lock    sync.Mutex
	streams streams
	// Held while changes are written: those who wait for it find theirs written by the one before.
	writing sync.Mutex

	stop func()
}

func newCumulative(_ context.Context, set processor.Settings, cfg component.Config, next consumer.Metrics) (processor.Metrics, error) {
	config := cfg.(*Config)
	series := streams{limit: config.Limit, byKey: map[key]*stream{}, families: map[key]int{}, changed: map[key]struct{}{}}
	return &cumulative{Config: config, set: set, next: next, streams: series}, nil
}

// Capabilities says that what is added up is taken out of the data.
func (*cumulative) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: true}
}

func (c *cumulative) Start(ctx context.Context, host component.Host) error {
	extension, ok := host.GetExtensions()[c.Storage].(storage.Extension)
	if !ok {
		return fmt.Errorf("%s is no extension that stores", c.Storage)
	}
	client, err := extension.GetClient(ctx, component.KindProcessor, c.set.ID, "")
	if err != nil {
		return err
	}
	c.client = client
	if err := c.load(ctx); err != nil {
		return err
	}
	c.stop = repeat.Every(c.Interval, c.tell)
	return nil
}

func (c *cumulative) Shutdown(ctx context.Context) error {
	if c.stop == nil {
		return nil
	}
	c.stop()
	c.tell(ctx)
	return c.client.Close(ctx)
}

// load reads what the process before has counted; what cannot be read is left out and said.
func (c *cumulative) load(ctx context.Context) error {
	walker, ok := c.client.(storage.Walker)
	if !ok {
		return fmt.Errorf("%s cannot be read from one end to the other", c.Storage)
	}
	var broken int
	err := walker.Walk(ctx, func(name string, value []byte) ([]*storage.Operation, error) {
		if err := c.streams.restore(value); err != nil {
			broken++
			return []*storage.Operation{storage.DeleteOperation(name)}, nil
		}
		return nil, nil
	})
	if broken > 0 {
		c.set.Logger.Warn("Series on disk could not be read and begin anew.", zap.Int("series", broken))
	}
	return err
}

func (c *cumulative) ConsumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	c.lock.Lock()
	now := time.Now()
	md.ResourceMetrics().RemoveIf(func(resource pmetric.ResourceMetrics) bool {
		resource.ScopeMetrics().RemoveIf(func(scope pmetric.ScopeMetrics) bool {
			scope.Metrics().RemoveIf(func(metric pmetric.Metric) bool {
				return c.streams.add(resource, scope, metric, now)
			})
			return scope.Metrics().Len() == 0
		})
		return resource.ScopeMetrics().Len() == 0
	})
	c.lock.Unlock()
	c.write(ctx)
	if md.ResourceMetrics().Len() == 0 {
		return nil
	}
	return c.next.ConsumeMetrics(ctx, md)
}

// write brings all changes to the disk, those of others too.
func (c *cumulative) write(ctx context.Context) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.lock.Lock()
	operations := make([]*storage.Operation, 0, len(c.streams.changed))
	marshaler := pmetric.ProtoMarshaler{}
	for k := range c.streams.changed {
		s, ok := c.streams.byKey[k]
		if !ok {
			operations = append(operations, storage.DeleteOperation(k.String()))
			continue
		}
		value, err := marshaler.MarshalMetrics(s.metrics)
		if err == nil {
			operations = append(operations, storage.SetOperation(k.String(), value))
		}
	}
	written := c.streams.changed
	c.streams.changed = map[key]struct{}{}
	c.lock.Unlock()
	if len(operations) == 0 {
		return
	}
	if err := c.client.Batch(context.WithoutCancel(ctx), operations...); err != nil {
		c.set.Logger.Warn("What was counted is in memory alone until the disk takes it.", zap.Error(err))
		c.lock.Lock()
		for k := range written {
			c.streams.changed[k] = struct{}{}
		}
		c.lock.Unlock()
	}
}

// tell passes on every series, and forgets those that nothing was added to for long.
func (c *cumulative) tell(ctx context.Context) {
	c.lock.Lock()
	now := time.Now()
	c.streams.expire(now.Add(-c.Expiration))
	md := c.streams.told(pcommon.NewTimestampFromTime(now))
	c.lock.Unlock()
	c.write(ctx)
	if md.ResourceMetrics().Len() == 0 {
		return
	}
	if err := c.next.ConsumeMetrics(context.WithoutCancel(ctx), md); err != nil {
		c.set.Logger.Warn("Counts were not taken; the next ones have them too.", zap.Error(err))
	}
}
