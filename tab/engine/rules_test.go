package main

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
)

// scraped has two instances: the second is down for a while, and its samples can be read 2 s after their time.
func scraped(t *testing.T) *api {
	t.Helper()
	a := newAPI()
	gone := math.Float64frombits(value.StaleNaN)
	a.store(t, labels.FromStrings(labels.MetricName, "x", "job", "a"), 0, 9, 9, 9, 0, 0, 9, 9, 9, 9, 9, 0, 0, 9, 9, 9, 9, 9, 9, 0)
	a.store(t, labels.FromStrings(labels.MetricName, "x", "job", "b"), 9, 9, gone)
	a.store(t, labels.FromStrings(labels.MetricName, "total", "job", "a"), 0, 1, 3, 4, 4, 9, 9, 1, 3, 9, 9, 9, 10, 12, 14, 15, 19, 21, 22, 23)
	return a
}

var everyKind = []ruleIn{
	{Record: "twice", Expr: "2 * x"},
	{Record: "total:rate20s", Expr: "rate(total[20s])"},
	{Record: "twice:max", Expr: "max_over_time(twice[12s])", Labels: map[string]string{"of": "two"}},
	{Record: "one", Expr: "scalar(x{job='a'})"},
	{Record: "many", Expr: "x * on () x"},
	{Record: "ends", Expr: "x - on (job) x @ end()"},
	{Alert: "High", Expr: "x > 5", For: "10s", KeepFiringFor: "5s", Labels: map[string]string{"severity": "x"}, Annotations: map[string]string{"summary": "{{ $value }} {{ $labels.severity }}"}},
	{Alert: "HighTwice", Expr: "twice > 5 unless on (job) ALERTS{alertname='High',alertstate='firing'}", Labels: map[string]string{"job": "its own", "severity": "x"}},
	{Alert: "Templated", Expr: "x > 5", Labels: map[string]string{"severity": "{{ $labels.job }}"}},
}

// outcome is all that rules have left: what they stored, what they sent and what their states were.
func outcome(t *testing.T, all []ruleIn, offset, atOnce int) (samples []string, sent []string, states []string) {
	t.Helper()
	a := scraped(t)
	made := ruled(t, a, rulesIn{Resend: 5, Groups: []groupIn{{Name: "g", Interval: "5s", Rules: all}}})
	var instants []int64
	for i := range 24 {
		instants = append(instants, int64(start+offset+5_000*i))
	}
	for from := 0; from < len(instants); from += atOnce {
		for _, each := range made.evaluate(instants[from:min(from+atOnce, len(instants))]).Sent {
			sent = append(sent, fmt.Sprint(each))
		}
	}
	for _, at := range instants {
		states = append(states, a.get("alerts", "", at+2))
	}
	for _, name := range []string{"twice", "total:rate20s", "twice:max", "one", "many", "ends", "ALERTS", "ALERTS_FOR_STATE", "later"} {
		samples = append(samples, a.now("query", fmt.Sprintf("query=%s[1h]&time=1700000500", name)))
	}
	return samples, sent, states
}

func TestManyEvaluations(t *testing.T) {
	backwards := append([]ruleIn{{Record: "later", Expr: "count(twice)"}, {Alert: "Again", Expr: "x > 5 unless ALERTS{alertname='Again'}"}}, everyKind...)
	for name, all := range map[string][]ruleIn{"in a row": everyKind, "one after the other": backwards} {
		// The last of these meet scrapes that are under way.
		for _, offset := range []int{2_000, 3_500, 4_999, 500, 1_999} {
			samples, sent, states := outcome(t, all, offset, 1)
			for _, atOnce := range []int{2, 7, 24} {
				otherSamples, otherSent, otherStates := outcome(t, all, offset, atOnce)
				for i, one := range samples {
					if one != otherSamples[i] {
						t.Errorf("%s, offset %d, %d at once: %s\nrather than %s", name, offset, atOnce, otherSamples[i], one)
					}
				}
				if !slices.Equal(sent, otherSent) {
					t.Errorf("%s, offset %d, %d at once: sent %v\nrather than %v", name, offset, atOnce, otherSent, sent)
				}
				if !slices.Equal(states, otherStates) {
					t.Errorf("%s, offset %d, %d at once: states %v\nrather than %v", name, offset, atOnce, otherStates, states)
				}
			}
		}
	}
}

