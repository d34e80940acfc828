// Command blog is a finished site made with Quintet: posts with authors, tags and comments, feeds, a sitemap and an admin.
// `quintet demo` runs it with generated content.
package main

import (
	"github.com/quintetgo/quintet/docs/examples/blog/site"
	"github.com/quintetgo/quintet/framework"
)

func main() { framework.Main(site.Open) }
