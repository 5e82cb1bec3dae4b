// Package balancingexporter brings all spans of a trace to one gateway, as upstream's load_balancing does. Upstream's sends a request
// anew as a whole when one of several gateways did not take its part: the others get theirs again, and all wait for the one. Here each
// gateway has what it did not take in a queue of its own, and what waits for one that is gone goes to those that there are.
package balancingexporter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/otlpexporter"
)

// Config is laid out as that of load_balancing; the key is always the trace id, the resolver always DNS.
type Config struct {
	RoutingKey string                                                   `mapstructure:"routing_key"`
	Queue      configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	Retry      configretry.BackOffConfig                                `mapstructure:"retry_on_failure"`
	Protocol   Protocol                                                 `mapstructure:"protocol"`
	Resolver   Resolver                                                 `mapstructure:"resolver"`
}

// Protocol is how each gateway is talked to.
type Protocol struct {
	OTLP otlpexporter.Config `mapstructure:"otlp"`
}

// Resolver finds the gateways.
type Resolver struct {
	DNS DNS `mapstructure:"dns"`
}

// DNS has a name that stands for all gateways.
type DNS struct {
	Hostname string        `mapstructure:"hostname"`
	Port     string        `mapstructure:"port"`
	Interval time.Duration `mapstructure:"interval"`
	Timeout  time.Duration `mapstructure:"timeout"`
}

// Validate refuses what this exporter cannot keep.
func (c *Config) Validate() error {
	switch {
	case c.RoutingKey != "traceID":
		return fmt.Errorf("routing_key must be traceID, not %q", c.RoutingKey)
	case c.Resolver.DNS.Hostname == "" || c.Resolver.DNS.Interval <= 0 || c.Resolver.DNS.Timeout <= 0:
		return errors.New("resolver.dns needs hostname, interval and timeout")
	case !c.Queue.HasValue() || c.Queue.Get().StorageID == nil:
		return errors.New("sending_queue.storage is needed: what waits for a gateway outlives a restart")
	}
	return nil
}

var otlp = otlpexporter.NewFactory()

// NewFactory makes the exporter afn_load_balancing.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(
		component.MustNewType("afn_load_balancing"),
		func() component.Config {
			protocol := otlp.CreateDefaultConfig().(*otlpexporter.Config)
			protocol.ClientConfig.Endpoint = "each:4317"
			return &Config{
				RoutingKey: "traceID",
				Queue:      configoptional.Default(exporterhelper.NewDefaultQueueConfig()),
				Retry:      configretry.NewDefaultBackOffConfig(),
				Protocol:   Protocol{OTLP: *protocol},
				Resolver:   Resolver{DNS{Port: "4317", Interval: 5 * time.Second, Timeout: time.Second}},
			}
		},
		exporter.WithTraces(newTraces, component.StabilityLevelBeta),
	)
}

// upstream is the name of the exporter whose queue and whose metrics these are.
var upstream = component.MustNewType("load_balancing")

// lanes is how many queues there are for what gateways did not take: with no more gateways than this, each has one.
const lanes = 8

func newTraces(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Traces, error) {
	config := cfg.(*Config)
	set.ID = component.NewIDWithName(upstream, set.ID.Name())
	b := &balancer{gateways: newGateways(config, set)}
	waiting := *config.Queue.Get()
	waiting.NumConsumers = 2
	// its sender has the spans until they are in here
	waiting.BlockOnOverflow = false
	for lane := range lanes {
		own := set
		own.ID = component.NewIDWithName(upstream, fmt.Sprintf("%s-waiting-%d", set.ID.Name(), lane))
		queue, err := exporterhelper.NewTraces(ctx, own, cfg, b.deliver,
			exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{}),
			exporterhelper.WithRetry(config.Retry),
			exporterhelper.WithQueue(configoptional.Some(waiting)),
		)
		if err != nil {
			return nil, err
		}
		b.waiting = append(b.waiting, queue)
	}
	return exporterhelper.NewTraces(ctx, set, cfg, b.split,
		exporterhelper.WithCapabilities(consumer.Capabilities{MutatesData: false}),
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{}),
		exporterhelper.WithRetry(config.Retry),
		exporterhelper.WithQueue(config.Queue),
		exporterhelper.WithStart(b.start),
		exporterhelper.WithShutdown(b.shutdown),
	)
}
