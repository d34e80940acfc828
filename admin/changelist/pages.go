package changelist

import "strconv"

// Page is a link to a page, or a gap between two.
type Page struct {
	Label   string
	URL     string
	Current bool
	Gap     bool
}

// pageNumbers returns the numbers of the pages to offer, 0 for a gap: the first, the last, and those next to the
// current one.
func pageNumbers(current, last int) []int {
	if last <= 1 {
		return nil
	}
	var numbers []int
	for n := 1; n <= last; n++ {
		if n == 1 || n == last || n >= current-1 && n <= current+1 {
			if len(numbers) > 0 {
				switch previous := numbers[len(numbers)-1]; {
				case n == previous+2:
					numbers = append(numbers, n-1)
				case n > previous+2:
					numbers = append(numbers, 0)
				}
			}
			numbers = append(numbers, n)
			if n > current+1 && n != last {
				n = last - 1
			}
		} else if n < current-1 {
			n = current - 2
		} else if n < last {
			n = last - 1
		}
	}
	return numbers
}

// Pages returns the links of a pager, none for a single page. address returns the address of a page.
func Pages(current, last int, address func(page int) string) []Page {
	var pages []Page
	for _, n := range pageNumbers(current, last) {
		if n == 0 {
			pages = append(pages, Page{Gap: true})
			continue
		}
		pages = append(pages, Page{Label: strconv.Itoa(n), URL: address(n), Current: n == current})
	}
	return pages
}
