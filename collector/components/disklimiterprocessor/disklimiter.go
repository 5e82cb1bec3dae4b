// Package disklimiterprocessor refuses data before the disk of the queues is full. A queue on a full disk refuses one leg what others have
// taken, and loses what it has: it cannot even write down that it reads it.
package disklimiterprocessor

import (
	"context"
	"errors"
	"time"

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
	// DecisionWait is for how long samplers keep spans in memory, before they write some to queues of their own.
	DecisionWait time.Duration `mapstructure:"decision_wait"`
}

// Validate refuses a disk without a name.
func (c *Config) Validate() error {
	if c.Directory == "" {
		return errors.New("directory must be that of the queues")
	}
	if c.DecisionWait < 0 {
		return errors.New("decision_wait must not be negative")
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

type limiter struct {
	component.StartFunc
	component.ShutdownFunc
	disk         *disk
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
	return &limiter{disk: diskOf(cfg.(*Config), set.Logger), refused: refused, by: by, capabilities: capabilities}, err
}

// Capabilities are those of what follows: nothing is changed here.
func (l *limiter) Capabilities() consumer.Capabilities { return l.capabilities }

// take passes on what there is room for. What is passed on takes its bytes at once, and `later` of them within the wait for decisions.
func (l *limiter) take(ctx context.Context, items, bytes, later int, pass func() error) error {
	if err := l.disk.promise(bytes + later); err != nil {
		l.refused.Add(ctx, int64(items), l.by)
		return err
	}
	err := pass()
	if err != nil {
		bytes, later = bytes+later, 0
	}
	l.disk.wrote(bytes, later)
	return err
}

type traces struct {
	*limiter
	next consumer.Traces
}

// Tempo's copies of a trace that is kept for longer come from samplers: one of sampled, one of errors.
const laterCopies = 2

func (t traces) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	bytes := new(ptrace.ProtoMarshaler).TracesSize(td)
	return t.take(ctx, td.SpanCount(), bytes, laterCopies*bytes, func() error { return t.next.ConsumeTraces(ctx, td) })
}

type metrics struct {
	*limiter
	next consumer.Metrics
}

func (m metrics) ConsumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	bytes := new(pmetric.ProtoMarshaler).MetricsSize(md)
	return m.take(ctx, md.DataPointCount(), bytes, 0, func() error { return m.next.ConsumeMetrics(ctx, md) })
}

type logs struct {
	*limiter
	next consumer.Logs
}

func (l logs) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	bytes := new(plog.ProtoMarshaler).LogsSize(ld)
	return l.take(ctx, ld.LogRecordCount(), bytes, 0, func() error { return l.next.ConsumeLogs(ctx, ld) })
}
