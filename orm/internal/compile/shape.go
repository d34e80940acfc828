package compile

import (
	"encoding/binary"
	"reflect"
	"slices"
	"time"

	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/internal/zero"
	"github.com/quintetgo/quintet/orm/schema"
)

// Shape is what the text of a statement depends on, without the values that it binds: two queries on one model with equal keys
// have the same statement on one database. It also holds the values of the second query, for [Statement.Rebind].
//
// Only what a Shape knows has a key. A query that uses anything else, such as expressions, groups or subqueries, has none and
// is compiled each time, so a feature that is added to queries cannot be confused with another one.
type Shape struct {
	key    []byte
	values []any // of the conditions and assignments, in the order in which they are numbered
	offset int
}

// Begin removes what the Shape holds, and starts the key of a kind of statement.
func (s *Shape) Begin(kind byte) {
	clear(s.values)
	s.key, s.values, s.offset = append(s.key[:0], kind), s.values[:0], 0
}

// Key returns the key. It is valid until the next Begin.
func (s *Shape) Key() []byte { return s.key }

// Mark is what a Shape holds at some time.
type Mark struct{ key, values int }

// Mark returns what the Shape holds now.
func (s *Shape) Mark() Mark { return Mark{len(s.key), len(s.values)} }

// Reset removes what was added after a mark.
func (s *Shape) Reset(m Mark) {
	clear(s.values[m.values:])
	s.key, s.values = s.key[:m.key], s.values[:m.values]
}

// Number returns conditions that are about to be added by AddNodes, with the numbers of their values. See [Query.Numbered].
func (s *Shape) Number(nodes []Node) []Node {
	last := len(s.values)
	if len(nodes) == 0 {
		return []Node{}
	}
	return numberNodes(nodes, &last)
}

// AddNames adds paths of values to select.
func (s *Shape) AddNames(names []string) {
	s.number(len(names))
	for _, name := range names {
		s.text(name)
	}
}

// AddQuery adds a query. It returns false if the query has no key.
func (s *Shape) AddQuery(q *Query) bool {
	rest := *q
	rest.Model, rest.Where, rest.Order, rest.Related = nil, nil, nil, nil
	rest.Limit, rest.Offset, rest.Distinct, rest.Columns, rest.Lock, rest.Database = 0, 0, false, Columns{}, nil, nil
	rest.Lifted, rest.Scoping = nil, nil
	if !queryFields.AllIn(&rest) {
		return false
	}
	s.flag(q.Distinct)
	s.flag(q.Offset > 0)
	s.number(max(q.Limit, 0))
	s.offset = q.Offset
	s.AddNames(q.Related)
	s.AddNames(q.Lifted)
	s.columns(q.Columns)
	s.lock(q.Lock)
	s.number(len(q.Order))
	for i := range q.Order {
		o := q.Order[i]
		if !s.root(q.Model, o.Root) {
			return false
		}
		s.flag(o.Desc)
		s.text(o.Path)
		if o.Root, o.Path, o.Desc = nil, "", false; !orderFields.AllIn(&o) {
			return false
		}
	}
	return s.AddNodes(q.Model, q.Where)
}

// AddSets adds the assignments of an update. It returns false if they have no key.
func (s *Shape) AddSets(m *schema.Model, sets []Set) bool {
	s.number(len(sets))
	for i := range sets {
		set := sets[i]
		if !s.root(m, set.Root) || !s.value(set.Value) {
			return false
		}
		s.text(set.Name)
		if set.Root, set.Name, set.Value = nil, "", nil; !setFields.AllIn(&set) {
			return false
		}
	}
	return true
}

// AddLink adds the selection of linked objects. It returns false if there are too many keys.
func (s *Shape) AddLink(l Link) bool {
	for _, f := range [...]*schema.Field{l.From, l.To} {
		s.text(f.Model.Table)
		s.text(f.Column)
	}
	return s.value(l.Keys)
}

func (s *Shape) columns(c Columns) {
	s.flag(c.Only != nil)
	s.AddNames(c.Only)
	s.flag(c.Defer != nil)
	s.AddNames(c.Defer)
}

