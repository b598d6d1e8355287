package main

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
)

const start = 1_700_000_000_000

// bytesOf are samples every 5 s from start on, of the series with that number; each can be read 2 s after its time.
func bytesOf(number int, values ...float64) []byte {
	all := make([]byte, 0, bytesPerSample*len(values))
	for i, v := range values {
		at := float64(start + 5_000*i)
		for _, each := range []float64{float64(number), at, v, at + 2_000} {
			all = binary.LittleEndian.AppendUint64(all, math.Float64bits(each))
		}
	}
	return all
}

func (a *api) store(t *testing.T, ls labels.Labels, values ...float64) {
	t.Helper()
	if err := a.memory.addBytes(bytesOf(a.memory.number(ls), values...)); err != nil {
		t.Fatal(err)
	}
}

func with(t *testing.T, name string, values ...float64) *api {
	t.Helper()
	a := newAPI()
	a.store(t, labels.FromStrings(labels.MetricName, name, "job", "a"), values...)
	return a
}

func (a *api) now(path, parameters string) string { return a.get(path, parameters, forever) }

func expect(t *testing.T, got, part string) {
	t.Helper()
	if !strings.Contains(got, part) {
		t.Errorf("got %s, which does not hold %s", got, part)
	}
}

func TestInstant(t *testing.T) {
	a := with(t, "x_total", 1, 2, 3, 4)
	expect(t, a.now("query", "query=rate(x_total[15s])&time=1700000015.000"), `"result":[{"metric":{"job":"a"},"value":[1700000015,"0.2"]}]`)
	expect(t, a.now("query", "query=scalar(x_total)&time=1700000016.5"), `"resultType":"scalar","result":[1700000016.5,"4"]`)
	expect(t, a.now("query", "query=x_total/0&time=1700000016"), `"+Inf"`)
}

func TestStale(t *testing.T) {
	a := with(t, "x", 1, 2, math.Float64frombits(value.StaleNaN))
	expect(t, a.now("query", "query=x&time=1700000009"), `"2"`)
	expect(t, a.now("query", "query=x&time=1700000010"), `"result":[]`)
	b := with(t, "x", 1, 2, math.NaN())
	expect(t, b.now("query", "query=x&time=1700000010"), `"NaN"`)
}

func TestRange(t *testing.T) {
	a := with(t, "x", 1, 2, 3)
	expect(t, a.now("query_range", "query=x&start=1700000000&end=1700000010&step=5"), `"values":[[1700000000,"1"],[1700000005,"2"],[1700000010,"3"]]`)
	expect(t, a.now("query_range", "query=x&start=1700000010&end=1700000000&step=5"), "end timestamp must not be before start time")
	expect(t, a.now("query_range", "query=x&start=0&end=1700000000&step=5"), "exceeded maximum resolution of 11,000 points")
	expect(t, a.now("query_range", "query=x&start=0&end=10&step=0"), "zero or negative query resolution step")
}

func TestRefused(t *testing.T) {
	a := with(t, "x", 1)
	expect(t, a.now("query", "query=sum(x&time=1700000000"), "unclosed left parenthesis")
	expect(t, a.now("query", "query=x&time=noon"), `cannot parse \"noon\" to a valid timestamp`)
	expect(t, a.now("rules", ""), `there is no \"rules\" here`)
}

func TestTooMuch(t *testing.T) {
	a := with(t, "x", 1, 2)
	expect(t, a.now("query", "query=count_over_time(x[1y:1ms])&time=1700005000"), "the subquery x[1y:1ms] has 31536000000 steps: at most 100000")
	expect(t, a.now("query", "query=count_over_time(x[1d:1s])&time=1700000005"), `"success"`)
	for i := range 60 {
		a.store(t, labels.FromStrings(labels.MetricName, "x", "job", string(rune('b'+i))), 1, 2)
	}
	expect(t, a.now("query", "query=count_over_time(last_over_time(x[1d])[1d:1s])&time=1700086405"), "query processing would load too many samples into memory")
}

func TestListed(t *testing.T) {
	a := with(t, "x", 1)
	expect(t, a.now("label/__name__/values", ""), `"data":["x"]`)
	expect(t, a.now("labels", "match[]=x"), `"data":["__name__","job"]`)
	expect(t, a.now("series", "match[]={job=~\"a\"}"), `[{"__name__":"x","job":"a"}]`)
}

