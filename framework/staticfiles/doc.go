// Package staticfiles serves style sheets, scripts and images of apps under names that contain a
// hash of their content, so that browsers can cache them for a year and still get every change.
//
// A source is an app's static file system, rooted so that "blog/blog.css" resolves. Templates ask
// for a URL by that path:
//
//	{{ static "blog/blog.css" }}    /static/blog/blog.3f1c9a70b2de.css
//
// References inside the files are rewritten: url(…), @import and image-set() in style sheets, the constant
// addresses of imports and exports in JavaScript, and comments that name source maps get the hashed
// names, whether they are relative or begin with the prefix. Files that refer to
// each other in a circle share one hash. The files are read by tokenizers, so comments, texts and
// regular expressions are not rewritten.
//
// A reference to a file that does not exist is a warning (see [Files.Problems]) and left as it is.
package staticfiles
