package templates

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
)

// maxNodes bounds what one page may grow to by inlining; beyond it partials are called instead.
const maxNodes = 50_000

// chain is a file with the layouts it extends, the file first.
type chain struct {
	files  []*file
	blocks map[string][]definition // by name, the definition that counts first, then what super shows
}

type definition struct {
	file *file
	body *parse.ListNode
}

// chainOf follows extends from f and collects the blocks of all files on the way.
func (e *Engine) chainOf(f *file) (*chain, error) {
	c := &chain{blocks: map[string][]definition{}}
	for at := f; ; {
		c.files = append(c.files, at)
		for name, body := range at.defs {
			c.blocks[name] = append(c.blocks[name], definition{at, body})
		}
		if at.parent == "" {
			return c, nil
		}
		next := e.files[at.parent]
		if e.broken[at.parent] || e.broken[at.name] {
			return nil, errElsewhere
		}
		if at.parent == at.name {
			next = at.over
			if next == nil {
				return nil, errorAt(
					at,
					at.at,
					"the file extends itself, and no other source has "+strconv.Quote(at.name)+" to override",
					"name the layout that it builds on",
				)
			}
		}
		if next == nil {
			return nil, errorAt(at, at.at, fmt.Sprintf("layout %q does not exist", at.parent), e.pathHint(at.parent))
		}
		if next.kind != at.kind {
			return nil, errorAt(
				at,
				at.at,
				fmt.Sprintf("layout %q is of another kind than %q", next.name, at.name),
				"both need the same ending, they are escaped differently",
			)
		}
		if i := slices.Index(c.files, next); i >= 0 {
			var names []string
			for _, member := range c.files[i:] {
				names = append(names, member.name)
			}
			return nil, errorAt(
				at,
				at.at,
				"layouts extend each other in a circle: "+strings.Join(append(names, next.name), " → "),
				"the last of them must not extend anything",
			)
		}
		at = next
	}
}

// unused returns problems for blocks that a file fills although no layout of it shows them.
func (c *chain) unused() (errs, warnings []error) {
	shown := map[string]bool{}
	for _, f := range c.files {
		collect := func(n parse.Node) {
			if call, ok := n.(*parse.TemplateNode); ok {
				shown[call.Name] = true
			}
		}
		for i, roots := 0, append([]*parse.ListNode{f.body}, slices.Collect(maps.Values(f.defs))...); i < len(roots); i++ {
			if i == 0 && f.parent != "" {
				continue // blocks at the top of an extending file fill, they do not show
			}
			walk(roots[i], collect)
		}
	}
	f := c.files[0]
	if f.parent == "" {
		return nil, nil
	}
	names := slices.Sorted(maps.Keys(shown))
	for _, name := range slices.Sorted(maps.Keys(f.defs)) {
		if shown[name] {
			continue
		}
		problem := errorAt(f, f.filled[name], fmt.Sprintf("no layout of this file has a block %q", name), didYouMean(name, names))
		if problem.Hint != "" {
			errs = append(errs, problem)
		} else {
			problem.Hint = "its content is never shown; known blocks: " + strings.Join(names, ", ")
			warnings = append(warnings, problem)
		}
	}
	return errs, warnings
}

// expander builds the one tree of a page out of the trees of its files.
type expander struct {
	engine *Engine
	count  int // numbers the scopes, to keep their variables apart
	nodes  int
	active []string               // units being inlined, outermost first
	called map[string]*parse.Tree // units that are called for real: recursive ones
	queue  []unit
	used   map[string]bool // variables that the output mentions
	errs   []error
	seen   map[string]bool // errors by place and message
	units  map[string]*file
	// incomplete: something was left out because of an error that is reported elsewhere
	incomplete bool
}

// unit is something that can be called: a file with its layouts, or a definition in one.
type unit struct {
	key   string
	file  *file
	chain *chain
	block string // "" for the whole file
}

// scope is what names mean while the body of one unit is written into the page.
type scope struct {
	file   *file
	chain  *chain
	suffix string // appended to the variables the body sets
	root   string // the variable that $ is
	dot    string // the variable that . is, or "" where . needs no replacement
	atRoot bool   // . is the data of the page
	block  string // the block being written and how many definitions deep, for super
	level  int
}

// inner is the scope inside of range and with, which set dot themselves.
func (s scope) inner() scope {
	s.dot, s.atRoot = "", false
	return s
}

