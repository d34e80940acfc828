// Package fault defines the errors that package orm and the packages below it return. Package orm has aliases for them.
package fault
