package redactionprocessor

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode"
)

const (
	// depth is how many characters of a match the automaton knows: with more of them its states are tens of thousands.
	depth = 4
	// hit is set in the table where the beginning of an expression was read.
	hit = uint32(1) << 31
)

// automaton knows how the matches of several expressions begin, and asks an expression of those texts alone in which it may begin. It reads
// a text once. Of anchors it knows nothing, and beyond ASCII it takes any byte for any other.
type automaton struct {
	expressions []*regexp.Regexp
	classes     [256]uint8
	width       int
	// next is the state behind each state and class of bytes; a state is where its row begins.
	next []uint32
	// found has the expressions whose beginning a state has just read, by the number of its row.
	found [][]int
	// always: an expression matches the empty text, and so any.
	always bool
}

func newAutomaton(expressions []string) (*automaton, error) {
	a, b := &automaton{}, &builder{}
	start := b.add(node{})
	b.owners = []int{0}
	for i, expression := range expressions {
		compiled, err := regexp.Compile(expression)
		if err != nil {
			return nil, err
		}
		parsed, err := syntax.Parse(expression, syntax.Perl)
		if err != nil {
			return nil, err
		}
		a.expressions = append(a.expressions, compiled)
		b.ends = append(b.ends, b.add(node{}))
		begin := b.match(shorten(parsed), b.ends[i])
		b.nodes[start].empty = append(b.nodes[start].empty, begin)
		for len(b.owners) < len(b.nodes) {
			b.owners = append(b.owners, i)
		}
	}
	b.determine(a, start)
	return a, nil
}

// matches says whether one of the expressions does.
func matches[T string | []byte](a *automaton, text T) bool {
	if a.always {
		return true
	}
	var asked map[int]struct{}
	state := uint32(0)
	for i := 0; i < len(text); i++ {
		state = a.next[state+uint32(a.classes[text[i]])]
		if state&hit == 0 {
			continue
		}
		state &^= hit
		for _, expression := range a.found[int(state)/a.width] {
			if _, ok := asked[expression]; ok {
				continue
			}
			if a.expressions[expression].MatchString(string(text)) {
				return true
			}
			if asked == nil {
				asked = map[int]struct{}{}
			}
			asked[expression] = struct{}{}
		}
	}
	return false
}

// bytes is a set of them.
type bytes [4]uint64

func (s *bytes) add(b byte)     { s[b>>6] |= 1 << (b & 63) }
func (s *bytes) has(b int) bool { return s[b>>6]&(1<<(b&63)) != 0 }

// node is a state of the automaton before it is made deterministic: it goes to next by a byte, or on without one.
type node struct {
	on    bytes
	next  int
	empty []int
}

type builder struct {
	nodes []node
	// owners has the expression of each node, ends the last node of each expression.
	owners, ends []int
}

func (b *builder) add(n node) int {
	b.nodes = append(b.nodes, n)
	return len(b.nodes) - 1
}

// shorten takes away what a match may as well be without, since it may begin later: of a repetition of a character that begins the
// expression all but the fewest.
func shorten(re *syntax.Regexp) *syntax.Regexp {
	short := *re
	switch re.Op {
	case syntax.OpConcat:
		short.Sub = slices.Clone(re.Sub)
		short.Sub[0] = shorten(re.Sub[0])
	case syntax.OpPlus:
		if re.Sub[0].Op == syntax.OpCharClass {
			return re.Sub[0]
		}
	}
	return &short
}

// match returns where the expression begins, behind which comes to.
func (b *builder) match(re *syntax.Regexp, to int) int {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range slices.Backward(re.Rune) {
			runes := []rune{r, r}
			if re.Flags&syntax.FoldCase != 0 {
				for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
					runes = append(runes, other, other)
				}
			}
			to = b.one(runes, to)
		}
	case syntax.OpCharClass:
		return b.one(re.Rune, to)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return b.one([]rune{0, unicode.MaxRune}, to)
	case syntax.OpCapture:
		return b.match(re.Sub[0], to)
	case syntax.OpStar:
		return b.repeat(re.Sub[0], 0, -1, to)
	case syntax.OpPlus:
		return b.repeat(re.Sub[0], 1, -1, to)
	case syntax.OpQuest:
		return b.repeat(re.Sub[0], 0, 1, to)
	case syntax.OpRepeat:
		return b.repeat(re.Sub[0], re.Min, re.Max, to)
	case syntax.OpConcat:
		for _, part := range slices.Backward(re.Sub) {
			to = b.match(part, to)
		}
	case syntax.OpAlternate:
		begins := make([]int, len(re.Sub))
		for i, part := range re.Sub {
			begins[i] = b.match(part, to)
		}
		return b.add(node{empty: begins})
	case syntax.OpNoMatch:
		return b.add(node{})
	}
	// anchors and the empty text
	return to
}

