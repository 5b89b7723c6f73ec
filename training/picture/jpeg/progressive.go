package jpeg

// Progressive pictures (ITU-T T.81, G.1.2) come in scans of some coefficients and some bits of them; they are kept until the last.

func (s *scan) firstDC(c *component, b []int16) error {
	dc, err := s.difference(c)
	b[0] = int16(dc << s.low)
	return err
}

func (s *scan) firstAC(c *component, b *[64]int16) error {
	if s.run > 0 {
		s.run--
		return nil
	}
	for k := s.first; k <= s.last; k++ {
		symbol, err := c.acTable.symbol(&s.bits)
		if err != nil {
			return err
		}
		run, size := int(symbol>>4), uint(symbol&15)
		if size == 0 {
			if run == 15 {
				k += 15
				continue
			}
			s.run = 1<<run - 1 + int(s.bits.take(uint(run)))
			return nil
		}
		k += run
		if k > s.last {
			return errDamaged
		}
		b[zigzag[k&63]&63] = int16(s.bits.number(size) << s.low)
	}
	return nil
}

// refineAC reads one more bit of the coefficients that are known not to be zero, and those that become so with it.
func (s *scan) refineAC(c *component, b *[64]int16) error {
	plus := int16(1) << s.low
	k := s.first
	if s.run == 0 {
		for ; k <= s.last; k++ {
			symbol, err := c.acTable.symbol(&s.bits)
			if err != nil {
				return err
			}
			run, value := int(symbol>>4), int16(0)
			switch symbol & 15 {
			case 0:
				if run < 15 {
					s.run = 1<<run + int(s.bits.take(uint(run)))
				}
			case 1:
				value = -plus
				if s.bits.take(1) == 1 {
					value = plus
				}
			default:
				return errDamaged
			}
			if s.run > 0 {
				break
			}
			k = s.refine(b, k, run, plus)
			if k > s.last {
				if value != 0 {
					return errDamaged
				}
				break
			}
			if value != 0 {
				b[zigzag[k&63]&63] = value
			}
		}
	}
	if s.run > 0 {
		s.run--
		s.refine(b, k, -1, plus)
	}
	return nil
}

// refine reads a bit for each coefficient from k on that is not zero, and returns the place of the zero after run others, or the place
// behind the last where there is none.
func (s *scan) refine(b *[64]int16, k, run int, plus int16) int {
	for ; k <= s.last; k++ {
		p := &b[zigzag[k&63]&63]
		if *p == 0 {
			if run == 0 {
				break
			}
			run--
			continue
		}
		if s.bits.take(1) == 0 {
			continue
		}
		if *p > 0 {
			*p += plus
		} else {
			*p -= plus
		}
	}
	return k
}
