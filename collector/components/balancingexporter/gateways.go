package balancingexporter

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"

	"afn.internal/collector/repeat"
)

// awayFor is how long nothing new is tried at a gateway that did not take something; what waits for it is tried.
const awayFor = 2 * time.Second

var errAway = errors.New("the gateway did not take what was sent before")

type gateway struct {
	exporter.Traces
	seed uint64
	lane int
	// Unix nanoseconds until which it is taken for away.
	away     atomic.Int64
	inFlight sync.WaitGroup
}

func (g *gateway) isAway() bool { return time.Now().UnixNano() < g.away.Load() }

func (g *gateway) send(ctx context.Context, td ptrace.Traces) error {
	err := g.ConsumeTraces(ctx, td)
	if err == nil || consumererror.IsPermanent(err) {
		g.away.Store(0)
	} else {
		g.away.Store(time.Now().Add(awayFor).UnixNano())
	}
	return err
}

type gateways struct {
	config *Config
	set    exporter.Settings
	host   component.Host

	lock  sync.RWMutex
	known map[string]*gateway

	// Ends the asking of DNS.
	stop    func()
	leaving sync.WaitGroup
}

func newGateways(config *Config, set exporter.Settings) *gateways {
	return &gateways{config: config, set: set, known: map[string]*gateway{}}
}

func (all *gateways) start(ctx context.Context, host component.Host) error {
	all.host = host
	all.look(ctx)
	all.stop = repeat.Every(all.config.Resolver.DNS.Interval, all.look)
	return nil
}

func (all *gateways) shutdown(ctx context.Context) error {
	if all.stop == nil {
		return nil
	}
	all.stop()
	all.leaving.Wait()
	var errs error
	for _, g := range all.known {
		errs = errors.Join(errs, g.Shutdown(ctx))
	}
	return errs
}

// look asks DNS which gateways there are. Where it has no answer, those that were known stay.
func (all *gateways) look(ctx context.Context) {
	asking, cancel := context.WithTimeout(ctx, all.config.Resolver.DNS.Timeout)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupHost(asking, all.config.Resolver.DNS.Hostname)
	if err != nil || len(addresses) == 0 {
		all.set.Logger.Warn("DNS names no gateway.", zap.String("hostname", all.config.Resolver.DNS.Hostname), zap.Error(err))
		return
	}
	slices.Sort(addresses)
	all.become(slices.Compact(addresses))
}

func (all *gateways) become(addresses []string) {
	all.lock.Lock()
	defer all.lock.Unlock()
	found := map[string]*gateway{}
	for address, g := range all.known {
		if slices.Contains(addresses, address) {
			found[address] = g
			continue
		}
		all.leaving.Go(func() {
			g.inFlight.Wait()
			_ = g.Shutdown(context.Background())
		})
	}
	all.known = found
	for _, address := range addresses {
		if found[address] != nil {
			continue
		}
		g, err := all.open(address)
		if err != nil {
			all.set.Logger.Error("No exporter for a gateway.", zap.String("address", address), zap.Error(err))
			continue
		}
		found[address] = g
	}
}

func (all *gateways) open(address string) (*gateway, error) {
	config := all.config.Protocol.OTLP
	config.ClientConfig.Endpoint = net.JoinHostPort(address, all.config.Resolver.DNS.Port)
	config.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]()
	config.RetryConfig.Enabled = false
	set := all.set
	set.ID = component.NewIDWithName(otlp.Type(), all.set.ID.Name())
	set.TelemetrySettings.MeterProvider = metricnoop.NewMeterProvider()
	set.TelemetrySettings.TracerProvider = tracenoop.NewTracerProvider()
	set.TelemetrySettings.Logger = all.set.Logger.With(zap.String("gateway", address))
	traces, err := otlp.CreateTraces(context.Background(), set, &config)
	if err != nil {
		return nil, err
	}
	if err := traces.Start(context.Background(), all.host); err != nil {
		return nil, err
	}
	return &gateway{Traces: traces, seed: seedOf(address), lane: all.freeLane()}, nil
}

func seedOf(address string) uint64 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(address))
	return hash.Sum64()
}

// freeLane is the one that the fewest gateways have.
func (all *gateways) freeLane() int {
	var taken [lanes]int
	for _, g := range all.known {
		taken[g.lane]++
	}
	return slices.Index(taken[:], slices.Min(taken[:]))
}

// of is the gateway of a trace: for every agent the same, and for most traces the same after one comes or goes.
// The caller has the lock.
func (all *gateways) of(id pcommon.TraceID) *gateway {
	whose := binary.BigEndian.Uint64(id[:8]) ^ binary.BigEndian.Uint64(id[8:])
	var best *gateway
	var highest uint64
	for _, g := range all.known {
		if weight := mixed(g.seed ^ whose); best == nil || weight > highest || (weight == highest && g.seed > best.seed) {
			best, highest = g, weight
		}
	}
	return best
}

// mixed is the end of SplitMix64: each bit of the answer depends on all of x.
func mixed(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
