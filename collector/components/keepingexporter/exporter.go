// Package keepingexporter is upstream's exporter otlp_grpc for data that others read too. With sending_queue.batch the exporter says
// that it changes what it gets, and the Collector then copies every span for it. With a queue on disk it changes nothing: what it
// gets is written down at once, and what it puts together is read from there. This one says so.
package keepingexporter

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/otlpexporter"
)

var otlp = otlpexporter.NewFactory()

// NewFactory makes the exporter afn_otlp_grpc. Its settings are those of otlp_grpc; its metrics and its queue have that name.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(
		component.MustNewType("afn_otlp_grpc"),
		otlp.CreateDefaultConfig,
		exporter.WithTraces(newTraces, component.StabilityLevelBeta),
	)
}

type keeping struct{ exporter.Traces }

func newTraces(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Traces, error) {
	queue := cfg.(*otlpexporter.Config).QueueConfig
	if !queue.HasValue() || queue.Get().StorageID == nil {
		return nil, errors.New("afn_otlp_grpc needs sending_queue.storage: without a queue on disk it would change the data of others")
	}
	set.ID = component.NewIDWithName(otlp.Type(), set.ID.Name())
	inner, err := otlp.CreateTraces(ctx, set, cfg)
	return keeping{inner}, err
}

func (keeping) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: false} }
