// Package staticfiles serves style sheets, scripts and images of apps under names that hold a hash
// of their content, so that browsers may keep them for a year and still never show an old one.
//
// A source is an app's static file system, rooted so that "blog/blog.css" resolves. Templates ask
// for a URL by that path:
//
//	{{ static "blog/blog.css" }}    /static/blog/blog.3f1c9a70b2de.css
//
// References inside the files follow: url(…) and @import in style sheets, and the literal relative
// imports of JavaScript modules, are rewritten to hashed names. A reference to a file that does not
// exist is an error at start.
package staticfiles
