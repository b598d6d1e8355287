//go:build js

package main

import (
	"encoding/json"
	"syscall/js"

	"github.com/prometheus/prometheus/model/labels"
)

// main hands the page its functions and then waits for its questions. Each returns a text: an answer of the API, or what
// was wrong with what was handed over.
func main() {
	current := newAPI()
	functions := map[string]func([]js.Value) string{
		// reset(): nothing is stored, no rule is known
		"reset": func([]js.Value) string {
			current = newAPI()
			return ""
		},
		// add(labels as JSON, samples as bytes)
		"add": func(given []js.Value) string {
			var named map[string]string
			if err := json.Unmarshal([]byte(given[0].String()), &named); err != nil {
				return err.Error()
			}
			bytes := make([]byte, given[1].Get("length").Int())
			js.CopyBytesToGo(bytes, given[1])
			return wordsOf(current.memory.addBytes(labels.FromMap(named), bytes))
		},
		// get(path, parameters): what follows /api/v1/ in Prometheus' HTTP API
		"get": func(given []js.Value) string { return current.get(given[0].String(), given[1].String()) },
		// rules(groups as JSON)
		"rules": func(given []js.Value) string {
			var groups []groupIn
			if err := json.Unmarshal([]byte(given[0].String()), &groups); err != nil {
				return err.Error()
			}
			made, err := newRuleGroups(current, groups)
			if err == nil {
				current.rules = made
			}
			return wordsOf(err)
		},
		// evaluate(milliseconds since 1970)
		"evaluate": func(given []js.Value) string {
			return wordsOf(current.rules.evaluate(int64(given[0].Float())))
		},
	}
	object := map[string]any{}
	for name, function := range functions {
		object[name] = js.FuncOf(func(_ js.Value, given []js.Value) any { return function(given) })
	}
	js.Global().Get("prometheusIsReady").Invoke(js.ValueOf(object))
	select {}
}

func wordsOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
