// Package acceptedconnector gives spans to one pipeline first, and to others only once that one has taken them. The Collector's own way
// is to give them to all: what a full disk keeps out of the queue of a store is counted and sampled all the same, and once more each
// time that its sender tries again.
package acceptedconnector

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pipeline"
	"go.uber.org/zap"
)

// Config names the pipelines.
type Config struct {
	// First takes the spans, or refuses them for all.
	First pipeline.ID `mapstructure:"first"`
	// Behind get what First has taken.
	Behind []pipeline.ID `mapstructure:"behind"`
}

// Validate refuses a connector behind which nothing follows.
func (c *Config) Validate() error {
	if len(c.Behind) == 0 {
		return errors.New("behind must name a pipeline")
	}
	return nil
}

// NewFactory makes the connector afn_accepted.
func NewFactory() connector.Factory {
	return connector.NewFactory(
		component.MustNewType("afn_accepted"),
		func() component.Config { return &Config{} },
		connector.WithTracesToTraces(newAccepted, component.StabilityLevelBeta),
	)
}

type accepted struct {
	component.StartFunc
	component.ShutdownFunc
	logger        *zap.Logger
	first, behind consumer.Traces
}

func newAccepted(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Traces) (connector.Traces, error) {
	router, ok := next.(connector.TracesRouterAndConsumer)
	if !ok {
		return nil, errors.New("afn_accepted needs the pipelines that it names as its receivers")
	}
	config := cfg.(*Config)
	first, err := router.Consumer(config.First)
	if err != nil {
		return nil, err
	}
	behind, err := router.Consumer(config.Behind...)
	if err != nil {
		return nil, err
	}
	return &accepted{logger: set.Logger, first: first, behind: behind}, nil
}

// Capabilities says that nothing is changed here. What a pipeline behind changes, the Collector knows by that pipeline.
func (*accepted) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

func (a *accepted) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	own := td
	if a.first.Capabilities().MutatesData {
		own = ptrace.NewTraces()
		td.CopyTo(own)
	}
	if err := a.first.ConsumeTraces(ctx, own); err != nil {
		return err
	}
	// They are taken: neither a sender that has gone meanwhile nor an error may bring them here again.
	if err := a.behind.ConsumeTraces(context.WithoutCancel(ctx), td); err != nil {
		a.logger.Warn("Spans were taken, and not by all that comes behind.", zap.Error(err), zap.Int("spans", td.SpanCount()))
	}
	return nil
}