func (s *Shape) lock(l *Lock) {
	s.flag(l != nil)
	if l == nil {
		return
	}
	s.flag(l.NoWait)
	s.flag(l.SkipLocked)
	s.flag(l.NoKey)
	s.AddNames(l.Of)
}

// AddNodes adds conditions on a model's rows, such as those of its default scopes; see [Query.Scoping]. It returns false if they
// have no key.
func (s *Shape) AddNodes(m *schema.Model, nodes []Node) bool {
	s.number(len(nodes))
	for i := range nodes {
		n := nodes[i]
		if n.Op > Lookup || !s.root(m, n.Root) {
			return false
		}
		s.key = append(s.key, byte(n.Op))
		if n.Op == Lookup {
			s.flag(n.Negate)
			s.text(n.Path)
			if !s.value(n.Value) {
				return false
			}
			n.Path, n.Value, n.Negate = "", nil, false
		}
		if !s.AddNodes(m, n.Nodes) {
			return false
		}
		if n.Op, n.Root, n.Nodes = 0, nil, nil; !nodeFields.AllIn(&n) {
			return false
		}
	}
	return true
}

// root adds the struct that a path starts at: any, or that of the model.
func (s *Shape) root(m *schema.Model, root reflect.Type) bool {
	s.flag(root != nil)
	return root == nil || root == m.Type
}

// value adds what the text depends on: the type of a value, the length of a list, and whether a boolean is true, as lookups such
// as isnull write it.
func (s *Shape) value(v any) bool {
	s.values = append(s.values, v)
	switch v := v.(type) {
	case nil:
		s.key = append(s.key, 'n')
	case bool:
		s.key = append(s.key, 'b')
		s.flag(v)
	case int64, int:
		s.key = append(s.key, 'i')
	case string:
		s.key = append(s.key, 's')
	case float64:
		s.key = append(s.key, 'f')
	case time.Time:
		s.key = append(s.key, 't')
	case []int64:
		return s.list(len(v))
	case []string:
		return s.list(len(v))
	case []any:
		return s.list(len(v))
	default:
		return s.named(reflect.TypeOf(v))
	}
	return true
}

// list adds the number of placeholders of a list. Empty lists and those sent as a whole have texts of their own.
func (s *Shape) list(n int) bool {
	s.key = append(s.key, 'l')
	s.number(listSize(n))
	return n > 0 && n <= maxList
}

// named adds a type with a name, whose values are numbers or texts.
func (s *Shape) named(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Float32, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		s.key = binary.NativeEndian.AppendUint64(append(s.key, 'k'), uint64(reflect.ValueOf(t).Pointer()))
		return true
	}
	return false
}

func (s *Shape) number(n int) { s.key = binary.AppendUvarint(s.key, uint64(n)) }

func (s *Shape) text(t string) {
	s.number(len(t))
	s.key = append(s.key, t...)
}

func (s *Shape) flag(yes bool) {
	if yes {
		s.key = append(s.key, 1)
	} else {
		s.key = append(s.key, 0)
	}
}

// Fields that are added later have no key until a Shape knows them.
var (
	queryFields = zero.Of[Query]()
	orderFields = zero.Of[Order]()
	nodeFields  = zero.Of[Node]()
	setFields   = zero.Of[Set]()
)

// valueOf returns an element of a list, of which the last one is repeated, or a value that is none.
func (s *Shape) valueOf(at source) any {
	v := s.values[at.number-1]
	if at.element < 0 {
		return v
	}
	switch v := v.(type) {
	case []int64:
		return v[min(at.element, len(v)-1)]
	case []string:
		return v[min(at.element, len(v)-1)]
	case []any:
		return v[min(at.element, len(v)-1)]
	}
	return nil
}

