package templates

import "text/template/parse"

// lint is filled in below.
func (e *Engine) lint(f *file, body *parse.ListNode) (errs, warnings []error) { return nil, nil }