// repeat takes any number for a range.
func (b *builder) repeat(re *syntax.Regexp, least, most, to int) int {
	switch {
	case most == 0:
		return to
	case most == 1 && least == 0:
		return b.add(node{empty: []int{b.match(re, to), to}})
	case most != least || least > depth:
		loop := b.add(node{})
		begin := b.match(re, loop)
		b.nodes[loop].empty = []int{begin, to}
		to = loop
	}
	for range min(least, depth) {
		to = b.match(re, to)
	}
	return to
}

// one takes a character of the ranges; beyond ASCII any bytes.
func (b *builder) one(ranges []rune, to int) int {
	var ascii bytes
	high := false
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1] && r < 0x80; r++ {
			ascii.add(byte(r))
		}
		high = high || ranges[i+1] >= 0x80
	}
	begin := b.add(node{on: ascii, next: to})
	if !high {
		return begin
	}
	behind := b.add(node{})
	more := b.add(node{on: bytes{0, 0, ^uint64(0), ^uint64(0)}, next: behind})
	b.nodes[behind].empty = []int{more, to}
	return b.add(node{empty: []int{begin, more}})
}

// distances says how many bytes are read at least until each node is reached.
func (b *builder) distances(start int) []int {
	distances := make([]int, len(b.nodes))
	for i := range distances {
		distances[i] = -1
	}
	for reached, distance := []int{start}, 0; len(reached) > 0; distance++ {
		var further []int
		for len(reached) > 0 {
			n := reached[len(reached)-1]
			reached = reached[:len(reached)-1]
			if distances[n] >= 0 {
				continue
			}
			distances[n] = distance
			reached = append(reached, b.nodes[n].empty...)
			if b.nodes[n].on != (bytes{}) {
				further = append(further, b.nodes[n].next)
			}
		}
		reached = further
	}
	return distances
}

// reach is the nodes that read a byte and are reached without one, and the expressions of which enough was read.
type reach struct{ nodes, found []int }

func (b *builder) reach(from int, distances []int) (to reach) {
	seen := map[int]bool{}
	for left := []int{from}; len(left) > 0; {
		n := left[len(left)-1]
		left = left[:len(left)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		if owner := b.owners[n]; n == b.ends[owner] || distances[n] >= depth {
			to.found = append(to.found, owner)
			continue
		}
		left = append(left, b.nodes[n].empty...)
		if b.nodes[n].on != (bytes{}) {
			to.nodes = append(to.nodes, n)
		}
	}
	return to
}

// determine makes the table. A state is what is reached besides the start, which is reached everywhere.
func (b *builder) determine(a *automaton, start int) {
	a.width = b.classify(a)
	distances := b.distances(start)
	first := b.reach(start, distances)
	if len(first.found) > 0 {
		a.always = true
		return
	}
	behind := make([]reach, len(b.nodes))
	for n, node := range b.nodes {
		if node.on != (bytes{}) && distances[n] >= 0 && distances[n] < depth {
			behind[n] = b.reach(node.next, distances)
		}
	}
	byteOf := make([]int, a.width)
	for value, class := range a.classes {
		byteOf[class] = value
	}
	step := func(from []int, value int) (to reach) {
		for _, n := range from {
			if b.nodes[n].on.has(value) {
				to.nodes = append(to.nodes, behind[n].nodes...)
				to.found = append(to.found, behind[n].found...)
			}
		}
		return to
	}
	begins := make([]reach, a.width)
	for class, value := range byteOf {
		begins[class] = step(first.nodes, value)
	}
	states := []reach{{}}
	rows := map[string]uint32{states[0].key(): 0}
	for at := 0; at < len(states); at++ {
		a.found = append(a.found, states[at].found)
		for class, value := range byteOf {
			to := step(states[at].nodes, value)
			to.nodes = sorted(append(to.nodes, begins[class].nodes...))
			to.found = sorted(append(to.found, begins[class].found...))
			key := to.key()
			row, ok := rows[key]
			if !ok {
				row = uint32(len(states) * a.width)
				if len(to.found) > 0 {
					row |= hit
				}
				rows[key] = row
				states = append(states, to)
			}
			a.next = append(a.next, row)
		}
	}
}

func sorted(numbers []int) []int {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

func (r reach) key() string { return fmt.Sprint(r.nodes, r.found) }

// classify gives bytes of which no node makes a difference one class, and returns how many there are.
func (b *builder) classify(a *automaton) int {
	of := map[string]uint8{}
	for value := range 256 {
		var signature []byte
		for i, n := range b.nodes {
			if n.on.has(value) {
				signature = binary.LittleEndian.AppendUint32(signature, uint32(i))
			}
		}
		class, ok := of[string(signature)]
		if !ok {
			class = uint8(len(of))
			of[string(signature)] = class
		}
		a.classes[value] = class
	}
	return len(of)
}
