// The lab's exporter in Go with client_golang. A peer for `make bench`.
package main

import (
	"fmt"
	"log"
	"math"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const spikeThresholdPercent = 80

var (
	cpuDesc    = prometheus.NewDesc("cpu_usage_simulated", "Simulated CPU usage, in percent.", nil, nil)
	memoryDesc = prometheus.NewDesc("memory_usage_simulated", "Simulated memory usage, in percent.", nil, nil)
	totalDesc  = prometheus.NewDesc("requests_total", "Simulated requests since the start.", nil, nil)
	spikesDesc = prometheus.NewDesc("cpu_spikes_total", "Times the simulated CPU rose over 80 percent.", nil, nil)
	busyDesc   = prometheus.NewDesc("cpu_busy_seconds_total", "Seconds of CPU time used.", nil, nil)
	infoDesc   = prometheus.NewDesc("lab_info", "Which signal the exporter simulates.", nil, prometheus.Labels{"signal": "random"})
)

// lab holds every metric of the lab. Values are evaluated when they are scraped; the counters advance
// by whole seconds. The cores' label sets are made once, so that a scrape only sets their values.
type lab struct {
	mutex   sync.Mutex
	random  *rand.Rand
	usage   *prometheus.GaugeVec
	cores   []prometheus.Gauge
	reached int64
	cpu     float64

	requests, spikes, busySeconds float64
}

func newLab(cores int) *lab {
	now := time.Now()
	l := &lab{
		random:  rand.New(rand.NewSource(now.UnixNano())),
		usage:   prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "cpu_usage", Help: "Simulated usage of one core, in percent."}, []string{"core"}),
		reached: now.Unix(),
	}
	for number := 1; number <= cores; number++ {
		l.cores = append(l.cores, l.usage.WithLabelValues(fmt.Sprintf("core%d", number)))
	}
	return l
}

func (l *lab) percent() float64 { return math.Floor(10000*l.random.Float64()) / 100 }

func (l *lab) advance(now time.Time) {
	for ; l.reached < now.Unix(); l.reached++ {
		before := l.cpu
		l.cpu = l.percent()
		l.requests += float64(l.random.Intn(17))
		l.busySeconds += l.cpu / 100
		if before <= spikeThresholdPercent && l.cpu > spikeThresholdPercent {
			l.spikes++
		}
	}
}

func (l *lab) Describe(descriptions chan<- *prometheus.Desc) {
	prometheus.DescribeByCollect(l, descriptions)
}

func (l *lab) Collect(metrics chan<- prometheus.Metric) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := time.Now()
	l.advance(now)
	memory := math.Round(100*(50+20*math.Sin(2*math.Pi*float64(now.Unix())/1800))) / 100
	metrics <- prometheus.MustNewConstMetric(cpuDesc, prometheus.GaugeValue, l.cpu)
	metrics <- prometheus.MustNewConstMetric(memoryDesc, prometheus.GaugeValue, memory)
	metrics <- prometheus.MustNewConstMetric(totalDesc, prometheus.CounterValue, l.requests)
	metrics <- prometheus.MustNewConstMetric(spikesDesc, prometheus.CounterValue, l.spikes)
	metrics <- prometheus.MustNewConstMetric(busyDesc, prometheus.CounterValue, l.busySeconds)
	metrics <- prometheus.MustNewConstMetric(infoDesc, prometheus.GaugeValue, 1)
	for _, core := range l.cores {
		core.Set(l.percent())
	}
	l.usage.Collect(metrics)
}

func setting(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func main() {
	cores, err := strconv.Atoi(setting("CORES", "2"))
	if err != nil {
		log.Fatalf("CORES must be a whole number: %v", err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(newLab(cores), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	log.Fatal(http.ListenAndServe(setting("HOST", "127.0.0.1")+":"+setting("PORT", "8000"), nil))
}
