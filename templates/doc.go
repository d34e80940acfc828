// Package templates renders files written in html/template syntax with layouts, partials and
// filters, looked up through an ordered list of sources so that a project overrides an app's
// file by having one of the same path.
//
// An Engine parses every file of every source once, in New, and reports all errors together,
// each with file, line, column, an excerpt and a hint. Inheritance and partials are resolved
// into one parse tree a page before html/template escapes it, so that contextual escaping sees
// the page as the browser will.
//
// # Layouts
//
// A layout marks places with block; a page names its layout in its first action and fills them:
//
//	<title>{{ block "title" . }}Shop{{ end }}</title>            base.html
//
//	{{ extends "base.html" }}                                    blog/list.html
//	{{ define "title" }}Posts · {{ super }}{{ end }}
//
// super is the layout's own content of the block. A file that extends its own path means the file
// it overrides: a project changes one block of an app's page and keeps the rest.
//
// # Partials
//
//	{{ include "blog/_card.html" .post }}                        dot is the post
//	{{ include "ui/_button.html" "label" "Save" "wide" true }}   .label, .wide
//	{{ include "ui/_button.html" . "wide" true }}                all of dot, and .wide
//	{{ include "blog/_menu.html" }}                              dot as it is here
//	{{ include "ui/buttons.html#primary" "label" "Save" }}       one definition of a file
//	{{ include .widget "field" .field }}                         chosen while rendering
//
// A partial sees what it is given and nothing else: neither variables nor blocks leak in or out.
// {{ template "path.html" . }} means the same, and also calls what the file defines itself.
//
// # Kinds
//
// Files ending in .html are escaped by context, .xml files have &, <, >, " and ' escaped
// everywhere, .txt files are written as they are.
//
// # Speed
//
// A page that is rendered for the first time is made into Go closures, after html/template has escaped it
// in New. They write what html/template would, to the byte, in a fraction of the time. What they do not know, and pages
// that fail, html/template renders itself, unless the error is that of a function or method, which is called once.
//
// # Limits
//
// Templates may be in progress 200 deep, and call each other 100,000 times in one rendering; a circle in the
// data is an error that names the templates. Values that contain themselves are errors as well.
//
// # Lint
//
// html/template treats some attributes as plain text that browsers or JavaScript libraries run as
// code (srcdoc, hx-on, x-data, @click, ping, …). Dynamic data in them is an error; put it into a
// data- attribute or into json_script. Where it is known to be safe, the file declares it with
// {{/* lint:allow x-data */}}.
package templates