func TestKnownThen(t *testing.T) {
	a := with(t, "x", 1, 2, 3)
	expect(t, a.get("query", "query=x&time=1700000010", start+11_000), `"2"`)
	expect(t, a.get("query", "query=x&time=1700000010", start+12_000), `"3"`)
	expect(t, a.get("query", "query=x&time=1700000010", start), `"result":[]`)
	expect(t, a.get("labels", "", start), `"data":[]`)
}

func ruled(t *testing.T, a *api, all rulesIn) *ruleGroups {
	t.Helper()
	made, err := newRuleGroups(a, all)
	if err != nil {
		t.Fatal(err)
	}
	a.rules = made
	return made
}

func TestAlert(t *testing.T) {
	a := newAPI()
	a.store(t, labels.FromStrings(labels.MetricName, "x", "job", "a"), 0, 0, 0, 9, 9, 9, 0, 0, 0, 0)
	made := ruled(t, a, rulesIn{Resend: 5, Groups: []groupIn{{Name: "g", Interval: "5s", Rules: []ruleIn{
		{Alert: "High", Expr: "x > 5", For: "10s", KeepFiringFor: "5s"},
		{Record: "twice", Expr: "2 * x"},
		{Record: "four", Expr: "2 * twice"},
	}}}})
	states := []string{"inactive", "inactive", "inactive", "pending", "pending", "firing", "firing", "inactive"}
	sent := 0
	for i, state := range states {
		out := made.evaluate([]int64{int64(start + 2_000 + 5_000*i)})
		for _, each := range out.Sent {
			sent++
			if each.IsResolved != (state == "inactive") {
				t.Errorf("%d: %+v was sent", i, each)
			}
		}
		expect(t, a.now("rules", ""), `"state":"`+state+`"`)
	}
	if sent < 2 {
		t.Errorf("%d alerts were sent", sent)
	}
	for i, state := range states {
		expect(t, a.get("rules", "", int64(start+2_001+5_000*i)), `"state":"`+state+`"`)
	}
	expect(t, a.get("alerts", "", start+22_001), `"state":"pending"`)
	expect(t, a.now("query", "query=twice&time=1700000017"), `"18"`)
	expect(t, a.now("query", "query=four&time=1700000017"), `"36"`)
	expect(t, a.now("query", "query=count_over_time(ALERTS{alertstate=\"firing\"}[1m])&time=1700000040"), `"2"`)
	if _, err := newRuleGroups(a, rulesIn{Groups: []groupIn{{Rules: []ruleIn{{Alert: "A", Expr: "x >"}}}}}); err == nil {
		t.Error("an expression that cannot be read was taken")
	}
}

func TestRestored(t *testing.T) {
	a := newAPI()
	a.store(t, labels.FromStrings(labels.MetricName, "x"), 9, 9, 9, 9, 9, 9, 9, 9, 9, 9)
	all := rulesIn{Grace: 2, Tolerance: 3600, Resend: 5, Groups: []groupIn{{Name: "g", Interval: "5s", Rules: []ruleIn{{Alert: "High", Expr: "x > 5", For: "20s"}}}}}
	first := ruled(t, a, all)
	for i := range 4 {
		first.evaluate([]int64{int64(start + 2_000 + 5_000*i)})
	}
	expect(t, a.now("rules", ""), `"state":"pending"`)
	second := ruled(t, a, all)
	for i := range 2 {
		second.evaluate([]int64{int64(start + 24_000 + 5_000*i)})
	}
	// It was pending for 15 s, and down for 7 s until it was evaluated again: 5 s are left.
	expect(t, a.now("alerts", ""), `"activeAt":"2023-11-14T22:13:34Z"`)
	second.evaluate([]int64{start + 34_000})
	expect(t, a.now("rules", ""), `"state":"firing"`)
	expect(t, a.get("rules", "", start+18_000), `"state":"pending"`)
}

func TestBytes(t *testing.T) {
	m := newMemory()
	if err := m.addBytes([]byte{1}); err == nil {
		t.Error("half a sample was taken")
	}
	if err := m.addBytes(bytesOf(0, 1)); err == nil {
		t.Error("a sample of no series was taken")
	}
}
