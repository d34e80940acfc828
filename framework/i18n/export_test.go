package i18n

// Cached returns how many headers are remembered.
func Cached(ls *Languages) int {
	ls.accepted.mu.RLock()
	defer ls.accepted.mu.RUnlock()
	return len(ls.accepted.byText)
}
