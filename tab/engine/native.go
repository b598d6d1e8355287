//go:build !js

package main

// main is for the compiler: outside a browser the package is only tested.
func main() {}
