//go:build js

package main

import (
	"encoding/json"
	"runtime/debug"
	"syscall/js"

	"github.com/prometheus/prometheus/model/labels"
)

// main hands the page a function that makes an engine with a memory of its own, and then waits for its questions. Each
// function of an engine returns a text: an answer, or what was wrong with what was handed over.
func main() {
	// What is stored is small beside the program, and what an evaluation leaves behind is much.
	debug.SetGCPercent(400)
	js.Global().Get("prometheusIsReady").Invoke(js.FuncOf(func(js.Value, []js.Value) any {
		object := map[string]any{}
		for name, function := range functions(newAPI()) {
			object[name] = js.FuncOf(func(_ js.Value, given []js.Value) any { return function(given) })
		}
		return object
	}))
	select {}
}

func functions(current *api) map[string]func([]js.Value) string {
	return map[string]func([]js.Value) string{
		// reset(): nothing is stored, no rule is known
		"reset": func([]js.Value) string {
			*current = *newAPI()
			return ""
		},
		// series(list of labels as JSON): samples name them by their place in all that were ever handed over, from 0
		"series": func(given []js.Value) string {
			var named []map[string]string
			if err := json.Unmarshal([]byte(given[0].String()), &named); err != nil {
				return err.Error()
			}
			for _, each := range named {
				current.memory.number(labels.FromMap(each))
			}
			return ""
		},
		// add(samples as bytes)
		"add": func(given []js.Value) string {
			bytes := make([]byte, given[0].Get("length").Int())
			js.CopyBytesToGo(bytes, given[0])
			return wordsOf(current.memory.addBytes(bytes))
		},
		// get(path, parameters, milliseconds): what follows /api/v1/ in Prometheus' HTTP API, by what was known then
		"get": func(given []js.Value) string {
			return current.get(given[0].String(), given[1].String(), int64(given[2].Float()))
		},
		// rules(groups and flags as JSON)
		"rules": func(given []js.Value) string {
			var all rulesIn
			if err := json.Unmarshal([]byte(given[0].String()), &all); err != nil {
				return err.Error()
			}
			made, err := newRuleGroups(current, all)
			if err == nil {
				current.rules = made
			}
			return wordsOf(err)
		},
		// evaluate(milliseconds since 1970, as JSON): what was stored and sent at each of these instants, as JSON
		"evaluate": func(given []js.Value) string {
			var instants []int64
			if err := json.Unmarshal([]byte(given[0].String()), &instants); err != nil {
				return err.Error()
			}
			text, _ := json.Marshal(current.rules.evaluate(instants))
			return string(text)
		},
		// stored(bytes): fills in the samples that the last evaluations have stored
		"stored": func(given []js.Value) string {
			js.CopyBytesToJS(given[0], current.rules.bytesStored())
			return ""
		},
	}
}

func wordsOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