func TestInARow(t *testing.T) {
	for name, expected := range map[string]bool{"twice": true, "ALERTS{alertname='High'}": true, "later": false, "{job='a'}": false, "ALERTS": false, "ALERTS{alertname='Low'}": false} {
		rules := []ruleIn{{Record: "twice", Expr: "2 * x"}, {Alert: "High", Expr: "x"}, {Alert: "Low", Expr: name}, {Record: "later", Expr: "x"}}
		if made := ruled(t, newAPI(), rulesIn{Groups: []groupIn{{Interval: "5s", Rules: rules}}}); made.inARow != expected {
			t.Errorf("%s: in a row is %v", name, made.inARow)
		}
	}
}

func TestStored(t *testing.T) {
	a := scraped(t)
	made := ruled(t, a, rulesIn{Groups: []groupIn{{Interval: "5s", Rules: []ruleIn{{Record: "twice", Expr: "2 * x"}}}}})
	out := made.evaluate([]int64{start + 7_000, start + 12_000})
	if len(out.Made) != 2 || out.Samples != 4 || len(made.bytesStored()) != 4*numbersOfStored*8 {
		t.Errorf("%+v was stored", out)
	}
	if v := out.samples[len(out.samples)-1]; !value.IsStaleNaN(v) {
		t.Errorf("the last sample of an instance that is gone is %v", v)
	}
	if again := made.evaluate([]int64{start + 17_000}); len(again.Made) != 0 || again.Samples != 1 {
		t.Errorf("%+v was stored then", again)
	}
}

func BenchmarkHour(b *testing.B) {
	for range b.N {
		a := newAPI()
		for i := range 12 {
			values := make([]float64, 720)
			for n := range values {
				values[n] = float64((n * (i + 7)) % 101)
			}
			for _, name := range []string{"cpu", "requests_total"} {
				if err := a.memory.addBytes(bytesOf(a.memory.number(labels.FromStrings(labels.MetricName, name, "instance", fmt.Sprint(i))), values...)); err != nil {
					b.Fatal(err)
				}
			}
		}
		made, err := newRuleGroups(a, rulesIn{Resend: 5, Groups: []groupIn{{Name: "g", Interval: "5s", Rules: []ruleIn{
			{Record: "rate", Expr: "rate(requests_total[1m])"}, {Record: "avg", Expr: "avg(cpu)"}, {Alert: "High", Expr: "cpu > 80", For: "10s"}, {Alert: "Low", Expr: "cpu < 0"},
		}}}})
		if err != nil {
			b.Fatal(err)
		}
		for from := 0; from < 720; from += 40 {
			var instants []int64
			for i := from; i < from+40; i++ {
				instants = append(instants, int64(start+3_500+5_000*i))
			}
			made.evaluate(instants)
		}
	}
}

// Labels without a template are put onto what the expression returns: the alerts are those that Prometheus itself labels.
func TestLabelsOfAlerts(t *testing.T) {
	all := func(more map[string]string) []string {
		a := scraped(t)
		made := ruled(t, a, rulesIn{Resend: 5, Groups: []groupIn{{Interval: "5s", Rules: []ruleIn{
			{Alert: "High", Expr: "x > 5", For: "5s", Labels: map[string]string{"job": "its own", "empty": "", "severity": "x"}, Annotations: more},
			{Alert: "Max", Expr: "max(x) > 5", Labels: map[string]string{"severity": "x"}, Annotations: more},
			{Alert: "Fails", Expr: "x * on () x", Labels: map[string]string{"severity": "x"}, Annotations: more},
		}}}})
		var said []string
		for i := range 12 {
			for _, each := range made.evaluate([]int64{int64(start + 2_000 + 5_000*i)}).Sent {
				each.Annotations = labels.EmptyLabels()
				said = append(said, fmt.Sprint(each))
			}
			said = append(said, fmt.Sprint(made.all[0].rule.LastError(), made.all[2].rule.LastError()))
		}
		for _, name := range []string{"ALERTS", "ALERTS_FOR_STATE"} {
			said = append(said, a.now("query", fmt.Sprintf("query=%s[1h]&time=1700000500", name)))
		}
		return said
	}
	added, itself := all(nil), all(map[string]string{"summary": "it is high"})
	if len(added) < 20 || !slices.Equal(added, itself) {
		t.Errorf("got %v\nrather than %v", added, itself)
	}
}