// resolve returns the tree of f with its layouts and partials written in, and the trees of what it
// still calls.
func (e *Engine) resolve(f *file) (*parse.ListNode, map[string]*parse.Tree, *expander, error) {
	c, err := e.chainOf(f)
	if err != nil {
		return nil, nil, nil, err
	}
	x := &expander{engine: e, called: map[string]*parse.Tree{}, used: map[string]bool{}, seen: map[string]bool{}, units: map[string]*file{}}
	body := x.page(unit{key: f.key, file: f, chain: c})
	for len(x.queue) > 0 {
		next := x.queue[0]
		x.queue = x.queue[1:]
		x.called[next.key].Root = x.counted(next, x.page(next))
	}
	if err := joinErrors(x.errs); err != nil || !x.incomplete {
		return body, x.called, x, err
	}
	return nil, nil, nil, errElsewhere
}

// page writes a unit that starts from nothing: the page itself, or one that is really called.
func (x *expander) page(u unit) *parse.ListNode {
	x.active = []string{u.key}
	s := scope{root: "$", atRoot: true, chain: u.chain}
	if u.block == "" {
		base := u.chain.files[len(u.chain.files)-1]
		s.file = base
		return x.list(base.body, s)
	}
	d := u.chain.blocks[u.block][0]
	s.file, s.block = d.file, u.block
	return x.list(d.body, s)
}

func (x *expander) fail(f *file, pos parse.Pos, message, hint string) {
	problem := errorAt(f, int(pos), message, hint)
	if key := problem.Error(); !x.seen[key] {
		x.seen[key] = true
		x.errs = append(x.errs, problem)
	}
}

// template writes a {{ template }}, {{ block }} or {{ include }} call of name.
func (x *expander) template(name string, pos parse.Pos, line int, pipe *parse.PipeNode, s scope) []parse.Node {
	u := unit{chain: s.chain, block: name}
	if definitions := s.chain.blocks[name]; len(definitions) > 0 {
		u.file = definitions[0].file
		u.key = s.chain.files[0].key + "#" + name
	} else if path, block, found := strings.Cut(name, "#"); found && x.engine.files[path] != nil {
		return x.fragment(path, block, pos, line, pipe, s)
	} else if x.engine.broken[name] {
		x.incomplete = true
		return nil
	} else if f := x.engine.files[name]; f != nil {
		if f.kind != s.file.kind {
			x.fail(s.file, pos, fmt.Sprintf("partial %q is of another kind than %q", name, s.file.name), "both need the same "+
				"ending, they are escaped differently")
			return nil
		}
		c, err := x.engine.chainOf(f)
		if err != nil {
			x.incomplete = true
			return nil // reported with the partial itself
		}
		u = unit{key: f.key, file: f, chain: c}
	} else {
		path, _, _ := strings.Cut(name, "#")
		message, hint := fmt.Sprintf("partial %q does not exist", path), x.engine.pathHint(path)
		if kindOf(path) == kindNone {
			message = fmt.Sprintf("template %q is not defined in this file or its layouts", name)
			hint = didYouMean(name, slices.Collect(maps.Keys(s.chain.blocks)))
		}
		x.fail(s.file, pos, message, hint)
		return nil
	}
	if u.file != nil && u.block == "" {
		x.units[u.file.name] = u.file
	}
	return x.write(u, pos, line, pipe, s)
}

// fragment writes one definition of another file: {{ template "ui/buttons.html#primary" . }}.
func (x *expander) fragment(path, block string, pos parse.Pos, line int, pipe *parse.PipeNode, s scope) []parse.Node {
	f := x.engine.files[path]
	c, err := x.engine.chainOf(f)
	if err != nil || x.engine.broken[path] {
		x.incomplete = true
		return nil
	}
	definitions := c.blocks[block]
	if len(definitions) == 0 {
		x.fail(s.file, pos, fmt.Sprintf("%q has no definition %q", path, block), didYouMean(block, slices.Collect(maps.Keys(c.blocks))))
		return nil
	}
	if f.kind != s.file.kind {
		x.fail(
			s.file,
			pos,
			fmt.Sprintf("partial %q is of another kind than %q", path, s.file.name),
			"both need the same ending, they are escaped differently",
		)
		return nil
	}
	x.units[path] = f
	return x.write(unit{key: f.key + "#" + block, file: definitions[0].file, chain: c, block: block}, pos, line, pipe, s)
}

// write puts a unit in the place of a call, or leaves the call where it would never end.
func (x *expander) write(u unit, pos parse.Pos, line int, pipe *parse.PipeNode, s scope) []parse.Node {
	if slices.Contains(x.active, u.key) || x.nodes > maxNodes {
		return []parse.Node{x.realCall(u, pos, line, pipe, s)}
	}
	return x.inline(u, pos, line, pipe, s)
}

