package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
)

const (
	// mostSamples is what one query may hold at once: a tab has less memory than a server, on which it is ten times this.
	mostSamples = 5_000_000
	mostPoints  = 11_000
	// mostSteps are those of a subquery: the engine makes room for all of them before it counts samples.
	mostSteps    = 100_000
	lookback     = 5 * time.Minute
	queryTimeout = 10 * time.Second
	subqueryStep = time.Minute
)

// The lab's Prometheus has the same flags.
var syntax = parser.NewParser(parser.Options{EnableExtendedRangeSelectors: true})

// api answers what the page asks, in the form of Prometheus' HTTP API.
type api struct {
	memory *memory
	engine *promql.Engine
	rules  *ruleGroups
}

func newAPI() *api {
	a := &api{
		memory: newMemory(),
		engine: promql.NewEngine(promql.EngineOpts{
			MaxSamples:               mostSamples,
			Timeout:                  queryTimeout,
			LookbackDelta:            lookback,
			EnableAtModifier:         true,
			EnableNegativeOffset:     true,
			NoStepSubqueryIntervalFn: func(int64) int64 { return subqueryStep.Milliseconds() },
			Parser:                   syntax,
		}),
	}
	return a
}

type answer struct {
	Status    string   `json:"status"`
	Data      any      `json:"data,omitempty"`
	ErrorType string   `json:"errorType,omitempty"`
	Error     string   `json:"error,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
	Infos     []string `json:"infos,omitempty"`
}

func refused(kind string, err error) answer {
	return answer{Status: "error", ErrorType: kind, Error: err.Error()}
}

// invalid names the parameter, in the words of Prometheus' API.
func invalid(name string, err error) answer {
	return refused("bad_data", fmt.Errorf("invalid parameter %q: %w", name, err))
}

// get answers one question as JSON, by what was known at an instant, in milliseconds.
func (a *api) get(path, parameters string, until int64) string {
	values, err := url.ParseQuery(parameters)
	var reply answer
	if err != nil {
		reply = refused("bad_data", err)
	} else {
		reply = a.answer(path, values, &view{a.memory, until})
	}
	text, err := json.Marshal(reply)
	if err != nil {
		return `{"status":"error","errorType":"internal","error":"the answer cannot be written"}`
	}
	return string(text)
}

func (a *api) answer(path string, values url.Values, known *view) answer {
	name, isValues := strings.CutPrefix(path, "label/")
	switch {
	case path == "query":
		return a.instant(values, known)
	case path == "query_range":
		return a.ranged(values, known)
	case path == "labels" || path == "series" || isValues && strings.HasSuffix(name, "/values"):
		return a.listed(path, strings.TrimSuffix(name, "/values"), values, known)
	case path == "metadata":
		return answer{Status: "success", Data: map[string]any{}}
	case path == "rules" && a.rules != nil:
		return answer{Status: "success", Data: a.rules.stateAt(known.until)}
	case path == "alerts" && a.rules != nil:
		return answer{Status: "success", Data: a.rules.alertsAt(known.until)}
	}
	return refused("not_found", fmt.Errorf("there is no %q here", path))
}

func (a *api) instant(values url.Values, known *view) answer {
	at, err := timeIn(values, "time")
	if err != nil {
		return invalid("time", err)
	}
	if err := tooLong(values.Get("query")); err != nil {
		return refused("execution", err)
	}
	query, err := a.engine.NewInstantQuery(context.Background(), known, nil, values.Get("query"), at)
	if err != nil {
		return invalid("query", err)
	}
	return executed(query, values)
}

func (a *api) ranged(values url.Values, known *view) answer {
	start, err := timeIn(values, "start")
	if err != nil {
		return invalid("start", err)
	}
	end, err := timeIn(values, "end")
	if err != nil {
		return invalid("end", err)
	}
	if end.Before(start) {
		return invalid("end", errors.New("end timestamp must not be before start time"))
	}
	seconds, err := strconv.ParseFloat(values.Get("step"), 64)
	if err != nil {
		return invalid("step", fmt.Errorf("cannot parse %q to a valid duration", values.Get("step")))
	}
	step := time.Duration(seconds * float64(time.Second))
	if step <= 0 {
		return invalid("step", errors.New("zero or negative query resolution step widths are not accepted. Try a positive integer"))
	}
	if end.Sub(start)/step > mostPoints {
		return refused("bad_data", errors.New("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"))
	}
	if err := tooLong(values.Get("query")); err != nil {
		return refused("execution", err)
	}
	query, err := a.engine.NewRangeQuery(context.Background(), known, nil, values.Get("query"), start, end, step)
	if err != nil {
		return invalid("query", err)
	}
	return executed(query, values)
}

// tooLong refuses a subquery that no tab has the memory for; what cannot be read the engine refuses itself.
func tooLong(query string) error {
	expr, err := syntax.ParseExpr(query)
	if err != nil {
		return nil
	}
	var refusal error
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		subquery, ok := node.(*parser.SubqueryExpr)
		if !ok {
			return nil
		}
		step := subquery.Step
		if step == 0 {
			step = subqueryStep
		}
		if steps := subquery.Range / step; steps > mostSteps {
			refusal = fmt.Errorf("the subquery %s has %d steps: at most %d are evaluated in a browser tab", subquery, steps, mostSteps)
		}
		return nil
	})
	return refusal
}

func timeIn(values url.Values, name string) (time.Time, error) {
	seconds, err := strconv.ParseFloat(values.Get(name), 64)
	if err != nil || math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return time.Time{}, fmt.Errorf("cannot parse %q to a valid timestamp", values.Get(name))
	}
	whole, fraction := math.Modf(seconds)
	return time.Unix(int64(whole), int64(math.Round(fraction*1000)*float64(time.Millisecond))).UTC(), nil
}

func executed(query promql.Query, values url.Values) answer {
	defer query.Close()
	result := query.Exec(context.Background())
	if result.Err != nil {
		var canceled promql.ErrQueryCanceled
		var late promql.ErrQueryTimeout
		switch {
		case errors.As(result.Err, &canceled):
			return refused("canceled", result.Err)
		case errors.As(result.Err, &late):
			return refused("timeout", result.Err)
		}
		return refused("execution", result.Err)
	}
	reply := answer{Status: "success", Data: dataOf(result.Value)}
	reply.Warnings, reply.Infos = result.Warnings.AsStrings(query.String(), 10, 10)
	if most, err := strconv.Atoi(values.Get("limit")); err == nil && most > 0 {
		reply.truncate(most)
	}
	return reply
}

type data struct {
	Type   parser.ValueType `json:"resultType"`
	Result any              `json:"result"`
}

type element struct {
	Metric labels.Labels `json:"metric"`
	Value  *point        `json:"value,omitempty"`
	Values []point       `json:"values,omitempty"`
}

type point struct {
	t int64
	v string
}

// MarshalJSON writes seconds with as many of three decimals as there are, and the value as a text.
func (p point) MarshalJSON() ([]byte, error) {
	seconds := strconv.FormatFloat(float64(p.t)/1000, 'f', -1, 64)
	value, err := json.Marshal(p.v)
	return []byte("[" + seconds + "," + string(value) + "]"), err
}

func number(v float64) string {
	format := byte('f')
	if size := math.Abs(v); size != 0 && (size < 1e-6 || size >= 1e21) {
		format = 'e'
	}
	return strconv.FormatFloat(v, format, -1, 64)
}

func dataOf(value parser.Value) data {
	switch value := value.(type) {
	case promql.Vector:
		list := make([]element, len(value))
		for i, s := range value {
			list[i] = element{Metric: s.Metric, Value: &point{s.T, number(s.F)}}
		}
		return data{value.Type(), list}
	case promql.Matrix:
		list := make([]element, len(value))
		for i, s := range value {
			list[i] = element{Metric: s.Metric, Values: make([]point, len(s.Floats))}
			for n, f := range s.Floats {
				list[i].Values[n] = point{f.T, number(f.F)}
			}
		}
		return data{value.Type(), list}
	case promql.Scalar:
		return data{value.Type(), point{value.T, number(value.V)}}
	case promql.String:
		return data{value.Type(), point{value.T, value.V}}
	}
	return data{parser.ValueTypeNone, nil}
}

func (r *answer) truncate(most int) {
	found, ok := r.Data.(data)
	list, isList := found.Result.([]element)
	if !ok || !isList || len(list) <= most {
		return
	}
	found.Result = list[:most]
	r.Data = found
	r.Warnings = append(r.Warnings, "results truncated due to limit")
}

// listed answers what completion asks: names, values and series of the last time range.
func (a *api) listed(path, name string, values url.Values, known *view) answer {
	sets, err := syntax.ParseMetricSelectors(values["match[]"])
	if err != nil {
		return invalid("match[]", err)
	}
	if path == "series" && len(sets) == 0 {
		return refused("bad_data", errors.New("no match[] parameter provided"))
	}
	if len(sets) == 0 {
		sets = [][]*labels.Matcher{nil}
	}
	mint, maxt := int64(math.MinInt64), int64(math.MaxInt64)
	if at, err := timeIn(values, "start"); err == nil {
		mint = timestamp.FromTime(at)
	}
	if at, err := timeIn(values, "end"); err == nil {
		maxt = timestamp.FromTime(at)
	}
	from, _ := known.Querier(mint, maxt)
	texts := map[string]bool{}
	found := []labels.Labels{}
	listed := map[uint64]bool{}
	for _, matchers := range sets {
		if path == "series" {
			for _, s := range known.selected(mint, maxt, matchers) {
				if hash := s.labels.Hash(); !listed[hash] {
					listed[hash] = true
					found = append(found, s.labels)
				}
			}
			continue
		}
		for _, each := range namesOrValues(from, path, name, matchers) {
			texts[each] = true
		}
	}
	if path == "series" {
		return answer{Status: "success", Data: cut(found, values)}
	}
	return answer{Status: "success", Data: cut(sorted(texts), values)}
}

func namesOrValues(from storage.Querier, path, name string, matchers []*labels.Matcher) []string {
	var list []string
	if path == "labels" {
		list, _, _ = from.LabelNames(context.Background(), nil, matchers...)
	} else {
		list, _, _ = from.LabelValues(context.Background(), name, nil, matchers...)
	}
	return list
}

func cut[Each any](list []Each, values url.Values) []Each {
	if most, err := strconv.Atoi(values.Get("limit")); err == nil && most > 0 && most < len(list) {
		return list[:most]
	}
	return list
}

func durationIn(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := model.ParseDuration(text)
	return time.Duration(d), err
}
