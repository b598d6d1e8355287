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

// bytesOf are samples every 5 s from start on.
func bytesOf(values ...float64) []byte {
	all := make([]byte, 0, bytesPerSample*len(values))
	for i, v := range values {
		all = binary.LittleEndian.AppendUint64(all, uint64(start+5_000*i))
		all = binary.LittleEndian.AppendUint64(all, math.Float64bits(v))
	}
	return all
}

func with(t *testing.T, name string, values ...float64) *api {
	t.Helper()
	a := newAPI()
	if err := a.memory.addBytes(labels.FromStrings(labels.MetricName, name, "job", "a"), bytesOf(values...)); err != nil {
		t.Fatal(err)
	}
	return a
}

func expect(t *testing.T, got, part string) {
	t.Helper()
	if !strings.Contains(got, part) {
		t.Errorf("got %s, which does not hold %s", got, part)
	}
}

func TestInstant(t *testing.T) {
	a := with(t, "x_total", 1, 2, 3, 4)
	expect(t, a.get("query", "query=rate(x_total[15s])&time=1700000015.000"), `"result":[{"metric":{"job":"a"},"value":[1700000015,"0.2"]}]`)
	expect(t, a.get("query", "query=scalar(x_total)&time=1700000016.5"), `"resultType":"scalar","result":[1700000016.5,"4"]`)
	expect(t, a.get("query", "query=x_total/0&time=1700000016"), `"+Inf"`)
}

func TestStale(t *testing.T) {
	a := with(t, "x", 1, 2, math.Float64frombits(value.StaleNaN))
	expect(t, a.get("query", "query=x&time=1700000009"), `"2"`)
	expect(t, a.get("query", "query=x&time=1700000010"), `"result":[]`)
	b := with(t, "x", 1, 2, math.NaN())
	expect(t, b.get("query", "query=x&time=1700000010"), `"NaN"`)
}

func TestRange(t *testing.T) {
	a := with(t, "x", 1, 2, 3)
	expect(t, a.get("query_range", "query=x&start=1700000000&end=1700000010&step=5"), `"values":[[1700000000,"1"],[1700000005,"2"],[1700000010,"3"]]`)
	expect(t, a.get("query_range", "query=x&start=1700000010&end=1700000000&step=5"), "end timestamp must not be before start time")
	expect(t, a.get("query_range", "query=x&start=0&end=1700000000&step=5"), "exceeded maximum resolution of 11,000 points")
	expect(t, a.get("query_range", "query=x&start=0&end=10&step=0"), "zero or negative query resolution step")
}

func TestRefused(t *testing.T) {
	a := with(t, "x", 1)
	expect(t, a.get("query", "query=sum(x&time=1700000000"), "unclosed left parenthesis")
	expect(t, a.get("query", "query=x&time=noon"), `cannot parse \"noon\" to a valid timestamp`)
	expect(t, a.get("rules", ""), `there is no \"rules\" here`)
}

func TestTooMuch(t *testing.T) {
	a := with(t, "x", 1, 2)
	expect(t, a.get("query", "query=count_over_time(x[1y:1ms])&time=1700005000"), "the subquery x[1y:1ms] has 31536000000 steps: at most 100000")
	expect(t, a.get("query", "query=count_over_time(x[1d:1s])&time=1700000005"), `"success"`)
	for i := range 60 {
		if err := a.memory.addBytes(labels.FromStrings(labels.MetricName, "x", "job", string(rune('b'+i))), bytesOf(1, 2)); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, a.get("query", "query=count_over_time(last_over_time(x[1d])[1d:1s])&time=1700086405"), "query processing would load too many samples into memory")
}

func TestListed(t *testing.T) {
	a := with(t, "x", 1)
	expect(t, a.get("label/__name__/values", ""), `"data":["x"]`)
	expect(t, a.get("labels", "match[]=x"), `"data":["__name__","job"]`)
	expect(t, a.get("series", "match[]={job=~\"a\"}"), `[{"__name__":"x","job":"a"}]`)
}

func TestAlert(t *testing.T) {
	a := with(t, "x", 0, 9, 9, 9, 0, 0, 0, 0)
	groups := []groupIn{{Name: "g", Interval: "5s", Rules: []ruleIn{
		{Alert: "High", Expr: "x > 5", For: "10s", KeepFiringFor: "5s"},
		{Record: "twice", Expr: "2 * x"},
	}}}
	made, err := newRuleGroups(a, groups)
	if err != nil {
		t.Fatal(err)
	}
	a.rules = made
	for i, state := range []string{"inactive", "pending", "pending", "firing", "firing", "inactive"} {
		if err := made.evaluate(int64(start + 5_000*i)); err != nil {
			t.Fatal(err)
		}
		expect(t, a.get("rules", ""), `"state":"`+state+`"`)
	}
	expect(t, a.get("query", "query=twice&time=1700000015"), `"18"`)
	expect(t, a.get("query", "query=count_over_time(ALERTS{alertstate=\"firing\"}[1m])&time=1700000030"), `"2"`)
	if _, err := newRuleGroups(a, []groupIn{{Rules: []ruleIn{{Alert: "A", Expr: "x >"}}}}); err == nil {
		t.Error("an expression that cannot be read was taken")
	}
}

func TestBytes(t *testing.T) {
	if err := newMemory().addBytes(labels.EmptyLabels(), []byte{1}); err == nil {
		t.Error("half a sample was taken")
	}
}