// realCall leaves a call in the tree, for recursion.
func (x *expander) realCall(u unit, pos parse.Pos, line int, pipe *parse.PipeNode, s scope) parse.Node {
	if x.called[u.key] == nil {
		x.called[u.key] = &parse.Tree{Name: u.key, ParseName: u.file.key}
		x.queue = append(x.queue, u)
	}
	call := *s.file.call
	call.Pos, call.Line, call.Name = pos, line, u.key
	call.Pipe = x.pipe(pipe, s)
	return &call
}

// inline writes the body of u in place of a call. What the call passes becomes a variable unless
// it has a name already.
func (x *expander) inline(u unit, pos parse.Pos, line int, pipe *parse.PipeNode, s scope) []parse.Node {
	x.active = append(x.active, u.key)
	defer func() { x.active = x.active[:len(x.active)-1] }()
	x.count++
	inside := scope{chain: u.chain, suffix: "·" + strconv.Itoa(x.count), block: u.block}
	own := "$" + inside.suffix
	declare := true
	switch passed := only(pipe).(type) {
	case *parse.DotNode:
		switch {
		case s.atRoot:
			inside.root, inside.atRoot, inside.dot, declare = s.root, true, s.dot, false
		case s.dot != "":
			inside.root, inside.dot, declare = s.dot, s.dot, false
		default:
			inside.root = own // dot itself stays what it is
		}
	case *parse.VariableNode:
		if renamed := x.variable(passed, s); len(renamed.Ident) == 1 {
			inside.root, inside.dot, declare = renamed.Ident[0], renamed.Ident[0], false
		} else {
			inside.root, inside.dot = own, own
		}
	default:
		inside.root, inside.dot = own, own
	}
	var body []parse.Node
	if u.block == "" {
		base := u.chain.files[len(u.chain.files)-1]
		inside.file = base
		body = x.list(base.body, inside).Nodes
	} else {
		d := u.chain.blocks[u.block][0]
		inside.file = d.file
		body = x.list(d.body, inside).Nodes
	}
	if !declare || !x.used[own] {
		return body
	}
	return append([]parse.Node{x.declare(own, pos, line, x.pipe(pipe, s), s.file)}, body...)
}

// super writes the next definition of the block that s is in.
func (x *expander) super(n parse.Node, s scope) []parse.Node {
	definitions := s.chain.blocks[s.block]
	if s.level+1 >= len(definitions) {
		x.fail(
			s.file,
			n.Position(),
			fmt.Sprintf("super: no layout has content for block %q", s.block),
			"remove {{ super }}, or give the layout's block some content",
		)
		return nil
	}
	x.count++
	s.level++
	s.file = definitions[s.level].file
	s.suffix = "·" + strconv.Itoa(x.count)
	if s.dot == "" && !s.atRoot {
		s.dot = s.root // a range around super may have moved dot
	}
	return x.list(definitions[s.level].body, s).Nodes
}

// declare makes {{ $name := pipe }}.
func (x *expander) declare(name string, pos parse.Pos, line int, pipe *parse.PipeNode, f *file) parse.Node {
	variable := *f.variable
	variable.Pos, variable.Ident = pos, []string{name}
	action := *f.action
	action.Pos, action.Line = pos, line
	passed := *pipe
	passed.Decl, passed.IsAssign = []*parse.VariableNode{&variable}, false
	action.Pipe = &passed
	return &action
}

// counted puts a count of the depth around the body of a unit that is called. Declarations write nothing, in
// whatever state of the HTML they stand.
func (x *expander) counted(u unit, body *parse.ListNode) *parse.ListNode {
	f := u.file
	name := &parse.StringNode{NodeType: parse.NodeString, Pos: body.Pos, Quoted: strconv.Quote(u.key), Text: u.key}
	call := func(function string, args ...parse.Node) parse.Node {
		ident := parse.NewIdentifier(function).SetPos(body.Pos).SetTree(f.tree)
		return x.declare("$·0", body.Pos, 1, f.pipe(body.Pos, 1, append([]parse.Node{ident}, args...)...), f)
	}
	out := *body
	out.Nodes = slices.Concat([]parse.Node{call("_enter", name)}, body.Nodes, []parse.Node{call("_leave")})
	return &out
}

// only returns the single operand of a pipe such as "." or "$x.y", or nil.
func only(pipe *parse.PipeNode) parse.Node {
	if pipe == nil || len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return nil
	}
	return pipe.Cmds[0].Args[0]
}
