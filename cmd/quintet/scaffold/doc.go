// Package scaffold writes new projects and apps from templates, and registers an app in a project's main.go.
//
// The templates are the files below project/ and app/: NAME.tmpl becomes NAME, parts of paths in double underscores are
// names, and [[ … ]] in a file is a text/template action (double braces belong to Quintet's own templates).
package scaffold
