// Package copybatchprocessor is upstream's batch processor for a few spans of many. The batch processor changes what it gets,
// so the Collector copies every span that leads to it and to another place. Behind a sampler that keeps one trace in ten,
// nine copies of ten are for nothing. This one says that it changes nothing, and copies what comes to it.
package copybatchprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/batchprocessor"
)

var batch = batchprocessor.NewFactory()

// NewFactory makes the processor afn_copy_batch. Its settings are those of batch.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		component.MustNewType("afn_copy_batch"),
		batch.CreateDefaultConfig,
		processor.WithTraces(newTraces, component.StabilityLevelBeta),
	)
}

type copying struct{ processor.Traces }

func newTraces(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Traces) (processor.Traces, error) {
	set.ID = component.NewIDWithName(batch.Type(), set.ID.Name())
	inner, err := batch.CreateTraces(ctx, set, cfg, next)
	return copying{inner}, err
}

func (copying) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: false} }

func (c copying) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	own := ptrace.NewTraces()
	td.CopyTo(own)
	return c.Traces.ConsumeTraces(ctx, own)
}
