// Package disklimiterprocessor refuses data before the disk of the queues is full. A queue on a full disk refuses one leg what others have
// taken, and loses what it has: it cannot even write down that it reads it.
package disklimiterprocessor

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// Config names the disk.
type Config struct {
	// Directory is in which the queues are.
	Directory string `mapstructure:"directory"`
}

// Validate refuses a disk without a name.
func (c *Config) Validate() error {
	if c.Directory == "" {
		return errors.New("directory must be that of the queues")
	}
	return nil
}

// NewFactory makes the processor afn_disk_limiter.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		component.MustNewType("afn_disk_limiter"),
		func() component.Config { return &Config{} },
		processor.WithTraces(func(_ context.Context, set processor.Settings, cfg component.Config, next consumer.Traces) (processor.Traces, error) {
			l, err := newLimiter(set, cfg, "spans", next.Capabilities())
			return traces{l, next}, err
		}, component.StabilityLevelBeta),
		processor.WithMetrics(func(_ context.Context, set processor.Settings, cfg component.Config, next consumer.Metrics) (processor.Metrics, error) {
			l, err := newLimiter(set, cfg, "metric_points", next.Capabilities())
			return metrics{l, next}, err
		}, component.StabilityLevelBeta),
		processor.WithLogs(func(_ context.Context, set processor.Settings, cfg component.Config, next consumer.Logs) (processor.Logs, error) {
			l, err := newLimiter(set, cfg, "log_records", next.Capabilities())
			return logs{l, next}, err
		}, component.StabilityLevelBeta),
	)
}

// What is kept free of a disk: a fifth, and no more than 256 MiB.
const share, most = 5, 256 << 20

type limiter struct {
	component.StartFunc
	component.ShutdownFunc
	directory    string
	refused      metric.Int64Counter
	by           metric.MeasurementOption
	capabilities consumer.Capabilities
}

func newLimiter(set processor.Settings, cfg component.Config, what string, capabilities consumer.Capabilities) (*limiter, error) {
	refused, err := set.MeterProvider.Meter("afn.internal/collector/disklimiterprocessor").Int64Counter(
		"otelcol_processor_disk_limiter_refused_"+what,
		metric.WithDescription("What was refused because the disk of the queues is nearly full."),
	)
	by := metric.WithAttributes(attribute.String("processor", set.ID.String()))
	return &limiter{directory: cfg.(*Config).Directory, refused: refused, by: by, capabilities: capabilities}, err
}

// Capabilities are those of what follows: nothing is changed here.
func (l *limiter) Capabilities() consumer.Capabilities { return l.capabilities }

// room is nil where there is some. A disk of which nothing is known is not limited.
func (l *limiter) room(ctx context.Context, items int) error {
	free, size, err := space(l.directory)
	kept := min(size/share, most)
	if err != nil || free >= kept {
		return nil
	}
	l.refused.Add(ctx, int64(items), l.by)
	return fmt.Errorf("no space left on device: %d MiB are free in %s, of which %d MiB are for what was taken before",
		free>>20, l.directory, kept>>20)
}

type traces struct {
	*limiter
	next consumer.Traces
}

func (t traces) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	if err := t.room(ctx, td.SpanCount()); err != nil {
		return err
	}
	return t.next.ConsumeTraces(ctx, td)
}

type metrics struct {
	*limiter
	next consumer.Metrics
}

func (m metrics) ConsumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	if err := m.room(ctx, md.DataPointCount()); err != nil {
		return err
	}
	return m.next.ConsumeMetrics(ctx, md)
}

type logs struct {
	*limiter
	next consumer.Logs
}

func (l logs) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	if err := l.room(ctx, ld.LogRecordCount()); err != nil {
		return err
	}
	return l.next.ConsumeLogs(ctx, ld)
}