// Rebind returns the arguments of the statement for another query of the same shape. It returns false if one of its values is not
// bound as one argument, so that its statement has another text.
func (st *Statement) Rebind(s *Shape) ([]any, bool) {
	if len(st.sources) == 0 {
		return nil, true
	}
	args := make([]any, len(st.sources))
	for i := range st.sources {
		from := &st.sources[i]
		if from.number == offsetNumber {
			args[i] = int64(s.offset)
			continue
		}
		if from.asBound {
			args[i] = s.valueOf(*from)
			continue
		}
		var ok bool
		if args[i], ok = from.binder.Bind(s.valueOf(*from)); !ok {
			return nil, false
		}
	}
	return args, true
}

// source is where an argument of a statement comes from.
type source struct {
	arg     int // index of the argument
	number  int // of the condition or assignment, from 1, or offsetNumber
	element int // of its list; -1 for a value that is no list
	binder  operand.Binder
	asBound bool // without the binder
}

// offsetNumber is the number of the query's offset.
const offsetNumber = -1

// Numbered returns a copy of the query with numbered conditions, so that the arguments of its statement can be replaced by those
// of another query of the same shape. See [Statement.Reusable].
func (q *Query) Numbered() *Query {
	numbered, _ := q.numbered()
	return numbered
}

// WithScoping returns the query with other default scopes. It returns the query itself if it has none.
func (q *Query) WithScoping(scoping Scoping) *Query {
	if q.Scoping == nil && scoping == nil {
		return q
	}
	scoped := *q
	scoped.Scoping = scoping
	return &scoped
}

// NumberedSets is Numbered for an update.
func (q *Query) NumberedSets(sets []Set) (*Query, []Set) {
	numbered, last := q.numbered()
	sets = slices.Clone(sets)
	for i := range sets {
		sets[i].number = last + 1 + i
	}
	return numbered, sets
}

func (q *Query) numbered() (*Query, int) {
	numbered := *q
	last := 0
	numbered.Where = numberNodes(q.Where, &last)
	numbered.next = last + 1
	return &numbered, last
}

func numberNodes(nodes []Node, last *int) []Node {
	nodes = slices.Clone(nodes)
	for i := range nodes {
		if nodes[i].Op == Lookup {
			*last++
			nodes[i].number = *last
		}
		nodes[i].Nodes = numberNodes(nodes[i].Nodes, last)
	}
	return nodes
}

// bindFrom binds a value of a numbered condition, or an element of its list; element is -1 if it is no list.
func (c *compiler) bindFrom(k *comparison, element int, bound any) {
	if k.number > 0 {
		from := source{arg: c.Bound(), number: k.number, element: element, asBound: k.asBound}
		if !k.asBound {
			from.binder = operand.NewBinder(k.Target, false)
		}
		c.sources = append(c.sources, from)
	}
	c.Bind(bound)
}

// limit writes the limit and the offset of the query.
func (c *compiler) limit(q *Query) {
	before := c.Bound()
	c.Limit(q.Limit, q.Offset)
	if c.Bound() > before && len(c.roots) == 1 {
		c.sources = append(c.sources, source{arg: before, number: offsetNumber})
	}
}

// Unbind removes all arguments but the first n.
func (c *compiler) Unbind(n int) {
	c.Writer.Unbind(n)
	c.sources = slices.DeleteFunc(c.sources, func(s source) bool { return s.arg >= n })
}

// reusable returns the sources of all arguments, and whether the statement can be used for other values: each argument has a
// source, and each condition whose value is not part of the shape is one.
func (c *compiler) reusable() ([]source, bool) {
	if len(c.sources) != c.Bound() {
		return nil, false
	}
	for i, s := range c.sources {
		if s.arg != i {
			return nil, false
		}
	}
	return c.sources, c.bindsAll(c.roots[0].query.Where) && c.bindsAll(c.scopes)
}

func (c *compiler) bindsAll(nodes []Node) bool {
	return !slices.ContainsFunc(nodes, func(n Node) bool {
		if n.Op != Lookup {
			return !c.bindsAll(n.Nodes)
		}
		if _, isBool := n.Value.(bool); isBool || n.Value == nil {
			return n.number == 0
		}
		return !slices.ContainsFunc(c.sources, func(s source) bool { return s.number == n.number })
	})
}
